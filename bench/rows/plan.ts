import { join } from 'node:path'
import type { Build } from '../builds.ts'
import { resourcesIn, type Size, sandboxState, secretsOf, yamlOf } from '../estates.ts'
import { inFolder, runNode, writePieces } from '../processes.ts'
import { type Figure, median, type Row } from '../row.ts'
import { served } from '../sandbox.ts'

const SIZE: Size = { wireguard: 20, peers: 20, ipsec: 10, tunnels: 20 }
const LATENCY_MS = 50
const PARALLELISM = 10
/** One request for each collection: none has a full page. */
const LISTS = 2 + SIZE.wireguard + SIZE.ipsec
/** Both lists at the top at once, then the children's lists, ten at a time. */
const ROUNDS = 1 + Math.ceil((SIZE.wireguard + SIZE.ipsec) / PARALLELISM)

/** A plan that finds nothing to do, through a server with latency. */
export const planRow: Row = {
  name: 'plan',
  work: `plan of ${resourcesIn(SIZE)} resources at ${LATENCY_MS} ms latency`,
  measure: (build, runs) => inFolder((folder) => measure(build, runs, folder)),
}

async function measure(build: Build, runs: number, folder: string): Promise<readonly Figure[]> {
  const file = writePieces(join(folder, 'vpn.yaml'), yamlOf(SIZE))
  const data = writePieces(join(folder, 'state.json'), sandboxState(SIZE))
  const walls: number[] = []
  const starts: number[] = []
  const cpus: number[] = []
  let requests = 0
  let connections = 0
  for (let run = 0; run < runs; run++) {
    starts.push((await runNode([build.cli, 'validate', '-f', 'examples/quickstart.yaml'])).wallMs)
    await served(build, ['--data', data, '--latency', `${LATENCY_MS}ms`], async ({ url, counts }) => {
      const args = ['plan', '-f', file, '--endpoint', url, '--parallelism', String(PARALLELISM)]
      // A server that has just started is slower than any service.
      await runNode([build.cli, ...args], secretsOf(SIZE))
      const before = await counts()
      const { wallMs, cpuMs, stdout } = await runNode([build.cli, ...args], secretsOf(SIZE), { times: true })
      cpus.push(cpuMs)
      if (!stdout.includes('No changes')) throw new Error(`the plan found something to do: ${stdout}`)
      walls.push(wallMs)
      const after = await counts()
      requests = after.requests - before.requests
      connections = after.connections - before.connections
    })
  }
  const start = median(starts)
  const limit = 1.3 * (start + LATENCY_MS * ROUNDS)
  return [
    {
      what: 'wall',
      value: median(walls),
      unit: 'ms',
      goal: Math.min(450, limit),
      detail: `1.3 x (start ${start.toFixed(0)} + ${ROUNDS} x ${LATENCY_MS}) = ${limit.toFixed(0)} ms, cpu ${median(cpus).toFixed(0)} ms`,
    },
    { what: 'requests', value: requests, unit: '', goal: LISTS },
    { what: 'connections', value: connections, unit: '', goal: PARALLELISM },
  ]
}
