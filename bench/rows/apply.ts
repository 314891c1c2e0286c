import { join } from 'node:path'
import type { Build } from '../builds.ts'
import { resourcesIn, type Size, secretsOf, yamlOf } from '../estates.ts'
import { inFolder, runNode, writePieces } from '../processes.ts'
import { type Figure, median, type Row } from '../row.ts'
import { served } from '../sandbox.ts'

const SIZE: Size = { wireguard: 10, peers: 20, ipsec: 0, tunnels: 0 }
const LATENCY_MS = 50
const PROVISION_MS = 500
const GOALS = [
  { parallelism: 10, goalMs: 2800 },
  { parallelism: 40, goalMs: 1700 },
] as const

/** A new estate, from an empty service to all AVAILABLE. */
export const applyRow: Row = {
  name: 'apply',
  work: `apply of ${resourcesIn(SIZE)} resources at ${LATENCY_MS} ms latency and ${PROVISION_MS} ms provisioning`,
  measure: (build, runs) =>
    inFolder(async (folder) => {
      const file = writePieces(join(folder, 'vpn.yaml'), yamlOf(SIZE))
      const figures: Figure[] = []
      for (const { parallelism, goalMs } of GOALS) {
        figures.push(...(await measure(build, runs, file, parallelism, goalMs)))
      }
      return figures
    }),
}

async function measure(
  build: Build,
  runs: number,
  file: string,
  parallelism: number,
  goalMs: number,
): Promise<readonly Figure[]> {
  const walls: number[] = []
  const cpus: number[] = []
  let connections = 0
  let requests = 0
  for (let run = 0; run < runs; run++) {
    const behaviour = ['--memory', '--latency', `${LATENCY_MS}ms`, '--provision', `${PROVISION_MS}ms`]
    await served(build, behaviour, async ({ url, counts }) => {
      // A server that has just started is slower than any service.
      await runNode([build.cli, 'plan', '-f', file, '--endpoint', url], secretsOf(SIZE))
      const before = await counts()
      const args = ['apply', '-f', file, '--endpoint', url, '--yes', '--no-verify']
      const { wallMs, cpuMs } = await runNode(
        [build.cli, ...args, '--parallelism', String(parallelism)],
        secretsOf(SIZE),
        { times: true },
      )
      walls.push(wallMs)
      cpus.push(cpuMs)
      const after = await counts()
      requests = after.requests - before.requests
      connections = after.connections - before.connections
    })
  }
  const detail = `critical path ${criticalPathMs(parallelism)} ms, cpu ${median(cpus).toFixed(0)} ms, ${requests} requests`
  return [
    { what: `wall, parallelism ${parallelism}`, value: median(walls), unit: 'ms', goal: goalMs, detail },
    { what: `connections, parallelism ${parallelism}`, value: connections, unit: '', goal: parallelism },
  ]
}

// Read, PUT, provision, rounds of PUT, provision.
function criticalPathMs(parallelism: number): number {
  const rounds = Math.ceil((SIZE.wireguard * SIZE.peers) / parallelism)
  return LATENCY_MS + LATENCY_MS + PROVISION_MS + rounds * LATENCY_MS + PROVISION_MS
}
