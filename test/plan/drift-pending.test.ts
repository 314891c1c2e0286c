import { describe, expect, test } from 'vitest'
import { findDrift } from '../../src/drift/drift.ts'
import type { Drift } from '../../src/drift/types.ts'
import type { DesiredResource, DesiredState, LiveResource } from '../../src/model/resource.ts'
import { driftVerdict } from '../../src/report/drift/words.ts'
import { gateway, LOCATION, liveOf, peer, STACK } from '../support/plan-builder.ts'

const stateOf = (resources: readonly DesiredResource[]): DesiredState => ({
  stack: STACK,
  locations: [LOCATION],
  resources,
  protectedPatterns: [],
})

function drift(
  now: readonly DesiredResource[],
  live: readonly LiveResource[],
  applied?: readonly DesiredResource[],
): Drift {
  return findDrift(
    stateOf(now),
    { locations: [LOCATION], resources: live },
    {
      targets: [],
      ignores: [],
      stuckAfterMs: Number.POSITIVE_INFINITY,
      nowMs: Date.parse('2026-06-10T08:00:00Z'),
      ...(applied === undefined ? {} : { applied: stateOf(applied) }),
    },
  )
}

const states = ({ findings }: Drift): readonly string[] =>
  findings.map(({ name, state }) => `${name} ${state}`)
const hq = gateway('hq')
const reworded = gateway('hq', { description: 'merged' })
const anna = peer(hq, 'anna')
const annaNow = peer(reworded, 'anna')
const ben = peer(hq, 'ben', { allowedIPs: ['10.0.0.9/32'] })

describe('what is merged and not applied yet', () => {
  test('is no drift: added, changed and removed alike', () => {
    const live = [liveOf(hq), liveOf(ben)]
    expect(states(drift([reworded, annaNow], live))).toHaveLength(3)
    const found = drift([reworded, annaNow], live, [hq, ben])
    expect(states(found)).toEqual([])
    expect(found.pending).toBe(3)
    expect(driftVerdict(found, 'vpn.yaml')).toContain(
      'No drift. Live state matches vpn.yaml, except for 3 changes that are not applied yet (',
    )
  })

  test('hides nothing that changed live', () => {
    const unowned = liveOf(ben, {}, { id: '11111111-1111-4111-8111-111111111111' })
    const live = [liveOf(hq, { tier: 'PREMIUM' }), unowned]
    const found = drift([reworded, annaNow], live, [hq, anna])
    expect(states(found).toSorted()).toEqual(['anna missing', 'ben unmanaged', 'hq changed'])
    const [changed] = found.findings.flatMap((finding) => (finding.state === 'changed' ? [finding] : []))
    expect(changed?.fields.map(({ change }) => change.path)).toEqual([['tier']])
    expect(found.pending).toBe(1)
  })

  test('is drift where both changed the same field', () => {
    const live = [liveOf(hq, { description: 'live' })]
    expect(states(drift([reworded], live, [hq]))).toEqual(['hq changed'])
  })

  test('is none without changes since', () => {
    expect(drift([hq], [liveOf(hq)], [hq]).pending).toBe(0)
    expect(drift([hq], [liveOf(hq)])).not.toHaveProperty('pending')
  })
})
