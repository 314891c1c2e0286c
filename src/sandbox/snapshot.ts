import { KINDS } from '../kinds/index.ts'
import { DEFAULT_LOCATION, LOCATIONS } from '../kinds/locations.ts'
import { isPlainObject, type PlainObject } from '../model/json.ts'
import type { Places } from './places.ts'
import type { Store } from './store.ts'
import type { Stored } from './stored.ts'

const FORMAT = 'vpnctl/sandbox'
const VERSION = 1

/** All stores as JSON text, one resource per line, parents before their children. Holds secrets. */
export function snapshot(places: Places): string {
  const lines: string[] = []
  for (const { location, store } of places.all()) {
    for (const stored of store.all()) lines.push(JSON.stringify(record(stored, location)))
  }
  return `{"format":"${FORMAT}","version":${VERSION},"resources":[\n${lines.join(',\n')}\n]}\n`
}

/** Fills empty stores; says what is wrong with the text when it is not a snapshot. Never quotes it. */
export function restore(places: Places, text: string): string | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'it is not JSON'
  }
  if (!isPlainObject(value) || value.format !== FORMAT) return `it does not say "format": "${FORMAT}"`
  if (value.version !== VERSION) return `its version is not ${VERSION}`
  if (!Array.isArray(value.resources)) return 'it has no list of resources'
  for (const [index, each] of (value.resources as readonly unknown[]).entries()) {
    const location = isPlainObject(each) ? (each.location ?? DEFAULT_LOCATION) : DEFAULT_LOCATION
    if (typeof location !== 'string' || !Object.hasOwn(LOCATIONS, location))
      return `resource ${index + 1} is in an unknown location`
    const { store } = places.at(location)
    const stored = readRecord(store, each)
    if (typeof stored === 'string') return `resource ${index + 1} ${stored}`
    store.adopt(stored)
  }
  return undefined
}

// A file that knows one location alone is as it always was.
function record({ kind, parent, children: _, ...rest }: Stored, location: string) {
  const where = location === DEFAULT_LOCATION ? {} : { location }
  return { kind: kind.name, ...where, parentId: parent?.id ?? null, ...rest }
}

function readRecord(store: Store, value: unknown): Stored | string {
  if (!isPlainObject(value)) return 'is not an object'
  const kind = KINDS.find(({ name }) => name === value.kind)
  if (kind === undefined) return 'is of an unknown kind'
  if (typeof value.id !== 'string' || value.id === '') return 'has no id'
  if (store.byIdEvenGone(value.id) !== undefined) return 'has an id that already exists'
  const parent = typeof value.parentId === 'string' ? store.byIdEvenGone(value.parentId) : null
  if (parent === undefined || (parent?.kind ?? null) !== kind.parent) return 'has no parent in front of it'
  if (!isPlainObject(value.properties)) return 'has no properties'
  return {
    kind,
    id: value.id.toLowerCase(),
    parent,
    children: new Map(),
    properties: value.properties as PlainObject,
    createdDate: textOf(value.createdDate),
    createdBy: textOf(value.createdBy),
    lastModifiedDate: textOf(value.lastModifiedDate),
    lastModifiedBy: textOf(value.lastModifiedBy),
    readyAt: typeof value.readyAt === 'number' ? value.readyAt : 0,
    goneAt: typeof value.goneAt === 'number' ? value.goneAt : null,
    failure: typeof value.failure === 'string' ? value.failure : null,
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
