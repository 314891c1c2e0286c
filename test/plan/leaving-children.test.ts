import { expect, test } from 'vitest'
import { gateway, liveOf, peer, planOf } from '../support/plan-builder.ts'

const hq = gateway('hq')
const anna = peer(hq, 'anna')
const bob = peer(hq, 'bob')

test("a gateway's deletion waits for a peer that a killed run began to delete", () => {
  const plan = planOf([], [liveOf(hq), liveOf(anna, {}, { status: 'DESTROYING' }), liveOf(bob)], {
    destroy: true,
  })
  const byName = new Map(plan.changes.map((change) => [change.name, change]))
  expect(byName.get('anna')).toMatchObject({ action: 'delete', reason: { code: 'destroying' } })
  expect(byName.get('hq')?.needs).toEqual([byName.get('anna')?.key, byName.get('bob')?.key].sort())
  // The deletion that someone else began is none of ours.
  expect(plan.summary.delete).toBe(2)
})

test('a peer that is being deleted below a gateway that stays holds up nothing', () => {
  const plan = planOf([hq], [liveOf(hq), liveOf(anna, {}, { status: 'DESTROYING' })])
  expect(plan.changes.map(({ name, action }) => `${action} ${name}`)).toEqual(['keep hq'])
})
