import { isDeepStrictEqual } from 'node:util'
import { parseAllDocuments } from 'yaml'
import type { SourceRange } from '../model/diagnostic.ts'
import type { Plain, PlainObject } from '../model/json.ts'

/** One change of a file. `at` is the place of the name of a resource: what `locate(['name'])` gives. */
export type EntryEdit =
  /** Puts an entry at the end of a list of the resource, `peers` for instance; makes the list where there is none. */
  | { readonly type: 'add'; readonly at: SourceRange; readonly list: string; readonly entry: PlainObject }
  | { readonly type: 'remove'; readonly at: SourceRange }
  /** Writes a field; undefined removes it. */
  | {
      readonly type: 'set'
      readonly at: SourceRange
      readonly path: readonly string[]
      readonly value: Plain | undefined
    }

/** True when the text after an edit has the values of the text before, with this one change. */
export function isAsExpected(
  before: string,
  after: string,
  path: readonly (string | number)[],
  edit: EntryEdit,
): boolean {
  const expected = valuesOf(before)
  const found = valuesOf(after)
  return (
    expected !== undefined &&
    found !== undefined &&
    change(expected, path, edit) &&
    isDeepStrictEqual(found, expected)
  )
}

function valuesOf(text: string): unknown[] | undefined {
  const documents = parseAllDocuments(text, { merge: true, logLevel: 'silent' })
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return undefined
  return documents.flatMap((document) =>
    document.contents === null ? [] : [JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: -1 })))],
  )
}

type Container = Record<string | number, unknown>

function change(values: unknown[], path: readonly (string | number)[], edit: EntryEdit): boolean {
  const walk = (steps: readonly (string | number)[]): Container | undefined =>
    steps.reduce<Container | undefined>((at, step) => at?.[step] as Container | undefined, values as never)
  const entry = walk(path)
  if (entry === undefined) return false
  switch (edit.type) {
    case 'add':
      entry[edit.list] = [...((entry[edit.list] ?? []) as unknown[]), JSON.parse(JSON.stringify(edit.entry))]
      return true
    case 'remove': {
      const list = walk(path.slice(0, -1)) as unknown as unknown[]
      list.splice(Number(path.at(-1)), 1)
      const owner = walk(path.slice(0, -2))
      if (list.length === 0 && owner !== undefined && Object.keys(owner).length > 1)
        delete owner[String(path.at(-2))]
      return true
    }
    case 'set': {
      const holder = walk([...path, ...edit.path.slice(0, -1)])
      const key = edit.path.at(-1) ?? ''
      if (holder === undefined) return false
      if (edit.value === undefined) delete holder[key]
      else holder[key] = JSON.parse(JSON.stringify(edit.value))
      return true
    }
    default:
      return edit satisfies never
  }
}
