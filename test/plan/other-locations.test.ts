import { describe, expect, test } from 'vitest'
import { findDrift } from '../../src/drift/drift.ts'
import { deriveId } from '../../src/model/identity.ts'
import type { DesiredResource, LiveResource, LiveState } from '../../src/model/resource.ts'
import { plan } from '../../src/plan/plan.ts'
import { statusOf } from '../../src/plan/status.ts'
import type { PlanOptions } from '../../src/plan/types.ts'
import { gateway, LOCATION, liveOf, peer, STACK } from '../support/plan-builder.ts'

const OTHER = 'de/txl'
const UNOWNED_IDS = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const

const hq = gateway('hq')
const anna = peer(hq, 'anna')

/** The live counterpart in the other location. */
function left(resource: DesiredResource, more: Partial<LiveResource> = {}): LiveResource {
  const idOf = ({ address }: DesiredResource) => deriveId(STACK, OTHER, address)
  const parentIds = resource.parent === null ? [] : [idOf(resource.parent)]
  return liveOf(resource, {}, { location: OTHER, id: idOf(resource), parentIds, ...more })
}

const state = (resources: readonly DesiredResource[], more = {}) => ({
  stack: STACK,
  locations: [LOCATION],
  resources,
  protectedPatterns: [],
  ...more,
})
const world = (resources: readonly LiveResource[], more: Partial<LiveState> = {}): LiveState => ({
  locations: [LOCATION],
  others: [OTHER],
  unread: [],
  resources,
  ...more,
})
const planned = (
  desired: readonly DesiredResource[],
  live: readonly LiveResource[],
  options: Partial<PlanOptions> = {},
) => plan(state(desired), world(live), options)
const reported = ({ changes }: ReturnType<typeof plan>) =>
  changes.map(({ action, address }) => `${action} ${address}`)
const codes = (found: readonly { readonly code: string }[]) => found.map(({ code }) => code)

describe('what the stack owns in a location that no file names', () => {
  const leftovers = [left(hq), left(anna)]

  test('is deleted with its children, under an address with its location', () => {
    expect(reported(planned([], leftovers))).toEqual([
      `delete ${OTHER}:wireguardgateways/hq`,
      `delete ${OTHER}:wireguardgateways/hq/peers/anna`,
    ])
    expect(reported(planned([], leftovers, { destroy: true }))).toHaveLength(2)
    expect(reported(planned([], leftovers, { prune: 'none' }))).toEqual([
      `unmanaged ${OTHER}:wireguardgateways/hq`,
      `unmanaged ${OTHER}:wireguardgateways/hq/peers/anna`,
    ])
  })

  test('can be targeted by that address', () => {
    const targets = [`${OTHER}:wireguardgateways/hq/peers/anna`]
    expect(reported(planned([], leftovers, { targets }))).toEqual([
      `delete ${OTHER}:wireguardgateways/hq/peers/anna`,
    ])
  })

  test('is drift', () => {
    const drift = findDrift(state([]), world(leftovers), {
      targets: [],
      ignores: [],
      stuckAfterMs: 1,
      nowMs: 0,
    })
    expect(drift.findings.map(({ state: how, address }) => `${how} ${address}`)).toEqual([
      `extra ${OTHER}:wireguardgateways/hq`,
      `extra ${OTHER}:wireguardgateways/hq/peers/anna`,
    ])
    expect(drift.others).toEqual([OTHER])
  })

  test('changes no address of the others', () => {
    const both = planned([hq, anna], [liveOf(hq), liveOf(anna), ...leftovers])
    expect(reported(both)).toEqual([
      `delete ${OTHER}:wireguardgateways/hq`,
      `delete ${OTHER}:wireguardgateways/hq/peers/anna`,
      'keep wireguardgateways/hq',
      'keep wireguardgateways/hq/peers/anna',
    ])
  })

  test('is protected when its gateway moves, as in every location', () => {
    const moved = gateway('hq', {}, { more: { protect: true } })
    expect(codes(planned([moved], leftovers).refusals)).toEqual(['VPN507'])
    expect(codes(planned([hq], leftovers).warnings)).toEqual(['VPN519'])
    const listed = plan(state([], { protectedPatterns: [`${OTHER}:wireguardgateways/hq`] }), world(leftovers))
    expect(codes(listed.refusals)).toContain('VPN507')
  })

  test('is not a deletion when the files name the location and it was not read in full', () => {
    const named = plan(state([], { locations: [LOCATION, OTHER] }), world(leftovers))
    expect(reported(named)).toEqual([])
  })

  test('is part of a status, and a location without any is not', () => {
    const status = statusOf(world(leftovers, { others: [OTHER, 'us/ewr'] }), { stack: STACK })
    expect(status.locations.map(({ location, items }) => [location, items.length])).toEqual([
      [LOCATION, 0],
      [OTHER, 2],
    ])
    expect(status.named).toEqual([LOCATION])
  })
})

describe('what the stack does not own in a location that no file names', () => {
  const [gatewayId, peerId] = UNOWNED_IDS
  const unowned = left(hq, { id: gatewayId })
  const child = left(anna, { id: peerId, parentIds: [gatewayId] })
  const onOurs = left(anna, { id: peerId })

  test.each(['owned', 'all', 'none'] as const)('is neither listed nor deleted with --prune %s', (prune) => {
    expect(reported(planned([], [unowned, child], { prune }))).toEqual([])
  })

  test('is no drift, also on a gateway of the stack', () => {
    const live = world([unowned, child, left(hq), onOurs])
    const drift = findDrift(state([]), live, { targets: [], ignores: [], stuckAfterMs: 1, nowMs: 0 })
    expect(drift.findings.map(({ state: how, address }) => `${how} ${address}`)).toEqual([
      `extra ${OTHER}:wireguardgateways/hq`,
    ])
  })

  test('holds no claim and changes no address', () => {
    const result = planned([hq], [unowned])
    expect(result.warnings).toEqual([])
    expect(reported(result)).toEqual(['create wireguardgateways/hq'])
  })

  test.each(['owned', 'all'] as const)('keeps the gateway that it is on with --prune %s', (prune) => {
    const lab = gateway('lab', { gatewayIP: '203.0.113.99' })
    const { refusals } = planned([lab], [liveOf(lab), left(hq), onOurs], { prune })
    expect(refusals.map(({ code, hint }) => [code, hint])).toEqual([
      [
        'VPN515',
        `nothing below a gateway can be kept without it: create it on another gateway first, or keep this one; to delete it too, run the same command with --location ${OTHER} --prune all --target ${OTHER}:wireguardgateways/hq`,
      ],
    ])
  })
})

test('locations that were not read are a warning that says how to leave them out', () => {
  const unread = [
    { location: 'de/txl', reason: 'failed', message: 'no answer' },
    { location: 'us/ewr', reason: 'failed', message: 'no answer' },
  ] as const
  const live = world([], { others: ['es/vit'], unread })
  const expected = {
    code: 'VPN520',
    message: '2 locations were not read (de/txl, us/ewr): leftovers there cannot be seen',
    hint: 'de/txl: no answer; to read no others, write in the file: locations: [de/fra, es/vit]',
  }
  const result = plan(state([]), live)
  expect(result.warnings).toMatchObject([expected])
  expect(result.unread).toEqual(unread)
  const drift = findDrift(state([]), live, { targets: [], ignores: [], stuckAfterMs: 1, nowMs: 0 })
  expect(drift.warnings).toMatchObject([expected])
  expect(drift.unread).toEqual(unread)
})
