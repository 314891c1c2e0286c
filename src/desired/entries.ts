import type { ConfigDocument } from '../config/evaluate.ts'
import { kindsUnder } from '../kinds/index.ts'
import { DEFAULT_LOCATION, knownLocation } from '../kinds/locations.ts'
import type { Entry } from '../kinds/rule.ts'
import { formatAddress } from '../model/address.ts'
import type { Place } from '../model/diagnostic.ts'
import {
  type FieldPath,
  getPath,
  isPlainObject,
  type Plain,
  type PlainObject,
  withoutPath,
  withPath,
} from '../model/json.ts'
import type { DesiredResource, DesiredSecret, ResourceKind } from '../model/resource.ts'
import { Secret, type SecretReference } from '../model/secret.ts'

// Members of a resource in the file that are not the API's.
const OWN_MEMBERS = ['id', 'renamedFrom', 'protect', 'ensure', 'expires', 'location']

/** An entry that is being put together; its children come later. */
export interface Built extends Entry {
  readonly parent: Built | null
  readonly children: Built[]
  readonly document: ConfigDocument
}

/**
 * The resources of a document, parents before their children, in the order of the file. What is not a mapping with a
 * name is left out: the schema has complained about it.
 */
export function entriesOf(document: ConfigDocument): readonly Built[] {
  if (!isPlainObject(document.value)) return []
  const location = locationOf(document.value) ?? DEFAULT_LOCATION
  return kindsUnder(null).flatMap((kind) =>
    listEntries(kind, document.value as PlainObject, [], { document, location, parent: null }),
  )
}

/** The secrets of a resource, as far as they could be read. */
export type ResolvedSecrets = Pick<DesiredResource, 'secrets' | 'canary'>

/** New entries that have the secrets that were read, with new resources and linked among themselves. */
export function withSecrets(
  entries: readonly Built[],
  resolved: ReadonlyMap<Built, ResolvedSecrets>,
): readonly Built[] {
  const built = new Map<Built, Built>()
  for (const entry of entries) {
    const parent = entry.parent === null ? null : (built.get(entry.parent) ?? null)
    const resource = { ...entry.resource, ...resolved.get(entry), parent: parent?.resource ?? null }
    const fresh: Built = { ...entry, resource, parent, children: [] }
    parent?.children.push(fresh)
    built.set(entry, fresh)
  }
  return [...built.values()]
}

/** The location that a mapping names, or undefined when it names none that exists. */
export function locationOf({ location }: PlainObject): string | undefined {
  return knownLocation(location)
}

interface Surroundings {
  readonly document: ConfigDocument
  readonly location: string
  readonly parent: Built | null
}

function listEntries(
  kind: ResourceKind,
  owner: PlainObject,
  path: FieldPath,
  around: Surroundings,
): readonly Built[] {
  const list = owner[kind.yamlKey]
  if (!Array.isArray(list)) return []
  return (list as readonly unknown[]).flatMap((value, index) => {
    const here = [...path, kind.yamlKey, String(index)]
    if (!isPlainObject(value) || typeof value.name !== 'string' || value.name === '') return []
    const entry = toEntry(kind, value, value.name, here, around)
    const inside = { ...around, location: entry.resource.location, parent: entry }
    const below = kindsUnder(kind).flatMap((child) => listEntries(child, value, here, inside))
    around.parent?.children.push(entry)
    return [entry, ...below]
  })
}

function toEntry(
  kind: ResourceKind,
  value: PlainObject,
  name: string,
  path: FieldPath,
  { document, location, parent }: Surroundings,
): Built {
  const place = (field: FieldPath, part?: 'key' | 'value'): Place => document.place([...path, ...field], part)
  const written = writtenFields(kind, value)
  const step = { collection: kind.collection, name }
  const own = formatAddress([step])
  return {
    document,
    parent,
    children: [],
    written,
    place,
    resource: {
      kind,
      location: kind.parent === null ? (locationOf(value) ?? location) : location,
      name,
      address: parent === null ? own : `${parent.resource.address}/${own}`,
      ...(typeof value.id === 'string' ? { id: value.id.toLowerCase() } : {}),
      ...(typeof value.renamedFrom === 'string' ? { renamedFrom: value.renamedFrom } : {}),
      protect: value.protect === true,
      ensure: value.ensure === 'absent' ? 'absent' : 'present',
      ...(typeof value.expires === 'string' ? { expires: value.expires } : {}),
      parent: parent?.resource ?? null,
      spec: kind.normalise(written),
      ...listsOf(kind, written),
      secrets: secretsOf(kind, value),
      ...canaryOf(kind, value),
      locate: (field = [], part) => {
        if (getPath(value, field) === undefined) return undefined
        return (field.length > 0 || part !== undefined ? place(field, part) : place(['name'])).at
      },
    },
  }
}

function writtenFields(kind: ResourceKind, value: PlainObject): PlainObject {
  const children = kindsUnder(kind).map((child) => child.yamlKey)
  const fields = Object.fromEntries(
    Object.entries(value).filter(
      ([key]) =>
        !OWN_MEMBERS.includes(key) && !children.includes(key) && key !== kind.probing?.canary?.member,
    ),
  )
  return kind.secrets
    .flatMap(({ path, rotatedAt }) => (rotatedAt === undefined ? [path] : [path, rotatedAt]))
    .reduce<PlainObject>(withoutPath, fields)
}

function listsOf(kind: ResourceKind, written: PlainObject): Pick<DesiredResource, 'written'> {
  const lists = kind.sets.flatMap((path) => {
    const list = getPath(written, path)
    return Array.isArray(list) && list.length > 1 ? [{ path, list: list as readonly Plain[] }] : []
  })
  if (lists.length === 0) return {}
  return {
    written: lists.reduce<PlainObject>(
      (all, { path, list }) => withPath<Plain | undefined>(all, path, list) as PlainObject,
      {},
    ),
  }
}

function secretsOf(kind: ResourceKind, value: PlainObject): readonly DesiredSecret[] {
  return kind.secrets.flatMap(({ path, rotatedAt: datePath }): DesiredSecret[] => {
    const given = getPath(value, path)
    const date = datePath === undefined ? undefined : getPath(value, datePath)
    const rotated = typeof date === 'string' ? { rotatedAt: date } : {}
    // The text itself goes no further than this; whether it may stand there is the schema's business.
    if (typeof given === 'string') {
      return [{ path, reference: { from: 'literal' }, value: new Secret(given), ...rotated }]
    }
    const reference = referenceOf(given)
    return reference === undefined ? [] : [{ path, reference, value: null, ...rotated }]
  })
}

function canaryOf(kind: ResourceKind, value: PlainObject): Pick<DesiredResource, 'canary'> {
  const path = kind.probing?.canary?.path
  const given = path === undefined ? undefined : getPath(value, path)
  if (path === undefined) return {}
  if (typeof given === 'string')
    return { canary: { path, reference: { from: 'literal' }, value: new Secret(given) } }
  const reference = referenceOf(given)
  return reference === undefined ? {} : { canary: { path, reference, value: null } }
}

function referenceOf(given: unknown): SecretReference | undefined {
  if (!isPlainObject(given)) return undefined
  if (typeof given.env === 'string') return { from: 'env', name: given.env }
  return typeof given.file === 'string' ? { from: 'file', path: given.file } : undefined
}
