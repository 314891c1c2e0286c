import { asWireResource, decodeLive } from '../../../model/decode.ts'
import { formatPath, getPath, isPlainObject, type PlainObject } from '../../../model/json.ts'
import type { ResourceKind } from '../../../model/resource.ts'
import { splitKnown } from '../../../plan/changes/known-fields.ts'
import { validatorOf } from '../../../schema/validators.ts'

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

/** Compares pages of a collection with the contract. Names fields and types; never a value, name or id. */
export function comparePages(kind: ResourceKind, bodies: readonly unknown[]): ContractFindings {
  const lists = bodies.filter(isList)
  const all = lists.flatMap((list) => list.items)
  const items = all.filter(isPlainObject)
  const returned = secretFields(kind, items)
  return {
    differences: [
      ...(lists.length < bodies.length ? ['the list is not an object with "items"'] : []),
      ...keysBeyond('list', LIST, lists),
      ...keysBeyond('resource', RESOURCE, items),
      ...keysBeyond('metadata', [...METADATA, ...derivedKeys(kind, items)], items.map(metadataOf)),
      ...metadataTypes(items),
      ...unknownFields(kind, items),
      ...misfits(kind, items),
      ...unknownStatuses(items),
      ...notUuids(items),
      ...returned.filter(({ amount }) => amount > 0).map(({ text }) => text),
      ...(items.length < all.length ? ['an item of the list is not an object'] : []),
    ],
    facts: [
      ...(lists.length > 0 && all.length === 0 ? ['no resources, so their fields were not compared'] : []),
      ...idVersions(items),
      ...returned.filter(({ amount }) => amount === 0).map(({ text }) => text),
      ...derivedForms(kind, items),
    ],
  }
}

type List = PlainObject & { readonly items: readonly unknown[] }

function isList(body: unknown): body is List {
  return isPlainObject(body) && Array.isArray(body.items)
}

/** `1 of 3`, where not all have it. */
function share(amount: number, all: number): string {
  return amount === all ? '' : ` in ${amount} of ${all}`
}

function metadataTypes(items: readonly PlainObject[]): readonly string[] {
  return METADATA.flatMap((key) => {
    const wrong = items.filter(
      (item) => !['string', 'undefined'].includes(typeof (metadataOf(item)[key] ?? undefined)),
    )
    return wrong.length === 0 ? [] : [`metadata: ${key} is not a string${share(wrong.length, items.length)}`]
  })
}

// With the schema that requests are made for; unknown fields and secrets are reported on their own.
function misfits(kind: ResourceKind, items: readonly PlainObject[]): readonly string[] {
  const secrets = kind.secrets.map(({ path }) => formatPath(path))
  const found = items.flatMap(({ properties }) => {
    const texts = validatorOf(kind.name)(withoutNull(properties)).flatMap(
      ({ instancePath, keyword, params }): readonly string[] => {
        const at = instancePath
          .replace(/^\//, '')
          .replaceAll(/\/\d+(?=\/|$)/g, '[]')
          .replaceAll('/', '.')
        const missing = keyword === 'required' ? String(params.missingProperty) : ''
        const path = [at, missing].filter((part) => part !== '').join('.')
        if (['additionalProperties', 'unevaluatedProperties', 'anyOf', 'oneOf', 'if'].includes(keyword))
          return []
        if (secrets.some((secret) => secret === path || secret.startsWith(`${path}.`))) return []
        return [
          missing === ''
            ? `properties: ${path} is not as expected (${keyword})`
            : `properties: no field ${JSON.stringify(path)}`,
        ]
      },
    )
    return [...new Set(texts)]
  })
  const counts = new Map<string, number>()
  for (const text of found) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts].sort().map(([text, amount]) => `${text}${share(amount, items.length)}`)
}

// A field that is not set may be null.
function withoutNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNull)
  if (!isPlainObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutNull(inner)]])),
  )
}

function notUuids(items: readonly PlainObject[]): readonly string[] {
  const others = items.filter(({ id }) => typeof id !== 'string' || !UUID.test(id))
  return others.length === 0 ? [] : [`resource: the id is not a UUID${share(others.length, items.length)}`]
}

// The documents of the API do not promise these in every answer.
const OPTIONAL = ['statusMessage', 'items', 'resourceURN', 'createdByUserId', 'lastModifiedByUserId']

function keysBeyond(
  what: string,
  known: readonly string[],
  objects: readonly PlainObject[],
): readonly string[] {
  const found = new Set(objects.flatMap((object) => Object.keys(object)))
  const unknown = [...found].filter((key) => !known.includes(key)).sort()
  const missing = known.flatMap((key) => {
    const without = objects.filter((object) => object[key] === undefined).length
    return without === 0 || OPTIONAL.includes(key) ? [] : [{ key, without }]
  })
  return [
    ...unknown.map((key) => `${what}: unknown field ${JSON.stringify(key)}`),
    ...missing.map(
      ({ key, without }) => `${what}: no field ${JSON.stringify(key)}${share(without, objects.length)}`,
    ),
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
    const version = typeof id === 'string' ? UUID.exec(id)?.[1] : undefined
    if (version !== undefined) counts.set(version, (counts.get(version) ?? 0) + 1)
  }
  const texts = [...counts].sort().map(([version, count]) => `version ${version}: ${count}`)
  return texts.length === 0 ? [] : [`ids of ${texts.join(', ')}`]
}

// The next plan would compare what is returned; this version was built for an API that returns no secret.
function secretFields(
  kind: ResourceKind,
  items: readonly PlainObject[],
): readonly { readonly amount: number; readonly text: string }[] {
  if (items.length === 0) return []
  return kind.secrets.map(({ path }) => {
    const values = items.map(({ properties }) => getPath(properties, path))
    const amount = values.filter((value) => typeof value === 'string' && value !== '').length
    return { amount, text: `${formatPath(path)} is returned by ${amount} of ${items.length}` }
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

/** The ids of the first resources of a page, which can have children. */
export function firstIds(body: unknown, most: number): readonly string[] {
  const items = isList(body) ? body.items : []
  return items
    .flatMap((item) => (isPlainObject(item) && typeof item.id === 'string' ? [item.id] : []))
    .slice(0, most)
}
