import { describe, expect, test } from 'vitest'
import { type LiveResource, targetKey } from '../../src/model/resource.ts'
import { Secret } from '../../src/model/secret.ts'
import { driftOf, HOUR, lines, only } from '../support/drift-builder.ts'
import {
  gateway,
  ipsecGatewayOf,
  LOCATION,
  liveOf,
  METADATA,
  peer,
  range,
  STACK,
  tunnelOf,
} from '../support/plan-builder.ts'

const UNOWNED_ID = '11111111-1111-4111-8111-111111111111'
const OTHER_UNOWNED_ID = '22222222-2222-4222-8222-222222222222'
const OTHER_KEY = 'AUZamfNQEsqO/M8dQQikOYVVHO/6RRyf9ZXK/86l3mc='

const hq = gateway('hq')
const anna = peer(hq, 'anna')
const ben = peer(hq, 'ben', { publicKey: OTHER_KEY, allowedIPs: ['10.99.0.3/32'] })
const hqAddress = 'wireguardgateways/hq'

describe('a read of everything', () => {
  test('counts what it saw, by address, and what it found', () => {
    const zoe = peer(hq, 'zoe', { publicKey: 'em9l', allowedIPs: ['10.99.0.4/32'] })
    const drift = driftOf(
      [hq, zoe, anna, ben],
      [
        liveOf(hq, { description: 'x' }),
        liveOf(zoe, {}, { status: 'FAILED' }),
        liveOf(anna, { publicKey: OTHER_KEY }),
      ],
    )
    expect(drift.resources.map(({ address }) => address.replace(`${hqAddress}/peers/`, ''))).toEqual([
      hqAddress,
      'anna',
      'ben',
      'zoe',
    ])
    expect(drift.resources[1]).toEqual({
      key: drift.findings[0]?.key,
      address: `${hqAddress}/peers/anna`,
      target: drift.findings[0]?.target,
    })
    expect(lines(drift)).toEqual([
      `critical changed ${hqAddress}/peers/anna`,
      `warning missing ${hqAddress}/peers/ben`,
      `warning failed ${hqAddress}/peers/zoe`,
      `notice changed ${hqAddress}`,
    ])
    expect(drift.summary).toEqual({
      resources: 4,
      drifted: 4,
      bySeverity: { critical: 1, warning: 2, notice: 1 },
      byState: { changed: 2, missing: 1, unmanaged: 0, extra: 0, failed: 1, stuck: 0, conflict: 0 },
      ignored: 0,
    })
    expect(drift).toMatchObject({
      stack: STACK,
      locations: [LOCATION],
      ignored: [],
      warnings: [],
      refusals: [],
    })
  })

  test('shows that an accepted drift counts again, why it was accepted, and where that is written', () => {
    const at = range('vpn.yaml', 3, 5)
    const rule = { pattern: '*/hq:tier', until: '2026-06-14' }
    const [bare, placed] = driftOf([hq], [liveOf(hq)], {
      ignores: [rule, { ...rule, reason: 'trial', at }],
    }).warnings
    const hint =
      'undo the difference (vpnctl apply, or --prune all for an unmanaged resource), or give the entry of drift.ignore another date'
    const expected = { severity: 'warning', code: 'VPN540', hint }
    const until = 'drift of */hq:tier was ignored until 2026-06-14'
    expect(bare).toStrictEqual({ ...expected, message: `${until}; it counts again` })
    expect(placed).toEqual({ ...expected, message: `${until} (trial); it counts again`, at })
  })

  test('says of a plan what is about looking, and nothing about writing', () => {
    const pinned = gateway('hq', {}, { more: { id: UNOWNED_ID } })
    const { warnings } = driftOf([pinned], [])
    expect(warnings.map(({ code }) => code)).toEqual(['VPN505'])
    // It would be refused to delete so much, and a field that nobody knows would be dropped.
    const live = [anna, ben, peer(hq, 'c'), peer(hq, 'd'), peer(hq, 'e')].map((each) => liveOf(each))
    const drift = driftOf([hq], [liveOf(hq, { tier: 'PREMIUM', brandNew: 1 }), ...live])
    expect(drift.warnings).toEqual([])
    expect(drift.refusals).toEqual([])
    expect(drift.findings).toHaveLength(6)
  })

  test('lists secrets that it could not compare before what is not decided', () => {
    const branch = ipsecGatewayOf('branch')
    const tunnel = tunnelOf(branch, 'a', 'vpn.example.com', {
      variable: 'K',
      value: new Secret('throw-away'),
    })
    const drift = driftOf(
      [branch, tunnel, hq, anna],
      [liveOf(branch), liveOf(tunnel), liveOf(hq, {}, { id: UNOWNED_ID })],
    )
    expect(drift.notCompared).toEqual([
      { address: 'ipsecgateways/branch/tunnels/a', path: ['auth', 'psk', 'key'], why: 'write-only' },
      { address: `${hqAddress}/peers/anna`, why: 'unsettled' },
    ])
  })
})

