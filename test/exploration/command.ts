import { explore } from './explore.ts'
import { knownIn } from './known.ts'
import { SPACES } from './spaces.ts'

const [words = ''] = process.argv.slice(2)
const began = process.cpuUsage()
const seconds = (since: NodeJS.CpuUsage): string => {
  const { user, system } = process.cpuUsage(since)
  return `${((user + system) / 1e6).toFixed(1)} s of one core`
}
let isAsKnown = true
let states = 0
for (const { world, acts, faults } of SPACES.filter((each) => each.world.includes(words))) {
  const before = process.cpuUsage()
  const found = await explore(world, { acts, faults })
  states += found.states
  const others = [acts.length > 0 ? 'one act' : 'no act', faults ? 'one fault' : 'no fault'].join(', ')
  process.stdout.write(
    `${world}, ${others}: ${found.states} states, ${found.edges} edges, ${found.replays} replays, ${found.histories} complete histories, ${seconds(before)}\n`,
  )
  const known = knownIn({ world, acts, faults })
  const keys = new Set(known.map(({ law, what }) => `${law}: ${what}`))
  for (const key of keys) {
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
