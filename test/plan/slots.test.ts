import { describe, expect, test } from 'vitest'
import { plan } from '../../src/plan/plan.ts'
import type { Plan, PlanOptions } from '../../src/plan/types.ts'
import { ApiModel, collectionOf, unownedId } from '../support/api-model.ts'
import {
  desiredState,
  type Entry,
  peer,
  sampleKey,
  type Wanted,
  wireguard,
} from '../support/desired-builder.ts'

const IN_HQ = 'wireguardgateways/hq/peers/'
const hq = (...peers: readonly Entry[]): Wanted => ({ wireguardGateways: [wireguard('hq', { peers })] })
const peers = (prefix: string, count: number, first = 2): readonly Entry[] =>
  Array.from({ length: count }, (_, index) =>
    peer(`${prefix}${String(index).padStart(2, '0')}`, first + index),
  )

/** `ours` applied, and as many unmanaged peers on the gateway. */
function world(ours: readonly Entry[], unmanaged = 0): ApiModel {
  const api = new ApiModel()
  api.apply(plan(desiredState(hq(...ours)), api.live()))
  const gateway = api.live().resources.find(({ name }) => name === 'hq')
  for (let index = 0; index < unmanaged; index += 1) {
    const collection = collectionOf('wireguard-peer', [gateway?.id ?? ''])
    const spec = {
      name: `x${index}`,
      publicKey: sampleKey(100 + index),
      allowedIPs: [`10.99.1.${index}/32`],
    }
    api.put({ ...collection, id: unownedId(index) }, spec)
  }
  return api
}

const planned = (api: ApiModel, wanted: readonly Entry[], options: Partial<PlanOptions> = {}): Plan =>
  plan(desiredState(hq(...wanted)), api.live(), { maxDeletes: { type: 'count', value: 99 }, ...options })

/** What each creation of a peer waits for, next to its gateway. */
function waits({ changes }: Plan): Record<string, readonly string[]> {
  const short = (address: string): string => address.replace(IN_HQ, '')
  return Object.fromEntries(
    changes
      .filter(({ action }) => action === 'create')
      .map(({ address, needs }) => [
        short(address),
        needs
          .map((key) => short(changes.find((change) => change.key === key)?.address ?? key))
          .filter((name) => name !== 'wireguardgateways/hq'),
      ]),
  )
}

const refusals = ({ refusals: found }: Plan) => found.map(({ code, message }) => `${code} ${message}`)

describe('a slot below a gateway', () => {
  test('that is free is taken at once', () => {
    const found = planned(world(peers('a', 18)), [...peers('a', 18), ...peers('b', 2, 60)])
    expect(waits(found)).toEqual({ b00: [], b01: [] })
    expect(found.refusals).toEqual([])
  })

  test('of a full gateway is taken after one deletion each', () => {
    const found = planned(world(peers('a', 20)), [...peers('a', 18), ...peers('b', 2, 60)])
    const needed = Object.values(waits(found)).flat()
    expect(needed.sort()).toEqual(['a18', 'a19'])
    expect(found.refusals).toEqual([])
  })

  test('that is free goes to the first, and only the others wait', () => {
    const found = planned(world(peers('a', 19)), [...peers('a', 17), ...peers('b', 3, 60)])
    const lengths = Object.values(waits(found)).map((needs) => needs.length)
    expect(lengths.sort()).toEqual([0, 1, 1])
  })

  test('comes from the deletion that the creation waits for anyway', () => {
    const all = peers('a', 20)
    // The same key under another name: it waits for that very deletion.
    const found = planned(world(all), [...all.slice(1, 19), peer('b00', 60), peer('z', 2)])
    expect(waits(found)).toEqual({ b00: ['a19'], z: ['a00'] })
  })

  test('is held by what is unmanaged too, and what cannot fit is refused by name', () => {
    const found = planned(world(peers('a', 2), 17), [...peers('a', 2), ...peers('b', 2, 60)])
    expect(refusals(found)).toHaveLength(1)
    expect(refusals(found)[0]).toMatch(
      /^VPN527 wireguardgateways\/hq\/peers\/b0\d has no room: its gateway can have at most 20 peers, and there would be 21, 17 of them unmanaged$/,
    )
  })

  test('that many creations miss is one refusal per gateway, with their number and the first of them', () => {
    const found = planned(world(peers('a', 2), 12), [...peers('a', 2), ...peers('b', 13, 60)])
    expect(refusals(found)).toEqual([
      expect.stringMatching(
        /^VPN527 7 peers have no room: their gateway can have at most 20 peers, and there would be 27, 12 of them unmanaged: (wireguardgateways\/hq\/peers\/b\d\d, ){4}wireguardgateways\/hq\/peers\/b\d\d and 2 more$/,
      ),
    ])
    const named = refusals(found)[0]?.match(/\bb\d\d/g)
    expect(named).toEqual(named?.toSorted())
  })

  test('is not freed under --prune none', () => {
    const found = planned(world(peers('a', 20)), [...peers('a', 19), peer('b', 60)], { prune: 'none' })
    expect(refusals(found)).toEqual([expect.stringMatching(/^VPN527 /)])
  })

  test('is waited for where others destroy its holder', () => {
    const api = world(peers('a', 20))
    const state = api.live()
    const resources = state.resources.map((live) =>
      live.name === 'a19' ? { ...live, id: unownedId(1), status: 'DESTROYING' } : live,
    )
    const found = plan(desiredState(hq(...peers('a', 19), peer('b', 60))), { ...state, resources })
    expect(waits(found)).toEqual({ b: ['a19'] })
    expect(found.refusals).toEqual([])
  })

  test('is taken from a deletion that is targeted, by a creation that is', () => {
    const targets = [`${IN_HQ}a19`, `${IN_HQ}b01`]
    const found = planned(world(peers('a', 20)), [...peers('a', 18), ...peers('b', 2, 60)], { targets })
    expect(waits(found)).toEqual({ b01: ['a19'] })
    expect(found.refusals).toEqual([])
  })

  test('that only a deletion outside of the targets frees is refused, with the way out', () => {
    const found = planned(world(peers('a', 20)), [...peers('a', 19), peer('b', 60)], {
      targets: [`${IN_HQ}b`],
    })
    expect(refusals(found)).toEqual([expect.stringMatching(/^VPN514 .*peers\/b needs .*peers\/a19/)])
  })

  test('of a gateway that is created has nobody before it', () => {
    const found = plan(desiredState(hq(...peers('a', 20))), new ApiModel().live())
    expect(Object.values(waits(found)).flat()).toEqual([])
  })

  test('is given in the same order whatever the order of the file', () => {
    const api = world(peers('a', 20))
    const wanted = [...peers('a', 18), ...peers('b', 2, 60)]
    expect(waits(planned(api, [...wanted].reverse()))).toEqual(waits(planned(api, wanted)))
  })
})

