import { describe, expect, test } from 'vitest'
import type { DesiredResource, LiveMetadata, LiveResource } from '../../src/model/resource.ts'
import { Secret } from '../../src/model/secret.ts'
import { planDigest } from '../../src/plan/saved/digest.ts'
import { recordPlan, restorePlan } from '../../src/plan/saved/plan-record.ts'
import { type Difference, differencesBetween } from '../../src/plan/saved/staleness.ts'
import type { PlanOptions } from '../../src/plan/types.ts'
import { stalenessDiagnostics } from '../../src/report/plan/staleness.ts'
import { gateway, liveOf, METADATA, peer, planOf } from '../support/plan-builder.ts'

const UNOWNED_ID = '11111111-1111-4111-8111-111111111111'
const PEERS = 'wireguardgateways/hq/peers'
const hq = gateway('hq')
const anna = peer(hq, 'anna')
const changed = peer(hq, 'anna', { allowedIPs: ['10.99.0.9/32'] })
const bob = peer(hq, 'bob', { publicKey: 'Ym9i' })
const carol = peer(hq, 'carol', { publicKey: 'Y2Fyb2w=' })
const unmanaged = (description: string) =>
  liveOf(peer(hq, 'rogue', { publicKey: 'cm9n', description }), {}, { id: UNOWNED_ID })

type World = readonly [file: readonly DesiredResource[], live: readonly LiveResource[]]

function differences(before: World, now: World, options: Partial<PlanOptions> = {}): readonly Difference[] {
  const saved = planOf(...before, options)
  const today = planOf(...now, options)
  const found = differencesBetween(saved, today)
  // What is read from a file says the same as what is in memory.
  expect(differencesBetween(restorePlan(recordPlan(saved)), today)).toEqual(found)
  return found
}

/** `changed wireguardgateways/hq: live`. */
const brief = (found: readonly Difference[]): readonly string[] =>
  found.map(
    ({ how, address, parts }) => `${how} ${address}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`,
  )

/** One saved update of anna and one deletion of bob. */
const premium = gateway('hq', { tier: 'PREMIUM' })
const FILE = [hq, changed]
const LIVE = [liveOf(hq), liveOf(anna), liveOf(bob)]

describe('a saved plan is fresh', () => {
  test.for<[string, World]>([
    ['when nothing happened', [FILE, LIVE]],
    ['when an unmanaged resource appeared', [FILE, [...LIVE, unmanaged('new')]]],
    ['when only status and dates are others', [FILE, LIVE.map((live) => ({ ...live, metadata: METADATA }))]],
    [
      'when another branch added what is live by now',
      [
        [...FILE, carol],
        [...LIVE, liveOf(carol)],
      ],
    ],
    [
      'when another branch changed what is kept',
      [
        [premium, peer(premium, 'anna', { allowedIPs: ['10.99.0.9/32'] })],
        [liveOf(premium), ...LIVE.slice(1)],
      ],
    ],
    ['when all of it is done', [FILE, [liveOf(hq), liveOf(changed)]]],
    ['when a part of it is done', [FILE, [liveOf(hq), liveOf(anna)]]],
    [
      'when what it changed is FAILED',
      [FILE, [liveOf(hq), liveOf(changed, {}, { status: 'FAILED' }), LIVE[2] as LiveResource]],
    ],
  ])('%s', ([, now]) => {
    expect(differences([FILE, LIVE], now)).toEqual([])
  })

  test('when what it created is FAILED, but not when someone changed that too', () => {
    const failed = (description: string) => liveOf(anna, { description }, { status: 'FAILED' })
    expect(
      differences(
        [[hq, anna], [liveOf(hq)]],
        [
          [hq, anna],
          [liveOf(hq), liveOf(anna, {}, { status: 'FAILED' })],
        ],
      ),
    ).toEqual([])
    expect(
      brief(
        differences(
          [[hq, anna], [liveOf(hq)]],
          [
            [hq, anna],
            [liveOf(hq), failed('by hand')],
          ],
        ),
      ),
    ).toEqual([`changed ${PEERS}/anna: action, live`])
  })

  test('when an unmanaged resource was changed', () => {
    const before: World = [FILE, [...LIVE, unmanaged('before')]]
    const after: World = [FILE, [...LIVE, unmanaged('after')]]
    expect(differences(before, after)).toEqual([])
    expect(planDigest(planOf(...before))).toBe(planDigest(planOf(...after)))
  })

  test('with targets, whatever happened outside of them', () => {
    const targets = [`${PEERS}/anna`]
    const after: World = [
      [
        premium,
        peer(premium, 'anna', { allowedIPs: ['10.99.0.9/32'] }),
        peer(premium, 'carol', { publicKey: 'Y2Fyb2w=' }),
      ],
      [liveOf(hq, { description: 'by hand' }), liveOf(anna)],
    ]
    expect(differences([FILE, LIVE], after, { targets })).toEqual([])
    expect(differences([FILE, LIVE], after)).not.toEqual([])
  })

  test('when the holder of an address that it waits for is gone by now', () => {
    const old = gateway('old', { gatewayIP: '203.0.113.77' })
    const next = gateway('next', { gatewayIP: '203.0.113.77' })
    expect(planOf([next], [liveOf(old)]).changes.map(({ action, needs }) => [action, needs.length])).toEqual([
      ['delete', 0],
      ['create', 1],
    ])
    expect(differences([[next], [liveOf(old)]], [[next], []])).toEqual([])
  })

  test('when a secret that was to be sent again is found to be the live one', () => {
    const withKey = (value: string | null) =>
      gateway(
        'hq',
        {},
        {
          secrets: [
            {
              path: ['privateKey'],
              reference: { from: 'env', name: 'HQ' },
              value: value === null ? null : new Secret(value),
            },
          ],
        },
      )
    const live = liveOf(hq, {}, { secrets: [{ path: ['privateKey'], value: new Secret('throw-away') }] })
    const options = { resendSecrets: ['all'] }
    expect(planOf([withKey(null)], [live], options).summary.update).toBe(1)
    expect(differences([[withKey(null)], [live]], [[withKey('throw-away')], [live]], options)).toEqual([])
  })
})

