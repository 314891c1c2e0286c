import { describe, expect, test } from 'vitest'
import { ignorePattern } from '../../src/drift/ignore.ts'
import type { Drift } from '../../src/drift/types.ts'
import type { DesiredResource, LiveResource } from '../../src/model/resource.ts'
import { Secret } from '../../src/model/secret.ts'
import { driftOf, HOUR, lines } from '../support/drift-builder.ts'
import { gateway, ipsecGatewayOf, liveOf, METADATA, peer, tunnelOf } from '../support/plan-builder.ts'

const UNOWNED_ID = '11111111-1111-4111-8111-111111111111'
const OTHER_KEY = 'AUZamfNQEsqO/M8dQQikOYVVHO/6RRyf9ZXK/86l3mc='

const hq = gateway('hq')
const anna = peer(hq, 'anna')
const ben = peer(hq, 'ben', { publicKey: OTHER_KEY, allowedIPs: ['10.99.0.3/32'] })
const rogue = liveOf(peer(hq, 'rogue', { publicKey: 'cm9ndWU=' }), {}, { id: UNOWNED_ID, metadata: METADATA })

describe('what counts as drift', () => {
  test('nothing, where live is as the file says', () => {
    const drift = driftOf([hq, anna], [liveOf(hq), liveOf(anna)])
    expect(drift.findings).toEqual([])
    expect(drift.summary).toMatchObject({ resources: 2, drifted: 0 })
  })

  test('a peer that nobody wrote down, and a key that was swapped, are critical', () => {
    const drift = driftOf([hq, anna], [liveOf(hq), liveOf(anna, { publicKey: OTHER_KEY }), rogue])
    expect(lines(drift)).toEqual([
      'critical changed wireguardgateways/hq/peers/anna',
      'critical unmanaged wireguardgateways/hq/peers/rogue',
    ])
  })

  test('fields have the severity of their kind, and the resource has that of the worst', () => {
    const live = liveOf(anna, { allowedIPs: ['10.99.0.2/32', '10.0.0.0/8'], description: 'by hand' })
    const [finding] = driftOf([hq, anna], [liveOf(hq), live]).findings
    if (finding?.state !== 'changed') throw new Error('not changed')
    expect(finding.severity).toBe('warning')
    expect(finding.fields).toMatchObject([
      { severity: 'warning', change: { path: ['allowedIPs'], removed: ['10.0.0.0/8'] } },
      { severity: 'notice', change: { path: ['description'], before: 'by hand' } },
    ])
  })

  test('a peer that may suddenly send from everywhere is critical, for the field that lets it', () => {
    const live = liveOf(anna, { allowedIPs: ['0.0.0.0/0'], description: 'x' })
    const [finding] = driftOf([hq, anna], [liveOf(hq), live]).findings
    if (finding?.state !== 'changed') throw new Error('not changed')
    expect(finding.severity).toBe('critical')
    expect(finding.fields.map(({ risk }) => risk)).toEqual([
      'may send from every address (0.0.0.0/0)',
      undefined,
    ])
  })

  test('what is missing, with all that is below it', () => {
    expect(lines(driftOf([hq, anna], []))).toEqual([
      'critical missing wireguardgateways/hq',
      'warning missing wireguardgateways/hq/peers/anna',
    ])
  })

  test('what this stack made and the file does not have, however much of it', () => {
    const live = [hq, anna, ben, peer(hq, 'c'), peer(hq, 'd'), peer(hq, 'e')].map((each) => liveOf(each))
    const drift = driftOf([], live)
    expect(drift.refusals).toEqual([])
    expect(new Set(drift.findings.map(({ state }) => state))).toEqual(new Set(['extra']))
    expect(drift.findings).toHaveLength(6)
  })

  test('what the file wants absent and is there', () => {
    const gone = peer(hq, 'ben', {}, { more: { ensure: 'absent', id: UNOWNED_ID } })
    const live = liveOf(peer(hq, 'ben'), {}, { id: UNOWNED_ID })
    expect(lines(driftOf([hq, gone], [liveOf(hq), live]))).toEqual([
      'critical unmanaged wireguardgateways/hq/peers/ben',
    ])
  })

  test('a gateway of others is one thing with what is on it, and no more than a warning', () => {
    const theirs = gateway('theirs', { gatewayIP: '203.0.113.99' })
    const live = [
      liveOf(theirs, {}, { id: UNOWNED_ID }),
      liveOf(peer(theirs, 'x'), {}, { id: '22222222-2222-4222-8222-222222222222', parentIds: [UNOWNED_ID] }),
    ]
    expect(lines(driftOf([], live))).toEqual([
      'warning unmanaged wireguardgateways/theirs',
      'warning unmanaged wireguardgateways/theirs/peers/x',
    ])
  })

  test('a resource of the same name that is not ours, which a plan refuses, and what is below it is not compared', () => {
    const drift = driftOf([hq, anna], [liveOf(hq, {}, { id: UNOWNED_ID, metadata: METADATA })])
    expect(lines(drift)).toEqual(['warning conflict wireguardgateways/hq'])
    expect(drift.findings[0]).toMatchObject({ lives: [{ id: UNOWNED_ID }], reason: { code: 'VPN501' } })
    expect(drift.refusals).toEqual([])
    expect(drift.notCompared).toEqual([{ address: 'wireguardgateways/hq/peers/anna', why: 'unsettled' }])
  })

  test('a field that only a newer API knows is none', () => {
    expect(driftOf([hq], [liveOf(hq, { brandNew: 1 })]).findings).toEqual([])
  })

  test('a secret that is not known, or that nothing shows, is none, and is listed', () => {
    const branch = ipsecGatewayOf('branch')
    const tunnel = (name: string, value: Secret | null): DesiredResource =>
      tunnelOf(branch, name, 'vpn.example.com', { variable: 'K', value })
    const [a, b] = [tunnel('a', null), tunnel('b', new Secret('throw-away'))]
    const drift = driftOf(
      [branch, a, b],
      [branch, a, b].map((each) => liveOf(each)),
    )
    expect(drift.findings).toEqual([])
    expect(drift.notCompared.map(({ address, why }) => `${address} ${why}`)).toEqual([
      'ipsecgateways/branch/tunnels/a unresolved',
      'ipsecgateways/branch/tunnels/b write-only',
    ])
  })

  test('a secret is in no field next to a change that it would only be sent along with', () => {
    const branch = ipsecGatewayOf('branch')
    const tunnel = tunnelOf(branch, 'a', 'vpn.example.com', {
      variable: 'K',
      value: new Secret('throw-away'),
    })
    const [finding] = driftOf(
      [branch, tunnel],
      [liveOf(branch), liveOf(tunnel, { remoteHost: 'vpn.example.net' })],
    ).findings
    if (finding?.state !== 'changed') throw new Error('not changed')
    expect(finding.fields.map(({ change }) => change.path)).toEqual([['remoteHost']])
    expect(finding.severity).toBe('critical')
  })
})

