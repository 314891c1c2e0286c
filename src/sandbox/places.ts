import { canonicalLocation, DEFAULT_LOCATION, LOCATIONS } from '../kinds/locations.ts'
import type { Behaviour } from './behaviour.ts'
import { Operations } from './operations.ts'
import { Store, type StoreSurroundings } from './store.ts'
import { Wire } from './wire.ts'

/** One location: resources of its own, as behind an endpoint of its own. */
export interface Place {
  readonly location: string
  readonly store: Store
  readonly wire: Wire
  readonly operations: Operations
}

/** Every location of the service; those that no one asked for cost nothing. */
export class Places {
  readonly #around: StoreSurroundings & { readonly behaviour: Behaviour }
  readonly #places = new Map<string, Place>()

  constructor(around: StoreSurroundings) {
    this.#around = around
    this.at(DEFAULT_LOCATION)
  }

  /** Grows with each change that a restart must remember. */
  get revision(): number {
    let revision = 0
    for (const { store } of this.#places.values()) revision += store.revision
    return revision
  }

  /** The place of a location; those that share an endpoint share their resources. */
  at(location: string): Place {
    const name = canonicalLocation(location)
    const known = this.#places.get(name)
    if (known !== undefined) return known
    const { behaviour, now } = this.#around
    const store = new Store(this.#around)
    const wire = new Wire(behaviour, name)
    const place = { location: name, store, wire, operations: new Operations(store, wire, behaviour, now) }
    this.#places.set(name, place)
    return place
  }

  all(): Iterable<Place> {
    return this.#places.values()
  }
}

/** `de-txl`: a location as a segment of a path, or undefined when there is no such location. */
export function locationOfSegment(segment: string): string | undefined {
  return Object.keys(LOCATIONS).find((location) => location.replaceAll('/', '-') === segment.toLowerCase())
}
