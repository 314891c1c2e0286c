import type { ConfigDocument } from '../config/evaluate.ts'
import { type Diagnostic, placed, type SourceRange } from '../model/diagnostic.ts'
import type { DriftIgnore, Neighbour, Release } from '../model/file-lists.ts'
import { isPlainObject, type PlainObject } from '../model/json.ts'
import type { AccessRule, AccessWord } from '../model/networks/access-rule.ts'
import { optional } from '../model/optional.ts'

/** What documents say in addition to their resources, taken together. */
export interface FileSettings {
  /** Undefined when no document names one. */
  readonly stack: string | undefined
  readonly protections: readonly { readonly pattern: string; readonly at: SourceRange }[]
  readonly driftIgnores: readonly DriftIgnore[]
  readonly released: readonly Release[]
  readonly neighbours: readonly Neighbour[]
  readonly accessRules: readonly AccessRule[]
  /** The only locations that a run reads. */
  readonly locationLimit?: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Merges the settings of all documents: one stack for all, lists put together. */
export function mergeSettings(documents: readonly ConfigDocument[]): FileSettings {
  const named = documents.filter((document) => stackOf(document) !== undefined)
  const [first, ...others] = named
  const neighbours = documents.flatMap(neighboursOf)
  const limits = documents.flatMap(limitOf)
  return {
    stack: first === undefined ? undefined : stackOf(first),
    protections: documents.flatMap(protectionsOf),
    driftIgnores: documents.flatMap(driftIgnoresOf),
    ...(limits.length === 0 ? {} : { locationLimit: [...new Set(limits)] }),
    released: documents.flatMap(releasedOf),
    neighbours,
    accessRules: documents.flatMap(accessRulesOf),
    diagnostics: [
      ...others.flatMap((other) => (first === undefined ? [] : stackConflict(first, other))),
      ...neighbours
        .filter(({ stack }) => named.some((document) => stackOf(document) === stack))
        .map(ownNeighbour),
    ],
  }
}

function accessRulesOf({ value, place }: ConfigDocument): readonly AccessRule[] {
  const list = objectOf(value).access
  if (!Array.isArray(list)) return []
  return (list as readonly unknown[]).flatMap((item, index) =>
    (['allow', 'deny'] as const).flatMap((effect): AccessRule[] => {
      const path = ['access', String(index), effect]
      const { from, to, except } = objectOf(objectOf(item)[effect])
      if (typeof from !== 'string' || typeof to !== 'string') return []
      const word = (text: string, ...below: readonly string[]): AccessWord => ({
        text,
        at: place([...path, ...below]).at,
      })
      const exceptions = (Array.isArray(except) ? except : []) as readonly unknown[]
      return [
        {
          effect,
          from: word(from, 'from'),
          to: word(to, 'to'),
          except: exceptions.flatMap((text, each) =>
            typeof text === 'string' ? [word(text, 'except', String(each))] : [],
          ),
          at: place(path).at,
        },
      ]
    }),
  )
}

function neighboursOf({ value, place }: ConfigDocument): readonly Neighbour[] {
  const list = objectOf(value).neighbours
  if (!Array.isArray(list)) return []
  return (list as readonly unknown[]).flatMap((stack, index) =>
    typeof stack === 'string' ? [{ stack, at: place(['neighbours', index]).at }] : [],
  )
}

function ownNeighbour({ stack, at }: Neighbour): Diagnostic {
  return {
    severity: 'error',
    code: 'VPN215',
    message: `the stack ${JSON.stringify(stack)} is listed as its own neighbour`,
    hint: 'name the other stacks only: the resources of this stack would be left alone',
    ...optional({ at }),
  }
}

function releasedOf({ value, place }: ConfigDocument): readonly Release[] {
  const list = objectOf(value).released
  if (!Array.isArray(list)) return []
  return (list as readonly unknown[]).flatMap((item, index): Release[] => {
    const { address, reason } = typeof item === 'string' ? { address: item } : objectOf(item)
    if (typeof address !== 'string') return []
    const at = place(['released', index]).at
    return [{ address, ...(typeof reason === 'string' ? { reason } : {}), at }]
  })
}

function stackOf({ value }: ConfigDocument): string | undefined {
  const { stack } = objectOf(value)
  return typeof stack === 'string' && stack !== '' ? stack : undefined
}

function stackConflict(first: ConfigDocument, other: ConfigDocument): readonly Diagnostic[] {
  const [wanted, found] = [stackOf(first), stackOf(other)]
  if (wanted === found) return []
  return [
    {
      severity: 'error',
      code: 'VPN211',
      message: `stack ${JSON.stringify(found)} here, and ${JSON.stringify(wanted)} in another document`,
      hint: 'one run has one stack: write the same name in both, or run them one by one',
      ...placed(other.place(['stack']), [{ at: first.place(['stack']).at, message: 'the other stack' }]),
    },
  ]
}

function driftIgnoresOf({ value, place }: ConfigDocument): readonly DriftIgnore[] {
  const { ignore } = objectOf(objectOf(value).drift)
  if (!Array.isArray(ignore)) return []
  return (ignore as readonly unknown[]).flatMap((item, index): DriftIgnore[] => {
    const { address, reason, until } = objectOf(item)
    if (typeof address !== 'string') return []
    return [
      {
        pattern: address,
        ...(typeof reason === 'string' ? { reason } : {}),
        ...(typeof until === 'string' ? { until } : {}),
        at: place(['drift', 'ignore', index]).at,
      },
    ]
  })
}

function limitOf({ value }: ConfigDocument): readonly string[] {
  const { locations } = objectOf(value)
  if (!Array.isArray(locations)) return []
  return (locations as readonly unknown[]).filter((location) => typeof location === 'string')
}

function protectionsOf({ value, place }: ConfigDocument): FileSettings['protections'] {
  const list = objectOf(value).protected
  if (!Array.isArray(list)) return []
  return (list as readonly unknown[]).flatMap((item, index) =>
    typeof item === 'string' ? [{ pattern: item, at: place(['protected', index]).at }] : [],
  )
}

function objectOf(value: unknown): PlainObject {
  return isPlainObject(value) ? value : {}
}
