import { describe, expect, test } from 'vitest'
import type { DesiredResource, DesiredState } from '../../src/model/resource.ts'
import { Secret } from '../../src/model/secret.ts'
import { markOrigins } from '../../src/plan/changes/origins.ts'
import { changeFingerprints, desiredFingerprints, digestOf, planDigest } from '../../src/plan/saved/digest.ts'
import { gateway, LOCATION, liveOf, peer, planOf, STACK } from '../support/plan-builder.ts'

const secretAt = (path: string, name: string, value: string | null) => ({
  path: [path],
  reference: { from: 'env' as const, name },
  value: value === null ? null : new Secret(value),
})
const hq = gateway('hq')
const tiered = gateway('hq', { tier: 'PREMIUM' })
const anna = peer(hq, 'anna')
const bob = peer(hq, 'bob', { publicKey: 'Ym9i' })

test('a digest is SHA-256 of the canonical JSON in UTF-8, in hex: plans that were saved stay comparable', () => {
  // printf '{"a":"\u00fc","b":1}' | sha256sum
  expect(digestOf({ b: 1, a: 'ü' })).toBe(
    'sha256:4e7ff4080b1a00acdaf71eb0cdf2d504aa8068bbb375c002eac2df3f064047a7',
  )
})

describe('the fingerprint of a file', () => {
  const stateOf = (more: Partial<DesiredState> = {}, resources: readonly DesiredResource[] = [hq]) =>
    desiredFingerprints({ stack: STACK, locations: [LOCATION], resources, protectedPatterns: [], ...more })

  test('of its settings shows stacks, locations and protected lists apart', () => {
    const [settings, resource, ...others] = stateOf()
    expect(settings).toMatchObject({ key: 'settings', address: 'settings' })
    expect(resource).toMatchObject({ key: 'de/fra:wireguardgateways/hq', address: 'wireguardgateways/hq' })
    expect(others).toEqual([])
    for (const more of [
      { stack: 'other' },
      { locations: [LOCATION, 'de/txl'] },
      { protectedPatterns: ['wireguardgateways/*'] },
    ]) {
      const [changed, same] = stateOf(more)
      expect(changed?.digest).not.toBe(settings?.digest)
      expect(same).toEqual(resource)
    }
  })

  test('does not depend on the order in which locations or secrets are met', () => {
    expect(stateOf({ locations: ['de/txl', LOCATION] })).toEqual(stateOf({ locations: [LOCATION, 'de/txl'] }))
    const [one, other] = [secretAt('privateKey', 'A', null), secretAt('psk', 'B', null)]
    const withSecrets = (...secrets: readonly (typeof one)[]) => stateOf({}, [gateway('hq', {}, { secrets })])
    expect(withSecrets(one, other)).toEqual(withSecrets(other, one))
    expect(withSecrets(one)).not.toEqual(withSecrets(other))
  })
})

describe('the digest of a plan', () => {
  const digest = (...args: Parameters<typeof planOf>): string => planDigest(planOf(...args))
  const idle = digest([hq], [liveOf(hq)])

  test('is the same for whatever stays as it is or is left alone', () => {
    expect(digest([hq, anna], [liveOf(hq), liveOf(anna)])).toBe(idle)
    const unowned = liveOf(bob, {}, { id: '11111111-1111-4111-8111-111111111111' })
    expect(digest([hq], [liveOf(hq), unowned])).toBe(idle)
  })

  test('is another for another change, another resource, another field or another value, and the same for another reason', () => {
    const live = [liveOf(hq)]
    const leaving = [liveOf(hq), liveOf(anna)]
    const digests = [
      idle,
      digest([hq, anna], live),
      digest([hq, bob], live),
      digest([hq, peer(hq, 'anna', { allowedIPs: ['10.99.0.9/32'] })], live),
      digest([tiered], live),
      digest([gateway('hq', { description: 'new' })], live),
      digest([gateway('hq', { description: 'newer' })], live),
      digest([hq], leaving),
      digest([], [liveOf(hq)], { destroy: true }),
    ]
    expect(new Set(digests).size).toBe(digests.length)
    expect(digest([hq, peer(hq, 'anna', {}, { more: { ensure: 'absent' } })], leaving)).toBe(
      digest([hq], leaving),
    )
  })

  test('does not depend on secrets that only go along, nor on what shows intent from drift', () => {
    const withKey = (value: string | null) =>
      gateway('hq', { tier: 'PREMIUM' }, { secrets: [secretAt('privateKey', 'HQ', value)] })
    const live = [liveOf(hq)]
    expect(planOf([withKey('throw-away')], live).changes).toMatchObject([
      { fields: [{ type: 'value' }, { type: 'secret', change: 'sent-along' }] },
    ])
    expect(digest([withKey('throw-away')], live)).toBe(digest([withKey(null)], live))
    const plan = planOf([tiered], live)
    expect(planDigest(markOrigins(plan, { base: planOf([hq], live) }, 'base'))).toBe(planDigest(plan))
  })

  test('depends on secrets that are sent because they are said to be others', () => {
    const file = [gateway('hq', {}, { secrets: [secretAt('privateKey', 'HQ', 'throw-away')] })]
    expect(digest(file, [liveOf(hq)], { resendSecrets: ['all'] })).not.toBe(idle)
  })

  test('depends on what was found, though what is sent is the same', () => {
    const byHand = [liveOf(hq, { description: 'by hand' })]
    expect(digest([tiered], byHand)).not.toBe(digest([tiered], [liveOf(hq)]))
    const byOther = [liveOf(hq, { description: 'by another hand' })]
    expect(digest([tiered], byOther)).not.toBe(digest([tiered], byHand))
    const file = [
      gateway('hq', { tier: 'PREMIUM' }, { secrets: [secretAt('privateKey', 'HQ', 'throw-away')] }),
    ]
    const stored = { secrets: [{ path: ['privateKey'], value: new Secret('throw-away-other') }] }
    expect(digest(file, [liveOf(hq, {}, stored)])).not.toBe(digest(file, [liveOf(hq)]))
  })

  test('depends on what is sent, though nothing differs', () => {
    const failed = (resource: DesiredResource) =>
      digest([resource], [liveOf(resource, {}, { status: 'FAILED' })])
    expect(failed(hq)).not.toBe(failed(tiered))
  })

  test('does not depend on what it only waits for', () => {
    const plan = planOf([], [liveOf(hq), liveOf(anna, {}, { status: 'DESTROYING' })], { destroy: true })
    expect(plan.changes).toHaveLength(2)
    expect(changeFingerprints(plan).map(({ address }) => address)).toEqual(['wireguardgateways/hq'])
    expect(planDigest(plan)).toBe(digest([], [liveOf(hq)], { destroy: true }))
  })
})
