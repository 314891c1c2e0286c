import { formatPath, getPath, isPlainObject, type Plain, type PlainObject } from '../../model/json.ts'
import { compareText } from '../../model/lists.ts'
import { optional } from '../../model/optional.ts'
import type { LiveResource } from '../../model/resource.ts'
import type { FieldChange } from '../../plan/changes/field-change.ts'
import { splitKnown } from '../../plan/changes/known-fields.ts'
import type { ChangeOf } from '../../plan/types.ts'
import { safeLine } from '../writing/safe-text.ts'
import type { Marker } from '../writing/style.ts'
import { valueParts } from '../writing/value-text.ts'
import { serverChosenPaths } from '../writing/words.ts'

/** One row of a block: `label   part part   (remark)`; an empty label continues the row above. */
export interface FieldRow {
  readonly marker: Marker
  readonly label: string
  /** Pieces that stay whole when a narrow terminal needs more than one line. */
  readonly parts: readonly string[]
  readonly remark?: string
}

// Members of a set that stay are there for orientation only.
const KEPT_SHOWN = 3

/** The rows of a create: everything that will be there. The name is in the block's title. */
export function creationRows(change: ChangeOf<'create'>): readonly FieldRow[] {
  const fields = change.fields.filter((field) => formatPath(field.path) !== 'name')
  const groups = [
    ...fields.map((field) => ({ path: formatPath(field.path), rows: fieldRows(field, true) })),
    ...serverChosenPaths(change.target, change.spec).map((path) => ({
      path: formatPath(path),
      rows: [{ marker: '+' as const, label: label(path), parts: ['(chosen by the server)'] }],
    })),
  ]
  return groups.sort((a, b) => compareText(a.path, b.path)).flatMap(({ rows }) => rows)
}

/** The rows of an update: what changes, what is sent along, what gets lost. */
export function updateRows(change: ChangeOf<'update'>): readonly FieldRow[] {
  // Where all fields have one origin the note above says it.
  const isSplit =
    change.origin === 'conflict' || new Set(change.fields.flatMap(({ origin }) => origin ?? [])).size > 1
  return [
    ...change.fields.flatMap((field) => {
      const rows = fieldRows(field, false)
      return isSplit ? withOrigin(rows, field.origin) : rows
    }),
    // Never the value: a field that is not known may be a secret.
    ...change.unknownFields.map(
      (path): FieldRow => ({
        marker: '-',
        label: safeLine(formatPath(path)),
        parts: ['(unknown to this version; the API would reset it)'],
      }),
    ),
  ]
}

/** The fields of a live resource that our schema knows, and the paths of the others. */
export function knownLeaves(live: LiveResource): {
  readonly leaves: readonly { readonly path: readonly string[]; readonly value: Plain }[]
  readonly unknown: readonly (readonly string[])[]
} {
  const known = splitKnown(live.kind, live.spec)
  return { leaves: leavesOf(known.spec, []), unknown: known.unknown }
}

/** What a live resource contains; fields that are not known by name only, since one may be a secret. */
export function liveRows(live: LiveResource, marker: Marker): readonly FieldRow[] {
  const known = knownLeaves(live)
  return [
    ...known.leaves
      .filter(({ path, value }) => formatPath(path) !== 'name' && value !== getPath(live.kind.defaults, path))
      .flatMap(({ path, value }) =>
        members(value).map(
          (parts, index): FieldRow => ({ marker, label: index === 0 ? label(path) : '', parts }),
        ),
      ),
    ...known.unknown.map(
      (path): FieldRow => ({ marker, label: label(path), parts: ['(unknown to this version)'] }),
    ),
  ]
}

function withOrigin(rows: readonly FieldRow[], origin: FieldChange['origin']): readonly FieldRow[] {
  const [first, ...rest] = rows
  if (first === undefined || origin === undefined) return rows
  const remark = first.remark === undefined ? origin : `${first.remark}; ${origin}`
  return [{ ...first, remark }, ...rest]
}

function fieldRows(field: FieldChange, isCreation: boolean): readonly FieldRow[] {
  switch (field.type) {
    case 'value':
      return [valueRow(field, isCreation)]
    case 'set':
      return setRows(field)
    case 'secret':
      return [secretRow(field)]
    default:
      return field satisfies never
  }
}

function valueRow(field: Extract<FieldChange, { type: 'value' }>, isCreation: boolean): FieldRow {
  const at = label(field.path)
  const remark =
    field.from === 'default' ? 'default' : field.from === 'server' ? 'chosen by the server' : undefined
  const withRemark = optional({ remark })
  if (field.before === undefined || isCreation) {
    return { marker: '+', label: at, parts: valueParts(field.after), ...withRemark }
  }
  if (field.after === undefined) {
    const lost = 'not in the file: cleared'
    return { marker: '-', label: at, parts: valueParts(field.before), remark: lost }
  }
  const [first = '', ...rest] = valueParts(field.after)
  const afterParts = [`-> ${first}`, ...rest]
  return {
    marker: '~',
    label: at,
    parts: [...valueParts(field.before), ...afterParts],
    ...withRemark,
  }
}

function setRows(field: Extract<FieldChange, { type: 'set' }>): readonly FieldRow[] {
  const row = (marker: Marker) => (parts: readonly string[]) => ({ marker, label: '', parts })
  const kept =
    field.kept.length > KEPT_SHOWN ? [[`(${field.kept.length} others stay)`]] : field.kept.map(valueParts)
  const rows = [
    ...kept.map(row(' ')),
    ...field.removed.map(valueParts).map(row('-')),
    ...field.added.map(valueParts).map(row('+')),
  ]
  return rows.map((entry, index) => (index === 0 ? { ...entry, label: label(field.path) } : entry))
}

function secretRow(field: Extract<FieldChange, { type: 'secret' }>): FieldRow {
  const base = { label: label(field.path), remark: safeLine(field.source) }
  switch (field.change) {
    case 'new':
      return { ...base, marker: '+', parts: ['(secret)'] }
    case 'changed':
      return { ...base, marker: '~', parts: ['(secret) changed'] }
    case 'forced':
      return {
        ...base,
        marker: '~',
        parts: ['(secret) cannot be compared, sent because of --resend-secrets'],
      }
    case 'rotated':
      return { ...base, marker: '~', parts: ['(secret) rotated, sent again'] }
    case 'sent-along':
      return { ...base, marker: ' ', parts: ['(secret) cannot be compared, sent along'] }
    default:
      return field.change satisfies never
  }
}

function label(path: readonly string[]): string {
  return safeLine(formatPath(path))
}

function members(value: Plain): readonly (readonly string[])[] {
  return Array.isArray(value) ? (value as readonly Plain[]).map(valueParts) : [valueParts(value)]
}

function leavesOf(value: PlainObject, at: readonly string[]): { path: readonly string[]; value: Plain }[] {
  return Object.keys(value)
    .sort()
    .flatMap((key) => {
      const inner = value[key]
      const path = [...at, key]
      if (inner === undefined) return []
      return isPlainObject(inner) ? leavesOf(inner as PlainObject, path) : [{ path, value: inner }]
    })
}
