import { describe, expect, test } from 'vitest'
import type { DesiredResource, DesiredState, LiveResource } from '../../src/model/resource.ts'
import { planFrom } from '../../src/plan/baseline.ts'
import type { OnDrift, Plan, PlanOptions } from '../../src/plan/types.ts'
import { gateway, LOCATION, liveOf, METADATA, peer, STACK } from '../support/plan-builder.ts'

const stateOf = (resources: readonly DesiredResource[]): DesiredState => ({
  stack: STACK,
  locations: [LOCATION],
  resources,
  protectedPatterns: [],
})

interface Versions {
  readonly base: readonly DesiredResource[]
  readonly now: readonly DesiredResource[]
  readonly live: readonly LiveResource[]
  readonly applied?: readonly DesiredResource[]
}

function planned(versions: Versions, onDrift?: OnDrift, more: Partial<PlanOptions> = {}): Plan {
  const { base, now, live, applied } = versions
  return planFrom(
    {
      name: 'base.yaml',
      desired: stateOf(base),
      ...(applied === undefined ? {} : { applied: stateOf(applied) }),
    },
    stateOf(now),
    { locations: [LOCATION], resources: live },
    { ...(onDrift === undefined ? {} : { onDrift }), ...more },
  )
}

const actions = (plan: Plan): Record<string, string> =>
  Object.fromEntries(plan.changes.map(({ name, action }) => [name, action]))
const origins = (plan: Plan): Record<string, string | undefined> =>
  Object.fromEntries(plan.changes.map(({ name, origin }) => [name, origin]))
const codes = (plan: Plan): readonly string[] => plan.refusals.map(({ code }) => code)

const hq = gateway('hq')
const anna = peer(hq, 'anna')
const ben = peer(hq, 'ben', { allowedIPs: ['10.0.0.9/32'] })
const reworded = gateway('hq', { description: 'file' })
const annaNow = peer(reworded, 'anna')
const editedLive = liveOf(hq, { tier: 'PREMIUM' }, { metadata: METADATA })

test('a rule for drift without a baseline is an error, never ignored', () => {
  const live = { locations: [LOCATION], resources: [editedLive] }
  for (const onDrift of ['refuse', 'leave'] as const) {
    expect(() => planFrom(undefined, stateOf([hq]), live, { onDrift })).toThrow('needs a baseline')
  }
  expect(planFrom(undefined, stateOf([hq]), live, { onDrift: 'revert' }).summary.update).toBe(1)
})

describe('refuse', () => {
  test('lets intended changes pass', () => {
    expect(codes(planned({ base: [hq], now: [reworded, annaNow], live: [liveOf(hq)] }, 'refuse'))).toEqual([])
  })

  test('names what was changed live, who did it, and both ways out', () => {
    const plan = planned({ base: [hq], now: [reworded], live: [editedLive] }, 'refuse')
    expect(plan.refusals).toMatchObject([
      {
        code: 'VPN533',
        message:
          'wireguardgateways/hq was changed live: tier (last change by erika@example.com on 2026-03-01 09:30 UTC); this plan would undo that',
        hint: 'to undo it: --on-drift revert; to accept it: vpnctl accept wireguardgateways/hq:tier --write',
      },
    ])
  })

  test('names what was deleted live, and a conflict', () => {
    const deleted = planned({ base: [hq, anna], now: [hq, anna], live: [liveOf(hq)] }, 'refuse')
    expect(deleted.refusals[0]?.message).toContain('peers/anna was deleted live')
    const conflict = planned(
      { base: [hq], now: [reworded], live: [liveOf(hq, { description: 'live' })] },
      'refuse',
    )
    expect(codes(conflict)).toEqual(['VPN533'])
  })

  test('leaves what is outside of the targets out', () => {
    const versions = { base: [hq, anna], now: [hq, anna], live: [editedLive] }
    expect(codes(planned(versions, 'refuse'))).toHaveLength(2)
    expect(codes(planned(versions, 'refuse', { targets: [anna.address] }))).toHaveLength(1)
  })

  test('does not take the day after the last one for drift', () => {
    const expiring = { ...anna, expires: '2026-01-31' }
    const versions = { base: [hq, expiring], now: [hq, expiring], live: [liveOf(hq), liveOf(anna)] }
    const plan = planned(versions, 'refuse', { asOf: '2026-02-01T00:00:00Z' })
    expect(actions(plan)).toEqual({ anna: 'delete', hq: 'keep' })
    expect(codes(plan)).toEqual([])
  })
})

test('revert, and no rule at all, plan the same', () => {
  const versions = { base: [hq], now: [reworded], live: [editedLive] }
  expect(planned(versions, 'revert').changes).toEqual(planned(versions).changes)
  expect(codes(planned(versions))).toEqual([])
})

