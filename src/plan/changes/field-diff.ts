import deepDiff from 'deep-diff'
import {
  canonicalJson,
  type FieldPath,
  formatPath,
  getPath,
  isPlainObject,
  type Plain,
  type PlainObject,
} from '../../model/json.ts'
import { optional } from '../../model/optional.ts'
import type { FieldChange } from './field-change.ts'

/** True when two values are the same; the order of an object's members means nothing. */
export function samePlain(a: Plain | undefined, b: Plain | undefined): boolean {
  if (a === b) return true
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => samePlain(item, b[index]))
  }
  if (!isPlainObject(a) || !isPlainObject(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every(
    (key) => Object.hasOwn(b, key) && samePlain((a as PlainObject)[key], (b as PlainObject)[key]),
  )
}

/**
 * What changes between two canonical specs, leaf by leaf, in the order of member names. The only door to
 * deep-diff: it shows an insertion at the front of a list as an edit of every member, and cannot see inside class
 * instances, so lists are compared here and secrets never get this far.
 */
export function diffSpecs(
  before: PlainObject,
  after: PlainObject,
  sets: readonly FieldPath[],
): readonly FieldChange[] {
  const setPaths = new Set(sets.map(formatPath))
  const changes: FieldChange[] = []
  const isList = (value: unknown): value is readonly Plain[] => Array.isArray(value)
  // deep-diff must not descend into lists: they are compared as a whole.
  const differences = deepDiff.diff(before, after, { prefilter: () => false, normalize: wholeLists }) ?? []
  for (const difference of differences) {
    const path = (difference.path ?? []).map(String)
    const left = getPath(before, path) as Plain | undefined
    const right = getPath(after, path) as Plain | undefined
    if (setPaths.has(formatPath(path)) && (isList(left) || isList(right))) {
      changes.push(diffSet(path, isList(left) ? left : [], isList(right) ? right : []))
    } else {
      changes.push(...leaves(path, left, right))
    }
  }
  return changes.sort(byPath)
}

/** What {@link diffSpecs} shows about a resource that was not there. */
export function newFields(spec: PlainObject, sets: readonly FieldPath[]): readonly FieldChange[] {
  const setPaths = new Set(sets.map(formatPath))
  return leaves([], undefined, spec)
    .map((field): FieldChange => {
      if (!Array.isArray(field.after) || !setPaths.has(formatPath(field.path))) return field
      return { type: 'set', path: field.path, added: field.after as readonly Plain[], removed: [], kept: [] }
    })
    .sort(byPath)
}

function wholeLists(_path: unknown, _key: unknown, left: unknown, right: unknown): [unknown, unknown] {
  return [textOfList(left), textOfList(right)]
}

function textOfList(value: unknown): unknown {
  return Array.isArray(value) ? canonicalJson(value as readonly Plain[]) : value
}

// An object that comes or goes is reported member by member, so that a reader sees what is in it.
function leaves(
  path: FieldPath,
  before: Plain | undefined,
  after: Plain | undefined,
): readonly Extract<FieldChange, { type: 'value' }>[] {
  if ((isPlainObject(before) || before === undefined) && (isPlainObject(after) || after === undefined)) {
    const keys = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
    return [...keys].flatMap((key) =>
      leaves(
        [...path, key],
        (before as PlainObject | undefined)?.[key],
        (after as PlainObject | undefined)?.[key],
      ),
    )
  }
  return [
    {
      type: 'value',
      path,
      ...optional({ before, after }),
    },
  ]
}

function diffSet(path: FieldPath, before: readonly Plain[], after: readonly Plain[]): FieldChange {
  const old = new Map(before.map((item) => [canonicalJson(item), item]))
  const now = new Map(after.map((item) => [canonicalJson(item), item]))
  return {
    type: 'set',
    path,
    added: [...now].filter(([key]) => !old.has(key)).map(([, item]) => item),
    removed: [...old].filter(([key]) => !now.has(key)).map(([, item]) => item),
    kept: [...now].filter(([key]) => old.has(key)).map(([, item]) => item),
  }
}

// No two changes have one path.
function byPath(a: FieldChange, b: FieldChange): number {
  return formatPath(a.path) < formatPath(b.path) ? -1 : 1
}