describe('a saved plan is stale, and each difference is named,', () => {
  test.for<[string, World, readonly string[]]>([
    [
      'when the files want something else',
      [[hq, peer(hq, 'anna', { allowedIPs: ['10.99.0.8/32'] })], LIVE],
      [`changed ${PEERS}/anna: body`],
    ],
    [
      'when what it updates was changed live',
      [FILE, [liveOf(hq), liveOf(anna, { description: 'by hand' }), liveOf(bob)]],
      [`changed ${PEERS}/anna: live`],
    ],
    [
      'when what it deletes was changed live',
      [FILE, [liveOf(hq), liveOf(anna), liveOf(bob, { description: 'by hand' })]],
      [`changed ${PEERS}/bob: live`],
    ],
    [
      'when what it updates is gone',
      [FILE, [liveOf(hq), liveOf(bob)]],
      [`changed ${PEERS}/anna: action, live`],
    ],
    [
      'when the files do not name any more what it updates',
      [[hq], LIVE],
      [`changed ${PEERS}/anna: action, body`],
    ],
    ['when the files name again what it deletes', [[...FILE, bob], LIVE], [`removed ${PEERS}/bob`]],
    ['when the files want more than was saved', [[...FILE, carol], LIVE], [`added ${PEERS}/carol`]],
    [
      'when someone changed what it leaves alone',
      [FILE, [liveOf(hq, { description: 'by hand' }), ...LIVE.slice(1)]],
      ['added wireguardgateways/hq: live'],
    ],
    [
      'when everything differs',
      [
        [...FILE, bob, carol],
        [liveOf(hq), liveOf(anna, { description: 'x' }), liveOf(bob)],
      ],
      [`removed ${PEERS}/bob`, `changed ${PEERS}/anna: live`, `added ${PEERS}/carol`],
    ],
  ])('%s', ([, now, expected]) => {
    expect(brief(differences([FILE, LIVE], now))).toEqual(expected)
  })

  test('when someone else did what it was to do, but otherwise', () => {
    const other = peer(hq, 'anna', { allowedIPs: ['10.99.0.7/32'] })
    expect(
      brief(
        differences(
          [FILE, LIVE],
          [
            [hq, other],
            [liveOf(hq), liveOf(other)],
          ],
        ),
      ),
    ).toEqual([`removed ${PEERS}/anna`])
  })

  test('when a value that it takes is held by another resource now', () => {
    const next = gateway('next', { gatewayIP: '203.0.113.77' })
    const old = liveOf(gateway('old', { gatewayIP: '203.0.113.77' }))
    const leaving = liveOf(
      gateway('other', { gatewayIP: '203.0.113.77' }),
      {},
      { id: UNOWNED_ID, status: 'DESTROYING' },
    )
    expect(brief(differences([[next], [old]], [[next], [leaving]]))).toEqual([
      'changed wireguardgateways/next: holders',
    ])
  })

  test('when a key that was not to hand turns out to be another', () => {
    const tiered = (value: string | null) =>
      gateway(
        'hq',
        { tier: 'PREMIUM' },
        {
          secrets: [
            {
              path: ['privateKey'],
              reference: { from: 'env', name: 'HQ' },
              value: value === null ? null : new Secret(value),
            },
          ],
        },
      )
    const live = [
      liveOf(hq, {}, { secrets: [{ path: ['privateKey'], value: new Secret('throw-away-other') }] }),
    ]
    expect(brief(differences([[tiered(null)], live], [[tiered('throw-away')], live]))).toEqual([
      'changed wireguardgateways/hq: resent',
    ])
  })

  test('when another secret is referred to', () => {
    const from = (name: string) =>
      gateway(
        'hq',
        { tier: 'PREMIUM' },
        { secrets: [{ path: ['privateKey'], reference: { from: 'env', name }, value: null }] },
      )
    expect(brief(differences([[from('HQ')], [liveOf(hq)]], [[from('LAB')], [liveOf(hq)]]))).toEqual([
      'changed wireguardgateways/hq: body',
    ])
  })

  test('when it was planned with other settings', () => {
    const saved = planOf(FILE, LIVE)
    const today = planOf(FILE, LIVE, { prune: 'all' })
    expect(brief(differencesBetween(saved, today))).toEqual([
      `changed ${PEERS}/bob: settings`,
      `changed ${PEERS}/anna: settings`,
    ])
    expect(planDigest(saved)).not.toBe(planDigest(today))
  })
})

