import { describe, expect, test } from 'vitest'
import { deriveId } from '../../src/model/identity.ts'
import { plan } from '../../src/plan/plan.ts'
import type { Plan } from '../../src/plan/types.ts'
import { ApiModel, collectionOf, unownedId } from '../support/api-model.ts'
import { desiredState, type Entry, lan, peer, sampleKey, wireguard } from '../support/desired-builder.ts'

const ip = (last: number): { readonly gatewayIP: string } => ({ gatewayIP: `203.0.113.${last}` })
const hq = (...peers: readonly Entry[]): Entry => wireguard('hq', { peers })
const idAt = (address: string): string => deriveId('acme', 'de/fra', address)
const inHq = (name: string): string => idAt(`wireguardgateways/hq/peers/${name}`)

function applied(...wireguardGateways: readonly Entry[]): ApiModel {
  const api = new ApiModel()
  api.apply(plan(desiredState({ wireguardGateways }), api.live()))
  return api
}

function planOf(api: ApiModel, ...wireguardGateways: readonly Entry[]): Plan {
  return plan(desiredState({ wireguardGateways }), api.live())
}

function addGateway(api: ApiModel, name: string, id: string, last: number): void {
  const spec = { name, connections: [lan('2', '192.168.1.100/24')], ...ip(last) }
  api.put({ ...collectionOf('wireguard-gateway'), id }, spec)
}

function destroy(api: ApiModel, id: string): void {
  api.edit(id, ({ metadata }) => Object.assign(metadata, { status: 'DESTROYING' }))
}

/** The names of what has to be done before a write. */
function needsOf({ changes }: Plan, name: string): readonly string[] {
  const found = changes.find((change) => change.name === name && change.action !== 'delete')
  if (found === undefined) throw new Error(`no write of ${name}`)
  return found.needs.map((key) => changes.find((change) => change.key === key)?.name ?? key).sort()
}

const codes = ({ refusals }: Plan) => refusals.map(({ code, address }) => [code, address])

describe('a public key', () => {
  test('that two peers hold is taken after both are gone', () => {
    const api = applied(hq(peer('a', 2), peer('b', 3)))
    api.edit(inHq('b'), ({ properties }) => Object.assign(properties, { publicKey: sampleKey(2) }))
    const planned = planOf(api, hq(peer('new', 2)))
    expect(needsOf(planned, 'new')).toEqual(['a', 'b', 'hq'])
    expect(planned.refusals).toEqual([])
  })

  test('that two new peers want is not a refusal: the service takes it twice', () => {
    expect(codes(planOf(new ApiModel(), hq(peer('a', 2), peer('b', 2))))).toEqual([])
  })

  test('of a peer that is destroyed, and comes back with another, is taken after that', () => {
    const api = applied(hq(peer('a', 2), peer('b', 3)))
    destroy(api, inHq('a'))
    const planned = planOf(api, hq(peer('a', 4), peer('b', 2)))
    expect(needsOf(planned, 'b')).toEqual(['a', 'hq'])
    expect(planned.changes.map(({ action, name }) => `${action} ${name}`)).toEqual([
      'create a',
      'update b',
      'keep hq',
    ])
    api.apply(planned)
  })
})

