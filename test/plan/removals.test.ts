import { describe, expect, test } from 'vitest'
import type { PlainObject } from '../../src/model/json.ts'
import { plan } from '../../src/plan/plan.ts'
import type { Change, Plan, PlanOptions } from '../../src/plan/types.ts'
import { ApiModel, collectionOf, unownedId } from '../support/api-model.ts'
import { desiredState, type Entry, peer, wireguard } from '../support/desired-builder.ts'

const ip = (last: number): { readonly gatewayIP: string } => ({ gatewayIP: `203.0.113.${last}` })

function applied(...wireguardGateways: readonly Entry[]): ApiModel {
  const api = new ApiModel()
  api.apply(plan(desiredState({ wireguardGateways }), api.live()))
  return api
}

const idOf = (api: ApiModel, name: string): string =>
  api.live().resources.find((resource) => resource.name === name)?.id ?? ''

/** An unmanaged peer in a gateway. */
function addUnowned(api: ApiModel, gateway: string, number: number, allowedIPs = ['10.99.9.9/32']): void {
  api.put(
    { ...collectionOf('wireguard-peer', [idOf(api, gateway)]), id: unownedId(number) },
    peer(`x${number}`, number, { allowedIPs }) as PlainObject,
  )
}

function addUnownedGateway(api: ApiModel, name: string, number: number): void {
  api.put(
    { ...collectionOf('wireguard-gateway'), id: unownedId(number) },
    { name, gatewayIP: `198.51.100.${number}`, connections: [] },
  )
}

function planOf(api: ApiModel, options: Partial<PlanOptions>, ...wireguardGateways: readonly Entry[]): Plan {
  return plan(desiredState({ wireguardGateways }), api.live(), options)
}

const reported = ({ changes }: Plan): readonly string[] =>
  changes.map(({ action, name, reason }) => `${action} ${name}: ${reason.code}`)

const changeOf = ({ changes }: Plan, name: string): Change | undefined =>
  changes.find((change) => change.name === name)

