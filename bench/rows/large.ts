import { join } from 'node:path'
import type { Build } from '../builds.ts'
import { type Size, sandboxState, secretsOf, yamlOf } from '../estates.ts'
import { inFolder, runNode, writePieces } from '../processes.ts'
import { type Figure, median, type Row } from '../row.ts'
import { served } from '../sandbox.ts'

const SIZE: Size = { wireguard: 1000, peers: 20, ipsec: 0, tunnels: 0 }
/** What the file has of it: the rest is unmanaged. */
const OWN: Size = { ...SIZE, wireguard: 1 }
const LATENCY_MS = 50
/** Two pages of gateways, the other list at the top, and one list for each gateway. */
const LISTS = 3 + SIZE.wireguard

/** A large contract, read with the parallelism that a run finds by itself. */
export const largeRow: Row = {
  name: 'large',
  work: `plan and drift of 1,000 gateways and 20,000 children at ${LATENCY_MS} ms latency`,
  measure: (build, runs) => inFolder((folder) => measure(build, runs, folder)),
}

async function measure(build: Build, runs: number, folder: string): Promise<readonly Figure[]> {
  const file = writePieces(join(folder, 'vpn.yaml'), yamlOf(OWN))
  const data = writePieces(join(folder, 'state.json'), sandboxState(SIZE))
  return served(build, ['--data', data, '--latency', `${LATENCY_MS}ms`], async ({ url, counts }) => {
    const figures: Figure[] = []
    for (const [command, ...more] of [
      ['plan', '--prune', 'none'],
      ['drift', '--drift-exit-code', '0'],
    ]) {
      const walls: number[] = []
      const cpus: number[] = []
      let requests = 0
      for (let run = 0; run < runs; run++) {
        const before = await counts()
        const args = [command ?? '', '-f', file, '--endpoint', url, ...more]
        const { wallMs, cpuMs } = await runNode([build.cli, ...args], secretsOf(OWN), { times: true })
        requests = (await counts()).requests - before.requests
        walls.push(wallMs)
        cpus.push(cpuMs)
      }
      const detail = `cpu ${median(cpus).toFixed(0)} ms`
      figures.push({ what: `${command} wall`, value: median(walls), unit: 'ms', goal: 3000, detail })
      figures.push({ what: `${command} requests`, value: requests, unit: '', goal: LISTS })
    }
    return figures
  })
}
