import { describe, expect, test } from 'vitest'
import { deriveId } from '../../src/model/identity.ts'
import type { LiveResource } from '../../src/model/resource.ts'
import { findStatus, type Owner, statusOf } from '../../src/plan/status.ts'
import { gateway, LOCATION, liveOf, peer, STACK } from '../support/plan-builder.ts'

const UNOWNED_ID = '11111111-1111-4111-8111-111111111111'
const hq = gateway('hq')
const lab = gateway('lab')
const anna = liveOf(peer(hq, 'anna'))
const carl = liveOf(peer(lab, 'carl'))
const far: LiveResource = liveOf(hq, {}, { location: 'de/txl', id: UNOWNED_ID })
const live = {
  locations: [LOCATION, 'de/txl', 'gb/lhr'],
  resources: [liveOf(hq), liveOf(lab), carl, anna, far],
}

describe('the status of what is live', () => {
  test('has each gateway with what is on it, by location', () => {
    const { stack, locations } = statusOf(live, { stack: STACK })
    expect(stack).toBe(STACK)
    expect(
      locations.map(({ location, items }) => [location, items.map(({ address, depth }) => [address, depth])]),
    ).toEqual([
      [
        LOCATION,
        [
          ['wireguardgateways/hq', 0],
          ['wireguardgateways/hq/peers/anna', 1],
          ['wireguardgateways/lab', 0],
          ['wireguardgateways/lab/peers/carl', 1],
        ],
      ],
      ['de/txl', [['wireguardgateways/hq', 0]]],
      ['gb/lhr', []],
    ])
    expect(locations[0]?.items[1]?.live).toBe(anna)
  })

  test('keeps all the children of one gateway, in the order of live', () => {
    const ben = liveOf(peer(hq, 'ben'))
    const [first] = statusOf({ ...live, resources: [ben, anna, liveOf(hq)] }, { stack: undefined }).locations
    expect(first?.items.map(({ live: { name } }) => name)).toEqual(['hq', 'ben', 'anna'])
  })

  test('shows whose a resource is by its id', () => {
    const ownerOf = (id: string, stack: string | undefined): Owner | undefined =>
      statusOf({ locations: [LOCATION], resources: [liveOf(hq, {}, { id })] }, { stack }).locations[0]
        ?.items[0]?.owner
    const ours = deriveId(STACK, LOCATION, 'x')
    const print = ours.slice(0, 13).replace('-', '')
    expect(ownerOf(ours, STACK)).toEqual({ type: 'this-stack' })
    expect(ownerOf(ours, 'other')).toEqual({ type: 'other-stack', fingerprint: print })
    expect(ownerOf(ours, undefined)).toEqual({ type: 'other-stack', fingerprint: print })
    expect(ownerOf(deriveId('other', LOCATION, 'x'), STACK)).toMatchObject({ type: 'other-stack' })
    for (const id of [
      UNOWNED_ID,
      // Of version 5, but not of the variant; and what only ends like one of ours.
      '11111111-1111-5111-c111-111111111111',
      `x${ours}`,
      'no-id',
    ])
      expect(ownerOf(id, STACK)).toEqual({ type: 'foreign' })
  })

  test('finds a resource by its address, with its location, or by its id', () => {
    const status = statusOf(live, { stack: STACK })
    const found = (wanted: string) => findStatus(status, wanted).map((item) => item.live)
    expect(found('wireguardgateways/hq/peers/anna')).toEqual([anna])
    expect(found('wireguardgateways/hq')).toEqual([live.resources[0], far])
    expect(found('de/txl:wireguardgateways/hq')).toEqual([far])
    expect(found(anna.id.toUpperCase())).toEqual([anna])
    expect(found('wireguardgateways/HQ')).toEqual([])
    expect(found('')).toEqual([])
  })
})