describe('an address in a LAN', () => {
  const at = (name: string, last: number, address: string, more: Partial<Entry> = {}): Entry =>
    wireguard(name, {
      gatewayIP: `203.0.113.${last}`,
      connections: [{ datacenterId: '5a029f4a-72e5-11ec-90d6-0242ac120003', lanId: '2', ipv4CIDR: address }],
      ...more,
    })
  const apply = (...gateways: readonly Entry[]): ApiModel => {
    const api = new ApiModel()
    api.apply(plan(desiredState({ wireguardGateways: gateways }), api.live()))
    return api
  }
  const next = (api: ApiModel, ...gateways: readonly Entry[]): Plan =>
    plan(desiredState({ wireguardGateways: gateways }), api.live(), {
      maxDeletes: { type: 'count', value: 9 },
    })

  test('is taken after the gateway that holds it is gone, whatever its prefix length', () => {
    const found = next(apply(at('old', 20, '192.168.1.100/24')), at('new', 21, '192.168.1.100/25'))
    expect(waits(found)).toEqual({ 'wireguardgateways/new': ['wireguardgateways/old'] })
  })

  test('in another LAN is another one', () => {
    const other = {
      connections: [
        { datacenterId: '5a029f4a-72e5-11ec-90d6-0242ac120003', lanId: '3', ipv4CIDR: '192.168.1.100/24' },
      ],
    }
    const found = next(apply(at('old', 20, '192.168.1.100/24')), at('new', 21, '', other))
    expect(waits(found)).toEqual({ 'wireguardgateways/new': [] })
  })

  test('that is unmanaged and stays is warned of', () => {
    const api = apply(at('mine', 20, '192.168.1.100/24'))
    const [live] = api.live().resources
    if (live === undefined) throw new Error('nothing is live')
    const unowned = { ...live, id: unownedId(3), name: 'theirs' }
    const found = plan(desiredState({ wireguardGateways: [at('new', 21, '192.168.1.100/24')] }), {
      ...api.live(),
      resources: [unowned],
    })
    expect(found.warnings.map(({ code, message }) => `${code} ${message}`)).toEqual([
      expect.stringMatching(
        /^VPN512 connections of wireguardgateways\/new is used by the WireGuard gateway "theirs"/,
      ),
    ])
  })

  test('that two gateways exchange goes over in one order, whichever comes first in the file', () => {
    const before = apply(at('a', 20, '192.168.1.100/24'), at('b', 21, '192.168.1.101/24'))
    const after = [at('a', 20, '192.168.1.101/24'), at('b', 21, '192.168.1.100/24')] as const
    const needs = (found: Plan) =>
      found.changes.map(({ address, needs: keys }) => `${address} ${keys.length}`).sort()
    expect(needs(next(before, ...after))).toEqual(needs(next(before, after[1], after[0])))
    expect(next(before, ...after).refusals).toEqual([])
  })
})
