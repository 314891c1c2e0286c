import { expect, test } from 'vitest'
import { gateway, liveOf, peer, planOf } from '../support/plan-builder.ts'

const hq = gateway('hq')
const alice = peer(hq, 'alice', {})
const bob = peer(hq, 'bob', { publicKey: 'Ym9i', allowedIPs: ['10.99.0.3/32'] })

test('a new address of the gateway makes the other end of every live peer outdated', () => {
  const plan = planOf([hq, alice, bob], [liveOf(hq, { gatewayIP: '203.0.113.99' }), liveOf(alice)])
  expect(plan.otherEnds).toEqual(['wireguardgateways/hq/peers/alice'])
})

test('a field of one peer makes the other end of that peer outdated', () => {
  const plan = planOf([hq, alice, bob], [liveOf(hq), liveOf(alice), liveOf(bob, { publicKey: 'b2xk' })])
  expect(plan.otherEnds).toEqual(['wireguardgateways/hq/peers/bob'])
})

test('a canary has no other end: only probes use its key', () => {
  const canary = {
    path: ['probe', 'privateKey'],
    reference: { from: 'env', name: 'K' },
    value: null,
  } as const
  const probed = peer(hq, 'probed', {}, { more: { canary } })
  const plan = planOf([hq, probed], [liveOf(hq), liveOf(probed, { publicKey: 'b2xk' })])
  expect(plan.summary.update).toBe(1)
  expect(plan.otherEnds).toBeUndefined()
})

test('a field that only this side holds makes no other end outdated', () => {
  const plan = planOf(
    [hq, alice],
    [liveOf(hq, { tier: 'PREMIUM' }), liveOf(alice, { description: 'set by hand' })],
  )
  expect(plan.summary.update).toBe(2)
  expect(plan.otherEnds).toBeUndefined()
})

test('both changes of a replacement are disruptive, and those of its children', () => {
  const live = liveOf(gateway('old'))
  const plan = planOf([hq, alice], [live, { ...liveOf(alice), parentIds: [live.id] }])
  const shown = plan.changes.map((change) => [
    change.action,
    change.address,
    'disruptions' in change ? change.disruptions : undefined,
  ])
  const gone =
    'wireguardgateways/old is replaced by wireguardgateways/hq: all its connections are down from the deletion until each other end knows the new one'
  const inside = 'the peer is replaced together with its gateway: down in between'
  expect(shown).toEqual([
    ['delete', 'wireguardgateways/old', [gone]],
    ['delete', 'wireguardgateways/old/peers/alice', [inside]],
    ['create', 'wireguardgateways/hq', [gone]],
    ['create', 'wireguardgateways/hq/peers/alice', [inside]],
  ])
})

test('a list of a peer that only grows interrupts nothing', () => {
  const wider = peer(hq, 'alice', { allowedIPs: ['10.99.0.2/32', '10.20.0.0/16'] })
  const grown = planOf([hq, wider], [liveOf(hq), liveOf(wider, { allowedIPs: ['10.99.0.2/32'] })])
  expect(grown.changes).toMatchObject([{ action: 'update', disruptions: [] }, { action: 'keep' }])
  const cut = planOf(
    [hq, alice],
    [liveOf(hq), liveOf(alice, { allowedIPs: ['10.99.0.2/32', '10.20.0.0/16'] })],
  )
  expect(cut.changes).toMatchObject([
    { action: 'update', disruptions: [expect.stringContaining('dropped at once')] },
    { action: 'keep' },
  ])
})
