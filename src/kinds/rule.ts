import type { Place } from '../model/diagnostic.ts'
import type { FieldPath, PlainObject } from '../model/json.ts'
import type { DesiredResource } from '../model/resource.ts'

/** A desired resource as rules see it. Values may have any type: a rule skips what it does not understand. */
export interface Entry {
  readonly resource: DesiredResource
  /** The fields as they are written, without secrets: lists in their order, so that a place can be found by index. */
  readonly written: PlainObject
  readonly parent: Entry | null
  readonly children: readonly Entry[]
  readonly place: (path: FieldPath, part?: 'key' | 'value') => Place
}

/** What a rule found: a sentence and where. */
export interface Finding {
  readonly severity: 'error' | 'warning'
  readonly code: string
  readonly message: string
  readonly hint: string
  readonly on: Entry
  readonly path: FieldPath
  readonly part?: 'key' | 'value'
  readonly related?: readonly { readonly on: Entry; readonly path: FieldPath; readonly message: string }[]
}

/** Looks at all entries, parents before their children, and reports what does not fit together. Takes about linear time. */
export type Rule = (entries: readonly Entry[]) => Iterable<Finding>

/** A rule that needs something large: it is loaded when it applies only. */
export interface LateRule {
  readonly applies: (entries: readonly Entry[]) => boolean
  readonly load: () => Promise<Rule>
}

/** The texts of a list that is written in a resource, each with its path. */
export function writtenTexts(
  entry: Entry,
  field: string,
): readonly { readonly text: string; readonly path: FieldPath }[] {
  const list = entry.written[field]
  if (!Array.isArray(list)) return []
  return (list as readonly unknown[]).flatMap((text, index) =>
    typeof text === 'string' ? [{ text, path: [field, String(index)] }] : [],
  )
}

/** A field that contains text, or undefined. */
export function writtenText(entry: Entry, field: string): string | undefined {
  const value = entry.written[field]
  return typeof value === 'string' ? value : undefined
}

/** The rule for every entry by itself. */
export function perEntry(find: (entry: Entry) => Iterable<Finding>): Rule {
  return function* (entries) {
    for (const entry of entries) yield* find(entry)
  }
}
