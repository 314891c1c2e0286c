import { KINDS, kindsUnder } from '../../src/kinds/index.ts'
import { deriveId } from '../../src/model/identity.ts'
import {
  canonicalJson,
  getPath,
  isPlainObject,
  type Plain,
  type PlainObject,
  withoutPath,
} from '../../src/model/json.ts'
import type { ResourceKind } from '../../src/model/resource.ts'
import { Secret } from '../../src/model/secret.ts'
import type { Entry, Wanted } from '../support/desired-builder.ts'
import { rememberBy } from './remember.ts'

/** A resource as a file wants it, seen without the planner. */
export interface WantedResource {
  readonly kind: ResourceKind
  readonly location: string
  readonly name: string
  readonly id: string | undefined
  readonly renamedFrom: string | undefined
  readonly isProtected: boolean
  readonly isAbsent: boolean
  readonly parent: WantedResource | null
  /** API fields, secrets in them. */
  readonly properties: Readonly<Record<string, unknown>>
  /** `wireguardgateways/hq/peers/anna`. */
  readonly address: string
}

const OWN = new Set(['id', 'renamedFrom', 'protect', 'ensure', 'location'])

/** All that a file wants, parents before their children. */
export const wantedIn = rememberBy(readFile)

function readFile(file: Wanted): readonly WantedResource[] {
  const below = (
    kind: ResourceKind,
    holder: Readonly<Record<string, unknown>>,
    parent: WantedResource | null,
  ): WantedResource[] =>
    ((holder[kind.yamlKey] ?? []) as readonly Entry[]).flatMap((entry) => {
      const children = kindsUnder(kind)
      const keys = new Set(children.map(({ yamlKey }) => yamlKey))
      const own = `${kind.collection}/${entry.name}`
      const resource: WantedResource = {
        kind,
        location: parent?.location ?? (entry.location as string | undefined) ?? file.location ?? 'de/fra',
        name: entry.name,
        id: entry.id as string | undefined,
        renamedFrom: entry.renamedFrom as string | undefined,
        isProtected: entry.protect === true,
        isAbsent: entry.ensure === 'absent',
        parent,
        properties: Object.fromEntries(
          Object.entries(entry).filter(([key]) => !OWN.has(key) && !keys.has(key)),
        ),
        address: parent === null ? own : `${parent.address}/${own}`,
      }
      return [resource, ...children.flatMap((child) => below(child, entry, resource))]
    })
  return kindsUnder(null).flatMap((kind) => below(kind, file as Readonly<Record<string, unknown>>, null))
}

/** What a gateway of that name may be called as well: a file that renames it means one and the same by both names. */
export function namesFor(file: Wanted, name: unknown): readonly unknown[] {
  const pairs = wantedIn(file).filter(
    ({ parent, renamedFrom }) => parent === null && renamedFrom !== undefined,
  )
  return [
    name,
    ...pairs.flatMap((each) =>
      each.name === name ? [each.renamedFrom] : each.renamedFrom === name ? [each.name] : [],
    ),
  ]
}

/** The ids that follow from the address of a resource and from those that it had before it was renamed. */
export function derivedIds(stack: string, wanted: WantedResource): readonly string[] {
  const byStack = idsBy(wanted)
  const known = byStack.get(stack)
  if (known !== undefined) return known
  const ids = addresses(wanted).map((address) => deriveId(stack, wanted.location, address))
  byStack.set(stack, ids)
  return ids
}

const idsBy = rememberBy((_: WantedResource) => new Map<string, readonly string[]>())

function addresses({ kind, parent, name, renamedFrom }: WantedResource): readonly string[] {
  const names = renamedFrom === undefined ? [name] : [name, renamedFrom]
  const above = parent === null ? [''] : addresses(parent).map((address) => `${address}/`)
  return above.flatMap((prefix) => names.map((each) => `${prefix}${kind.collection}/${each}`))
}

/** Names of fields in which a live resource differs from what a file wants; what cannot be compared never does. */
export function differences(
  wanted: WantedResource,
  live: Readonly<Record<string, unknown>>,
): readonly string[] {
  const { kind } = wanted
  const chosen = new Set(kind.serverChosen.map((path) => path.join('.')))
  const sets = new Set(kind.sets.map((path) => path.join('.')))
  const withoutSecrets = (properties: Readonly<Record<string, unknown>>): PlainObject =>
    kind.secrets.reduce((left, { path }) => withoutPath(left, path), properties as PlainObject)
  const compare = (at: readonly string[], want: unknown, have: unknown): string[] => {
    const path = at.join('.')
    if (want === undefined && chosen.has(path)) return []
    const fallback = at.length === 0 ? undefined : getPath(kind.defaults, at)
    const expected = want ?? (isPlainObject(fallback) ? undefined : fallback)
    if (isPlainObject(expected) && isPlainObject(have)) {
      return [...new Set([...Object.keys(expected), ...Object.keys(have)])].flatMap((key) =>
        compare([...at, key], expected[key], have[key]),
      )
    }
    return text(expected, sets.has(path)) === text(have, sets.has(path)) ? [] : [path]
  }
  return compare([], withoutSecrets(wanted.properties), withoutSecrets(live))
}

function text(value: unknown, isSet: boolean): string {
  if (value === undefined || value === null || value === '') return ''
  if (isSet && Array.isArray(value))
    return value
      .map((each) => canonicalJson(each as Plain))
      .sort()
      .join()
  return canonicalJson(value as Plain)
}

/** Properties as they are sent: secrets in clear. */
export function revealed(properties: Readonly<Record<string, unknown>>): PlainObject {
  const reveal = (value: unknown): unknown => {
    if (value instanceof Secret) return value.reveal()
    if (Array.isArray(value)) return value.map(reveal)
    if (!isPlainObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, reveal(inner)]))
  }
  return reveal(properties) as PlainObject
}

/** The kind of that name. */
export function kindOf(name: string): ResourceKind {
  const kind = KINDS.find((each) => each.name === name)
  if (kind === undefined) throw new RangeError(`there is no kind ${name}`)
  return kind
}
