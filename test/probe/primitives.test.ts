import { describe, expect, it } from 'vitest'
import { blake2sMac } from '../../src/probe/blake2s.ts'
import { hchacha20, openXChaCha } from '../../src/probe/xchacha.ts'

const counting = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, index) => index))

describe('keyed BLAKE2s', () => {
  // The known answers of the BLAKE2 authors: blake2s with the key 00 01 .. 1f.
  it.each([
    [0, '48a8997da407876b3d79c0d92325ad3b89cbb754d86ab71aee047ad345fd2c49'],
    [1, '40d15fee7c328830166ac3f918650f807e7e01e177258cdc0a39b11f598066f1'],
    [255, '3fb735061abc519dfe979e54c1ee5bfad0a9d858b3315bad34bde999efd724dd'],
  ])('gives the published value for %i bytes', (length, mac) => {
    expect(blake2sMac(counting(32), counting(length), 32).toString('hex')).toBe(mac)
  })

  it('is another function for another length', () => {
    const [short, long] = [16, 32].map((length) => blake2sMac(counting(32), counting(5), length))
    expect(short).toHaveLength(16)
    expect(long?.subarray(0, 16)).not.toEqual(short)
  })
})

describe('XChaCha20-Poly1305', () => {
  // draft-irtf-cfrg-xchacha-03, 2.2.1 and A.3.1.
  it('derives the subkey of the draft', () => {
    const nonce = Buffer.from('000000090000004a0000000031415927', 'hex')
    expect(hchacha20(counting(32), nonce).toString('hex')).toBe(
      '82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc',
    )
  })

  it('opens the message of the draft, and no other', () => {
    const key = Buffer.from(Array.from({ length: 32 }, (_, index) => 0x80 + index))
    const nonce = Buffer.from(Array.from({ length: 24 }, (_, index) => 0x40 + index))
    const sealed = Buffer.from(
      'bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49',
      'hex',
    )
    const associated = Buffer.from('50515253c0c1c2c3c4c5c6c7', 'hex')
    expect(openXChaCha(key, nonce, sealed, associated)?.toString()).toMatch(
      /^Ladies and Gentlemen of the class of '99/,
    )
    expect(openXChaCha(key, nonce, sealed, Buffer.alloc(12))).toBeUndefined()
  })
})