test('deletions of different content have different digests', () => {
  const digests = ['before', 'after'].map((description) =>
    planDigest(planOf([hq], [liveOf(hq), liveOf(bob, { description })])),
  )
  expect(new Set(digests).size).toBe(2)
})

describe('the sentence of a difference', () => {
  test('says of a resource that left the files no word of a secret', () => {
    const found = differences([[hq, anna], [liveOf(hq)]], [[hq, anna], [liveOf(hq)]])
    expect(found).toEqual([])
    const left = differences([[hq, bob, changed], LIVE], [[hq, changed], LIVE])
    expect(stalenessDiagnostics(left, planOf([hq, changed], LIVE)).map(({ message }) => message)).toEqual([
      `${PEERS}/bob is not the same in the files; it would be deleted, which the saved plan does not contain`,
    ])
  })

  const sentences = (now: World) => {
    const today = planOf(...now)
    return stalenessDiagnostics(differencesBetween(planOf(FILE, LIVE), today), today).map(
      ({ message }) => message,
    )
  }
  const byErika = (live: LiveResource, metadata: LiveMetadata = METADATA) => ({ ...live, metadata })

  test('says who changed what is live, when, and which fields', () => {
    const live = [liveOf(hq), byErika(liveOf(anna, { description: 'by hand' })), liveOf(bob)]
    expect(sentences([FILE, live])).toEqual([
      `${PEERS}/anna was changed live (last change by erika@example.com on 2026-03-01 09:30 UTC): description`,
    ])
  })

  test('says what the files want otherwise', () => {
    expect(sentences([[hq, peer(hq, 'anna', { allowedIPs: ['10.99.0.8/32'] })], LIVE])).toEqual([
      `${PEERS}/anna is not the same in the files: allowedIPs`,
    ])
  })

  test('says what would be done that was not saved, and what would not be done any more', () => {
    expect(sentences([[...FILE, bob, carol], LIVE])).toEqual([
      `${PEERS}/bob would not be deleted any more: the files and live agree by now`,
      `${PEERS}/carol would be created, which the saved plan does not contain`,
    ])
    expect(sentences([FILE, [liveOf(hq), liveOf(bob)]])).toEqual([
      `${PEERS}/anna is gone from live, and would be created, where the saved plan says changed`,
    ])
    expect(sentences([[hq], [liveOf(hq), liveOf(bob)]])).toEqual([
      `${PEERS}/anna would not be changed any more: it is neither live nor in the files`,
    ])
  })
})
