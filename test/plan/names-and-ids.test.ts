import { describe, expect, test } from 'vitest'
import { plan } from '../../src/plan/plan.ts'
import { ApiModel, collectionOf, foreignId } from '../support/api-model.ts'
import { desiredState, lan, peer, type Wanted, wireguard } from '../support/desired-builder.ts'

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
        wireguard('a', { id: foreignId(1) }),
        wireguard('b', { id: foreignId(1).toUpperCase(), gatewayIP: '203.0.113.11' }),
      ],
    }
    expect(codes(twice, new ApiModel())).toContain('VPN503')
    const planned = plan(desiredState(twice), new ApiModel().live())
    expect(new Set(planned.changes.map(({ key }) => key)).size).toBe(planned.changes.length)
  })

  test('with one id are refused when one of them is to be absent, in either order', () => {
    const gone = wireguard('a', { id: foreignId(1), ensure: 'absent' })
    const made = wireguard('b', { id: foreignId(1), gatewayIP: '203.0.113.11' })
    expect(codes({ wireguardGateways: [gone, made] }, new ApiModel())).toEqual(['VPN503'])
    expect(codes({ wireguardGateways: [made, gone] }, new ApiModel())).toEqual(['VPN503'])
  })

  test('do not meet in an id of which one is only below what is to be absent, in either order', () => {
    const before = { wireguardGateways: [wireguard('a', { id: foreignId(1), peers: [peer('anna', 2)] })] }
    const gone = wireguard('a', { id: foreignId(2), ensure: 'absent', peers: [peer('anna', 2)] })
    const renamed = wireguard('b', { id: foreignId(1), peers: [peer('anna', 2)] })
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
    const before = { wireguardGateways: [wireguard('hq', { id: foreignId(1), peers: [peer('anna', 2)] })] }
    const api = new ApiModel()
    api.put(
      { ...collectionOf('wireguard-gateway'), id: foreignId(1) },
      { name: 'hq', connections: [lan('2', '192.168.1.100/24')] },
    )
    api.apply(plan(desiredState(before), api.live()))
    const after = {
      wireguardGateways: [wireguard('hq', { gatewayIP: '203.0.113.12', peers: [peer('anna', 2)] })],
    }
    api.edit(foreignId(1), ({ properties }) => {
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
