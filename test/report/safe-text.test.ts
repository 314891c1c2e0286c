import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Sink } from '../../src/cli/io.ts'
import { safeJson, safeLine, safeText } from '../../src/model/safe-text.ts'
import { valueText } from '../../src/report/writing/value-text.ts'
import { runs } from '../support/random-runs.ts'

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
    { numRuns: runs(100) },
  )
})

test('safe JSON parses to the very value that went in', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      const text = safeJson(value, 2)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
    }),
    { numRuns: runs(100) },
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

describe('composed text', () => {
  const plain = (text: string): string => safeText(text, { color: false })

  test('keeps its lines, and loses what a terminal obeys', () => {
    expect(plain('a\n\tb\r\u001b[2J\u001b]0;x\u0007\u202e\u200b\n')).toBe(
      'a\n\tb\\r\\x1b[2J\\x1b]0;x\\x07\\u202e\\u200b\n',
    )
  })

  test('keeps colours where there are any, and nothing else that begins as they do', () => {
    const text = '\u001b[1;31mred\u001b[39m \u001b[2J'
    expect(safeText(text, { color: true })).toBe('\u001b[1;31mred\u001b[39m \\x1b[2J')
    expect(plain(text)).toBe('\\x1b[1;31mred\\x1b[39m \\x1b[2J')
  })

  test('holds no command of a pipeline, at the start of a line or anywhere', () => {
    expect(plain('::error::a\n  ::set-output name=a::b\nx ::error:: ##vso[a]b\n ::: vpn.yaml\n')).toBe(
      '\\x3a:error::a\n  \\x3a:set-output name=a::b\nx ::error:: #\\x23vso[a]b\n ::: vpn.yaml\n',
    )
  })

  test('is made safe once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, color) => {
        const once = safeText(text, { color })
        expect(safeText(once, { color })).toBe(once)
      }),
      { numRuns: runs(100) },
    )
  })

  test('is what a stream takes; a string is a type error', () => {
    const written: string[] = []
    const sink: Pick<Sink, 'write'> = { write: (text) => void written.push(text) }
    sink.write(safeText('a', { color: false }))
    sink.write(safeJson('b'))
    // @ts-expect-error: what was not escaped
    sink.write('c')
    // @ts-expect-error: a part that was not escaped
    sink.write(`${safeJson('d')}${written}`)
    expect(written).toHaveLength(4)
  })
})
