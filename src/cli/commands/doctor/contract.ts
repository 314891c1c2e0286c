import { asWireResource, decodeLive } from '../../../model/decode.ts'
import { formatPath, getPath, isPlainObject, type PlainObject } from '../../../model/json.ts'
import type { ResourceKind } from '../../../model/resource.ts'
import { splitKnown } from '../../../plan/changes/known-fields.ts'

/** What a list and its resources look like in the API that this version was built for. */
const LIST = ['id', 'type', 'href', 'items', 'offset', 'limit', '_links']
const RESOURCE = ['id', 'type', 'href', 'metadata', 'properties']
const METADATA = [
  'createdDate',
  'createdBy',
  'createdByUserId',
  'lastModifiedDate',
  'lastModifiedBy',
  'lastModifiedByUserId',
  'resourceURN',
  'status',
  'statusMessage',
]
const STATUSES = ['AVAILABLE', 'PROVISIONING', 'DESTROYING', 'FAILED']
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** What was found of one collection: sentences without any value of a resource. */
export interface ContractFindings {
  readonly differences: readonly string[]
  /** Facts that no one outside of the service knows for sure. */
  readonly facts: readonly string[]
}

/** Compares one page of a collection with the contract. Names fields and types; never a value, name or id. */
export function comparePage(kind: ResourceKind, body: unknown): ContractFindings {
  if (!isPlainObject(body) || !Array.isArray(body.items)) {
    return { differences: ['the list is not an object with "items"'], facts: [] }
  }
  const items = body.items.filter(isPlainObject)
  return {
    differences: [
      ...keysBeyond('list', LIST, [body]),
      ...keysBeyond('resource', RESOURCE, items),
      ...keysBeyond('metadata', [...METADATA, ...derivedKeys(kind, items)], items.map(metadataOf)),
      ...unknownFields(kind, items),
      ...unknownStatuses(items),
      ...(items.length < body.items.length ? ['an item of the list is not an object'] : []),
    ],
    facts: [...idVersions(items), ...secretFields(kind, items), ...derivedForms(kind, items)],
  }
}

// The documents of the API do not promise these in every answer.
const OPTIONAL = ['statusMessage', 'items', 'resourceURN', 'createdByUserId', 'lastModifiedByUserId']

function keysBeyond(what: string, known: readonly string[], objects: readonly object[]): readonly string[] {
  const found = new Set(objects.flatMap((object) => Object.keys(object)))
  const unknown = [...found].filter((key) => !known.includes(key)).sort()
  const missing =
    objects.length === 0 ? [] : known.filter((key) => !found.has(key) && !OPTIONAL.includes(key))
  return [
    ...unknown.map((key) => `${what}: unknown field ${JSON.stringify(key)}`),
    ...missing.map((key) => `${what}: no field ${JSON.stringify(key)}`),
  ]
}

function unknownFields(kind: ResourceKind, items: readonly PlainObject[]): readonly string[] {
  const paths = items.flatMap(({ properties }) =>
    isPlainObject(properties) ? splitKnown(kind, properties).unknown.map(formatPath) : [],
  )
  return [...new Set(paths)].sort().map((path) => `properties: unknown field ${JSON.stringify(path)}`)
}

function unknownStatuses(items: readonly PlainObject[]): readonly string[] {
  const statuses = items.map((item) => metadataOf(item).status)
  const unknown = statuses.filter((status) => !STATUSES.includes(String(status).toUpperCase()))
  return [...new Set(unknown)].map(
    (status) => `metadata: unknown status ${JSON.stringify(status)?.slice(0, 40)}`,
  )
}

function idVersions(items: readonly PlainObject[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { id } of items) {
    const version = typeof id === 'string' ? (UUID.exec(id)?.[1] ?? 'none') : 'none'
    counts.set(version, (counts.get(version) ?? 0) + 1)
  }
  const texts = [...counts].sort().map(([version, count]) => `version ${version}: ${count}`)
  return texts.length === 0 ? [] : [`ids of ${texts.join(', ')}`]
}

function secretFields(kind: ResourceKind, items: readonly PlainObject[]): readonly string[] {
  return kind.secrets.flatMap(({ path }) => {
    const values = items.map(({ properties }) => getPath(properties, path))
    if (values.length === 0) return []
    const returned = values.filter((value) => typeof value === 'string' && value !== '').length
    return [`${formatPath(path)} is returned by ${returned} of ${values.length}`]
  })
}

// What the service derives from a secret: its form is not documented.
function derivedForms(kind: ResourceKind, items: readonly PlainObject[]): readonly string[] {
  return derivedKeys(kind, items).map((key) => {
    const values = items.map((item) => metadataOf(item)[key]).filter((value) => typeof value === 'string')
    return `${key} is PEM in ${values.filter((value) => value.includes('BEGIN')).length} of ${values.length}`
  })
}

function derivedKeys(kind: ResourceKind, items: readonly PlainObject[]): readonly string[] {
  const collection = { kind, location: '', parentIds: [] }
  const known = items.flatMap((item) => {
    const wire = asWireResource(item)
    return wire === undefined ? [] : Object.keys(decodeLive(collection, wire).metadata)
  })
  return [...new Set(known)].filter((key) => !METADATA.includes(key)).sort()
}

function metadataOf({ metadata }: PlainObject): PlainObject {
  return isPlainObject(metadata) ? metadata : {}
}

/** What differs between two pages of one resource each and the rules of paging. */
export function comparePaging(first: unknown, second: unknown): readonly string[] {
  if (!isPlainObject(first) || !isPlainObject(second)) return []
  const [one] = Array.isArray(first.items) ? first.items : []
  const [other] = Array.isArray(second.items) ? second.items : []
  const hasNext = isPlainObject(first._links) && first._links.next !== undefined
  return [
    ...(first.limit === 1 ? [] : ['paging: the answer does not repeat the limit 1']),
    ...(Array.isArray(first.items) && first.items.length > 1
      ? ['paging: limit=1 gave more than one resource']
      : []),
    ...(other !== undefined && !hasNext ? ['paging: no "next" link although a second page exists'] : []),
    ...(other === undefined && hasNext ? ['paging: a "next" link without a second page'] : []),
    ...(isPlainObject(one) && isPlainObject(other) && one.id === other.id
      ? ['paging: offset=1 gave the resource of offset=0']
      : []),
  ]
}

/** The id of the first resource of a page that can have children. */
export function firstId(body: unknown): string | undefined {
  const [first] = isPlainObject(body) && Array.isArray(body.items) ? body.items : []
  return isPlainObject(first) && typeof first.id === 'string' ? first.id : undefined
}
