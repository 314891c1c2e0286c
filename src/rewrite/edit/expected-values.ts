import { isDeepStrictEqual } from 'node:util'
import { parseAllDocuments } from 'yaml'
import type { SourceRange } from '../../model/diagnostic.ts'
import type { Plain } from '../../model/json.ts'

/** Keys of mappings, and indices of lists. */
export type EntryPath = readonly (string | number)[]

/** One change of a file. `at` is the place of the name of a resource: what `locate(['name'])` gives. */
export type EntryEdit =
  /** Puts an item at the end of a list of the resource, `peers` for instance; makes the list where there is none. */
  | {
      readonly type: 'add'
      readonly at: SourceRange
      readonly list: string
      readonly entry: Plain
      /** The list is one of the document that has the resource. */
      readonly top?: true
    }
  | { readonly type: 'remove'; readonly at: SourceRange }
  /** Writes a field, or an item of a list; undefined removes it. */
  | {
      readonly type: 'set'
      readonly at: SourceRange
      readonly path: EntryPath
      readonly value: Plain | undefined
      /** The order of the keys, for one that is new; left out: behind the name. */
      readonly order?: readonly string[]
    }

/** An edit, and where its resource is: number of the document, then keys and indices. */
export interface PlacedEdit {
  readonly edit: EntryEdit
  readonly path: EntryPath
}

/** True when the text after some edits has the values of the text before, with these changes alone. */
export function hasExpectedValues(before: string, after: string, edits: readonly PlacedEdit[]): boolean {
  const expected = valuesOf(before)
  const found = valuesOf(after)
  return (
    expected !== undefined &&
    found !== undefined &&
    change(expected, edits) &&
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

// What is removed goes last, from the end of each list to its start, so that no other path changes its meaning.
function change(values: unknown[], edits: readonly PlacedEdit[]): boolean {
  const walk = (steps: EntryPath): Container | undefined =>
    steps.reduce<Container | undefined>((at, step) => at?.[step] as Container | undefined, values as never)
  const removed: EntryPath[] = []
  for (const { edit, path } of edits) {
    const entry = walk(path)
    if (entry === undefined) return false
    switch (edit.type) {
      case 'add': {
        const owner = edit.top === true ? walk(path.slice(0, 1)) : entry
        if (owner === undefined) return false
        owner[edit.list] = [...((owner[edit.list] ?? []) as unknown[]), copyOf(edit.entry)]
        break
      }
      case 'remove':
        removed.push(path)
        break
      case 'set': {
        const whole = [...path, ...edit.path]
        const holder = walk(whole.slice(0, -1))
        if (holder === undefined) return false
        if (edit.value === undefined) removed.push(whole)
        else holder[whole.at(-1) ?? ''] = copyOf(edit.value)
        break
      }
      default:
        return edit satisfies never
    }
  }
  return remove(walk, removed)
}

function remove(walk: (steps: EntryPath) => Container | undefined, paths: readonly EntryPath[]): boolean {
  const lists = new Map<unknown, { readonly list: unknown[]; readonly path: EntryPath }>()
  for (const path of [...paths].sort(lastFirst)) {
    const holder = walk(path.slice(0, -1))
    if (holder === undefined) return false
    const step = path.at(-1) ?? ''
    if (Array.isArray(holder)) {
      holder.splice(Number(step), 1)
      lists.set(holder, { list: holder, path: path.slice(0, -1) })
    } else delete holder[step]
  }
  for (const { list, path } of lists.values()) {
    const owner = walk(path.slice(0, -1))
    if (list.length > 0 || owner === undefined || Object.keys(owner).length < 2) continue
    delete owner[path.at(-1) ?? '']
  }
  return true
}

function lastFirst(a: EntryPath, b: EntryPath): number {
  const at = a.findIndex((step, index) => step !== b[index])
  if (at < 0 || b[at] === undefined) return b.length - a.length
  const [one, other] = [a[at] ?? 0, b[at]]
  if (typeof one === 'number' && typeof other === 'number') return other - one
  return String(one) < String(other) ? 1 : -1
}

function copyOf(value: Plain): unknown {
  return JSON.parse(JSON.stringify(value))
}
