import { describe, expect, test } from 'vitest'
import { wireguardGateway } from '../../src/kinds/wireguard/gateway.ts'
import { wireguardPeer } from '../../src/kinds/wireguard/peer.ts'
import { childCollection, targetKey } from '../../src/model/resource.ts'
import { indexLive } from '../../src/plan/match/live-index.ts'
import { liveStep } from '../../src/plan/match/live-step.ts'
import { gateway, ipsecGatewayOf, LOCATION, liveOf, peer } from '../support/plan-builder.ts'

const hq = gateway('hq')
const lab = gateway('lab')
const [liveHq, liveLab] = [liveOf(hq), liveOf(lab)]
const [anna, ben, carl] = [liveOf(peer(hq, 'anna')), liveOf(peer(hq, 'ben')), liveOf(peer(lab, 'carl'))]
const gateways = { kind: wireguardGateway, location: LOCATION, parentIds: [] }
const indexOf = (...resources: Parameters<typeof indexLive>[0]['resources'][number][]) =>
  indexLive({ locations: [LOCATION], resources })

describe('what is live, by where it is', () => {
  test('is found in its collection and in no other, whatever the order', () => {
    const branch = liveOf(ipsecGatewayOf('hq'))
    const far = liveOf(hq, {}, { location: 'de/txl' })
    for (const index of [
      indexOf(liveHq, liveLab, branch, far, anna, ben, carl),
      indexOf(anna, carl, far, ben, branch, liveLab, liveHq),
    ]) {
      const top = index.in(gateways)
      expect([...top.byId.keys()].sort()).toEqual([liveHq.id, liveLab.id].sort())
      expect(top.byName.get('hq')).toEqual([liveHq])
      const peers = index.in(childCollection(liveHq, wireguardPeer))
      expect([...peers.byName.keys()].sort()).toEqual(['anna', 'ben'])
      expect(peers.byId.get(ben.id)).toBe(ben)
      expect(index.in({ ...gateways, location: 'de/txl' }).byId.get(far.id)).toBe(far)
    }
  })

  test('is found in its collection also where neighbours share the ids of their parents', () => {
    const parentIds: readonly string[] = []
    const branch = liveOf(ipsecGatewayOf('branch'), {}, { parentIds })
    const far = liveOf(hq, {}, { parentIds, location: 'de/txl' })
    const index = indexOf(liveOf(lab, {}, { parentIds }), branch, { ...liveHq, parentIds }, far)
    expect([...index.in(gateways).byName.keys()]).toEqual(['lab', 'hq'])
    expect([...index.in({ ...gateways, location: 'de/txl' }).byName.keys()]).toEqual(['hq'])
    expect([...index.in(branch).byName.keys()]).toEqual(['branch'])
  })

  test('may have the same name as another', () => {
    const twin = { ...liveLab, name: 'hq' }
    expect(indexOf(liveHq, twin).in(gateways).byName.get('hq')).toEqual([liveHq, twin])
  })

  test('may be nothing at all, under the key of its collection', () => {
    const { key, byId, byName } = indexOf().in(gateways)
    expect(key).toBe(indexOf(liveHq).in(gateways).key)
    expect(byId.size + byName.size).toBe(0)
  })

  test('is found by its id wherever it is, one of two the same way round each time', () => {
    const twin = { ...anna, parentIds: carl.parentIds }
    expect(indexOf(liveHq, anna).find(anna.id)).toBe(anna)
    expect(indexOf(liveHq, anna).find('none')).toBeUndefined()
    const first = targetKey(anna) < targetKey(twin) ? anna : twin
    expect(indexOf(anna, twin).find(anna.id)).toBe(first)
    expect(indexOf(twin, anna).find(anna.id)).toBe(first)
  })

  test('knows its parent, unless it is at the top or the parent is not there', () => {
    const index = indexOf(liveHq, liveLab, anna, carl)
    expect(index.parentOf(anna)).toBe(liveHq)
    expect(index.parentOf(carl)).toBe(liveLab)
    expect(index.parentOf(liveHq)).toBeUndefined()
    expect(indexOf(liveLab, anna).parentOf(anna)).toBeUndefined()
  })
})

test('the id replaces a name that is missing', () => {
  expect(liveStep(liveHq)).toBe('wireguardgateways/hq')
  expect(liveStep({ ...liveHq, name: '' })).toBe(`wireguardgateways/${liveHq.id}`)
})
