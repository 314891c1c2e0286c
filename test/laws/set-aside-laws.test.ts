import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { hasFingerprint, stackFingerprint } from '../../src/model/identity.ts'
import { plan } from '../../src/plan/plan.ts'
import type { PlanOptions } from '../../src/plan/types.ts'
import { ApiModel } from '../support/api-model.ts'
import { desiredState, type Wanted } from '../support/desired-builder.ts'
import { RANDOM_TIMEOUT_MS, Reached, RUNS } from '../support/random-runs.ts'
import { LOCATIONS, meddle, meddling, pinnedIds, plain, wanted } from './arbitraries.ts'

vi.setConfig({ testTimeout: RANDOM_TIMEOUT_MS })

const ALL: Partial<PlanOptions> = { maxDeletes: { type: 'count', value: Number.POSITIVE_INFINITY } }
const ORDERS = fc.constantFrom<Partial<PlanOptions>>(
  {},
  { prune: 'all' },
  { prune: 'none' },
  { destroy: true },
)

function applyTo(api: ApiModel, file: Wanted): void {
  api.apply(plan(desiredState(file), api.live(LOCATIONS), ALL))
}

// Names of its own: one that both stacks use is refused.
function prefixed(file: Wanted): Wanted {
  const renamed = (entries: Wanted['ipsecGateways'] = []) =>
    entries.map((entry) => ({ ...entry, name: `dev-${entry.name}` }))
  return {
    ...file,
    wireguardGateways: renamed(file.wireguardGateways),
    ipsecGateways: renamed(file.ipsecGateways),
  }
}

test('no plan that may be applied changes or deletes what is released or belongs to a neighbour', () => {
  const own = stackFingerprint('acme')
  const neighbour = stackFingerprint('acme-dev')
  const reached = new Reached()
  fc.assert(
    fc.property(
      wanted(),
      wanted('acme-dev'),
      wanted(),
      meddling,
      ORDERS,
      fc.nat(20),
      fc.boolean(),
      (before, dev, later, by, order, which, isPlain) => {
        const after = isPlain ? plain(later) : later
        const api = new ApiModel()
        applyTo(api, plain(before))
        applyTo(api, prefixed(plain(dev)))
        meddle(api, by)
        const live = api.live(LOCATIONS)
        const owned = live.resources.filter(({ id }) => hasFingerprint(id, own))
        const released = owned[which % Math.max(1, owned.length)]?.id
        const desired = {
          ...desiredState(after),
          neighbours: [{ stack: 'acme-dev' }],
          released: released === undefined ? [] : [{ address: released }],
        }
        const planned = plan(desired, live, { ...ALL, ...order })
        const pinned = pinnedIds(after)
        const isKept = (ids: readonly string[]): boolean =>
          ids.some((id) => id === released) ||
          (hasFingerprint(ids.at(-1) ?? '', neighbour) && !pinned.has(ids.at(-1)))
        const kept = live.resources.filter(({ parentIds, id }) => isKept([...parentIds, id]))
        reached.when(planned.refusals.length === 0 && kept.length > 0)
        const touched = planned.changes.filter(({ action, reason }) =>
          action === 'keep' ? false : reason.code !== 'destroying',
        )
        for (const { target } of touched) {
          const isNew = !live.resources.some(({ id }) => id === target.id)
          expect(isNew || !isKept([...target.parentIds, target.id]), target.id).toBe(true)
        }
        expect(planned.neighbours[0]?.resources ?? 0).toBeLessThanOrEqual(live.resources.length)
      },
    ),
    { numRuns: RUNS },
  )
  reached.expectShare(0.3)
})
