import { join } from 'node:path'
import { resourcesIn, type Size, sandboxState } from '../estates.ts'
import { inFolder, writePieces } from '../processes.ts'
import { median, type Row } from '../row.ts'
import { served } from '../sandbox.ts'
import { call } from '../work/call.ts'
import type { Cost } from '../work/timed.ts'

const SIZE: Size = { wireguard: 10_000, peers: 10, ipsec: 0, tunnels: 0 }

/** The whole estate over HTTP, against a client that does nothing but ask and parse. */
export const readRow: Row = {
  name: 'read',
  work: `read ${resourcesIn(SIZE)} resources over HTTP from the sandbox, against bare node:http`,
  measure: (build, runs) =>
    inFolder(async (folder) => {
      const data = writePieces(join(folder, 'state.json'), sandboxState(SIZE))
      return served(build, ['--data', data], async ({ url }) => {
        const bare: Cost[] = []
        const ours: Cost[] = []
        // The server writes each text once and keeps it; the first reader would pay for that.
        await call<Cost>(build, 'read-everything', ['bare', url])
        for (let run = 0; run < runs; run++) {
          bare.push(await call<Cost>(build, 'read-everything', ['bare', url]))
          ours.push(await call<Cost>(build, 'read-everything', ['ours', url]))
        }
        const pairs = ours.map((run, at) => ({ ours: run, bare: bare[at] ?? run }))
        const rate = median(pairs.map((pair) => pair.bare.wallMs / pair.ours.wallMs))
        const cpu = median(pairs.map((pair) => pair.ours.cpuMs / pair.bare.cpuMs))
        const walls = [ours, bare].map((runsOf) => median(runsOf.map(({ wallMs }) => wallMs)).toFixed(0))
        return [
          {
            what: 'rate',
            value: 100 * rate,
            unit: '% of bare',
            goal: 60,
            atLeast: true,
            detail: `walls ${walls.join(' and ')} ms, cpu ${cpu.toFixed(1)} x bare`,
          },
        ]
      })
    }),
}
