import { describe, expect, test } from 'vitest'
import { addressPattern, exactPatterns } from '../../src/plan/address-pattern.ts'
import { plan } from '../../src/plan/plan.ts'
import type { DeleteLimit, Plan } from '../../src/plan/types.ts'
import { ApiModel } from '../support/api-model.ts'
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

  test('is told with the smallest flag that allows exactly this, and that flag does', () => {
    expect(shrunk(9, 2).refusals[0]?.hint).toContain('--max-deletes 7')
    expect(codes(shrunk(9, 2, { type: 'count', value: 7 }))).toEqual([])
    expect(codes(shrunk(9, 2, { type: 'count', value: 6 }))).toEqual(['VPN506'])
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
  })

  test('of the protected list means the address alone', () => {
    const isProtected = exactPatterns(['wireguardgateways/hq', 'ipsecgateways/*'])
    expect(isProtected('wireguardgateways/hq', 'de/fra')).toBe(true)
    expect(isProtected('wireguardgateways/hq/peers/anna', 'de/fra')).toBe(false)
    expect(isProtected('ipsecgateways/branch/tunnels/berlin', 'de/fra')).toBe(true)
  })
})
