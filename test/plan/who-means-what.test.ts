import { describe, expect, test } from 'vitest'
import { deriveId } from '../../src/model/identity.ts'
import { plan } from '../../src/plan/plan.ts'
import type { Plan, PlanOptions } from '../../src/plan/types.ts'
import { ApiModel, collectionOf, unownedId } from '../support/api-model.ts'
import { desiredState, type Entry, ipsec, lan, peer, wireguard } from '../support/desired-builder.ts'

const ip = (last: number): { readonly gatewayIP: string } => ({ gatewayIP: `203.0.113.${last}` })
const idAt = (address: string): string => deriveId('acme', 'de/fra', address)
const HQ_ANNA = idAt('wireguardgateways/hq/peers/anna')

function applied(...wireguardGateways: readonly Entry[]): ApiModel {
  const api = new ApiModel()
  api.apply(plan(desiredState({ wireguardGateways }), api.live()))
  return api
}

/** A gateway that nobody planned; whose it is says its id. */
function addGateway(api: ApiModel, name: string, id: string): void {
  const spec = { name, connections: [lan('2', '192.168.1.100/24')], gatewayIP: '198.51.100.1' }
  api.put({ ...collectionOf('wireguard-gateway'), id }, spec)
}

function rename(api: ApiModel, id: string, name: string): void {
  api.edit(id, ({ properties }) => Object.assign(properties, { name }))
}

function planOf(
  api: ApiModel,
  wireguardGateways: readonly Entry[],
  options: Partial<PlanOptions> = {},
): Plan {
  return plan(desiredState({ wireguardGateways }), api.live(), options)
}

const reported = ({ changes }: Plan) => changes.map(({ action, name }) => `${action} ${name}`)
const codes = ({ refusals }: Plan) => refusals.map(({ code, address }) => [code, address])

describe('what was renamed by hand', () => {
  const [a, b] = [wireguard('a', ip(1)), wireguard('b', ip(2))]

  test('to the name of a sibling is renamed back, and the sibling stays what it is', () => {
    const api = applied(a, b)
    rename(api, idAt('wireguardgateways/b'), 'a')
    const planned = planOf(api, [a, b])
    expect(planned.refusals).toEqual([])
    expect(reported(planned)).toEqual(['update b', 'keep a'])
  })

  test('while another one of ours has its name could be either', () => {
    const api = applied(a)
    rename(api, idAt('wireguardgateways/a'), 'z')
    addGateway(api, 'a', idAt('x'))
    expect(codes(planOf(api, [a]))).toEqual([['VPN502', 'wireguardgateways/a']])
  })

  test('next to another one of ours of its name could be either, whichever is listed first', () => {
    const [before, after] = [new ApiModel(), applied(a)]
    addGateway(before, 'a', idAt('x'))
    addGateway(after, 'a', idAt('x'))
    before.put(
      { ...collectionOf('wireguard-gateway'), id: idAt('wireguardgateways/a') },
      { name: 'a', connections: [] },
    )
    for (const api of [before, after]) {
      expect(codes(planOf(api, [a]))).toEqual([['VPN502', 'wireguardgateways/a']])
    }
  })
})

describe('a former name', () => {
  test('that an unmanaged resource has takes nothing over', () => {
    const api = new ApiModel()
    addGateway(api, 'old', unownedId(1))
    const planned = planOf(api, [wireguard('new', { renamedFrom: 'old' })])
    expect(planned.refusals).toEqual([])
    expect(reported(planned)).toEqual(['create new', 'unmanaged old'])
  })

  test('that leads to one thing by its address and by its name is one candidate', () => {
    const api = applied(wireguard('old'))
    const planned = planOf(api, [wireguard('new', { renamedFrom: 'old' })])
    expect(planned.refusals).toEqual([])
    expect(reported(planned)).toEqual(['update new'])
  })

  test('leads to nothing that is being destroyed', () => {
    const api = applied(wireguard('old'))
    api.edit(idAt('wireguardgateways/old'), ({ metadata, properties }) => {
      Object.assign(metadata, { status: 'DESTROYING' })
      Object.assign(properties, { name: 'older' })
    })
    const elsewhere = { ...ip(9), connections: [lan('3', '192.168.3.100/24')] }
    expect(reported(planOf(api, [wireguard('new', { renamedFrom: 'old', ...elsewhere })]))).toEqual([
      'create new',
    ])
  })
})

