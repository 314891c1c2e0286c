import type { PlainObject } from '../model/json.ts'
import type { ResourceKind } from '../model/resource.ts'

/** A resource as the sandbox keeps it. `properties` contains secrets and is replaced, never changed in place. */
export interface Stored {
  readonly kind: ResourceKind
  readonly id: string
  readonly parent: Stored | null
  /** By kind; filled by the store alone. */
  readonly children: Map<ResourceKind, Siblings>
  properties: PlainObject
  readonly createdDate: string
  readonly createdBy: string
  lastModifiedDate: string
  lastModifiedBy: string
  /** PROVISIONING until then, in milliseconds of the sandbox's clock. */
  readyAt: number
  /** DESTROYING until then; null as long as no one deleted it. */
  goneAt: number | null
  /** Why it will be FAILED once it is provisioned; null when all is well. */
  failure: string | null
  /** What it was before its latest changes, oldest first; kept only where reads lag. */
  past?: readonly Past[]
}

/** What a resource was until a moment. */
export type Past = Pick<
  Stored,
  'properties' | 'lastModifiedDate' | 'lastModifiedBy' | 'readyAt' | 'goneAt' | 'failure'
> & { readonly until: number }

/** The states of the API's own life cycle. */
export type StoredStatus = 'PROVISIONING' | 'AVAILABLE' | 'FAILED' | 'DESTROYING'

/** The status at a moment: time alone moves a resource on, so that no timer is needed. */
export function statusAt(stored: Stored, now: number): StoredStatus {
  if (stored.goneAt !== null) return 'DESTROYING'
  if (now < stored.readyAt) return 'PROVISIONING'
  return stored.failure === null ? 'AVAILABLE' : 'FAILED'
}

/** True once a destroyed resource has vanished. */
export function isGone(stored: Stored, now: number): boolean {
  return stored.goneAt !== null && stored.goneAt <= now
}

/** Ids from the outside in, without its own. */
export function parentIdsOf(stored: Stored): readonly string[] {
  return stored.parent === null ? [] : [...parentIdsOf(stored.parent), stored.parent.id]
}

/** The API's path of a resource. */
export function pathOf(stored: Stored): string {
  return `${collectionPath(stored.kind, parentIdsOf(stored))}/${stored.id}`
}

/** The API's path of a collection, `/gateways/ID/children`. */
export function collectionPath(kind: ResourceKind, parentIds: readonly string[]): string {
  if (kind.parent === null) return `/${kind.collection}`
  return `${collectionPath(kind.parent, parentIds.slice(0, -1))}/${parentIds.at(-1)}/${kind.collection}`
}

/** All resources of a kind under one parent, in the order in which they were made. */
export class Siblings {
  readonly #byId = new Map<string, Stored>()
  readonly #shown = new Set<Stored>()
  // Pages are cut from an array, since a map can only be walked from its start. Dropped when the members change.
  #ordered: readonly Stored[] | undefined

  add(stored: Stored): void {
    this.#byId.set(stored.id, stored)
    this.#shown.add(stored)
    this.#ordered = undefined
  }

  remove(stored: Stored): void {
    if (this.#byId.get(stored.id) === stored) this.#byId.delete(stored.id)
    this.#ordered = undefined
  }

  /** Ends what late reads still show of a removed resource. */
  forget(stored: Stored): void {
    this.#shown.delete(stored)
  }

  /** What was there at a moment that may be a little ago, each as it was then. */
  at(moment: number): readonly Stored[] {
    return [...this.#shown].flatMap((stored) => {
      if (Date.parse(stored.createdDate) > moment) return []
      const past = stored.past?.find(({ until }) => until > moment)
      const then = past === undefined ? stored : { ...stored, ...past }
      return isGone(then, moment) ? [] : [then]
    })
  }

  get(id: string): Stored | undefined {
    return this.#byId.get(id)
  }

  all(): readonly Stored[] {
    this.#ordered ??= [...this.#byId.values()]
    return this.#ordered
  }
}
