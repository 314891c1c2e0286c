import { KINDS } from '../../src/kinds/index.ts'
import type { ResourceKind } from '../../src/model/resource.ts'
import type { Answer } from '../../src/sandbox/answer.ts'
import { type BehaviourOptions, behaviourOf } from '../../src/sandbox/behaviour.ts'
import { locationOfSegment, type Place, Places } from '../../src/sandbox/places.ts'
import { seededRandom } from '../../src/sandbox/random.ts'
import type { Stored } from '../../src/sandbox/stored.ts'

/** A request as it reaches the service. */
export interface Arriving {
  readonly user: string
  readonly method: string
  /** `/de-fra/wireguardgateways/ID`. */
  readonly path: string
  /** `?limit=2&offset=0`. */
  readonly query?: string
  readonly body?: string | undefined
}

/** What a path names. */
export interface Named {
  readonly location: string
  readonly kind: ResourceKind
  readonly parentIds: readonly string[]
  /** Undefined for a list. */
  readonly id: string | undefined
}

/** A resource at one moment. */
export interface Snapshot {
  readonly id: string
  readonly kind: ResourceKind
  readonly location: string
  readonly parentId: string | undefined
  readonly properties: Stored['properties']
  readonly createdDate: string
  readonly lastModifiedBy: string
  readonly status: string
}

/** A write that had an effect. */
export interface Effect {
  readonly at: number
  readonly user: string
  readonly method: 'PUT' | 'POST' | 'DELETE'
  readonly named: Named & { readonly id: string }
  readonly before: Snapshot | undefined
  readonly after: Snapshot | undefined
}

/** The API without HTTP: the sandbox's own store and rules, at the time of the simulation. */
export class Service {
  readonly places: Places
  readonly effects: Effect[] = []
  /** Names whose next writes end FAILED. */
  readonly failNames: string[] = []
  readonly #now: () => number

  constructor(seed: number, behaviour: BehaviourOptions, now: () => number) {
    this.#now = now
    this.places = new Places({
      behaviour: behaviourOf({ ...behaviour, failNames: this.failNames }),
      now,
      random: seededRandom(seed),
    })
  }

  handle(request: Arriving): Answer {
    const named = nameOf(request.path)
    const { operations } = this.places.at(named.location)
    const { kind, parentIds, id } = named
    const query = (name: string): string | undefined => memberOf(request.query ?? '', name)
    const base = { kind, parentIds, origin: 'https://simulation.invalid', user: request.user, query }
    const payload = { contentType: 'application/json', text: request.body ?? '' }
    if (id === undefined) {
      if (request.method === 'GET') return operations.list(base)
      const known = new Set(this.everything().map((each) => each.id))
      const answer = operations.post(base, payload)
      const made = this.everything().find((each) => !known.has(each.id))
      if (made !== undefined) this.#note(request, { ...named, id: made.id }, undefined, made)
      return answer
    }
    if (request.method === 'GET') return operations.get({ ...base, id })
    const before = this.find(named.location, id)
    const answer =
      request.method === 'PUT' ? operations.put({ ...base, id }, payload) : operations.delete({ ...base, id })
    if (answer.status < 300) this.#note(request, { ...named, id }, before, this.find(named.location, id))
    return answer
  }

  /** Takes something out, past all rules. */
  remove({ location, id }: { readonly location: string; readonly id: string }): void {
    const { store } = this.places.at(location)
    const stored = store.byId(id)
    if (stored === undefined) return
    store.destroy(stored)
    for (const gone of store.all()) if (gone.goneAt !== null) gone.goneAt = this.#now()
    store.sweep()
  }

  #note(request: Arriving, named: Effect['named'], before?: Snapshot, after?: Snapshot): void {
    const { user, method } = request
    this.effects.push({
      at: this.#now(),
      user,
      method: method as Effect['method'],
      named,
      before,
      after,
    })
  }

  /** All that exists, parents before their children. */
  everything(): readonly Snapshot[] {
    return [...this.places.all()].flatMap((place) =>
      [...place.store.all()].map((stored) => this.#snapshot(place, stored)),
    )
  }

  find(location: string, id: string): Snapshot | undefined {
    const place = this.places.at(location)
    const stored = place.store.byId(id)
    return stored === undefined ? undefined : this.#snapshot(place, stored)
  }

  #snapshot(place: Place, stored: Stored): Snapshot {
    return {
      id: stored.id,
      kind: stored.kind,
      location: place.location,
      parentId: stored.parent?.id,
      properties: stored.properties,
      createdDate: stored.createdDate,
      lastModifiedBy: stored.lastModifiedBy,
      status: place.store.status(stored),
    }
  }
}

function memberOf(query: string, name: string): string | undefined {
  const at = query.indexOf(`${name}=`)
  if (at === -1) return undefined
  const end = query.indexOf('&', at)
  return query.slice(at + name.length + 1, end === -1 ? undefined : end)
}

/** What a path names; throws for a path that is not the API's. */
export function nameOf(path: string): Named {
  const known = namedBy.get(path)
  if (known !== undefined) return known
  const named = readPath(path)
  // Many histories have many paths, and each history asks for its own again and again.
  if (namedBy.size === MOST_PATHS) namedBy.clear()
  namedBy.set(path, named)
  return named
}

const MOST_PATHS = 1000
const namedBy = new Map<string, Named>()

function readPath(path: string): Named {
  const [, segment = '', ...steps] = path.split('/')
  const location = locationOfSegment(segment)
  let kind: ResourceKind | null = null
  const ids: string[] = []
  for (let index = 0; index < steps.length; index += 2) {
    const above: ResourceKind | null = kind
    kind = KINDS.find((each) => each.parent === above && each.collection === steps[index]) ?? null
    if (kind === null) break
    const id = steps[index + 1]
    if (id !== undefined) ids.push(id)
  }
  if (location === undefined || kind === null) throw new RangeError(`${path} is not a path of the API`)
  const isList = steps.length % 2 === 1
  return { location, kind, parentIds: isList ? ids : ids.slice(0, -1), id: isList ? undefined : ids.at(-1) }
}

/** The resource that holds another one. */
export function holderOf({ location, kind, parentId }: Snapshot): Named | undefined {
  if (parentId === undefined || kind.parent === null) return undefined
  return { location, kind: kind.parent, parentIds: [], id: parentId }
}

/** The path of what is named. */
export function pathOfNamed({ location, kind, parentIds, id }: Named): string {
  const lineage: ResourceKind[] = []
  for (let at: ResourceKind | null = kind; at !== null; at = at.parent) lineage.unshift(at)
  const ids = id === undefined ? parentIds : [...parentIds, id]
  const steps = lineage.flatMap((each, depth) => [each.collection, ...ids.slice(depth, depth + 1)])
  return `/${location.replaceAll('/', '-')}/${steps.join('/')}`
}
