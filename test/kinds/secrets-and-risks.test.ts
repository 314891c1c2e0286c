import { describe, expect, test } from 'vitest'
import { ipsecTunnel } from '../../src/kinds/ipsec/tunnel.ts'
import { canonicalLocation } from '../../src/kinds/locations.ts'
import { wireguardGateway } from '../../src/kinds/wireguard/gateway.ts'
import { derivePublicKey, isLowOrder, pemPublicKey, rawPublicKey } from '../../src/kinds/wireguard/keys.ts'
import { wireguardPeer } from '../../src/kinds/wireguard/peer.ts'
import { decodeLive } from '../../src/model/decode.ts'
import type { LiveResource, SecretField } from '../../src/model/resource.ts'
import { Secret } from '../../src/model/secret.ts'
import { sampleKey, throwAwayKey } from '../support/desired-builder.ts'

function only(secrets: readonly SecretField[]): SecretField {
  const [field, ...more] = secrets
  if (field === undefined || more.length > 0) throw new Error('one secret expected')
  return field
}

const privateKey = only(wireguardGateway.secrets)
const psk = only(ipsecTunnel.secrets)
const key = throwAwayKey(1)
const itsPublicKey = derivePublicKey(key.reveal()) ?? ''

function liveWith(publicKey: unknown): LiveResource {
  return decodeLive(
    { kind: wireguardGateway, location: 'de/fra', parentIds: [] },
    { id: 'x', metadata: { publicKey }, properties: { name: 'hq' } },
  )
}

describe('a private key', () => {
  const verdict = (secret: Secret, publicKey: unknown) => privateKey.verdict?.(secret, liveWith(publicKey))

  test('is the live one when its public key is, as PEM or raw', () => {
    expect(verdict(key, itsPublicKey)).toBe('same')
    expect(verdict(key, pemPublicKey(itsPublicKey))).toBe('same')
    expect(verdict(new Secret(`${key.reveal()}\n`), itsPublicKey)).toBe('same')
  })

  test('is another when the public key is another’s', () => {
    expect(verdict(throwAwayKey(2), itsPublicKey)).toBe('changed')
  })

  test('cannot be compared without a public key, with one of unknown form, or when it is not a key', () => {
    expect(verdict(key, undefined)).toBe('unknown')
    expect(verdict(key, 'pgp:0xdead')).toBe('unknown')
    expect(verdict(new Secret('no key'), itsPublicKey)).toBe('unknown')
  })

  test('that a read returns is real when it is a key with a bit set', () => {
    expect(privateKey.isReal(key.reveal())).toBe(true)
    expect(privateKey.isReal(` ${key.reveal()}\n`)).toBe(true)
    expect(privateKey.isReal(Buffer.alloc(32).toString('base64'))).toBe(false)
    for (const text of ['', '********', 'no key']) expect(privateKey.isReal(text)).toBe(false)
  })

  test('has a problem when it is not a key, or all zero, and none with a line end', () => {
    expect(privateKey.problem(key)).toBeUndefined()
    expect(privateKey.problem(new Secret(`${key.reveal()}\n`))).toBeUndefined()
    expect(privateKey.problem(new Secret('no key'))).toContain('is not a WireGuard key')
    expect(privateKey.problem(new Secret(Buffer.alloc(32).toString('base64')))).toBe('is all zero')
  })

  test('reads back as its public key, in the form that is asked for', () => {
    const properties = { privateKey: key.reveal() }
    expect(wireguardGateway.readBack?.(properties, 'raw')).toEqual({ publicKey: itsPublicKey })
    expect(wireguardGateway.readBack?.(properties, 'pem')).toEqual({ publicKey: pemPublicKey(itsPublicKey) })
    expect(wireguardGateway.readBack?.({ privateKey: 'no key' }, 'raw')).toEqual({})
    expect(wireguardGateway.readBack?.({}, 'raw')).toEqual({})
  })
})

describe('a pre-shared key', () => {
  test.for([
    '',
    ' ',
    '********',
    ' xx ',
    'x',
    'REDACTED',
    '<hidden>',
    'masked',
    'Secret',
    'sensitive',
    '(omitted)',
  ])('that a read returns as %j is not a key', (text) => {
    expect(psk.isReal(text)).toBe(false)
  })

  test('that a read returns as anything else is one', () => {
    for (const text of ['throw-away-berlin', 'aab', 'baa', 'aba']) expect(psk.isReal(text)).toBe(true)
  })

  test('has a problem when it is empty only', () => {
    expect(psk.problem(new Secret(' \n'))).toBe('is empty')
    expect(psk.problem(new Secret(' x '))).toBeUndefined()
  })
})

describe('a public key', () => {
  test('of low order is known, whatever its highest bit', () => {
    expect(isLowOrder(Buffer.alloc(32).toString('base64'))).toBe(true)
    const one = Buffer.alloc(32)
    one[0] = 1
    one[31] = 0x80
    expect(isLowOrder(one.toString('base64'))).toBe(true)
    expect(isLowOrder(sampleKey(1))).toBe(false)
  })

  test('is read in base64 that is not WireGuard’s own, and not from other lengths', () => {
    const bytes = Buffer.from(sampleKey(1), 'base64')
    const loose = sampleKey(1).replace(/=$/, '')
    expect(rawPublicKey(` ${sampleKey(1)} `)).toBe(sampleKey(1))
    expect(rawPublicKey(loose)).toBe(sampleKey(1))
    const prefix = Buffer.from('302a300506032b656e032100', 'hex')
    const spki = (...parts: readonly Uint8Array[]): string => Buffer.concat(parts).toString('base64')
    expect(rawPublicKey(spki(prefix, bytes))).toBe(sampleKey(1))
    expect(rawPublicKey(spki(prefix, bytes, Buffer.alloc(3)))).toBeUndefined()
    expect(rawPublicKey(spki(bytes.subarray(0, 12), bytes))).toBeUndefined()
    expect(rawPublicKey(`${loose}*`)).toBeUndefined()
    expect(rawPublicKey(`*${loose}`)).toBeUndefined()
    expect(rawPublicKey(`${loose}===`)).toBeUndefined()
  })
})

describe('the risk of a peer', () => {
  test('names what it may send from, when that is everything', () => {
    expect(wireguardPeer.risk({ allowedIPs: ['10.0.0.0/8', '0.0.0.0/0'] })).toContain('(0.0.0.0/0)')
    expect(wireguardPeer.risk({ allowedIPs: ['::/0'] })).toContain('(::/0)')
  })

  test('is silent for less, and for what is not a list', () => {
    expect(wireguardPeer.risk({ allowedIPs: ['10.0.0.0/8'] })).toBeUndefined()
    expect(wireguardPeer.risk({ allowedIPs: '0.0.0.0/0' })).toBeUndefined()
    expect(wireguardPeer.risk({})).toBeUndefined()
  })
})

test('locations with one endpoint are one, and an unknown one is itself', () => {
  expect(canonicalLocation('de/fra/2')).toBe('de/fra')
  expect(canonicalLocation('de/txl')).toBe('de/txl')
  expect(canonicalLocation('xx/yyy')).toBe('xx/yyy')
})
