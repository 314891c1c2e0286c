import { describe, expect, test } from 'vitest'
import { deriveId } from '../../src/model/identity.ts'
import type { PlainObject } from '../../src/model/json.ts'
import { plan } from '../../src/plan/plan.ts'
import type { Plan } from '../../src/plan/types.ts'
import { ApiModel, collectionOf, unownedId } from '../support/api-model.ts'
import { desiredState, type Entry, lan, peer, type Wanted, wireguard } from '../support/desired-builder.ts'

const codes = (file: Wanted, api: ApiModel): readonly string[] =>
  plan(desiredState(file), api.live()).refusals.map(({ code }) => code)

function applied(file: Wanted): ApiModel {
  const api = new ApiModel()
  api.apply(plan(desiredState(file), api.live()))
  return api
}

describe('two resources of a file', () => {
  test('with one id are refused, also while nothing is live: they would be two requests to one place', () => {
    const twice: Wanted = {
      wireguardGateways: [
        wireguard('a', { id: unownedId(1) }),
        wireguard('b', { id: unownedId(1).toUpperCase(), gatewayIP: '203.0.113.11' }),
      ],
    }
    expect(codes(twice, new ApiModel())).toContain('VPN503')
    const planned = plan(desiredState(twice), new ApiModel().live())
    expect(new Set(planned.changes.map(({ key }) => key)).size).toBe(planned.changes.length)
  })

  test('with one id are refused when one of them is to be absent, in either order', () => {
    const gone = wireguard('a', { id: unownedId(1), ensure: 'absent' })
    const made = wireguard('b', { id: unownedId(1), gatewayIP: '203.0.113.11' })
    expect(codes({ wireguardGateways: [gone, made] }, new ApiModel())).toEqual(['VPN503'])
    expect(codes({ wireguardGateways: [made, gone] }, new ApiModel())).toEqual(['VPN503'])
  })

  test('do not meet in an id of which one is only below what is to be absent, in either order', () => {
    const before = { wireguardGateways: [wireguard('a', { id: unownedId(1), peers: [peer('anna', 2)] })] }
    const gone = wireguard('a', { id: unownedId(2), ensure: 'absent', peers: [peer('anna', 2)] })
    const renamed = wireguard('b', { id: unownedId(1), peers: [peer('anna', 2)] })
    for (const wireguardGateways of [
      [gone, renamed],
      [renamed, gone],
    ]) {
      const planned = plan(desiredState({ wireguardGateways }), applied(before).live())
      expect(planned.refusals).toEqual([])
      expect(planned.summary).toMatchObject({ create: 0, update: 1, delete: 0, keep: 1 })
    }
  })

  test('with one public address are refused, whether both are new or one is there', () => {
    const both: Wanted = { wireguardGateways: [wireguard('a'), wireguard('b')] }
    expect(codes(both, new ApiModel())).toEqual(['VPN517'])
    expect(codes(both, applied({ wireguardGateways: [wireguard('a')] }))).toEqual(['VPN517'])
  })

  test('may follow each other under one name: the proposed id is free and is ours', () => {
    const api = applied({ wireguardGateways: [wireguard('hq')] })
    const renamed = wireguard('head-office', { renamedFrom: 'hq' })
    const next = wireguard('hq', { gatewayIP: '203.0.113.11' })
    const refused = plan(desiredState({ wireguardGateways: [renamed, next] }), api.live())
    const id = /id: ([0-9a-f-]{36})$/.exec(refused.refusals[0]?.hint ?? '')?.[1]
    const file = { wireguardGateways: [renamed, { ...next, id }] }
    expect(codes(file, api)).toEqual([])
    api.apply(plan(desiredState(file), api.live()))
    const without = { wireguardGateways: [wireguard('head-office'), { ...next, id }] }
    expect(plan(desiredState(without), api.live()).summary).toMatchObject({
      create: 0,
      update: 0,
      delete: 0,
      keep: 2,
    })
  })
})

describe('a gateway that is created anew while its old self goes', () => {
  test('waits for the deletion of the child that has the id of its own child', () => {
    const before = { wireguardGateways: [wireguard('hq', { id: unownedId(1), peers: [peer('anna', 2)] })] }
    const api = new ApiModel()
    api.put(
      { ...collectionOf('wireguard-gateway'), id: unownedId(1) },
      { name: 'hq', connections: [lan('2', '192.168.1.100/24')] },
    )
    api.apply(plan(desiredState(before), api.live()))
    const after = {
      wireguardGateways: [wireguard('hq', { gatewayIP: '203.0.113.12', peers: [peer('anna', 2)] })],
    }
    api.edit(unownedId(1), ({ properties }) => {
      properties.name = 'left over'
    })
    const planned = plan(desiredState(after), api.live(), { prune: 'all' })
    const create = planned.changes.find(({ action, name }) => action === 'create' && name === 'anna')
    const old = planned.changes.find(({ action, name }) => action === 'delete' && name === 'anna')
    expect(planned.refusals).toEqual([])
    expect(create?.target.id).toBe(old?.target.id)
    expect(create?.needs).toContain(old?.key)
    api.apply(planned)
  })
})

