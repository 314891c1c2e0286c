import { explore } from './explore.ts'
import { knownIn } from './known.ts'
import { SPACES } from './spaces.ts'

const options = process.argv.slice(2)
const [words = ''] = options.filter((each) => !each.startsWith('--'))
const isFirst = options.includes('--first')
const began = process.cpuUsage()
const seconds = (since: NodeJS.CpuUsage): string => {
  const { user, system } = process.cpuUsage(since)
  return `${((user + system) / 1e6).toFixed(1)} s of one core`
}
let isAsKnown = true
let states = 0
for (const space of SPACES.filter(({ world }) => world.includes(words))) {
  const acts = options.includes('--no-act') ? [] : space.acts
  const faults = options.includes('--no-fault') ? [] : space.faults
  const before = process.cpuUsage()
  const known = knownIn({ ...space, acts, faults })
  const keys = new Set(known.map(({ law, what }) => `${law}: ${what}`))
  const isFound = (found: ReadonlyMap<string, unknown>): boolean =>
    [...found.keys()].some((key) => !keys.has(key))
  const found = await explore(space.world, { acts, faults }, isFirst ? { isFound } : {})
  states += found.states
  const others = `${acts.length} acts, ${faults.length} faults`
  process.stdout.write(
    `${space.world}, ${others}: ${found.states} states, ${found.edges} edges, ${found.replays} replays, ${found.histories} complete histories, ${seconds(before)}\n`,
  )
  for (const key of found.isExhausted ? keys : []) {
    if (found.counterexamples.has(key)) continue
    isAsKnown = false
    process.stdout.write(`known, and not found any more: ${key}\n`)
  }
  for (const [key, { steps }] of found.counterexamples) {
    isAsKnown &&= keys.has(key)
    process.stdout.write(`${keys.has(key) ? 'known' : 'NOT KNOWN'}: ${key}\n   ${steps.join('\n   ')}\n`)
  }
}
process.stdout.write(`${states} states, ${seconds(began)}\n`)
process.exitCode = isAsKnown ? 0 : 1
