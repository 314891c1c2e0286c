import type { Diagnostic } from '../model/diagnostic.ts'
import { type FieldPath, formatPath, isPlainObject, type Plain, type PlainObject } from '../model/json.ts'
import { groupBy } from '../model/lists.ts'
import { userName } from '../model/live-metadata.ts'
import type { LiveResource, ResourceKind } from '../model/resource.ts'
import { explainErrors } from '../schema/explain-errors.ts'
import type { SchemaError, ValuePath } from '../schema/schema-error.ts'
import { validatorOf } from '../schema/validators.ts'
import { type LayoutRules, resourceRules } from './layout-rules.ts'
import type { LiveNode } from './live-tree.ts'
import { fileValue, serverChosenField } from './live-value.ts'
import type { WrittenItem, WrittenMember } from './yaml-writer.ts'

/** A live resource on its way into the file. */
export interface ExportItem {
  readonly node: LiveNode
  value: PlainObject
  /** Fields that the file has no word for. */
  readonly unknown: readonly FieldPath[]
  readonly comments: string[]
  readonly children: readonly ExportItem[]
}

/** A resource and what is below it, with the references to the secrets by id. */
export function itemOf(node: LiveNode, references: ReadonlyMap<string, readonly PlainObject[]>): ExportItem {
  const { live } = node
  const { value, unknown } = fileValue(live, shapeOf(live.kind), references.get(live.id) ?? [])
  const left = unknown.map((path) => `left out, since the file format does not know it: ${formatPath(path)}`)
  return {
    node,
    value,
    unknown,
    comments: [
      ...factsOf(live),
      ...node.twins.map(({ id }) => `left out: another one of this name, id ${id}`),
      ...left,
    ],
    children: node.children.map((child) => itemOf(child, references)),
  }
}

const shapes = new Map<ResourceKind, LayoutRules>()

function shapeOf(kind: ResourceKind): LayoutRules {
  const shape = shapes.get(kind) ?? resourceRules(kind)
  shapes.set(kind, shape)
  return shape
}

function factsOf({ metadata, status, statusMessage }: LiveResource): readonly string[] {
  const { createdDate, createdBy, lastModifiedDate, lastModifiedBy } = metadata
  const created = eventText('created', createdDate, createdBy)
  const isModified = lastModifiedDate !== undefined && lastModifiedDate !== createdDate
  const modified = isModified ? eventText('last change', lastModifiedDate, lastModifiedBy) : []
  const facts = [...created, ...modified].join(', ')
  const state =
    status === 'AVAILABLE' ? [] : [`${status}${statusMessage === undefined ? '' : `: ${statusMessage}`}`]
  return [...(facts === '' ? [] : [facts]), ...state]
}

function eventText(what: string, date: string | undefined, by: string | undefined): readonly string[] {
  if (date === undefined && by === undefined) return []
  return [
    [what, ...(date === undefined ? [] : [date]), ...(by === undefined ? [] : [`by ${userName(by)}`])].join(
      ' ',
    ),
  ]
}

/** What the schema would find at the place of an item. */
export function itemValue(item: ExportItem): PlainObject {
  return { ...item.value, ...itemLists(item.children) }
}

/** What the schema would find of some items, in the lists of their kinds. */
export function itemLists(items: readonly ExportItem[]): PlainObject {
  return Object.fromEntries([...byList(items)].map(([key, own]) => [key, own.map(itemValue)]))
}

/** Items as they are written, in the lists of their kinds. */
export function writtenLists(items: readonly ExportItem[]): readonly WrittenMember[] {
  return [...byList(items)].map(([key, own]) => ({ key, items: own.map(writtenItem) }))
}

function byList(items: readonly ExportItem[]): ReadonlyMap<string, readonly ExportItem[]> {
  return groupBy(items, ({ node }) => node.live.kind.yamlKey)
}

/**
 * What the schema refuses is written all the same, with a comment: the file shows what is live. But for what the
 * service chooses where the file is silent: that is left out, and stays as it is.
 */
export function noteProblems(items: readonly ExportItem[], document: PlainObject): readonly Diagnostic[] {
  return explainErrors(validatorOf('file')(document), document).flatMap((problem) => {
    const found = findItem(items, problem.path)
    if (found === undefined) return [problemOf(problem)]
    const { item, field } = found
    const chosen = serverChosenField(item.node.live, field)
    if (chosen === undefined) {
      item.comments.push(`not valid: ${problem.message}`)
      return [{ ...problemOf(problem), address: item.node.address }]
    }
    item.comments.push(`left out, so that it stays as it is: ${formatPath(chosen)}; ${problem.message}`)
    item.value = without(item.value, chosen)
    return []
  })
}

function problemOf(problem: SchemaError): Diagnostic {
  return {
    severity: 'warning',
    code: 'VPN606',
    message: `live, but not valid in a file: ${problem.message}`,
    hint: 'the line is written with a comment; change it before you use the file',
  }
}

function findItem(
  items: readonly ExportItem[],
  path: ValuePath,
): { readonly item: ExportItem; readonly field: FieldPath } | undefined {
  const [key, index, ...rest] = path
  const list = items.filter(({ node }) => node.live.kind.yamlKey === key)
  const item = typeof index === 'number' ? list[index] : undefined
  if (item === undefined) return undefined
  return findItem(item.children, rest) ?? { item, field: rest.map(String) }
}

// The object around it stays, since it may be required.
function without(value: PlainObject, [key, ...rest]: FieldPath): PlainObject {
  if (key === undefined) return value
  const { [key]: inner, ...others } = value
  if (rest.length === 0) return others
  return isPlainObject(inner) ? { ...value, [key]: without(inner, rest) } : value
}

function writtenItem(item: ExportItem): WrittenItem {
  return {
    comments: item.comments,
    members: [
      ...Object.entries(item.value).map(([key, value]) => ({ key, value: (value ?? null) as Plain })),
      ...writtenLists(item.children),
    ],
  }
}