describe('how the service fares', () => {
  test('FAILED is drift, with the words of the service', () => {
    const failed = liveOf(hq, {}, { status: 'FAILED', statusMessage: 'no capacity' })
    const drift = driftOf([hq], [failed])
    expect(lines(drift)).toEqual(['critical failed wireguardgateways/hq'])
    expect(drift.findings[0]).toMatchObject({ live: { statusMessage: 'no capacity' } })
  })

  test('changed and FAILED are two findings of one resource', () => {
    const failed = liveOf(anna, { description: 'x' }, { status: 'FAILED' })
    const drift = driftOf([hq, anna], [liveOf(hq), failed])
    expect(drift.findings.map(({ state }) => state).sort()).toEqual(['changed', 'failed'])
    expect(drift.summary.drifted).toBe(1)
  })

  test.each([
    ['PROVISIONING', '2026-06-15T10:59:59Z', ['stuck']],
    ['PROVISIONING', '2026-06-15T11:00:00Z', []],
    ['BUSY', '2026-06-15T10:59:59Z', ['stuck']],
    ['PROVISIONING', 'yesterday', []],
    ['AVAILABLE', '2020-01-01T00:00:00Z', []],
  ])('%s since %s', (status, lastModifiedDate, states) => {
    const drift = driftOf([hq], [liveOf(hq, {}, { status, metadata: { lastModifiedDate } })])
    expect(drift.findings.map(({ state }) => state)).toEqual(states)
  })

  test('a deletion that does not end is stuck, also where the file says nothing of it', () => {
    const leaving = { status: 'DESTROYING', metadata: { lastModifiedDate: '2026-06-15T09:30:00Z' } }
    const drift = driftOf([hq], [liveOf(hq), liveOf(ben, {}, leaving)])
    expect(lines(drift)).toEqual(['warning stuck wireguardgateways/hq/peers/ben'])
    expect(drift.findings[0]).toMatchObject({ forMs: 2.5 * HOUR })
  })

  test('what is being destroyed though the file wants it is missing', () => {
    const drift = driftOf(
      [hq, ben],
      [liveOf(hq), liveOf(ben, {}, { status: 'DESTROYING', metadata: METADATA })],
    )
    expect([...lines(drift)].sort()).toEqual([
      'warning missing wireguardgateways/hq/peers/ben',
      'warning stuck wireguardgateways/hq/peers/ben',
    ])
    expect(drift.summary).toMatchObject({ drifted: 1, resources: 2 })
  })
})

