import { describe, expect, test } from 'vitest'
import { addressPattern, exactPatterns } from '../../src/model/address-pattern.ts'
import { plan } from '../../src/plan/plan.ts'
import type { DeleteLimit, Plan } from '../../src/plan/types.ts'
import { ApiModel, collectionOf, unownedId } from '../support/api-model.ts'
import { desiredState, ipsec, peer, tunnel, type Wanted, wireguard } from '../support/desired-builder.ts'

function gatewayWith(peers: number, more: Readonly<Record<string, unknown>> = {}): Wanted {
  const list = Array.from({ length: peers }, (_, n) => peer(`p${n}`, n + 2, more))
  return { wireguardGateways: [wireguard('hq', { peers: list })] }
}

function shrunk(from: number, to: number, maxDeletes?: DeleteLimit): Plan {
  const api = new ApiModel()
  api.apply(plan(desiredState(gatewayWith(from)), api.live()))
  return plan(desiredState(gatewayWith(to)), api.live(), maxDeletes === undefined ? {} : { maxDeletes })
}

const codes = (planned: Plan): readonly string[] => planned.refusals.map(({ code }) => code)

describe('the limit of deletions', () => {
  test('is half of what is managed, once that is more than three', () => {
    // 10 resources with the gateway: 5 may go, 6 may not.
    expect(codes(shrunk(9, 4))).toEqual([])
    expect(codes(shrunk(9, 3))).toEqual(['VPN506'])
    // 4 resources: half is 2, but three are always a handful.
    expect(codes(shrunk(3, 0))).toEqual([])
    expect(codes(shrunk(5, 1))).toEqual(['VPN506'])
  })

  test('is a number or a share when it is given', () => {
    expect(codes(shrunk(9, 8, { type: 'count', value: 0 }))).toEqual(['VPN506'])
    expect(codes(shrunk(9, 8, { type: 'count', value: 1 }))).toEqual([])
    expect(codes(shrunk(9, 7, { type: 'percent', value: 19 }))).toEqual(['VPN506'])
    expect(codes(shrunk(9, 7, { type: 'percent', value: 20 }))).toEqual([])
    expect(codes(shrunk(9, 0, { type: 'percent', value: 100 }))).toEqual([])
  })

  test('is reported with the smallest flag that allows exactly this, and that flag does', () => {
    expect(shrunk(9, 2).refusals[0]?.hint).toContain('--max-deletes 7')
    expect(codes(shrunk(9, 2, { type: 'count', value: 7 }))).toEqual([])
    expect(codes(shrunk(9, 2, { type: 'count', value: 6 }))).toEqual(['VPN506'])
  })

  test('is none for destroy, which is asked for the end of everything', () => {
    const api = new ApiModel()
    api.apply(plan(desiredState(gatewayWith(5)), api.live()))
    const planned = plan(desiredState(gatewayWith(5)), api.live(), { destroy: true })
    expect(planned.summary.delete).toBe(6)
    expect(planned.refusals).toEqual([])
  })

  test('does not count what the file asks to be absent, unless a limit is given', () => {
    const api = new ApiModel()
    api.apply(plan(desiredState(gatewayWith(5)), api.live()))
    const absent = desiredState(gatewayWith(5, { ensure: 'absent' }))
    expect(plan(absent, api.live()).summary.delete).toBe(5)
    expect(codes(plan(absent, api.live()))).toEqual([])
    expect(codes(plan(absent, api.live(), { maxDeletes: { type: 'count', value: 4 } }))).toEqual(['VPN506'])
  })
})

