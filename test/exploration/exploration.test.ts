import { expect, test } from 'vitest'
import { IS_NIGHTLY } from '../support/random-runs.ts'
import { explore } from './explore.ts'
import { knownIn } from './known.ts'
import { SPACES } from './spaces.ts'
import { ACTS } from './worlds.ts'

// Where faults are explored, the shortest history may be one in which the run is killed after the same request.
const withoutFault = (step: string): string => step.replace(/ \([a-z]+\)$/, '')

const spaces = IS_NIGHTLY
  ? SPACES
  : [{ world: 'a peer is to be deleted', acts: ['edit peer'] as const, faults: [] }]

for (const { world, acts, faults } of spaces) {
  const others = `${acts.length} of ${ACTS.length} acts of the administrator, ${faults.length > 0 ? 'one fault' : 'no fault'}`
  test(`in every history in which ${world}, with ${others}, only the known laws are broken`, async () => {
    const explored = await explore(world, { acts, faults })
    if (IS_NIGHTLY) process.stdout.write(`${explored.states} states, ${explored.edges} edges\n`)
    expect(explored.states).toBeGreaterThan(200)
    const known = knownIn({ world, acts, faults })
    const named = ({ law, what }: { law: string; what: string }) => `${law}: ${what}`
    expect([...explored.counterexamples.values()].map(named).sort()).toEqual(known.map(named).sort())
    for (const each of known) {
      const { steps = [] } = explored.counterexamples.get(named(each)) ?? {}
      expect(steps.map(withoutFault)).toEqual(expect.arrayContaining(each.history.map(withoutFault)))
    }
  }, 3_600_000)
}

test('a space that is not exhausted says so', async () => {
  const explored = await explore('a peer is to be deleted', { acts: [], faults: [] }, { replays: 3 })
  expect(explored).toMatchObject({ isExhausted: false, replays: 3 })
})