describe('what is not in the file', () => {
  const hq = wireguard('hq', { peers: [peer('a', 2)] })
  const lab = wireguard('lab', ip(11))

  test('is deleted with its children, and the children say why', () => {
    const planned = planOf(applied(hq, lab), {}, lab)
    expect(reported(planned)).toEqual([
      'delete hq: not-in-file',
      'delete a: parent-deleted',
      'keep lab: same',
    ])
    expect(changeOf(planned, 'a')?.reason).toMatchObject({ parent: 'wireguardgateways/hq' })
    expect(changeOf(planned, 'hq')).not.toHaveProperty('desired')
  })

  test('is left alone and shown under --prune none', () => {
    expect(reported(planOf(applied(hq, lab), { prune: 'none' }, lab))).toEqual([
      'keep lab: same',
      'unmanaged hq: prune-none',
      'unmanaged a: prune-none',
    ])
  })

  test('and is unmanaged is left alone, with a risk only when it reaches everything', () => {
    const api = applied(hq)
    addUnowned(api, 'hq', 1)
    addUnowned(api, 'hq', 2, ['::/0'])
    const planned = planOf(api, {}, hq)
    expect(reported(planned).slice(2)).toEqual(['unmanaged x1: foreign', 'unmanaged x2: foreign'])
    expect(changeOf(planned, 'x1')).not.toHaveProperty('risk')
    expect(changeOf(planned, 'x2')).toHaveProperty('risk', 'may send from every address (::/0)')
    expect(reported(planOf(api, { prune: 'all' }, hq)).slice(0, 2)).toEqual([
      'delete x1: prune-all',
      'delete x2: prune-all',
    ])
  })

  test('and is unmanaged is deleted with the gateway that it is in', () => {
    const api = applied(hq, lab)
    addUnowned(api, 'hq', 1)
    const planned = planOf(api, {}, lab)
    expect(reported(planned)).toContain('delete x1: parent-deleted')
    expect(planned.refusals).toMatchObject([
      { code: 'VPN515', address: 'wireguardgateways/hq', message: expect.stringContaining('peers/x1') },
    ])
    expect(planned.refusals[0]?.message).not.toContain('peers/a')
    expect(planned.refusals[0]?.hint).toContain('--prune all --target wireguardgateways/hq')
    // The flags that the hint names allow it, indeed.
    const allowed = { prune: 'all', targets: ['wireguardgateways/hq'] } as const
    expect(planOf(api, allowed, lab).refusals).toEqual([])
    addUnowned(api, 'hq', 2)
    const both = planOf(api, {}, lab).refusals.filter(({ code }) => code === 'VPN515')
    expect(both).toHaveLength(1)
    expect(both[0]?.message).toContain('wireguardgateways/hq/peers/x1, wireguardgateways/hq/peers/x2')
  })

  test('does not delete unmanaged resources when the file or destroy deletes a gateway', () => {
    const api = applied(hq, lab)
    addUnowned(api, 'hq', 1)
    const absent = wireguard('hq', { id: idOf(api, 'hq'), ensure: 'absent' })
    for (const [options, files] of [
      [{}, [absent, lab]],
      [{ prune: 'none' }, [absent, lab]],
      [{ destroy: true }, [hq, lab]],
    ] as const) {
      const refused = planOf(api, options, ...files)
      expect(refused.refusals).toMatchObject([
        {
          code: 'VPN515',
          address: 'wireguardgateways/hq',
          message: expect.stringMatching(/: wireguardgateways\/hq\/peers\/x1$/),
          hint: 'nothing below a gateway can be kept without it: create it on another gateway first, or keep this one; to delete it too, run the same command with --prune all --target wireguardgateways/hq',
        },
      ])
      // The flags that the hint names allow it, and that alone.
      const allowed = { ...options, prune: 'all', targets: ['wireguardgateways/hq'] } as const
      const reported = planOf(api, allowed, ...files)
      expect(reported.refusals).toEqual([])
      expect(reported.changes.map(({ action, name }) => `${action} ${name}`)).toEqual([
        'delete hq',
        'delete a',
        'delete x1',
      ])
    }
  })

  test('is not unmanaged where the file names its id, below a gateway that is deleted', () => {
    const api = applied(hq)
    addUnowned(api, 'hq', 1)
    const mine = wireguard('hq', {
      id: idOf(api, 'hq'),
      ensure: 'absent',
      peers: [peer('x1', 1, { id: unownedId(1) })],
    })
    expect(planOf(api, {}, mine).refusals.map(({ code }) => code)).not.toContain('VPN515')
    expect(planOf(api, { destroy: true }, mine).refusals).toEqual([])
    // A name is no proof.
    const sameName = wireguard('hq', { peers: [peer('a', 2), peer('x1', 1)] })
    expect(planOf(api, { destroy: true }, sameName).refusals).toMatchObject([{ code: 'VPN515' }])
  })

  test('is not unmanaged either because its gateway goes, when it alone is targeted', () => {
    const api = applied(hq, lab)
    addUnowned(api, 'hq', 1)
    const targets = ['wireguardgateways/hq/peers/*']
    const planned = planOf(api, { targets }, lab)
    expect(planned.changes.map(({ action, name }) => `${action} ${name}`)).toEqual(['delete a', 'delete x1'])
    expect(planned.refusals).toMatchObject([
      {
        code: 'VPN515',
        message: 'wireguardgateways/hq/peers/x1 would be deleted, and is not owned by this stack',
        hint: 'to delete it all the same, run the same command with --prune all --target wireguardgateways/hq/peers/x1',
      },
    ])
    expect(planOf(api, { targets, prune: 'all' }, lab).refusals).toEqual([])
  })

  test('leaves unmanaged gateways alone even when destroy may delete what is in them', () => {
    const api = applied(hq)
    addUnownedGateway(api, 'theirs', 7)
    expect(reported(planOf(api, { destroy: true, prune: 'all' }, hq))).toEqual([
      'delete hq: destroy',
      'delete a: parent-deleted',
      'unmanaged theirs: foreign',
    ])
  })

  test('is not a deletion while someone else destroys it or what it is in', () => {
    const api = applied(hq, lab)
    api.edit(idOf(api, 'hq'), ({ metadata }) => Object.assign(metadata, { status: 'DESTROYING' }))
    expect(reported(planOf(api, {}, lab))).toEqual(['keep lab: same'])
    expect(reported(planOf(api, { destroy: true }))).toEqual(['delete lab: destroy'])
  })

  test('is not deleted while it is open whose it is, nor is what is below it', () => {
    const api = applied(hq)
    addUnownedGateway(api, 'lab', 7)
    const stray = peer('stray', 3)
    // Someone put one of ours into an unmanaged gateway, of which it is open whether we mean it.
    api.put(
      { ...collectionOf('wireguard-peer', [unownedId(7)]), id: idOf(applied(wireguard('z', ip(12))), 'z') },
      stray as PlainObject,
    )
    const planned = planOf(api, {}, hq, lab)
    expect(planned.refusals.map(({ code }) => code)).toEqual(['VPN501'])
    expect(reported(planned)).toEqual(['keep hq: same', 'keep a: same'])
    // Destroying asks nothing of the file, so nothing is open.
    expect(reported(planOf(api, { destroy: true }, hq, lab))).toContain('delete stray: destroy')
    // Under another name nothing is open either.
    expect(reported(planOf(api, {}, hq))).toContain('delete stray: not-in-file')
    // Unmanaged resources below what is open are not pruned.
    addUnowned(api, 'lab', 8)
    expect(reported(planOf(api, { prune: 'all' }, hq, lab))).toContain('unmanaged x8: foreign')
  })
})