describe('leave', () => {
  test('writes the intended fields of an update and sends back the live value of the others', () => {
    const plan = planned({ base: [hq], now: [reworded], live: [editedLive] }, 'leave')
    expect(plan.changes).toMatchObject([
      { action: 'update', spec: { description: 'file', tier: 'PREMIUM' }, origin: 'intent' },
    ])
    expect(plan.left).toEqual([
      {
        address: hq.address,
        action: 'update',
        fields: ['tier'],
        by: 'erika@example.com',
        at: '2026-03-01T09:30:00Z',
      },
    ])
  })

  test('neither creates what was deleted live nor deletes what is too much', () => {
    const plan = planned({ base: [hq, anna], now: [hq, anna], live: [liveOf(hq), liveOf(ben)] }, 'leave')
    expect(actions(plan)).toEqual({ hq: 'keep' })
    expect(plan.left?.map(({ address, action }) => [address, action])).toEqual([
      [ben.address, 'delete'],
      [anna.address, 'create'],
    ])
    expect(plan.released).toEqual([])
    expect(codes(plan)).toEqual([])
  })

  test('keeps a cleared field cleared, and a list as it is live', () => {
    const described = gateway('hq', { description: 'text' })
    const moved = peer(described, 'anna', { allowedIPs: ['10.0.0.1/32'] })
    const live = [
      liveOf(described, { description: null }),
      liveOf(moved, { allowedIPs: ['10.0.0.1/32', '10.0.0.2/32'] }),
    ]
    const plan = planned({ base: [described, moved], now: [described, moved], live }, 'leave')
    expect(actions(plan)).toEqual({ hq: 'keep', anna: 'keep' })
    expect(plan.left).toHaveLength(2)
  })

  test.each([
    ['10.0.0.2/32', '10.0.0.1/32'],
    ['10.0.0.2/32', '10.0.0.3/32'],
    ['10.0.0.2/32', '0.0.0.0/0'],
  ])('keeps a list to which live added, wherever it is sorted: %s and %s', (own, added) => {
    const one = peer(hq, 'anna', { allowedIPs: [own] })
    for (const allowedIPs of [
      [own, added],
      [added, own],
    ]) {
      const live = [liveOf(hq), liveOf(one, { allowedIPs: allowedIPs.toSorted() })]
      const plan = planned({ base: [hq, one], now: [hq, one], live }, 'leave')
      expect(actions(plan)).toEqual({ hq: 'keep', anna: 'keep' })
    }
  })

  test('refuses a field that the file changed too, and a change below what was deleted', () => {
    const live = [liveOf(hq, { description: 'live' })]
    expect(codes(planned({ base: [hq], now: [reworded], live }, 'leave'))).toEqual(['VPN534'])
    expect(codes(planned({ base: [hq], now: [hq, anna], live: [] }, 'leave'))).toEqual(['VPN535'])
  })

  test('plans nothing more the second time', () => {
    const plan = planned({ base: [hq, anna], now: [reworded, annaNow], live: [editedLive] }, 'leave')
    const [update] = plan.changes.flatMap((change) => (change.action === 'update' ? [change] : []))
    const after = [liveOf(hq, { ...update?.spec })]
    expect(
      planned({ base: [hq, anna], now: [reworded, annaNow], live: after }, 'leave').summary,
    ).toMatchObject({
      create: 0,
      update: 0,
      delete: 0,
    })
  })
})

describe('what is merged and not applied yet', () => {
  test('is pending, in each action, and not drift', () => {
    const plan = planned({
      applied: [hq, ben],
      base: [reworded, annaNow],
      now: [reworded, annaNow],
      live: [liveOf(hq), liveOf(ben)],
    })
    expect(origins(plan)).toEqual({ hq: 'pending', anna: 'pending', ben: 'pending' })
    expect(plan.base?.summary).toEqual({ intent: 0, drift: 0, conflict: 0, mixed: 0, pending: 3 })
  })

  test('stays apart from drift and intent in one resource', () => {
    const tiered = gateway('hq', { description: 'file', tier: 'ENHANCED' })
    const versions = { applied: [hq], base: [reworded], now: [tiered], live: [liveOf(hq)] }
    const plan = planned(versions, 'refuse')
    expect(plan.changes).toMatchObject([
      {
        fields: [
          { path: ['description'], origin: 'pending' },
          { path: ['tier'], origin: 'intent' },
        ],
      },
    ])
    expect(origins(plan)).toEqual({ hq: 'intent' })
    expect(codes(plan)).toEqual([])
    const drifted = planned({ ...versions, live: [liveOf(hq, { maintenanceWindow: null, tier: 'PREMIUM' })] })
    expect(origins(drifted)).toEqual({ hq: 'conflict' })
  })
})
