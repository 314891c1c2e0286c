import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Size } from '../estates.ts'
import { yamlOf } from '../estates.ts'
import { inFolder, writePieces } from '../processes.ts'
import { median, type Row } from '../row.ts'
import { call } from '../work/call.ts'
import type { Cost } from '../work/timed.ts'

// One file is at most 10 MB, so the estate is spread over ten.
const EACH: Size = { wireguard: 500, peers: 20, ipsec: 0, tunnels: 0 }
const FILES = 10

/** A very large file: read, with the place of everything, and validated. */
export const validateLargeRow: Row = {
  name: 'validate-large',
  work: 'parse and validate YAML files of 100,000 peers, against the yaml package alone',
  measure: (build, runs) =>
    inFolder(async (folder) => {
      const small = filesIn(join(folder, 'small'), 1)
      const large = filesIn(join(folder, 'large'), FILES)
      const walls = { yaml: [] as number[], small: [] as number[], large: [] as number[] }
      const took = async (how: string, file: string) =>
        (await call<Cost>(build, 'validate-text', [how, file])).elapsedMs
      for (let run = 0; run < runs; run++) {
        walls.yaml.push(await took('yaml', large))
        walls.large.push(await took('ours', large))
        walls.small.push(await took('ours', small))
      }
      const ratio = median(walls.large.map((wall, at) => wall / (walls.yaml[at] ?? wall)))
      const growth = median(walls.large.map((wall, at) => wall / FILES / (walls.small[at] ?? wall)))
      const detail = `${median(walls.large).toFixed(0)} ms against ${median(walls.yaml).toFixed(0)} ms`
      return [
        { what: 'time', value: ratio, unit: 'x yaml', goal: 3, detail },
        { what: 'growth from 10,000 peers', value: growth, unit: 'x', goal: 1.3 },
      ]
    }),
}

function filesIn(folder: string, files: number): string {
  mkdirSync(folder)
  for (let file = 0; file < files; file++) {
    writePieces(join(folder, `${file}.yaml`), yamlOf(EACH, file * EACH.wireguard))
  }
  return folder
}
