import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evaluate } from '../../src/config/evaluate.ts'
import { jsonDocument } from '../../src/config/json.ts'
import { parseSource } from '../../src/config/parse.ts'
import { RANDOM_TIMEOUT_MS, Reached, RUNS } from '../support/random-runs.ts'

const key = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('name', 'peers', 'tier', '__proto__', 'constructor', '<<', '&a', ''),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
)
const scalar = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    `\${var.x}`,
    '007',
    '*a',
    '# no comment',
    '---',
    'a: b',
    '\u2028',
    '\u0085',
    '\ufeff',
    '\t',
    '\u007f',
  ),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
)
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
}))

// As programs write JSON, and now and then as only a person would.
const spaces = fc.record({
  indent: fc.constantFrom(0, 1, 2, 4, 8, '\t'),
  slip: fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    {
      weight: 1,
      arbitrary: fc.record({
        at: fc.oneof(fc.constant(undefined), fc.double({ min: 0, max: 1, noNaN: true })),
        text: fc.constantFrom(
          ' ',
          '\n',
          '\n\n  ',
          '\t',
          '\r\n',
          ',',
          '"name":1,',
          '"tier":1.0,',
          '1.0',
          '-0',
          '1e3',
          '#',
          '{',
          ']',
        ),
      }),
    },
  ),
  end: fc.constantFrom('', '\n', '\n\n', ' ', '\n---\n', '\n...\n'),
})
const text = fc
  .tuple(fc.dictionary(key, value, { maxKeys: 6 }), spaces)
  .map(([document, { indent, slip, end }]) => {
    const plain = JSON.stringify(document, null, indent)
    // After the first bracket, or anywhere.
    const at = slip?.at === undefined ? 1 : Math.floor(slip.at * plain.length)
    return `${plain.slice(0, at)}${slip?.text ?? ''}${plain.slice(at)}${end}`
  })

function asYaml(file: { readonly file: string; readonly folder: string; readonly text: string }) {
  const { documents, diagnostics } = parseSource(file)
  const results = documents.map((document) => evaluate(document, { values: new Map(), used: new Set() }))
  return { diagnostics: [...diagnostics, ...results.flatMap((result) => result.diagnostics)], results }
}

describe('a file of JSON', () => {
  test('has the value and the places that YAML gives it, and YAML finds nothing to report', {
    timeout: RANDOM_TIMEOUT_MS,
  }, () => {
    const reached = new Reached()
    fc.assert(
      fc.property(text, (written) => {
        const source = { file: 'a.json', folder: '/', text: written }
        const document = jsonDocument(source)
        reached.when(document !== undefined)
        if (document === undefined) return
        const { diagnostics, results } = asYaml(source)
        expect(diagnostics).toEqual([])
        expect(results).toHaveLength(1)
        expect(JSON.stringify(document.value)).toBe(JSON.stringify(results[0]?.document?.value))
        for (const member of Object.keys(document.value as object))
          expect(document.place([member])).toEqual(results[0]?.document?.place([member]))
      }),
      { numRuns: 3 * RUNS },
    )
    reached.expectShare(0.2)
  })

  test.each([
    ['a key that is given twice', '{"a": 1, "a": 2}'],
    ['a number in another form', '{"a": 1.10}'],
    ['a variable', `{"a": "\${var.b}"}`],
    ['variables of its own', '{"vars": {"a": 1}}'],
    ['a comment', '{"a": 1} # a'],
    ['a tab between members', '{\t"a": 1}'],
    ['a nesting that is too deep', `{"a": ${'['.repeat(70)}${']'.repeat(70)}}`],
    ['a key that is too long', `{"${'a'.repeat(1_100)}": 1}`],
    ['a list', '[1]'],
  ])('with %s is read as YAML', (_what, written) => {
    expect(jsonDocument({ file: 'a.json', folder: '/', text: written })).toBeUndefined()
  })
})
