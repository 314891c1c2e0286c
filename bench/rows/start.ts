import { runNode } from '../processes.ts'
import { type Figure, median, type Row } from '../row.ts'

const GOALS = [
  { what: '--version', args: ['--version'], goal: 1.25 },
  { what: 'validate', args: ['validate', '-f', 'examples/quickstart.yaml'], goal: 2.5 },
] as const

/** Cold start, in starts of Node itself. Pairs of runs: the yardstick is measured with each. */
export const startRow: Row = {
  name: 'start',
  work: 'cold start of vpnctl --version and of validate of the quickstart, against node -e 0',
  measure: async (build, runs) => {
    const figures: Figure[] = []
    for (const { what, args, goal } of GOALS) {
      const wall: number[] = []
      const cpu: number[] = []
      const own: number[] = []
      for (let run = 0; run < 3 * runs; run++) {
        const bare = await runNode(['-e', '0'], {}, { times: true })
        const ours = await runNode([build.cli, ...args], {}, { times: true })
        wall.push(ours.wallMs / bare.wallMs)
        cpu.push(ours.cpuMs / bare.cpuMs)
        own.push(ours.wallMs)
      }
      const detail = `wall ${median(own).toFixed(0)} ms, ratio of walls ${median(wall).toFixed(2)}`
      figures.push({ what, value: median(cpu), unit: 'x node -e 0', goal, detail })
    }
    return figures
  },
}
