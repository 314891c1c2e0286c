import { deriveId } from '../model/identity.ts'
import {
  canonicalJson,
  type FieldPath,
  formatPath,
  getPath,
  isPlainObject,
  type Plain,
  type PlainObject,
  withPath,
} from '../model/json.ts'
import type { DesiredResource, LiveResource, ResourceKind } from '../model/resource.ts'
import type { EntryEdit } from './edit/expected-values.ts'
import { resourceRules } from './layout-rules.ts'
import { fileValue, writtenSpec } from './live-value.ts'

/** A resource that differs: what the file says, what is live, and the fields that are to be as they are live. */
export interface Difference {
  readonly desired: DesiredResource
  readonly live: LiveResource
  /** Without secrets. */
  readonly fields: readonly FieldPath[]
}

/**
 * The edits that write the live values of some fields into the file. Lists whose order means nothing are edited item
 * by item, so that what is written next to the others stays.
 */
export function fieldEdits(stack: string, difference: Difference): readonly EntryEdit[] {
  const { desired, live, fields } = difference
  const at = desired.locate(['name'])
  if (at === undefined) return []
  const { kind } = desired
  const layout = resourceRules(kind)
  const order = layout.type === 'map' ? layout.order : []
  const now = { ...writtenSpec(live).value, name: live.name }
  const short = fileValue(live, layout, []).value
  const edits: EntryEdit[] = []
  const done = new Set<string>()
  for (const field of fields) {
    if (isSet(kind, field) && desired.locate(field) !== undefined && Array.isArray(getPath(now, field))) {
      edits.push(...listEdits(difference, field, at))
      continue
    }
    const path = wholePath(desired, now, field)
    if (done.has(formatPath(path))) continue
    done.add(formatPath(path))
    const value = (getPath(short, path) ?? getPath(now, path)) as Plain | undefined
    edits.push({ type: 'set', at, path, value, order })
  }
  return [...edits, ...(fields.some(isName) ? renameEdits(stack, desired, live, at) : [])]
}

function isSet({ sets }: ResourceKind, field: FieldPath): boolean {
  return field.length === 1 && sets.some((set) => formatPath(set) === formatPath(field))
}

function isName(field: FieldPath): boolean {
  return formatPath(field) === 'name'
}

// The outermost part of a field that one side does not have: an object is added and removed as a whole.
function wholePath(desired: DesiredResource, now: PlainObject, field: FieldPath): FieldPath {
  const end = field.findIndex((_, index) => {
    const path = field.slice(0, index + 1)
    return desired.locate(path) === undefined || getPath(now, path) === undefined
  })
  return end < 0 ? field : field.slice(0, end + 1)
}

// The former name, so that the id that was derived from it is still found.
function renameEdits(
  stack: string,
  { id, name, location, address, renamedFrom }: DesiredResource,
  live: LiveResource,
  at: EntryEdit['at'],
): readonly EntryEdit[] {
  const isFormer = renamedFrom !== undefined && live.id !== deriveId(stack, location, address)
  return id !== undefined || isFormer ? [] : [{ type: 'set', at, path: ['renamedFrom'], value: name }]
}

function listEdits(
  { desired, live }: Difference,
  field: FieldPath,
  at: EntryEdit['at'],
): readonly EntryEdit[] {
  const written = (getPath(desired.written, field) ?? getPath(desired.spec, field) ?? []) as readonly Plain[]
  const now = getPath(writtenSpec(live).value, field) as readonly Plain[]
  const canonical = (item: Plain): string => canonicalJson(canonicalItem(desired.kind, field, item))
  const wanted = new Set(now.map(canonical))
  const before = new Set(written.map(canonical))
  const gone = [...written.keys()].filter((index) => !wanted.has(canonical(written[index] ?? null)))
  const added = now.filter((each) => !before.has(canonical(each)))
  const { pairs, left, fresh } = pairUp(
    gone.map((index) => ({
      index,
      item: canonicalItem(desired.kind, field, written[index] ?? null) ?? null,
    })),
    added,
  )
  return [
    ...pairs.flatMap(({ old, item }) => itemEdits([...field, old.index], old.item, item, at)),
    ...fresh.map((entry): EntryEdit => ({ type: 'add', at, list: formatPath(field), entry })),
    ...left.map(({ index }): EntryEdit => ({ type: 'set', at, path: [...field, index], value: undefined })),
  ]
}

interface WrittenItem {
  readonly index: number
  readonly item: Plain
}

// An item of which a part changed is the same item; one without parts takes the place of any. The most alike first.
function pairUp(gone: readonly WrittenItem[], added: readonly Plain[]) {
  const left = new Set(gone)
  const fresh = new Set(added)
  const pairs: { readonly old: WrittenItem; readonly item: Plain }[] = []
  const ranked = added
    .flatMap((item) => gone.map((old) => ({ old, item, likeness: likeness(old.item, item) })))
    .filter((pair) => pair.likeness >= 0.5)
    .sort((a, b) => b.likeness - a.likeness)
  for (const { old, item } of ranked) {
    if (!left.has(old) || !fresh.has(item)) continue
    left.delete(old)
    fresh.delete(item)
    pairs.push({ old, item })
  }
  return { pairs, left: [...left], fresh: [...fresh] }
}

// The share of the fields that are equal.
function likeness(one: Plain, other: Plain): number {
  if (!isPlainObject(one) || !isPlainObject(other)) return isPlainObject(one) === isPlainObject(other) ? 1 : 0
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])]
  const equal = keys.filter((key) => canonicalJson(one[key]) === canonicalJson(other[key])).length
  return keys.length === 0 ? 1 : equal / keys.length
}

function canonicalItem({ normalise }: ResourceKind, field: FieldPath, item: Plain): Plain | undefined {
  const list = getPath(normalise(withPath<Plain>({}, field, [item])), field)
  return Array.isArray(list) ? (list as readonly Plain[])[0] : undefined
}

function itemEdits(
  path: readonly (string | number)[],
  before: Plain,
  after: Plain,
  at: EntryEdit['at'],
): readonly EntryEdit[] {
  if (!isPlainObject(before) || !isPlainObject(after)) return [{ type: 'set', at, path, value: after }]
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => canonicalJson(before[key]) !== canonicalJson(after[key]))
    .map((key): EntryEdit => ({ type: 'set', at, path: [...path, key], value: after[key] }))
}
