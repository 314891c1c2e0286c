import { stringify } from 'yaml'
import { KINDS } from '../../src/kinds/index.ts'
import { formatAddress } from '../../src/model/address.ts'
import { deriveId } from '../../src/model/identity.ts'
import { getPath, type PlainObject, withPath } from '../../src/model/json.ts'
import type { ResourceKind } from '../../src/model/resource.ts'
import type { Dice } from './dice.ts'
import type { Values } from './values.ts'

export const STACK = 'fault-harness'
export const LOCATION = 'de/fra'

/** A resource that the file wants. */
export interface Wanted {
  readonly kind: ResourceKind
  readonly name: string
  readonly parent: Wanted | null
  /** With its secrets. */
  properties: PlainObject
  readonly children: Wanted[]
  /** Written in the file: it belonged to someone else. */
  id?: string
  renamedFrom?: string
}

/** Everything that the file wants, parents before their children. */
export type Estate = readonly Wanted[]

/** A random estate: gateways of every kind with children. */
export function randomEstate(dice: Dice, values: Values): Estate {
  const all: Wanted[] = []
  const make = (kind: ResourceKind, name: string, parent: Wanted | null): Wanted => {
    const wanted: Wanted = { kind, name, parent, properties: values.properties(kind, name), children: [] }
    all.push(wanted)
    parent?.children.push(wanted)
    for (const child of KINDS.filter(({ parent: above }) => above === kind)) {
      const count = dice.int(0, 4)
      for (let number = 0; number < count; number++) make(child, `${child.noun}-${number}`, wanted)
    }
    return wanted
  }
  for (const kind of KINDS.filter(({ parent }) => parent === null)) {
    const count = dice.int(0, 3)
    for (let number = 0; number < count; number++) make(kind, `gw-${number}`, null)
  }
  if (all.length === 0) make(dice.pick(KINDS.filter(({ parent }) => parent === null)), 'only', null)
  return all
}

/** The id that vpnctl gives a resource of that name. */
export function idUnder(wanted: Wanted, name = wanted.name): string {
  const steps = lineage(wanted).map((step) => ({ collection: step.kind.collection, name: step.name }))
  const own = steps.pop()
  return deriveId(STACK, LOCATION, formatAddress([...steps, { collection: own?.collection ?? '', name }]))
}

function lineage(wanted: Wanted): readonly Wanted[] {
  return wanted.parent === null ? [wanted] : [...lineage(wanted.parent), wanted]
}

/** The file, and the environment that its secrets come from. */
export function writeFile(estate: Estate): { yaml: string; secrets: Readonly<Record<string, string>> } {
  const secrets: Record<string, string> = {}
  const entry = (wanted: Wanted): Record<string, unknown> => {
    let properties: Readonly<Record<string, unknown>> = wanted.properties
    for (const { path } of wanted.kind.secrets) {
      const value = getPath(wanted.properties, path)
      if (typeof value !== 'string') continue
      const env = `SECRET_${Object.keys(secrets).length}`
      secrets[env] = value
      properties = withPath<unknown>(properties, path, { env })
    }
    return {
      ...properties,
      ...(wanted.id === undefined ? {} : { id: wanted.id }),
      ...(wanted.renamedFrom === undefined ? {} : { renamedFrom: wanted.renamedFrom }),
      ...byKey(wanted.children, entry),
    }
  }
  const top = estate.filter(({ parent }) => parent === null)
  return {
    yaml: stringify({ version: 1, stack: STACK, location: LOCATION, ...byKey(top, entry) }),
    secrets,
  }
}

function byKey(wanted: readonly Wanted[], entry: (each: Wanted) => unknown): Record<string, unknown[]> {
  const lists: Record<string, unknown[]> = {}
  for (const each of wanted) {
    const list = lists[each.kind.yamlKey] ?? []
    list.push(entry(each))
    lists[each.kind.yamlKey] = list
  }
  return lists
}