describe('a finding', () => {
  test('of what is missing holds what the file wants, and what is being destroyed in its place', () => {
    const finding = only(driftOf([hq], []).findings)
    expect(finding).toEqual({
      key: finding.key,
      address: hqAddress,
      target: finding.target,
      name: 'hq',
      severity: 'critical',
      state: 'missing',
      desired: hq,
    })
    const leaving = liveOf(hq, {}, { status: 'DESTROYING' })
    expect(only(driftOf([hq], [leaving]).findings)).toMatchObject({ state: 'missing', live: leaving })
  })

  test('of what changed holds its fields, the worst first, and both sides', () => {
    const live = liveOf(anna, { description: 'x', publicKey: OTHER_KEY, endpoint: { host: '198.51.100.9' } })
    const finding = only(driftOf([hq, anna], [liveOf(hq), live]).findings)
    if (finding.state !== 'changed') throw new Error(finding.state)
    expect(finding).toMatchObject({ name: 'anna', severity: 'critical', desired: anna, live })
    expect(finding.fields.map(({ severity, change }) => `${severity} ${change.path.join('.')}`)).toEqual([
      'critical publicKey',
      'warning endpoint.host',
      'warning endpoint.port',
      'notice description',
    ])
    expect(finding.fields[0]).not.toHaveProperty('risk')
  })

  test('has no risk where the file itself is the risk, nor where no field is its cause', () => {
    const wide = peer(hq, 'wide', { allowedIPs: ['0.0.0.0/0'] })
    const finding = only(driftOf([hq, wide], [liveOf(hq), liveOf(wide, { allowedIPs: ['::/0'] })]).findings)
    if (finding.state !== 'changed') throw new Error(finding.state)
    expect(finding.severity).toBe('warning')
    expect(finding.fields[0]).not.toHaveProperty('risk')
  })

  test('of what is surplus holds the risk that it gives', () => {
    const quiet = liveOf(peer(hq, 'quiet'), {}, { id: UNOWNED_ID })
    const wide = liveOf(peer(hq, 'wide', { allowedIPs: ['::/0'] }), {}, { id: OTHER_UNOWNED_ID })
    const ours = liveOf(peer(hq, 'ours', { allowedIPs: ['::/0'] }))
    const { findings } = driftOf([hq], [liveOf(hq), quiet, wide, ours])
    expect(lines({ findings })).toEqual([
      `critical extra ${hqAddress}/peers/ours`,
      `critical unmanaged ${hqAddress}/peers/quiet`,
      `critical unmanaged ${hqAddress}/peers/wide`,
    ])
    expect(findings.map((finding) => 'risk' in finding && finding.risk)).toEqual([
      'may send from every address (::/0)',
      false,
      'may send from every address (::/0)',
    ])
    expect(findings[1]).toMatchObject({ name: 'quiet', live: quiet })
  })

  test('of what the stack owns and the file does not have is a warning, below an unmanaged resource as next to it', () => {
    const theirs = gateway('theirs', { gatewayIP: '203.0.113.99' })
    const live = [
      liveOf(hq),
      liveOf(ben),
      liveOf(theirs, {}, { id: UNOWNED_ID }),
      // A risk below an unmanaged gateway is not ours.
      liveOf(
        peer(theirs, 'wide', { allowedIPs: ['::/0'] }),
        {},
        { id: OTHER_UNOWNED_ID, parentIds: [UNOWNED_ID] },
      ),
    ]
    expect(lines(driftOf([hq], live))).toEqual([
      `warning extra ${hqAddress}/peers/ben`,
      'warning unmanaged wireguardgateways/theirs',
      'warning unmanaged wireguardgateways/theirs/peers/wide',
    ])
  })

  test('of one unmanaged resource says nothing about an unmanaged resource next to it', () => {
    const theirs = gateway('theirs', { gatewayIP: '203.0.113.99' })
    const live = [
      liveOf(theirs, {}, { id: UNOWNED_ID }),
      liveOf(hq),
      liveOf(peer(hq, 'x'), {}, { id: OTHER_UNOWNED_ID }),
    ]
    expect(lines(driftOf([hq], live))).toEqual([
      `critical unmanaged ${hqAddress}/peers/x`,
      'warning unmanaged wireguardgateways/theirs',
    ])
  })

  test('of an unmanaged resource on an owned one is the same when the owned one is not in the file', () => {
    const live = [liveOf(hq), liveOf(peer(hq, 'x'), {}, { id: UNOWNED_ID })]
    expect(lines(driftOf([], live))).toEqual([
      `critical unmanaged ${hqAddress}/peers/x`,
      `warning extra ${hqAddress}`,
    ])
  })

  test('of a secret that is known to differ is one of its fields', () => {
    const branch = ipsecGatewayOf('branch')
    const psk = { variable: 'K', value: new Secret('throw-away') }
    const tunnel = tunnelOf(branch, 'a', 'vpn.example.com', psk)
    const returned = [{ path: ['auth', 'psk', 'key'], value: new Secret('throw-away-other') }]
    const finding = only(
      driftOf([branch, tunnel], [liveOf(branch), liveOf(tunnel, {}, { secrets: returned })]).findings,
    )
    expect(finding).toMatchObject({
      severity: 'critical',
      state: 'changed',
      fields: [{ severity: 'critical', change: { type: 'secret', change: 'changed', source: 'env K' } }],
    })
  })
})