describe('a name', () => {
  const gatewayOf = (name: string, id: string, more: Readonly<Record<string, unknown>> = {}) =>
    [
      { ...collectionOf('wireguard-gateway'), id },
      { name, connections: [lan('2', '192.168.1.100/24')], gatewayIP: '198.51.100.1', ...more },
    ] as const
  // Ours, though no address of the file derives it.
  const ours = (address: string): string => deriveId('acme', 'de/fra', address)
  const planOf = (api: ApiModel, ...wireguardGateways: readonly Entry[]) =>
    plan(desiredState({ wireguardGateways }), api.live())
  const reported = ({ changes }: Plan) => changes.map(({ action, name, target }) => [action, name, target.id])

  test('that one of ours had before finds it, whatever its id', () => {
    const api = new ApiModel()
    api.put(...gatewayOf('old', ours('x')))
    const planned = planOf(api, wireguard('new', { renamedFrom: 'old' }))
    expect(planned.refusals).toEqual([])
    expect(reported(planned)).toEqual([['update', 'new', ours('x')]])
  })

  test('that one of ours had before finds a child too', () => {
    const api = applied({ wireguardGateways: [wireguard('hq')] })
    const gateway = api.live().resources[0]?.id ?? ''
    api.put({ ...collectionOf('wireguard-peer', [gateway]), id: ours('x') }, peer('old', 2) as PlainObject)
    const file = (...peers: readonly Entry[]) => planOf(api, wireguard('hq', { peers }))
    expect(reported(file(peer('new', 2, { renamedFrom: 'old' })))[0]).toEqual(['update', 'new', ours('x')])
    // Who has the name now has the resource.
    const both = file(peer('new', 3, { renamedFrom: 'old' }), peer('old', 2))
    expect(both.refusals).toEqual([])
    expect(reported(both).map(([action, name]) => [action, name])).toEqual([
      ['create', 'new'],
      ['keep', 'hq'],
      ['keep', 'old'],
    ])
  })

  test('that was given up, next to the resource under the new one, is two candidates', () => {
    const api = applied({ wireguardGateways: [wireguard('hq'), wireguard('head-office')] })
    const planned = planOf(api, wireguard('head-office', { renamedFrom: 'hq' }))
    expect(planned.refusals).toHaveLength(1)
    const ids = api.live().resources.map(({ id }) => id)
    const text = JSON.stringify(planned.refusals)
    for (const id of ids) expect(text).toContain(id)
    const [first = '', second = ''] = ids.sort()
    expect(text.indexOf(first)).toBeLessThan(text.indexOf(second))
    expect(planned.summary.delete).toBe(0)
  })

  test('of an unmanaged resource whose id another entry has is free', () => {
    const api = new ApiModel()
    api.put(...gatewayOf('hq', unownedId(1)))
    const lab = wireguard('lab', { id: unownedId(1), gatewayIP: '203.0.113.12' })
    const planned = planOf(api, wireguard('hq'), lab)
    expect(planned.refusals).toEqual([])
    expect(reported(planned).map(([action, name]) => [action, name])).toEqual([
      ['create', 'hq'],
      ['update', 'lab'],
    ])
  })

  test('of unmanaged resources of which one is being destroyed is refused for the other alone', () => {
    const api = new ApiModel()
    api.put(...gatewayOf('hq', unownedId(1)))
    api.edit(unownedId(1), ({ metadata }) => Object.assign(metadata, { status: 'DESTROYING' }))
    expect(planOf(api, wireguard('hq')).refusals).toEqual([])
    api.put(...gatewayOf('hq', unownedId(2)))
    const refused = JSON.stringify(planOf(api, wireguard('hq')).refusals)
    expect(refused).toContain(unownedId(2))
    expect(refused).not.toContain(unownedId(1))
  })

  test('of several unmanaged resources is refused with their ids in order', () => {
    const api = new ApiModel()
    for (const number of [3, 1, 2]) api.put(...gatewayOf('hq', unownedId(number)))
    for (const wanted of [wireguard('hq'), wireguard('hq', { id: unownedId(9) })]) {
      const text = planOf(api, wanted).refusals[0]?.message
      expect(text).toContain([1, 2, 3].map(unownedId).join(', '))
    }
  })

  test('of several of ours, next to an id that nothing has, is refused with their ids in order', () => {
    const api = new ApiModel()
    const made = ['x', 'y', 'z'].map(ours)
    for (const id of made) api.put(...gatewayOf('hq', id))
    const text = planOf(api, wireguard('hq', { id: unownedId(9) })).refusals[0]?.message
    expect(text).toContain([...made].sort().join(', '))
  })

  test('next to an id that nothing has is refused, for an unmanaged resource as for an owned one', () => {
    const api = new ApiModel()
    api.put(...gatewayOf('hq', unownedId(1)))
    const wrong = wireguard('hq', { id: unownedId(9) })
    const unowned = planOf(api, wrong).refusals
    expect(unowned.map(({ code }) => code)).toEqual(['VPN501'])
    api.put(...gatewayOf('hq', ours('x')))
    const both = planOf(api, wrong)
    expect(both.refusals.map(({ code }) => code)).toEqual(['VPN505'])
    expect(both.refusals[0]?.message).toContain(ours('x'))
    expect(both.refusals[0]?.message).not.toContain(unownedId(1))
    expect(both.summary.delete).toBe(0)
  })
})

test('what the file does not have is shown by the address that the file gives its gateway', () => {
  const api = applied({ wireguardGateways: [wireguard('hq', { peers: [peer('anna', 2)] })] })
  const [live] = api.live().resources
  api.edit(live?.id ?? '', ({ properties }) => Object.assign(properties, { name: 'renamed by hand' }))
  const planned = plan(desiredState({ wireguardGateways: [wireguard('hq')] }), api.live())
  expect(planned.changes.map(({ action, address }) => `${action} ${address}`)).toEqual([
    'delete wireguardgateways/hq/peers/anna',
    'update wireguardgateways/hq',
  ])
})
