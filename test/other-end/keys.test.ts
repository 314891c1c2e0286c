import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { keyBytes, pemPublicKey } from '../../src/kinds/wireguard/keys.ts'
import { gatewayPublicKey, newPsk, newWireguardKeys } from '../../src/peer-config/index.ts'
import { GATEWAY_PUBLIC_KEY, PEER_PRIVATE_KEY, PEER_PUBLIC_KEY } from './fixtures.ts'

describe('new keys', () => {
  it('are clamped like those of `wg genkey`', () => {
    const { privateKey, publicKey } = newWireguardKeys(() => Buffer.alloc(32, 0xff))
    const bytes = keyBytes(privateKey.reveal())
    expect([bytes?.[0], bytes?.[1], bytes?.[31]]).toEqual([0xf8, 0xff, 0x7f])
    expect(keyBytes(publicKey)).toBeDefined()
  })

  it('leave the bytes that they were given alone', () => {
    const given = new Uint8Array(32).fill(0xff)
    newWireguardKeys(() => given)
    expect(given).toEqual(new Uint8Array(32).fill(0xff))
  })

  it.runIf(existsSync('/usr/bin/wg'))('have the public key that `wg pubkey` derives', () => {
    const { privateKey, publicKey } = newWireguardKeys(() =>
      createHash('sha256').update('throw-away').digest(),
    )
    const derived = execFileSync('wg', ['pubkey'], { input: privateKey.reveal(), encoding: 'utf8' })
    expect(publicKey).toBe(derived.trim())
  })

  it('of a tunnel are 32 bytes of base64', () => {
    expect(newPsk(() => Buffer.alloc(32, 1)).reveal()).toBe(Buffer.alloc(32, 1).toString('base64'))
  })
})

describe("a gateway's public key", () => {
  const live = { metadata: { publicKey: pemPublicKey(GATEWAY_PUBLIC_KEY) } }

  it('is derived from the private key at hand, else what the API shows', () => {
    const { privateKey, publicKey } = newWireguardKeys(() => Buffer.from(PEER_PRIVATE_KEY, 'base64'))
    expect(publicKey).toBe(PEER_PUBLIC_KEY)
    expect(gatewayPublicKey(privateKey, live)).toBe(PEER_PUBLIC_KEY)
    expect(gatewayPublicKey(null, live)).toBe(GATEWAY_PUBLIC_KEY)
  })

  it('is not known when there is neither, or in a form that is not known', () => {
    expect(gatewayPublicKey(null, undefined)).toBeUndefined()
    expect(gatewayPublicKey(undefined, { metadata: {} })).toBeUndefined()
    expect(gatewayPublicKey(null, { metadata: { publicKey: 'unexpected' } })).toBeUndefined()
  })
})