describe('how the service fares', () => {
  const stuck = { status: 'PROVISIONING', metadata: METADATA }

  test('is reported of what the file wants and of what the stack owns, not of unmanaged resources', () => {
    const live = [
      liveOf(hq, {}, stuck),
      liveOf(ben, {}, { status: 'FAILED' }),
      liveOf(peer(hq, 'x'), {}, { ...stuck, id: UNOWNED_ID }),
      liveOf(peer(hq, 'y'), {}, { status: 'FAILED', id: OTHER_UNOWNED_ID }),
    ]
    expect(lines(driftOf([hq], live))).toEqual([
      `critical unmanaged ${hqAddress}/peers/x`,
      `critical unmanaged ${hqAddress}/peers/y`,
      `warning stuck ${hqAddress}`,
      `warning extra ${hqAddress}/peers/ben`,
      `warning failed ${hqAddress}/peers/ben`,
    ])
  })

  test('is reported of what was adopted', () => {
    const adopted = gateway('hq', {}, { more: { id: UNOWNED_ID } })
    expect(lines(driftOf([adopted], [liveOf(adopted, {}, { status: 'FAILED' })]))).toEqual([
      `critical failed ${hqAddress}`,
    ])
  })

  test('holds what the file wants where it wants it', () => {
    const failed = liveOf(hq, {}, { status: 'FAILED' })
    const wanted = only(driftOf([hq], [failed]).findings)
    expect(wanted).toEqual({
      key: wanted.key,
      address: hqAddress,
      target: wanted.target,
      name: 'hq',
      severity: 'critical',
      state: 'failed',
      desired: hq,
      live: failed,
    })
    const made = driftOf([], [failed]).findings.find(({ state }) => state === 'failed')
    expect(made).toMatchObject({ live: failed })
    expect(made).not.toHaveProperty('desired')
  })

  test('is counted from the last change, or from the creation where there was none', () => {
    const since = (metadata: LiveResource['metadata']): number | undefined => {
      const [finding] = driftOf([hq], [liveOf(hq, {}, { status: 'PROVISIONING', metadata })]).findings
      return finding?.state === 'stuck' ? finding.forMs : undefined
    }
    expect(since({ createdDate: '2026-06-15T08:00:00Z' })).toBe(4 * HOUR)
    expect(since({ createdDate: '2026-06-15T08:00:00Z', lastModifiedDate: '2026-06-15T10:00:00Z' })).toBe(
      2 * HOUR,
    )
    expect(since({})).toBeUndefined()
  })

  test('is reported of a deletion that does not end with its name and place, though never of an unmanaged resource', () => {
    const leaving = { status: 'DESTROYING', metadata: METADATA }
    const live = [
      liveOf(hq),
      liveOf(ben, {}, leaving),
      liveOf(peer(hq, 'x'), {}, { ...leaving, id: UNOWNED_ID }),
    ]
    const drift = driftOf([hq], live)
    const finding = only(drift.findings)
    expect(finding).toMatchObject({
      key: targetKey(finding.target),
      address: `${hqAddress}/peers/ben`,
      target: { kind: ben.kind, location: LOCATION, parentIds: [live[0]?.id], id: live[1]?.id },
      name: 'ben',
      severity: 'warning',
      state: 'stuck',
      live: live[1],
    })
    expect(drift.resources.map(({ address }) => address)).toEqual([hqAddress, `${hqAddress}/peers/ben`])
    expect(driftOf([hq], live, { targets: [`${hqAddress}/peers/none`, hqAddress] }).findings).toHaveLength(1)
    const elsewhere = driftOf([hq, anna], [...live, liveOf(anna)], { targets: [`${hqAddress}/peers/anna`] })
    expect(elsewhere.findings).toEqual([])
  })

  test('is reported once of what waits for a deletion', () => {
    const leaving = liveOf(gateway('old'), {}, { status: 'DESTROYING', metadata: METADATA })
    // hq waits for the address that the old one holds.
    expect(lines(driftOf([hq], [leaving]))).toEqual([
      `critical missing ${hqAddress}`,
      'warning stuck wireguardgateways/old',
    ])
  })
})
