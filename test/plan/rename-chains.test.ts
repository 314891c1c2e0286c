import { describe, expect, test } from 'vitest'
import type { DesiredResource, LiveResource } from '../../src/model/resource.ts'
import { gateway, liveOf, peer, planOf } from '../support/plan-builder.ts'

const hq = gateway('hq')
const SPECS = {
  a: { publicKey: 'AUZamfNQEsqO/M8dQQikOYVVHO/6RRyf9ZXK/86l3mc=', allowedIPs: ['10.99.0.2/32'] },
  b: { publicKey: 'HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=', allowedIPs: ['10.99.0.3/32'] },
  c: { publicKey: 'TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=', allowedIPs: ['10.99.0.4/32'] },
} as const
type Name = keyof typeof SPECS

/** The live peer that was created under `name`, and what it is called now. */
const live = (name: Name, now: string = name): LiveResource => {
  const found = liveOf(peer(hq, name, SPECS[name]))
  return { ...found, name: now, spec: { ...found.spec, name: now } }
}
const renamed = (from: Name, name: string): DesiredResource =>
  peer(hq, name, SPECS[from], { more: { renamedFrom: from } })

function reported(desired: readonly DesiredResource[], lives: readonly LiveResource[]) {
  const { changes, refusals } = planOf([hq, ...desired], [liveOf(hq), ...lives])
  return [
    ...refusals.map(({ code }) => code),
    ...changes
      .filter(({ action, name }) => action !== 'keep' && name !== 'hq')
      .map((change) => `${change.action} ${'live' in change ? change.live?.name : ''} -> ${change.name}`),
  ]
}

describe('a is renamed to b, and b to c, in one file', () => {
  const file = [renamed('a', 'b'), renamed('b', 'c')]

  test.each([
    ['in this order', file],
    ['in the other order', [...file].reverse()],
  ])('%s: both are renamed in place', (_, desired) => {
    expect(reported(desired, [live('a'), live('b')]).toSorted()).toEqual(['update a -> b', 'update b -> c'])
  })

  test('a run that was cut off in between is carried on', () => {
    expect(reported(file, [live('a', 'b'), live('b')])).toEqual(['update b -> c'])
    expect(reported(file, [live('a'), live('b', 'c')])).toEqual(['update a -> b'])
  })

  test('afterwards there is nothing left to do, also once more', () => {
    expect(reported(file, [live('a', 'b'), live('b', 'c')])).toEqual([])
  })

  test('a chain of three works the same', () => {
    const three = [...file, renamed('c', 'd')]
    expect(reported(three, [live('a'), live('b'), live('c')])).toEqual([
      'update a -> b',
      'update b -> c',
      'update c -> d',
    ])
    expect(reported(three, [live('a', 'b'), live('b', 'c'), live('c', 'd')])).toEqual([])
  })

  test('one that was renamed before is found by its name', () => {
    const created = liveOf(peer(hq, 'z', SPECS.a))
    const now = (name: string) => ({ ...created, name, spec: { ...created.spec, name } })
    expect(reported(file, [now('a'), live('b')])).toEqual(['update a -> b', 'update b -> c'])
    expect(reported(file, [now('b'), live('b', 'c')])).toEqual([])
  })
})

test('a chain without its beginning is refused as before: nothing is that could become b', () => {
  expect(reported([renamed('a', 'b'), renamed('b', 'c')], [live('b')])).toContain('VPN503')
})

test('two names that are exchanged are not a chain', () => {
  expect(reported([renamed('a', 'b'), renamed('b', 'a')], [live('a'), live('b')])).not.toContain(
    'update a -> b',
  )
})

test('gateways in a chain keep their peers', () => {
  const of = (name: string, from: string, ip: string) =>
    gateway(name, { gatewayIP: ip }, { more: { renamedFrom: from } })
  const [south, north] = [of('south', 'east', '203.0.113.11'), of('north', 'south', '203.0.113.12')]
  const [oldEast, oldSouth] = [
    gateway('east', { gatewayIP: '203.0.113.11' }),
    gateway('south', { gatewayIP: '203.0.113.12' }),
  ]
  const { changes, refusals } = planOf(
    [south, peer(south, 'anna', SPECS.a), north, peer(north, 'ben', SPECS.b)],
    [
      liveOf(oldEast),
      liveOf(peer(oldEast, 'anna', SPECS.a)),
      liveOf(oldSouth),
      liveOf(peer(oldSouth, 'ben', SPECS.b)),
    ],
  )
  expect(refusals).toEqual([])
  expect(changes.map(({ action, address }) => `${action} ${address}`)).toEqual([
    'update wireguardgateways/south',
    'update wireguardgateways/north',
    'keep wireguardgateways/south/peers/anna',
    'keep wireguardgateways/north/peers/ben',
  ])
})