describe('what one entry means', () => {
  test('stays its own while another could mean it too: what is below it is planned', () => {
    const a = wireguard('a', { ...ip(1), peers: [peer('anna', 2)] })
    const api = applied(a)
    rename(api, idAt('wireguardgateways/a'), 'old')
    addGateway(api, 'b', idAt('x'))
    const b = wireguard('b', { ...ip(2), renamedFrom: 'old' })
    const file = [wireguard('a', ip(1)), b]
    expect(codes(planOf(api, file))).toEqual([['VPN502', 'wireguardgateways/b']])
    const targeted = planOf(api, file, { targets: ['wireguardgateways/a'] })
    expect(targeted.refusals).toEqual([])
    expect(reported(targeted)).toEqual(['delete anna', 'update a'])
  })

  test('is not free for an entry that wants its id in another place', () => {
    const hq = wireguard('hq', { peers: [peer('anna', 2)] })
    const lab = wireguard('lab', { ...ip(11), peers: [peer('bob', 3, { id: HQ_ANNA })] })
    expect(codes(planOf(applied(hq), [hq, lab]))).toEqual([['VPN504', 'wireguardgateways/lab/peers/bob']])
    expect(codes(planOf(applied(hq), [lab, hq]))).toEqual([['VPN504', 'wireguardgateways/lab/peers/bob']])
  })

  test('is free under its name when another entry wants its id, though in vain', () => {
    const api = new ApiModel()
    addGateway(api, 'hq', unownedId(1))
    const branch = ipsec('branch', { id: unownedId(1) })
    const file = desiredState({ wireguardGateways: [wireguard('hq')], ipsecGateways: [branch] })
    expect(codes(plan(file, api.live()))).toEqual([['VPN504', 'ipsecgateways/branch']])
  })
})

describe('one id', () => {
  const twin = (name: string, last: number): Entry => wireguard(name, { ...ip(last), id: unownedId(1) })
  // The gateway had the name hq when anna was made, and anna’s id came from that.
  const moved = (): ApiModel => {
    const hq = { id: unownedId(1), ...ip(1) }
    const api = new ApiModel()
    addGateway(api, 'hq', unownedId(1))
    api.apply(planOf(api, [wireguard('hq', { ...hq, peers: [peer('anna', 2)] })]))
    return api
  }
  const hq = wireguard('hq', { ...ip(12), peers: [peer('anna', 3)] })
  const old = (...peers: readonly Entry[]): Entry => wireguard('old', { id: unownedId(1), ...ip(1), peers })

  test('of two new ones is for the first in the file', () => {
    const api = new ApiModel()
    expect(codes(planOf(api, [twin('a', 1), twin('b', 2)]))).toEqual([['VPN503', 'wireguardgateways/b']])
    expect(codes(planOf(api, [twin('b', 2), twin('a', 1)]))).toEqual([['VPN503', 'wireguardgateways/a']])
  })

  test('of what is there is not for a new one elsewhere, in either order', () => {
    const holder = old(peer('anna', 2, { id: HQ_ANNA }))
    for (const file of [
      [holder, hq],
      [hq, holder],
    ]) {
      expect(codes(planOf(moved(), file))).toEqual([['VPN503', 'wireguardgateways/hq/peers/anna']])
    }
  })

  test('of what is to be absent goes to a new one elsewhere after its end', () => {
    const api = moved()
    const planned = planOf(api, [old(peer('anna', 2, { id: HQ_ANNA, ensure: 'absent' })), hq])
    expect(planned.refusals).toEqual([])
    expect(reported(planned)).toEqual(['delete anna', 'update old', 'create hq', 'create anna'])
    api.apply(planned)
  })

  test('that is wanted in vain does not hinder what may have it', () => {
    const lab = wireguard('lab', { ...ip(13), peers: [peer('bob', 4, { id: HQ_ANNA })] })
    const planned = planOf(moved(), [lab, old(), hq])
    expect(codes(planned)).toEqual([['VPN504', 'wireguardgateways/lab/peers/bob']])
    const targets = ['wireguardgateways/old', 'wireguardgateways/hq']
    expect(planOf(moved(), [lab, old(), hq], { targets }).refusals).toEqual([])
  })

  test('that nothing has is not a fault of what is to be absent, whatever has its name', () => {
    const api = applied(wireguard('hq'))
    const planned = planOf(api, [wireguard('hq', { id: unownedId(9), ensure: 'absent' })], {
      maxDeletes: { type: 'count', value: 1 },
    })
    expect(planned.refusals).toEqual([])
    expect(reported(planned)).toEqual(['delete hq'])
  })
})

test('places are told apart by location, kind and holder', () => {
  const api = new ApiModel()
  const peers = [peer('anna', 2)]
  const file = desiredState({
    wireguardGateways: [
      wireguard('far', { ...ip(1), peers }),
      wireguard('hq', ip(5)),
      wireguard('hq', { ...ip(2), peers, location: 'de/txl' }),
      wireguard('lab', { ...ip(3), peers, location: 'de/txl' }),
    ],
    ipsecGateways: [ipsec('hq', { ...ip(4), location: 'de/txl' })],
  })
  const live = () => api.live(['de/fra', 'de/txl'])
  const planned = plan(file, live())
  const places = planned.changes.map(({ target }) => [
    target.location,
    target.kind.name,
    target.parentIds.length,
  ])
  expect(planned.summary.create).toBe(8)
  expect(new Set(planned.changes.map(({ target }) => target.parentIds.join())).size).toBe(4)
  expect(places.filter(([location]) => location === 'de/txl')).toHaveLength(5)
  api.apply(planned)
  expect(plan(file, live()).summary).toMatchObject({ create: 0, update: 0, delete: 0, keep: 8 })
})
