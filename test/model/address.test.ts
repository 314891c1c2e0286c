import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeName, formatAddress } from '../../src/model/address.ts'
import { runs } from '../support/random-runs.ts'

describe('an address', () => {
  test('is the path of the API with names in place of ids', () => {
    const steps = [
      { collection: 'wireguardgateways', name: 'hq' },
      { collection: 'peers', name: 'anna-laptop' },
    ]
    expect(formatAddress(steps)).toBe('wireguardgateways/hq/peers/anna-laptop')
  })

  test('keeps names apart that hold slashes and percent signs', () => {
    expect(encodeName('a/b')).toBe('a%2Fb')
    expect(encodeName('a%2Fb')).toBe('a%252Fb')
    expect(encodeName('früh spät 🚀')).toBe('früh spät 🚀')
  })

  test('is one line, whatever the name', () => {
    expect(encodeName('a\nb\tc\u0085d\u2028e\u0000')).toBe('a%0Ab%09c%C2%85d%E2%80%A8e%00')
  })

  test('keeps apart names that differ in half a surrogate pair', () => {
    expect(encodeName('\ud800')).toBe('%ED%A0%80')
    expect(encodeName('\ud801')).not.toBe(encodeName('\ud800'))
  })

  test('gives every name back, and no two names share one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (a, b) => {
        expect(decodeURIComponent(encodeName(a))).toBe(a)
        expect(encodeName(a) === encodeName(b)).toBe(a === b)
        expect(encodeName(a)).not.toMatch(/[/\n]/)
      }),
      { numRuns: runs(1000) },
    )
  })
})
