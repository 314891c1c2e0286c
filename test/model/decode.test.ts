import { describe, expect, test } from 'vitest'
import { asWireResource, decodeLive } from '../../src/model/decode.ts'
import type { LiveResource } from '../../src/model/resource.ts'
import { collectionOf } from '../support/api-model.ts'
import { throwAwayKey } from '../support/desired-builder.ts'

function gateway(properties: Record<string, unknown>, metadata: Record<string, unknown> = {}): LiveResource {
  return decodeLive(collectionOf('wireguard-gateway'), {
    id: 'ABCDEF00-0000-4000-8000-000000000001',
    metadata,
    properties,
  })
}

function tunnel(properties: Record<string, unknown>): LiveResource {
  return decodeLive(collectionOf('ipsec-tunnel', ['p']), { id: 'x', metadata: {}, properties })
}

describe('a resource of the API, decoded', () => {
  test('has its id in lowercase and its status in capitals', () => {
    expect(gateway({}).id).toBe('abcdef00-0000-4000-8000-000000000001')
    expect(gateway({}, { status: 'available' }).status).toBe('AVAILABLE')
    expect(gateway({}).status).toBe('UNKNOWN')
  })

  test.for([
    ['absent', {}],
    ['null', { privateKey: null }],
    ['empty', { privateKey: '' }],
    ['masked', { privateKey: '****' }],
    ['all zero', { privateKey: `${'A'.repeat(43)}=` }],
  ] as const)('takes a private key that is %s for withheld', ([, properties]) => {
    const live = gateway(properties)
    expect(live.secrets).toEqual([])
    expect(live.spec).not.toHaveProperty('privateKey')
  })

  test('takes a secret that is returned out of what is compared and shown', () => {
    const live = gateway({ privateKey: `${throwAwayKey(1).reveal()}\n` })
    expect(live.spec).not.toHaveProperty('privateKey')
    expect(live.secrets[0]?.value.equals(throwAwayKey(1))).toBe(true)
  })

  test.for([
    [{ auth: { method: 'PSK', psk: { key: 'redacted' } } }],
    [{ auth: { method: 'PSK', psk: null } }],
    [{ auth: { method: 'PSK', psk: 'hidden' } }],
    [{ auth: null }],
    [{}],
  ])('knows a withheld pre-shared key: %j', ([properties]) => {
    const live = tunnel(properties as Record<string, unknown>)
    expect(live.secrets).toEqual([])
    expect(live.spec.auth).toEqual({ method: 'PSK' })
  })

  test('keeps what it does not know, and what is unexpected, as it is', () => {
    const live = gateway({
      name: 7,
      tier: 'QUANTUM',
      connections: 'none',
      mtu: 1400,
      gatewayIP: { unexpected: true },
    })
    expect(live.name).toBe('')
    expect(live.spec).toMatchObject({
      tier: 'QUANTUM',
      connections: 'none',
      mtu: 1400,
      gatewayIP: { unexpected: true },
    })
  })

  test('a member called __proto__ is a member', () => {
    const properties = JSON.parse('{"__proto__":{"polluted":true}}') as Record<string, unknown>
    const live = gateway(properties)
    expect(Object.keys(live.spec)).toContain('__proto__')
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  test('is none without an id or properties', () => {
    for (const value of [
      null,
      [],
      'x',
      {},
      { id: '' },
      { id: 'x' },
      { id: 'x', properties: [] },
      { id: 7, properties: {} },
    ])
      expect(asWireResource(value)).toBeUndefined()
    expect(asWireResource({ id: 'x', properties: {}, metadata: 'unexpected' })).toEqual({
      id: 'x',
      properties: {},
      metadata: {},
    })
  })
})