describe('what is managed', () => {
  const unowned = (api: ApiModel, number: number): void =>
    api.put(
      { ...collectionOf('wireguard-gateway'), id: unownedId(number) },
      { name: `x${number}`, gatewayIP: `198.51.100.${number}`, connections: [] },
    )
  const destroying = (api: ApiModel, name: string): void => {
    const found = api.live().resources.find((resource) => resource.name === name)
    api.edit(found?.id ?? '', ({ metadata }) => Object.assign(metadata, { status: 'DESTROYING' }))
  }
  const ofNine = (): ApiModel => {
    const api = new ApiModel()
    api.apply(plan(desiredState(gatewayWith(8)), api.live()))
    return api
  }

  test('is neither unmanaged nor on its way out already', () => {
    const api = ofNine()
    // 4 of 9 are less than half; with one of them on its way out, 4 of 8 are not more.
    expect(codes(plan(desiredState(gatewayWith(4)), api.live()))).toEqual([])
    expect(plan(desiredState(gatewayWith(3)), api.live()).refusals[0]?.message).toContain('5 of 9 managed')
    for (let number = 1; number <= 9; number += 1) unowned(api, number)
    expect(plan(desiredState(gatewayWith(3)), api.live()).refusals[0]?.message).toContain('5 of 9 managed')
    destroying(api, 'p7')
    expect(codes(plan(desiredState(gatewayWith(3)), api.live()))).toEqual([])
    expect(plan(desiredState(gatewayWith(2)), api.live()).refusals[0]?.message).toContain('5 of 8 managed')
  })

  test('is what was adopted too', () => {
    const api = ofNine()
    for (let number = 1; number <= 2; number += 1) unowned(api, number)
    const file = (peers: number): Wanted => ({
      wireguardGateways: [
        ...(gatewayWith(peers).wireguardGateways ?? []),
        ...[1, 2].map((number) =>
          wireguard(`x${number}`, { id: unownedId(number), gatewayIP: `198.51.100.${number}` }),
        ),
      ],
    })
    expect(codes(plan(desiredState(file(3)), api.live()))).toEqual([])
    expect(plan(desiredState(file(2)), api.live()).refusals[0]?.message).toContain('6 of 11 managed')
  })

  test('may be nothing at all: unmanaged resources that --prune all deletes are all there is', () => {
    const api = new ApiModel()
    for (let number = 1; number <= 4; number += 1) unowned(api, number)
    const file = desiredState({ wireguardGateways: [wireguard('hq')] })
    const planned = plan(file, api.live(), { prune: 'all' })
    expect(planned.refusals.map(({ message }) => message)).toEqual([
      '4 unmanaged resources would be deleted, more than the limit of 3 (the default)',
    ])
    expect(planned.refusals[0]?.hint).toContain('would stay')
    expect(planned.refusals[0]?.hint).toContain('--max-deletes 4')
  })

  test('is never exceeded by what would be deleted: unmanaged resources are counted apart', () => {
    const api = new ApiModel()
    api.apply(plan(desiredState(gatewayWith(2)), api.live()))
    unowned(api, 1)
    const file = desiredState({ wireguardGateways: [wireguard('lab', { gatewayIP: '203.0.113.99' })] })
    const [refusal] = plan(file, api.live(), { prune: 'all' }).refusals
    expect(refusal?.message).toBe(
      '3 of 3 managed resources (100 %) and 1 unmanaged resource would be deleted, more than the limit of 3 (the default)',
    )
  })

  test('that would be gone wholly, or nearly, is reported in other words', () => {
    const hint = (peers: number): string => {
      const api = new ApiModel()
      api.apply(plan(desiredState(gatewayWith(peers)), api.live()))
      const other = { wireguardGateways: [wireguard('lab', { gatewayIP: '203.0.113.99' })] }
      return plan(desiredState(other), api.live()).refusals[0]?.hint ?? ''
    }
    expect(hint(4)).toContain('nothing of stack "acme" would stay')
    expect(shrunk(9, 1).refusals[0]?.hint).not.toContain('would stay')
    expect(shrunk(9, 1).refusals[0]?.message).toContain('the limit of 5 (50 %)')
    expect(shrunk(9, 1, { type: 'count', value: 2 }).refusals[0]?.message).toMatch(/the limit of 2$/)
    expect(shrunk(9, 1, { type: 'percent', value: 7 }).refusals[0]?.message).toContain('the limit of 0 (7 %)')
  })

  test('and is wanted no more, but for what is asked to be absent, is a file that wants nothing', () => {
    const api = ofNine()
    const gone = desiredState({ wireguardGateways: [wireguard('x', { ensure: 'absent', id: unownedId(1) })] })
    expect(codes(plan(gone, api.live()))).toEqual(['VPN508'])
    expect(codes(plan(gone, api.live(), { maxDeletes: { type: 'count', value: 9 } }))).toEqual([])
    expect(plan(gone, api.live()).refusals[0]?.message).toContain('deleted: 9 resources of stack "acme"')
    // A number that was given once for all runs does not allow it.
    for (const value of [10, 100])
      expect(codes(plan(gone, api.live(), { maxDeletes: { type: 'count', value } }))).toEqual(['VPN508'])
    expect(codes(plan(gone, api.live(), { maxDeletes: { type: 'percent', value: 100 } }))).toEqual(['VPN508'])
    // Asking for the end of all that is there by name is intended.
    const asked = new ApiModel()
    unowned(asked, 1)
    expect(codes(plan(gone, asked.live()))).toEqual([])
    expect(plan(gone, asked.live()).summary.delete).toBe(1)
  })

  test('and protected is not held against who waits for what someone else destroys', () => {
    const api = new ApiModel()
    api.apply(plan(desiredState({ wireguardGateways: [wireguard('hq')] }), api.live()))
    destroying(api, 'hq')
    const next = { protected: ['wireguardgateways/hq'], wireguardGateways: [wireguard('lab')] }
    const planned = plan(desiredState(next), api.live())
    expect(planned.changes.map(({ action, name }) => [action, name])).toEqual([
      ['delete', 'hq'],
      ['create', 'lab'],
    ])
    expect(planned.refusals).toEqual([])
  })
})

