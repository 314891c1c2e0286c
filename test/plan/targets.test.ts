import { describe, expect, test } from 'vitest'
import type { PlainObject } from '../../src/model/json.ts'
import { narrow } from '../../src/plan/order/targets.ts'
import { plan } from '../../src/plan/plan.ts'
import type { Plan } from '../../src/plan/types.ts'
import { ApiModel, collectionOf, unownedId } from '../support/api-model.ts'
import { change, gatewayTarget, peerTarget } from '../support/changes.ts'
import { desiredState, type Entry, lan, peer, wireguard } from '../support/desired-builder.ts'

const ip = (last: number): { readonly gatewayIP: string } => ({ gatewayIP: `203.0.113.${last}` })

function applied(...wireguardGateways: readonly Entry[]): ApiModel {
  const api = new ApiModel()
  api.apply(plan(desiredState({ wireguardGateways }), api.live()))
  return api
}

function planOf(api: ApiModel, targets: readonly string[], ...wireguardGateways: readonly Entry[]): Plan {
  return plan(desiredState({ wireguardGateways }), api.live(), { targets })
}

const reported = ({ changes }: Pick<Plan, 'changes'>): readonly string[] =>
  changes.map(({ action, address }) => `${action} ${address.replace('wireguardgateways/', '')}`)

describe('a plan with targets', () => {
  test('makes the parent that a target lacks, and nothing else of it', () => {
    const hq = wireguard('hq', { peers: [peer('a', 2), peer('b', 3)] })
    const planned = planOf(new ApiModel(), ['*/peers/a'], hq, wireguard('lab', ip(11)))
    expect(reported(planned)).toEqual(['create hq', 'create hq/peers/a'])
    expect(planned.changes[1]?.needs).toEqual([planned.changes[0]?.key])
    expect(planned.refusals).toEqual([])
  })

  test('takes a parent that is there as it is, whether it would be kept or changed', () => {
    const api = applied(wireguard('hq', { peers: [peer('a', 2)] }))
    for (const more of [{}, { description: 'new' }]) {
      const hq = wireguard('hq', { ...more, peers: [peer('a', 3)] })
      const planned = planOf(api, ['*/peers/a'], hq)
      expect(reported(planned)).toEqual(['update hq/peers/a'])
      expect(planned.changes[0]?.needs).toEqual([])
      // With its parent targeted too, it waits for it.
      const both = planOf(api, ['*/hq'], hq)
      const parent = both.changes.find(({ name }) => name === 'hq')
      expect(both.changes.find(({ name }) => name === 'a')?.needs).toEqual([parent?.key])
    }
  })

  test('deletes a child without its parent, though not the other way round', () => {
    const api = applied(wireguard('hq', { peers: [peer('a', 2), peer('b', 3)] }), wireguard('lab', ip(11)))
    const child = planOf(api, ['*/peers/a'], wireguard('lab', ip(11)))
    expect(reported(child)).toEqual(['delete hq/peers/a'])
    const all = planOf(api, ['*/hq'], wireguard('lab', ip(11)))
    expect(reported(all)).toEqual(['delete hq', 'delete hq/peers/a', 'delete hq/peers/b'])
    expect(all.refusals).toEqual([])
  })

  test('is refused where a target needs what is not targeted, and says which', () => {
    const planned = planOf(applied(wireguard('hq')), ['*/lab'], wireguard('lab'))
    expect(reported(planned)).toEqual(['create lab'])
    expect(planned.refusals).toEqual([
      {
        severity: 'error',
        code: 'VPN514',
        message: 'wireguardgateways/lab needs wireguardgateways/hq, which is not targeted',
        hint: 'add: --target wireguardgateways/hq',
        address: 'wireguardgateways/lab',
      },
    ])
    const both = planOf(applied(wireguard('hq')), ['*/lab', '*/hq'], wireguard('lab'))
    expect(both.refusals).toEqual([])
    expect(both.warnings.find(({ code }) => code === 'VPN513')?.message).toBe(
      'only */lab, */hq was compared; the rest may differ',
    )
  })

  test('is refused where it is open what becomes of the gateway that a target is in', () => {
    const api = new ApiModel()
    const { privateKey: _, ...spec } = wireguard('hq')
    api.put({ ...collectionOf('wireguard-gateway'), id: unownedId(1) }, spec as PlainObject)
    const hq = wireguard('hq', { peers: [peer('a', 2)] })
    const planned = planOf(api, ['*/peers/a'], hq, wireguard('lab', ip(11)))
    expect(planned.refusals).toMatchObject([{ code: 'VPN501', address: 'wireguardgateways/hq' }])
    // What is next to it holds nobody up.
    expect(planOf(api, ['*/lab'], hq, wireguard('lab', ip(11))).refusals).toEqual([])
  })

  test('is refused where the gateway that a target is in pins the id of something elsewhere', () => {
    const api = applied(wireguard('lab', ip(11)))
    const lab = api.live().resources[0]?.id ?? ''
    api.put({ ...collectionOf('wireguard-peer', [lab]), id: unownedId(2) }, peer('q', 4) as PlainObject)
    const hq = wireguard('hq', { id: unownedId(2), peers: [peer('a', 2)] })
    const planned = planOf(api, ['*/peers/a'], hq, wireguard('lab', ip(11)))
    expect(reported(planned)).toEqual([])
    expect(planned.refusals).toMatchObject([{ code: 'VPN504', address: 'wireguardgateways/hq' }])
  })

  test('deletes an unmanaged peer without its unmanaged gateway for the reason of the gateway', () => {
    const api = applied(wireguard('hq'))
    const lab = unownedId(1)
    api.put({ ...collectionOf('wireguard-gateway'), id: lab }, wireguard('lab', ip(11)) as PlainObject)
    api.put({ ...collectionOf('wireguard-peer', [lab]), id: unownedId(2) }, peer('q', 4) as PlainObject)
    const files = desiredState({ wireguardGateways: [wireguard('hq')] })
    const reasons = (targets: readonly string[]) =>
      plan(files, api.live(), { targets, prune: 'all' }).changes.map(({ reason }) => reason.code)
    expect(reasons(['*/lab/peers/q'])).toEqual(['prune-all'])
    expect(reasons(['*/lab', '*/lab/peers/q']).sort()).toEqual(['parent-deleted', 'prune-all'])
  })

  test('waits for what someone else destroys where a target needs it, and only there', () => {
    const api = applied(wireguard('hq'))
    const id = api.live().resources[0]?.id ?? ''
    api.edit(id, ({ metadata }) => Object.assign(metadata, { status: 'DESTROYING' }))
    const files = [
      wireguard('lab'),
      wireguard('far', { ...ip(12), connections: [lan('3', '192.168.3.100/24')] }),
    ]
    const needing = planOf(api, ['*/lab'], ...files)
    expect(reported(needing)).toEqual(['delete hq', 'create lab'])
    expect(needing.refusals).toEqual([])
    expect(reported(planOf(api, ['*/far'], ...files))).toEqual(['create far'])
  })

  test('is the whole plan without any, and warns of nothing', () => {
    const { changes } = planOf(new ApiModel(), [], wireguard('hq'))
    expect(narrow(changes, [])).toEqual({ changes, warnings: [], refusals: [] })
  })
})

