import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { wantedIn } from './files.ts'
import { generate } from './generate.ts'
import { judge } from './oracle/judge.ts'
import { type Broken, LAWS, type Law } from './oracle/laws.ts'
import type { Scenario } from './scenario.ts'
import { simulate } from './simulate.ts'

/** A seed whose history breaks a law. */
export interface Failure extends Broken {
  readonly seed: number
}

/** What many histories met together. */
export interface Totals {
  histories: number
  runs: number
  readonly failures: Failure[]
  readonly reached: Record<Law, number>
  readonly faults: Record<string, number>
  readonly exits: Record<string, number>
  requests: number
  kills: number
}

/** Lets the scenarios of some seeds happen, one after the other, and judges them; those of larger worlds are left out. */
export async function runSeeds(
  first: number,
  count: number,
  report: (failure: Failure) => void = () => undefined,
  mostResources = Number.POSITIVE_INFINITY,
): Promise<Totals> {
  const totals: Totals = {
    histories: 0,
    runs: 0,
    failures: [],
    reached: Object.fromEntries(LAWS.map((law) => [law, 0])) as Record<Law, number>,
    faults: {},
    exits: {},
    requests: 0,
    kills: 0,
  }
  // Errors are thrown and caught by the thousand, and nobody reads where.
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  for (let seed = first; seed < first + count; seed += 1) {
    const scenario = generate(seed)
    if (resourcesIn(scenario) <= mostResources) await runScenario(scenario, totals, report)
  }
  Error.stackTraceLimit = stackTraceLimit
  return totals
}

// Those of the largest file.
function resourcesIn({ files }: Scenario): number {
  return Math.max(...files.map((file) => wantedIn(file).length))
}

async function runScenario(
  scenario: Scenario,
  totals: Totals,
  report: (failure: Failure) => void,
): Promise<void> {
  const { seed } = scenario
  const history = await simulate(scenario).catch((error: unknown) => {
    throw new Error(`seed ${seed}: the engine threw`, { cause: error })
  })
  const { broken, reached } = judge(history)
  totals.histories += 1
  for (const law of reached) totals.reached[law] += 1
  for (const [fault, count] of history.network.faults)
    totals.faults[fault] = (totals.faults[fault] ?? 0) + count
  const { runs, otherRepair, repair } = history
  for (const { end, isKilled, machine } of [
    ...runs,
    ...(otherRepair === undefined ? [] : [otherRepair]),
    repair,
  ]) {
    totals.runs += 1
    totals.requests += machine.sent.length
    if (isKilled) totals.kills += 1
    else if (end !== undefined) totals.exits[end.exit] = (totals.exits[end.exit] ?? 0) + 1
  }
  for (const each of broken) {
    const failure = { seed, ...each }
    totals.failures.push(failure)
    report(failure)
  }
}

/**
 * The same in processes of their own. They run the bundle, which takes half the processor time of the modules that a test
 * loads, with the flags of V8 that suit it.
 */
export async function runSeedsApart(first: number, count: number, processes: number): Promise<Totals> {
  const size = Math.ceil(count / processes)
  const parts = Array.from({ length: processes }, async (_, part): Promise<Totals> => {
    const begin = part * size
    const seeds = ['--seed', String(first + begin), '--seeds', String(Math.min(size, count - begin))]
    const args = ['test/simulation/start.mjs', ...seeds, '--json']
    const { stdout } = await execute(process.execPath, args, { maxBuffer: 2 ** 26 })
    return JSON.parse(stdout) as Totals
  })
  return (await Promise.all(parts)).reduce(together)
}

const execute = promisify(execFile)

function together(one: Totals, other: Totals): Totals {
  return {
    histories: one.histories + other.histories,
    runs: one.runs + other.runs,
    failures: [...one.failures, ...other.failures],
    reached: sums(one.reached, other.reached),
    faults: sums(one.faults, other.faults),
    exits: sums(one.exits, other.exits),
    requests: one.requests + other.requests,
    kills: one.kills + other.kills,
  }
}

function sums<K extends string>(one: Record<K, number>, other: Record<K, number>): Record<K, number> {
  const all = { ...one }
  for (const [name, count] of Object.entries(other) as [K, number][]) all[name] = (all[name] ?? 0) + count
  return all
}

/** What all histories met, as lines. */
export function summary(totals: Totals): readonly string[] {
  const { histories, runs, requests, kills, reached, faults, exits } = totals
  const list = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')
  const injected = Object.values(faults).reduce((sum, count) => sum + count, 0)
  return [
    `${histories} histories of ${runs} runs, ${requests} requests, ${kills} runs killed; exit codes: ${list(exits)}`,
    `${injected} faults: ${list(faults)}`,
    ...LAWS.map((law) => `${percent(reached[law], histories)} reach: ${law}`),
  ]
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1).padStart(5)} %`
}
