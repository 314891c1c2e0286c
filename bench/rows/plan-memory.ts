import { type Figure, median, type Row } from '../row.ts'
import { call } from '../work/call.ts'
import type { Cost } from '../work/timed.ts'

interface Planned extends Cost {
  readonly resources: number
  readonly peakMiB: number
}

/** The planner alone, on estates that are as they should be. */
export const planMemoryRow: Row = {
  name: 'plan-memory',
  work: 'plan of 10,000 gateways and 100,000 peers in memory',
  measure: async (build, runs) => {
    const large: Planned[] = []
    const small: Planned[] = []
    for (let run = 0; run < runs; run++) {
      small.push(await call<Planned>(build, 'plan-in-memory', [1000]))
      large.push(await call<Planned>(build, 'plan-in-memory', [10_000]))
    }
    const each = (runsOf: readonly Planned[]) =>
      median(runsOf.map(({ elapsedMs, resources }) => (elapsedMs * 1000) / resources))
    const figures: readonly Figure[] = [
      {
        what: 'time a resource',
        value: each(large),
        unit: 'us',
        goal: 12,
        detail: `wall ${median(large.map(({ wallMs }) => wallMs)).toFixed(0)} ms`,
      },
      {
        what: 'growth from 11,000 to 110,000',
        value: each(large) / each(small),
        unit: 'x',
        goal: 1.3,
        detail: `${each(small).toFixed(1)} us per resource of 11,000`,
      },
      { what: 'peak memory', value: median(large.map(({ peakMiB }) => peakMiB)), unit: 'MiB', goal: 500 },
    ]
    return figures
  },
}