test('children go with their gateway, though of another gateway it is open whose it is', () => {
  const api = applied(wireguard('hq', { peers: [peer('a', 2)] }))
  addUnownedGateway(api, 'lab', 7)
  addUnowned(api, 'lab', 8)
  expect(reported(planOf(api, { prune: 'all' }, wireguard('lab', ip(11))))).toEqual([
    'delete hq: not-in-file',
    'delete a: parent-deleted',
    'unmanaged x8: foreign',
  ])
})

describe('what is to be absent', () => {
  test('is deleted with its children, whatever the file says about them', () => {
    const peers = [peer('a', 2)]
    const api = applied(wireguard('hq', { peers }))
    const id = idOf(api, 'hq')
    const planned = planOf(api, {}, wireguard('hq', { id, ensure: 'absent', peers }))
    expect(reported(planned)).toEqual(['delete hq: ensure-absent', 'delete a: parent-deleted'])
    expect(changeOf(planned, 'hq')).toHaveProperty('desired.ensure', 'absent')
  })
})

describe('destroy', () => {
  test('deletes what is ours and what was adopted by its id, and leaves unmanaged resources', () => {
    const api = applied(wireguard('hq', { peers: [peer('a', 2)] }))
    addUnownedGateway(api, 'adopted', 7)
    addUnownedGateway(api, 'other', 8)
    const adopted = wireguard('adopted', { id: unownedId(7), gatewayIP: '198.51.100.7' })
    expect(reported(planOf(api, { destroy: true }, wireguard('hq'), adopted))).toEqual([
      'delete adopted: destroy-adopted',
      'delete hq: destroy',
      'delete a: parent-deleted',
      'unmanaged other: foreign',
    ])
    expect(reported(planOf(api, { destroy: true }, wireguard('hq')))).toContain('unmanaged adopted: foreign')
  })
})

describe('what is FAILED', () => {
  test('is sent again as it is, with its secrets, and says what the service said', () => {
    const hq = wireguard('hq')
    const api = applied(hq)
    api.edit(idOf(api, 'hq'), ({ metadata }) =>
      Object.assign(metadata, { status: 'FAILED', statusMessage: 'no capacity' }),
    )
    const planned = planOf(api, {}, hq)
    expect(changeOf(planned, 'hq')).toMatchObject({
      action: 'update',
      reason: { code: 'failed', statusMessage: 'no capacity' },
      fields: [],
    })
    const changed = planOf(api, {}, wireguard('hq', { description: 'new' }))
    expect(changeOf(changed, 'hq')?.reason.code).toBe('differs')
  })
})

describe('secrets that are sent again', () => {
  test('are those of the addresses that are named, or all', () => {
    const hq = wireguard('hq', { privateKey: null })
    const lab = wireguard('lab', { ...ip(11), privateKey: null })
    const api = applied(wireguard('hq'), wireguard('lab', ip(11)))
    const reasons = (resendSecrets: readonly string[]) =>
      planOf(api, { resendSecrets }, hq, lab).changes.map(({ reason }) => reason.code)
    expect(reasons([])).toEqual(['same', 'same'])
    expect(reasons(['wireguardgateways/lab'])).toEqual(['resend-secrets', 'same'])
    expect(reasons(['all'])).toEqual(['resend-secrets', 'resend-secrets'])
  })
})
