import { join } from 'node:path'
import { parse } from 'yaml'
import { type Size, secretsOf, yamlOf } from '../estates.ts'
import { inFolder, runNode, writePieces } from '../processes.ts'
import { type Figure, median, type Row } from '../row.ts'

const SIZE: Size = { wireguard: 20, peers: 20, ipsec: 10, tunnels: 20 }
const GOALS = { YAML: 8, JSON: 4 } as const

/** A file of a usual estate, in starts of Node itself. */
export const validateRow: Row = {
  name: 'validate',
  work: 'validate of 630 resources as YAML and as JSON, against node -e 0',
  measure: (build, runs) =>
    inFolder(async (folder) => {
      const text = [...yamlOf(SIZE)].join('')
      const files = {
        YAML: writePieces(join(folder, 'yaml.yaml'), [text]),
        JSON: writePieces(join(folder, 'json.yaml'), [JSON.stringify(parse(text))]),
      }
      const figures: Figure[] = []
      for (const what of ['YAML', 'JSON'] as const) {
        const ratios: number[] = []
        for (let run = 0; run < runs; run++) {
          const bare = await runNode(['-e', '0'], {}, { times: true })
          const args = [build.cli, 'validate', '-f', files[what]]
          const ours = await runNode(args, secretsOf(SIZE), { times: true })
          ratios.push(ours.cpuMs / bare.cpuMs)
        }
        figures.push({ what, value: median(ratios), unit: 'x node -e 0', goal: GOALS[what] })
      }
      return figures
    }),
}