describe('changes that are narrowed', () => {
  const [hq, anna, ben, lab] = [
    gatewayTarget('hq'),
    peerTarget('hq', 'anna'),
    peerTarget('hq', 'ben'),
    gatewayTarget('lab'),
  ]
  const names = ({ changes }: Pick<Plan, 'changes'>) => changes.map(({ name }) => name)

  test('take a gateway that has to be made along for what is made on it, not for what goes or is left alone', () => {
    const made = change('create', hq)
    for (const action of ['delete', 'unmanaged'] as const)
      expect(names(narrow([made, change(action, anna)], ['*/anna']))).toEqual(['anna'])
    const all = [made, change('create', anna, { needs: [hq] }), change('create', ben, { needs: [hq] })]
    expect(names(narrow(all, ['*/anna']))).toEqual(['hq', 'anna'])
  })

  test('need what they needed, but for the gateway that is there', () => {
    const peer = change('create', anna, { needs: [hq, ben] })
    const other = change('delete', ben)
    const { changes, refusals } = narrow([change('update', hq), peer, other], ['*/anna', '*/ben'])
    expect(changes.find(({ name }) => name === 'anna')?.needs).toEqual([other.key])
    expect(refusals).toEqual([])
  })

  test('are refused where the gateway is not there to stay', () => {
    const { refusals } = narrow([change('delete', hq), change('delete', anna, { needs: [hq] })], ['*/anna'])
    expect(refusals.map(({ message }) => message)).toEqual([
      'wireguardgateways/hq/peers/anna needs wireguardgateways/hq, which is not targeted',
    ])
  })

  test('may mean themselves, with nothing of their gateway in the plan', () => {
    const peer = change('create', anna, { needs: [hq, lab] })
    expect(narrow([peer], ['*/anna'])).toMatchObject({ changes: [peer], refusals: [] })
  })
})
