import fc from 'fast-check'
import { expect, test } from 'vitest'
import { safeJson, safeLine } from '../../src/report/writing/safe-text.ts'
import { valueText } from '../../src/report/writing/value-text.ts'

test('escape sequences, newlines, bidirectional overrides and lone surrogates are shown, not obeyed', () => {
  expect(safeLine('a\nb\r\u001b[31mred\u202e\u200b\u0085\ud800')).toBe(
    'a\\nb\\r\\x1b[31mred\\u202e\\u200b\\x85\\ud800',
  )
})

test('log commands that a runner obeys in the middle of a line are broken', () => {
  expect(safeLine('x ##vso[task.setvariable variable=a]b ##[error]c')).toBe(
    'x #\\x23vso[task.setvariable variable=a]b #\\x23[error]c',
  )
})

test('ordinary text in any language stays as it is', () => {
  const text = 'Büro Köln, 東京, العربية, ticket #12 (50 %) `x` \\ |'
  expect(safeLine(text)).toBe(text)
})

test('whatever comes in, one harmless line comes out, and twice is the same as once', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const safe = safeLine(text)
      expect(safe).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
      expect(safeLine(safe)).toBe(safe)
    }),
  )
})

test('safe JSON parses to the very value that went in', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      const text = safeJson(value, 2)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
    }),
  )
  expect(safeJson('##vso[x]\u202e')).toBe('"#\\u0023vso[x]\\u202e"')
})

test('words and addresses stand bare, other text in quotes', () => {
  expect(valueText('10.99.0.2/32')).toBe('10.99.0.2/32')
  expect(valueText('::/0')).toBe('::/0')
  expect(valueText('STANDARD_HA')).toBe('STANDARD_HA')
  expect(valueText('set by hand')).toBe('"set by hand"')
  expect(valueText('::error::pwned')).toBe('"::error::pwned"')
  expect(valueText('')).toBe('""')
  expect(valueText({ lanId: '2', tags: ['a', 'b c'] })).toBe('{ lanId: 2, tags: [a, "b c"] }')
})