describe('what is accepted', () => {
  const live = [liveOf(hq, { description: 'x', tier: 'PREMIUM' }), rogue]

  test.each([
    ['wireguardgateways/hq/peers/rogue', ['warning changed wireguardgateways/hq']],
    ['wireguardgateways/hq/peers/r*', ['warning changed wireguardgateways/hq']],
    ['de/fra:wireguardgateways/hq/peers/rogue', ['warning changed wireguardgateways/hq']],
    // Children are not included: the unmanaged one stays.
    ['wireguardgateways/hq', ['critical unmanaged wireguardgateways/hq/peers/rogue']],
    [
      'wireguardgateways/hq:tier',
      ['critical unmanaged wireguardgateways/hq/peers/rogue', 'notice changed wireguardgateways/hq'],
    ],
    [
      'wireguardgateways/*:publicKey',
      ['critical unmanaged wireguardgateways/hq/peers/rogue', 'warning changed wireguardgateways/hq'],
    ],
  ])('is not reported: %s', (pattern, left) => {
    expect(lines(driftOf([hq], live, { ignores: [{ pattern }] }))).toEqual(left)
    expect(lines(driftOf([hq], live, { fileIgnores: [{ pattern, reason: 'r' }] }))).toEqual(left)
  })

  test('all fields, one by one, and nothing is left', () => {
    const ignores = [{ pattern: '*/hq:tier' }, { pattern: '*/hq:description' }]
    const drift = driftOf([hq], [live[0] as LiveResource], { ignores })
    expect(drift.findings).toEqual([])
    expect(drift.summary.ignored).toBe(2)
    expect(drift.ignored.map(({ by }) => by.pattern)).toEqual(['*/hq:tier', '*/hq:description'])
  })

  test('the risk goes with the field that is its cause', () => {
    const wide = liveOf(anna, { allowedIPs: ['0.0.0.0/0'], description: 'x' })
    const ignores = [{ pattern: '*/anna:allowedIPs' }]
    expect(lines(driftOf([hq, anna], [liveOf(hq), wide], { ignores }))).toEqual([
      'notice changed wireguardgateways/hq/peers/anna',
    ])
  })

  test('is reported where an entry names nothing, but not a pattern', () => {
    const ignores = [{ pattern: 'wireguardgateways/hp:tier' }, { pattern: 'wireguardgateways/x-*' }]
    expect(driftOf([hq], [liveOf(hq)], { ignores }).warnings).toMatchObject([
      { code: 'VPN523', message: expect.stringContaining('did you mean "wireguardgateways/hq"?') },
    ])
    expect(
      driftOf([hq], [liveOf(hq)], { ignores: [{ pattern: 'wireguardgateways/hq:tier' }] }).warnings,
    ).toEqual([])
  })

  test.each([
    ['wireguardgateways/hq:teir', '"teir" is not a field (did you mean "tier"?)'],
    ['wireguardgateways/*:teir', '"teir" is not a field (did you mean "tier"?)'],
    ['de/fra:wireguardgateways/*:maintenance', '"maintenance" is not a field'],
  ])('is reported where %s names no field', (pattern, message) => {
    expect(driftOf([hq], [liveOf(hq)], { ignores: [{ pattern }] }).warnings).toMatchObject([
      { code: 'VPN523', message: expect.stringContaining(message) },
    ])
  })

  test('until its last day, in UTC, and not an hour longer', () => {
    const rule = { pattern: 'wireguardgateways/hq/peers/rogue', reason: 'trial', until: '2026-06-15' }
    const at = (time: string): Drift =>
      driftOf([hq], [liveOf(hq), rogue], { fileIgnores: [rule], nowMs: Date.parse(time) })
    expect(at('2026-06-15T23:59:59Z')).toMatchObject({ findings: [], warnings: [] })
    const late = at('2026-06-16T00:00:00Z')
    expect(lines(late)).toEqual(['critical unmanaged wireguardgateways/hq/peers/rogue'])
    expect(late.warnings).toMatchObject([{ severity: 'warning', code: 'VPN540' }])
    expect(late.warnings[0]?.message).toContain('until 2026-06-15 (trial)')
  })

  test.each([
    ['wireguardgateways/hq:ike.lifetime', { address: 'wireguardgateways/hq', field: ['ike', 'lifetime'] }],
    ['wireguardgateways/a:b', { address: 'wireguardgateways/a:b' }],
    ['de/fra:wireguardgateways/hq', { address: 'de/fra:wireguardgateways/hq' }],
    ['de/fra:wireguardgateways/hq:tier', { address: 'de/fra:wireguardgateways/hq', field: ['tier'] }],
  ])('%s is read as its parts', (pattern, parts) => {
    expect(ignorePattern(pattern)).toEqual(parts)
  })
})

test('a target limits the read; one that names nothing is refused', () => {
  const live = [liveOf(hq, { tier: 'PREMIUM' }), rogue]
  const one = driftOf([hq], live, { targets: ['wireguardgateways/hq/peers/rogue'] })
  expect(lines(one)).toEqual(['critical unmanaged wireguardgateways/hq/peers/rogue'])
  expect(one.warnings.map(({ code }) => code)).toEqual(['VPN513'])
  expect(driftOf([hq], live, { targets: ['nothing'] }).refusals.map(({ code }) => code)).toEqual(['VPN516'])
})

test('the order of live means nothing', () => {
  const live = [liveOf(hq, { tier: 'PREMIUM' }), liveOf(anna, { publicKey: OTHER_KEY }), liveOf(ben), rogue]
  const [a, b] = [live, [...live].reverse()].map((each) => lines(driftOf([hq, anna], each)))
  expect(a).toEqual(b)
})
