import { describe, expect, test } from 'vitest'
import { findDrift } from '../../src/drift/drift.ts'
import { canonicalLocation, LOCATIONS } from '../../src/kinds/locations.ts'
import { deriveId } from '../../src/model/identity.ts'
import type { DesiredResource, LiveResource } from '../../src/model/resource.ts'
import { plan } from '../../src/plan/plan.ts'
import type { Plan, PlanOptions } from '../../src/plan/types.ts'
import { gateway, liveOf, peer, STACK } from '../support/plan-builder.ts'

const ALL = [...new Set(Object.keys(LOCATIONS).map(canonicalLocation))]
const UNOWNED_IDS = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const
const HOUR_MS = 3_600_000

/** Resources of one location, in the file and live. */
function inLocation(location: string) {
  const gatewayOf = (name: string, more: Partial<DesiredResource> = {}): DesiredResource =>
    gateway(name, {}, { more: { location, ...more } })
  const peerOf = (parent: DesiredResource, name: string, more: Partial<DesiredResource> = {}) =>
    peer(parent, name, { publicKey: Buffer.from(name).toString('base64') }, { more: { location, ...more } })
  const live = (resource: DesiredResource, more: Partial<LiveResource> = {}): LiveResource =>
    liveOf(
      resource,
      {},
      {
        location,
        id: deriveId(STACK, location, resource.address),
        parentIds: resource.parent === null ? [] : [deriveId(STACK, location, resource.parent.address)],
        ...more,
      },
    )
  return { gatewayOf, peerOf, live }
}

function stateOf(resources: readonly DesiredResource[], protectedPatterns: readonly string[] = []) {
  return { stack: STACK, locations: ALL, resources, protectedPatterns }
}

function planOf(
  desired: readonly DesiredResource[],
  live: readonly LiveResource[],
  options: Partial<PlanOptions> = {},
): Plan {
  return plan(stateOf(desired), { locations: ALL, resources: live }, options)
}

const reported = (planned: Plan): readonly string[] =>
  planned.changes.map(({ action, address }) => `${action} ${address}`)

const refused = (planned: Plan): readonly string[] =>
  planned.refusals.map(({ code, address }) => `${code} ${address}`)

test('there are nine locations', () => {
  expect(ALL).toHaveLength(9)
})

describe.each(ALL)('in %s', (location) => {
  const { gatewayOf, peerOf, live } = inLocation(location)
  const hq = gatewayOf('hq')
  const anna = peerOf(hq, 'anna')

  test('a plan lists each parent before its children', () => {
    expect(reported(planOf([], [live(hq), live(anna)]))).toEqual([
      'delete wireguardgateways/hq',
      'delete wireguardgateways/hq/peers/anna',
    ])
    expect(reported(planOf([], [live(hq), live(anna)], { prune: 'none' }))).toEqual([
      'unmanaged wireguardgateways/hq',
      'unmanaged wireguardgateways/hq/peers/anna',
    ])
    expect(reported(planOf([hq, anna], []))).toEqual([
      'create wireguardgateways/hq',
      'create wireguardgateways/hq/peers/anna',
    ])
  })

  test('so does a list of drift, and what is on an unmanaged gateway is as severe as the gateway', () => {
    const [gatewayId, peerId] = UNOWNED_IDS
    const unowned = [live(hq, { id: gatewayId }), live(anna, { id: peerId, parentIds: [gatewayId] })]
    const drift = findDrift(
      stateOf([]),
      { locations: ALL, resources: unowned },
      { targets: [], ignores: [], stuckAfterMs: HOUR_MS, nowMs: 0 },
    )
    expect(drift.findings.map(({ severity, address }) => `${severity} ${address}`)).toEqual([
      'warning wireguardgateways/hq',
      'warning wireguardgateways/hq/peers/anna',
    ])
    expect(drift.resources.map(({ address }) => address)).toEqual([
      'wireguardgateways/hq',
      'wireguardgateways/hq/peers/anna',
    ])
  })

  test('a protected child is not replaced when its gateway gets another name', () => {
    const renamed = gatewayOf('hq-new')
    const guarded = peerOf(renamed, 'anna', { protect: true })
    expect(refused(planOf([renamed, guarded], [live(hq), live(anna)]))).toEqual([
      'VPN507 wireguardgateways/hq/peers/anna',
    ])
  })

  test.each(ALL.filter((other) => other !== location))('nor when its gateway moves to %s', (other) => {
    const there = inLocation(other)
    const moved = there.gatewayOf('hq')
    const guarded = there.peerOf(moved, 'anna', { protect: true })
    const planned = planOf([moved, guarded], [live(hq), live(anna)])
    expect(planned.refusals.map(({ code, message }) => [code, message])).toEqual([
      ['VPN507', expect.stringContaining('peers/anna would be deleted for it')],
    ])
  })

  test('a protected gateway is neither renamed nor moved', () => {
    const renamed = gatewayOf('hq-new', { protect: true })
    expect(refused(planOf([renamed], [live(hq)]))).toEqual(['VPN507 wireguardgateways/hq'])
    const other = ALL.find((candidate) => candidate !== location) ?? ''
    const moved = inLocation(other).gatewayOf('hq', { protect: true })
    expect(planOf([moved], [live(hq)]).refusals.map(({ code }) => code)).toEqual(['VPN507'])
  })
})
