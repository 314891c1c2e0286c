import { createPrivateKey, createPublicKey } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { derivePublicKey, keyBytes, pemPublicKey, rawPublicKey } from '../../src/kinds/wireguard/keys.ts'
import { runs } from '../support/random-runs.ts'

// The service's documentation shows this private key; the public one was computed with the WireGuard tools.
const DOCUMENTED = '0HpE4BNwGHabeaC4aY/GFxB6fBSc0d49Db0qAzRVSVc='
const ITS_PUBLIC_KEY = '9GCzWfGEkeM855tl2kjVtE+MnzHBkv1sJi4+Swo1c2E='

describe('a WireGuard key', () => {
  test('gives its public key, also with the line end of a key file', () => {
    expect(derivePublicKey(DOCUMENTED)).toBe(ITS_PUBLIC_KEY)
    expect(derivePublicKey(`${DOCUMENTED}\n`)).toBe(ITS_PUBLIC_KEY)
  })

  test('gives what the DER form of the same key gives, for any 32 bytes', () => {
    const prefix = Buffer.from('302e020100300506032b656e04220420', 'hex')
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const der = createPrivateKey({ key: Buffer.concat([prefix, bytes]), format: 'der', type: 'pkcs8' })
        const spki = createPublicKey(der).export({ format: 'der', type: 'spki' })
        const derived = derivePublicKey(Buffer.from(bytes).toString('base64'))
        expect(derived).toBe(spki.subarray(12).toString('base64'))
      }),
      { numRuns: runs(50) },
    )
  })

  test('is not a key with another length, alphabet or stray bits', () => {
    for (const text of [
      '',
      DOCUMENTED.slice(1),
      `${DOCUMENTED}=`,
      DOCUMENTED.replace('/', '_'),
      DOCUMENTED.replace('c=', 'd='),
    ]) {
      expect(keyBytes(text)).toBeUndefined()
      expect(derivePublicKey(text)).toBeUndefined()
    }
  })

  test('reads its public form as PEM, DER or raw, and no other form', () => {
    expect(rawPublicKey(pemPublicKey(ITS_PUBLIC_KEY))).toBe(ITS_PUBLIC_KEY)
    expect(rawPublicKey(pemPublicKey(ITS_PUBLIC_KEY).replaceAll('\n', '\r\n'))).toBe(ITS_PUBLIC_KEY)
    expect(rawPublicKey(ITS_PUBLIC_KEY)).toBe(ITS_PUBLIC_KEY)
    const ed25519 = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.alloc(32)])
    for (const text of ['', 'pgp:0xdead', ed25519.toString('base64'), '-----BEGIN PUBLIC KEY-----'])
      expect(rawPublicKey(text)).toBeUndefined()
  })
})

describe('where Node refuses a JWK without its public half', () => {
  test('the public key is the same', async () => {
    vi.resetModules()
    vi.doMock('node:crypto', async (original) => {
      const crypto = await original<typeof import('node:crypto')>()
      const createPrivateKey: typeof crypto.createPrivateKey = (key) => {
        if (typeof key === 'object' && 'format' in key && key.format === 'jwk')
          throw new Error('Invalid JWK OKP key')
        return crypto.createPrivateKey(key)
      }
      return { ...crypto, createPrivateKey }
    })
    const keys = await import('../../src/kinds/wireguard/keys.ts')
    vi.doUnmock('node:crypto')
    expect(keys.derivePublicKey(DOCUMENTED)).toBe(ITS_PUBLIC_KEY)
  })
})