describe('a public address', () => {
  test('that nobody has said is not an address that two could want', () => {
    const silent = { gatewayIP: undefined }
    expect(codes(planOf(new ApiModel(), wireguard('a', silent), wireguard('b', silent)))).toEqual([])
  })

  test('of a gateway of which it is open whose it is may be in the way', () => {
    const api = new ApiModel()
    addGateway(api, 'hq', unownedId(1), 11)
    const planned = planOf(api, wireguard('hq'), wireguard('lab', ip(11)))
    expect(codes(planned)).toEqual([['VPN501', 'wireguardgateways/hq']])
    expect(planned.warnings.map(({ code, address }) => [code, address])).toEqual([
      ['VPN512', 'wireguardgateways/lab'],
    ])
  })

  test('that two gateways exchange is refused, whatever goes on inside them', () => {
    const a = (last: number, ...peers: readonly Entry[]): Entry => wireguard('a', { ...ip(last), peers })
    const b = (last: number): Entry => wireguard('b', ip(last))
    const api = applied(a(1, peer('x', 2), peer('y', 3)), b(2))
    const planned = planOf(api, a(2, peer('x', 3), peer('y', 2)), b(1))
    expect(codes(planned).map(([code]) => code)).toEqual(['VPN509'])
  })

  test('that two gateways exchange is refused also when one waits for someone else first', () => {
    const api = applied(wireguard('far', ip(9)), wireguard('a', ip(1)), wireguard('b', ip(2)))
    addGateway(api, 'leaving', unownedId(1), 2)
    destroy(api, unownedId(1))
    const far = wireguard('far', { ...ip(9), description: 'new' })
    const planned = planOf(api, far, wireguard('a', ip(2)), wireguard('b', ip(1)))
    expect(needsOf(planned, 'a')).toEqual(['b', 'leaving'])
    expect(planned.refusals.map(({ code }) => code)).toEqual(['VPN509'])
    expect(planned.refusals[0]?.message).not.toContain('leaving')
  })

  test('that two gateways exchange while they are destroyed is refused until they are gone', () => {
    const api = applied(wireguard('a', ip(1)), wireguard('b', ip(2)))
    for (const name of ['a', 'b']) destroy(api, idAt(`wireguardgateways/${name}`))
    const file = [wireguard('a', ip(2)), wireguard('b', ip(1))]
    expect(codes(planOf(api, ...file)).map(([code]) => code)).toEqual(['VPN509'])
    expect(codes(planOf(new ApiModel(), ...file))).toEqual([])
  })

  test('that is passed on is not a circle, though others wait for the same', () => {
    const api = applied(wireguard('a', ip(1)), wireguard('b', ip(2)), wireguard('c', ip(3)))
    const planned = planOf(
      api,
      wireguard('a', { description: 'new', ...ip(1) }),
      wireguard('b', { ...ip(3), peers: [peer('x', 2), peer('y', 3)] }),
      wireguard('c', ip(4)),
    )
    expect(planned.refusals).toEqual([])
    expect(needsOf(planned, 'y')).toEqual(['b'])
  })
})

describe('an id', () => {
  test('that someone frees under another parent is waited for', () => {
    const api = new ApiModel()
    addGateway(api, 'hq', unownedId(1), 1)
    api.apply(planOf(api, wireguard('hq', { id: unownedId(1), ...ip(1), peers: [peer('anna', 2)] })))
    destroy(api, inHq('anna'))
    const planned = planOf(
      api,
      wireguard('old', { id: unownedId(1), ...ip(1) }),
      wireguard('hq', { ...ip(12), peers: [peer('anna', 3)] }),
    )
    expect(planned.refusals).toEqual([])
    expect(needsOf(planned, 'anna')).toEqual(['anna', 'hq'])
    expect(planned.summary).toMatchObject({ create: 2, update: 1, delete: 0 })
    api.apply(planned)
  })

  test('that something has of which it is open what becomes of it is refused', () => {
    const api = new ApiModel()
    addGateway(api, 'lab', unownedId(1), 1)
    api.put(
      { ...collectionOf('wireguard-peer', [unownedId(1)]), id: inHq('anna') },
      { name: 'x', publicKey: sampleKey(2), allowedIPs: [] },
    )
    expect(codes(planOf(api, wireguard('lab', ip(3)), hq(peer('anna', 3))))).toEqual([
      ['VPN501', 'wireguardgateways/lab'],
      ['VPN504', 'wireguardgateways/hq/peers/anna'],
    ])
  })
})

test('what a change needs is listed in one order, whatever the order of what is live', () => {
  const api = applied(hq(peer('a', 2), peer('b', 3), peer('c', 4), peer('d', 5)), wireguard('lab', ip(11)))
  const desired = desiredState({ wireguardGateways: [wireguard('lab', ip(11))] })
  const { locations, resources } = api.live()
  const needs = (): readonly (readonly string[])[] =>
    [resources, resources.toReversed()].map((listed) => {
      const sorted = listed.toSorted((a, b) => a.parentIds.length - b.parentIds.length)
      const { changes } = plan(desired, { locations, resources: sorted })
      return changes.find(({ name }) => name === 'hq')?.needs ?? []
    })
  const [one, other] = needs()
  expect(one).toHaveLength(4)
  expect(one).toEqual(other)
})