describe('secrets that are not to hand', () => {
  const file = (more: Readonly<Record<string, unknown>>, isMissing: boolean): Wanted => {
    const auth = isMissing ? { auth: { method: 'PSK', psk: { key: null } } } : {}
    return { ipsecGateways: [ipsec('branch', { tunnels: [tunnel('berlin', { ...more, ...auth })] })] }
  }

  test('are listed for every create and update that would send them, and for nothing else', () => {
    const api = new ApiModel()
    expect(plan(desiredState(file({}, true)), api.live()).missingSecrets).toEqual([
      {
        address: 'ipsecgateways/branch/tunnels/berlin',
        path: ['auth', 'psk', 'key'],
        source: 'env BERLIN_AUTH_PSK_KEY',
      },
    ])
    api.apply(plan(desiredState(file({}, false)), api.live()))
    const kept = plan(desiredState(file({}, true)), api.live())
    expect(kept.missingSecrets).toEqual([])
    expect(kept.uncompared).toMatchObject([{ why: 'unresolved' }])
    expect(plan(desiredState(file({ description: 'x' }, true)), api.live()).missingSecrets).toHaveLength(1)
    const resent = plan(desiredState(file({}, true)), api.live(), { resendSecrets: ['all'] })
    expect(resent.missingSecrets).toHaveLength(1)
  })
})

describe('an address pattern', () => {
  const hit = (pattern: string, address: string, location = 'de/fra'): boolean =>
    addressPattern(pattern)(address, location)

  test('means an address and all that is below it, and nothing that merely begins alike', () => {
    expect(hit('wireguardgateways/hq', 'wireguardgateways/hq')).toBe(true)
    expect(hit('wireguardgateways/hq', 'wireguardgateways/hq/peers/anna')).toBe(true)
    expect(hit('wireguardgateways/hq', 'wireguardgateways/hq-2')).toBe(false)
    expect(hit('peers/anna', 'wireguardgateways/hq/peers/anna')).toBe(false)
  })

  test('takes a star for any characters, and no other character for more than itself', () => {
    expect(hit('*/peers/an*', 'wireguardgateways/hq/peers/anna')).toBe(true)
    expect(hit('wireguardgateways/h.', 'wireguardgateways/hq')).toBe(false)
    expect(hit('wireguardgateways/(hq)', 'wireguardgateways/(hq)')).toBe(true)
  })

  test('may name the location, in front', () => {
    expect(hit('de/txl:wireguardgateways/hq', 'wireguardgateways/hq', 'de/txl')).toBe(true)
    expect(hit('de/txl:wireguardgateways/hq', 'de/txl:wireguardgateways/hq', 'de/txl')).toBe(true)
    expect(hit('de/txl:wireguardgateways/hq', 'wireguardgateways/hq', 'de/fra')).toBe(false)
    expect(hit('de/fra/12:wireguardgateways/hq', 'wireguardgateways/hq', 'de/fra/12')).toBe(true)
    // What has no such form, or is elsewhere, is part of a name.
    expect(hit('de/fra/x:hq', 'hq', 'de/fra/x')).toBe(false)
    expect(hit('x/de/txl:hq', 'hq', 'de/txl')).toBe(false)
    expect(hit('x/de/txl:hq', 'x/de/txl:hq')).toBe(true)
  })

  test('of the protected list means the address alone', () => {
    const isProtected = exactPatterns(['wireguardgateways/hq', 'ipsecgateways/*'])
    expect(isProtected('wireguardgateways/hq', 'de/fra')).toBe(true)
    expect(isProtected('wireguardgateways/hq/peers/anna', 'de/fra')).toBe(false)
    expect(isProtected('ipsecgateways/branch/tunnels/berlin', 'de/fra')).toBe(true)
  })
})
