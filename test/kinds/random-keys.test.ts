import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRandomBytes } from '../../src/kinds/ipsec/key-rules.ts'
import { isGuessable } from '../../src/kinds/ipsec/key-strength.ts'
import { RANDOM_TIMEOUT_MS, Reached, RUNS } from '../support/random-runs.ts'

const encoding = fc.constantFrom('hex', 'base64')
const encoded = (bytes: Uint8Array, as: 'hex' | 'base64') => Buffer.from(bytes).toString(as)

describe('a pre-shared key that is not estimated', () => {
  it.each([
    ['32 bytes in hexadecimal', '8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4', true],
    ['32 bytes in base64', 'j0NDRmSPa5bfid2pAcUXaxCm2Dlh3TwayItZstwyeqQ=', true],
    ['16 bytes', '8f434346648f6b96df89dda901c5176b', false],
    ['a phrase of 44 letters', 'correcthorsebatterystaplecorrecthorsebattery', false],
    ['one byte, repeated', 'a5'.repeat(32), false],
    ['all digits, repeated', '0123456789abcdef'.repeat(4), false],
    ['a phrase in base64', Buffer.from('my secret for the tunnel of berlin').toString('base64'), false],
  ])('%s: %s is %s', (_name, key, expected) => {
    expect(isRandomBytes(key)).toBe(expected)
  })

  it(
    'is never one that the estimate finds easy to guess',
    () => {
      // Bytes that are repeated in part, up and down, and as they come.
      const piece = fc.oneof(
        fc.uint8Array({ minLength: 1, maxLength: 16 }),
        fc
          .tuple(fc.nat(255), fc.integer({ min: 1, max: 40 }))
          .map(([from, length]) => Uint8Array.from({ length }, (_, i) => from + i)),
        fc
          .tuple(fc.nat(255), fc.integer({ min: 1, max: 16 }))
          .map(([byte, length]) => new Uint8Array(length).fill(byte)),
      )
      const bytes = fc
        .array(piece, { minLength: 1, maxLength: 8 })
        .map((pieces) => Uint8Array.from(pieces.flatMap((part) => [...part])))
      const reached = new Reached()
      fc.assert(
        fc.property(bytes, encoding, (value, as) => {
          const key = encoded(value, as)
          reached.when(isRandomBytes(key))
          expect(isGuessable(key)).toBe(false)
        }),
        { numRuns: RUNS },
      )
      reached.expectShare(0.1)
    },
    RANDOM_TIMEOUT_MS,
  )
})
