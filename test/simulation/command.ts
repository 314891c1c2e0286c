import { parseArgs } from 'node:util'
import type { Wanted } from '../support/desired-builder.ts'
import { type Failure, runSeeds, summary } from './batch.ts'
import { wantedIn } from './files.ts'
import { generate } from './generate.ts'
import { judge } from './oracle/judge.ts'
import type { Scenario } from './scenario.ts'
import { shrink } from './shrink.ts'
import { simulate } from './simulate.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
    shrink: { type: 'boolean', default: true },
    /** Only worlds whose files declare at most so many resources. */
    resources: { type: 'string', default: 'Infinity' },
    law: { type: 'string', default: '' },
    /** Ends at the first seed that breaks a law. */
    first: { type: 'boolean', default: false },
    /** Prints what the histories met as JSON, for whoever started the process. */
    json: { type: 'boolean', default: false },
  },
  allowNegative: true,
})

const out = (text: string): void => {
  process.stdout.write(`${text}\n`)
}
if (values.first) {
  await printFirst(Number(values.seed), Number(values.seeds))
  process.exit()
}
if (values.json) {
  out(JSON.stringify(await runSeeds(Number(values.seed), Number(values.seeds))))
  process.exit()
}
/** Of the seeds that break one law. */
const MOST_SHOWN = 20
const counts = new Map<string, number>()
const shown: Failure[] = []
const before = process.cpuUsage()
const first = Number(values.seed)
const printFailure = (failure: Failure): void => {
  if (!failure.law.includes(values.law)) return
  const count = (counts.get(failure.law) ?? 0) + 1
  counts.set(failure.law, count)
  if (count > MOST_SHOWN) return
  shown.push(failure)
  out(`seed ${failure.seed}: ${failure.law}: ${failure.what}`)
}
const totals = await runSeeds(first, Number(values.seeds), printFailure, Number(values.resources))

if (Number(values.seeds) === 1) {
  if (values.trace) await printHistory(generate(first))
  const [failure] = shown
  if (failure !== undefined && values.shrink) {
    out(`\nThe shortest history that breaks "${failure.law}":`)
    const fails = async (scenario: Scenario): Promise<boolean> =>
      judge(await simulate(scenario)).broken.some(({ law }) => law === failure.law)
    await printHistory(await shrink(generate(first), fails))
  }
} else {
  for (const line of summary(totals)) out(line)
  for (const [law, count] of counts) out(`broken ${count} times: ${law}`)
  const { user, system } = process.cpuUsage(before)
  const perSecond = (count: number): number => Math.round((count * 1e6) / (user + system))
  out(`${perSecond(totals.histories)} histories, ${perSecond(totals.runs)} runs per second of one core`)
}
process.exitCode = shown.length === 0 ? 0 : 1

async function printHistory(scenario: Scenario): Promise<void> {
  const { behaviour, rate, latencyMs, probabilities, files, seeded } = scenario
  out(JSON.stringify({ behaviour, rate, latencyMs, probabilities }))
  for (const [number, file] of files.entries()) out(`file ${number}: ${namesIn(file)}`)
  out(
    `live: ${seeded.map(({ properties, location, id, status }) => `${String(properties.name)} (${location} ..${id.slice(-4)}${status === undefined ? '' : ` ${status}`})`).join(', ')}`,
  )
  const history = await simulate(scenario, true)
  for (const line of history.trace) out(line)
  for (const { law, what } of judge(history).broken) out(`broken: ${law}: ${what}`)
}

function namesIn(file: Wanted): string {
  return wantedIn(file)
    .map(({ address, location, renamedFrom, isProtected, properties }) => {
      const { description, publicKey } = properties
      const more = [
        location === 'de/fra' ? '' : location,
        renamedFrom === undefined ? '' : `renamed from ${renamedFrom}`,
        isProtected ? 'protected' : '',
        description === undefined ? '' : `"${String(description)}"`,
        typeof publicKey === 'string' ? `key ${publicKey.slice(4, 10)}` : '',
      ].filter((part) => part !== '')
      return more.length === 0 ? address : `${address} (${more.join(', ')})`
    })
    .join(', ')
}

async function printFirst(seed: number, count: number): Promise<void> {
  for (let tried = 1; tried <= count; tried += 1) {
    const { failures } = await runSeeds(seed + tried - 1, 1)
    const [failure] = failures
    if (failure === undefined) continue
    out(`found after ${tried} seeds: ${failure.law}: ${failure.what}`)
    return
  }
  out(`not found in ${count} seeds`)
}
