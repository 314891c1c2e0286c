import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { KINDS } from '../../src/kinds/index.ts'
import { decodeLive } from '../../src/model/decode.ts'
import { isPlainObject, type PlainObject } from '../../src/model/json.ts'
import type { ResourceKind } from '../../src/model/resource.ts'
import { RANDOM_TIMEOUT_MS, Reached, RUNS } from '../support/random-runs.ts'

vi.setConfig({ testTimeout: RANDOM_TIMEOUT_MS })

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.ipV4(),
  fc.ipV6(),
  fc.tuple(fc.ipV4(), fc.nat(40)).map(([ip, prefix]) => `${ip}/${prefix}`),
  fc.tuple(fc.ipV6(), fc.nat(140)).map(([ip, prefix]) => `${ip}/${prefix}`),
  fc.ipV4().map((ip) => `::FFFF:${ip}/104`),
  fc.domain().map((name) => `${name.toUpperCase()}.`),
  fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  fc.constantFrom('', ' ', '0', '007', '9:5:0', '51820', 'VPN.Example.COM..', 'bücher.example', '__proto__'),
)
const scalar = fc.oneof(text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null))

// Usually what the field is made of, and sometimes anything at all.
function anyValueOf(schema: Readonly<Record<string, unknown>>): fc.Arbitrary<unknown> {
  const properties = schema.properties
  const items = schema.items
  const fitting = isPlainObject(properties)
    ? specOf(properties as never)
    : isPlainObject(items)
      ? fc.array(anyValueOf(items), { maxLength: 4 })
      : scalar
  return fc.oneof({ weight: 6, arbitrary: fitting }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) })
}

function specOf(
  properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): fc.Arbitrary<PlainObject> {
  const known = Object.fromEntries(
    Object.entries(properties).map(([key, schema]) => [key, anyValueOf(schema)]),
  )
  return fc
    .tuple(
      fc.record(known, { requiredKeys: [] }),
      fc.oneof(
        { weight: 3, arbitrary: fc.constant({}) },
        { weight: 1, arbitrary: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 2 }) },
      ),
    )
    .map(([spec, junk]) => ({ ...junk, ...spec }) as PlainObject)
}

const anySpec = (kind: ResourceKind): fc.Arbitrary<PlainObject> => specOf(kind.schema.properties as never)

describe.each(
  KINDS.map((kind) => [kind.title, kind] as const),
)('the canonical form of a %s', (_title, kind) => {
  test('is its own canonical form, for any junk', () => {
    fc.assert(
      fc.property(anySpec(kind), (spec) => {
        const once = kind.normalise(spec)
        expect(kind.normalise(once)).toEqual(once)
      }),
      { numRuns: RUNS },
    )
  })

  test('is what decoding gives, and decoding never throws', () => {
    fc.assert(
      fc.property(anySpec(kind), (properties) => {
        const collection = { kind, location: 'de/fra', parentIds: [] }
        const live = decodeLive(collection, { id: 'ABC', metadata: {}, properties: properties as never })
        expect(kind.normalise(live.spec)).toEqual(live.spec)
      }),
      { numRuns: RUNS },
    )
  })

  test.runIf(kind.sets.length > 0)(
    'does not depend on the order or the repetition of the members of sets',
    () => {
      const reached = new Reached()
      fc.assert(
        fc.property(anySpec(kind), (spec) => {
          const doubled: PlainObject = Object.fromEntries(
            Object.entries(spec).map(([key, value]) => [
              key,
              kind.sets.some(([name]) => name === key) && Array.isArray(value)
                ? [...value].reverse().concat(value)
                : value,
            ]),
          )
          reached.count(JSON.stringify(doubled) !== JSON.stringify(spec))
          expect(kind.normalise(doubled)).toEqual(kind.normalise(spec))
        }),
        { numRuns: RUNS },
      )
      reached.expectShare(0.1)
    },
  )
})
