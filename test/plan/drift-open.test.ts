import { describe, expect, test } from 'vitest'
import { ipsecGateway } from '../../src/kinds/ipsec/gateway.ts'
import { deriveId } from '../../src/model/identity.ts'
import type { DesiredResource } from '../../src/model/resource.ts'
import { driftOf, lines, only } from '../support/drift-builder.ts'
import { gateway, ipsecGatewayOf, LOCATION, liveOf, peer, STACK } from '../support/plan-builder.ts'

const UNOWNED_ID = '11111111-1111-4111-8111-111111111111'
const OTHER_KEY = 'AUZamfNQEsqO/M8dQQikOYVVHO/6RRyf9ZXK/86l3mc='
/** Ours, though no address of the file derives it. */
const OURS = deriveId(STACK, LOCATION, 'somewhere')

const hq = gateway('hq')
const anna = peer(hq, 'anna')
const ben = peer(hq, 'ben', { publicKey: OTHER_KEY, allowedIPs: ['10.99.0.3/32'] })
const hqAddress = 'wireguardgateways/hq'

describe('what is not decided', () => {
  test('is reported at the entry of the file, with all that could be meant and why', () => {
    const live = liveOf(hq, {}, { id: UNOWNED_ID })
    const drift = driftOf([hq], [live])
    const finding = only(drift.findings)
    expect(finding).toMatchObject({
      key: finding.key,
      address: hqAddress,
      name: 'hq',
      severity: 'warning',
      state: 'conflict',
      desired: hq,
      lives: [live],
      reason: { severity: 'error', code: 'VPN501', address: hqAddress },
    })
    expect(finding.key).toContain(finding.target.id)
    expect(drift.summary).toMatchObject({ resources: 1, drifted: 1 })
  })

  test('may be one of several, or one of ours next to a wrong id', () => {
    const renamed = gateway('hq', {}, { more: { renamedFrom: 'old' } })
    const both = [liveOf(hq), liveOf(gateway('old'), {}, { id: OURS })]
    const many = only(driftOf([renamed], both).findings)
    if (many.state !== 'conflict') throw new Error(many.state)
    expect(many.reason.code).toBe('VPN502')
    expect(many.lives.map(({ id }) => id).toSorted()).toEqual(both.map(({ id }) => id).toSorted())
    const pinned = gateway('hq', {}, { more: { id: UNOWNED_ID } })
    const sameName = only(driftOf([pinned], [liveOf(hq)]).findings)
    expect(sameName).toMatchObject({ state: 'conflict', lives: [{ name: 'hq' }], reason: { code: 'VPN505' } })
  })

  test('may be an id that another kind has, or that the file names twice', () => {
    const elsewhere: DesiredResource = gateway('hq', {}, { more: { id: UNOWNED_ID } })
    const branch = liveOf(ipsecGatewayOf('branch'), {}, { id: UNOWNED_ID })
    const taken = driftOf([elsewhere], [branch]).findings.find(({ state }) => state === 'conflict')
    expect(taken).toMatchObject({ lives: [branch], reason: { code: 'VPN504' } })
    expect(branch.kind).toBe(ipsecGateway)
    const twin = gateway('twin', { gatewayIP: '203.0.113.12' }, { more: { id: UNOWNED_ID } })
    const twice = driftOf([elsewhere, twin], []).findings.find(({ state }) => state === 'conflict')
    expect(twice).toMatchObject({ lives: [], reason: { code: 'VPN503' } })
  })

  test('hides what is below it and nothing next to it', () => {
    const lab = gateway('lab', { gatewayIP: '203.0.113.12' })
    const strange = liveOf(hq, {}, { id: UNOWNED_ID })
    const drift = driftOf([hq, anna, lab, peer(lab, 'carl')], [strange])
    expect(lines(drift)).toEqual([
      'critical missing wireguardgateways/lab',
      `warning conflict ${hqAddress}`,
      'warning missing wireguardgateways/lab/peers/carl',
    ])
    expect(drift.notCompared).toEqual([{ address: `${hqAddress}/peers/anna`, why: 'unsettled' }])
  })

  test('is left out where it is not a target', () => {
    const lab = gateway('lab', { gatewayIP: '203.0.113.12' })
    const live = [liveOf(hq, {}, { id: UNOWNED_ID }), liveOf(lab, { tier: 'PREMIUM' })]
    const drift = (...targets: readonly string[]) => driftOf([hq, anna, ben, lab], live, { targets })
    expect(lines(drift('*/lab'))).toEqual(['warning changed wireguardgateways/lab'])
    expect(drift('*/lab').notCompared).toEqual([])
    // A child by itself is not compared, since nobody knows with what.
    const child = drift('*/peers/ben')
    expect(lines(child)).toEqual([])
    expect(child.notCompared).toEqual([{ address: `${hqAddress}/peers/ben`, why: 'unsettled' }])
    expect(lines(drift('*/hq'))).toEqual([`warning conflict ${hqAddress}`])
  })
})
