import type { PlainObject } from '../model/json.ts'
import type { ResourceKind } from '../model/resource.ts'
import type { Store } from './store.ts'
import { parentIdsOf, pathOf, type Stored, type StoredStatus } from './stored.ts'

const SOMEONE = '00000000-0000-4000-8000-00000000f00d'

/** How a seeded resource differs from one that was just provisioned by someone else. */
export interface SeedOptions {
  /** Default: a fresh version 4 UUID, as the service makes them. */
  readonly id?: string
  /** Id of its parent, for kinds that have one. */
  readonly parentId?: string
  /** Who made it; default someone who is not a caller of this sandbox. */
  readonly user?: string
  /** Default AVAILABLE. PROVISIONING and DESTROYING last `forMs`, FAILED lasts until the next PUT. */
  readonly status?: StoredStatus
  /** Default: for ever. */
  readonly forMs?: number
}

/** A resource with all that the sandbox knows, secrets included. */
export interface SandboxResource {
  readonly id: string
  readonly kind: ResourceKind
  readonly parentIds: readonly string[]
  readonly path: string
  readonly status: StoredStatus
  readonly properties: PlainObject
  readonly createdBy: string
  readonly lastModifiedBy: string
}

/** The sandbox's state, past the API and its rules: what tests seed, read, and change behind everybody's back. */
export class SandboxStore {
  readonly #store: Store
  readonly #now: () => number

  constructor(store: Store, now: () => number) {
    this.#store = store
    this.#now = now
  }

  /** Adds a resource, completed as the service does, checked by no one; gives its id. */
  seed(kind: ResourceKind, properties: PlainObject, options: SeedOptions = {}): string {
    const parent = options.parentId === undefined ? null : this.#find(options.parentId)
    if ((parent?.kind ?? null) !== kind.parent)
      throw new RangeError(`a ${kind.title} needs a parent of its own kind`)
    const id = options.id ?? this.#store.freshId()
    if (this.#store.byId(id) !== undefined) throw new RangeError(`${id} already exists`)
    const made = this.#store.create({ kind, parent, id, properties, user: options.user ?? SOMEONE })
    const until = options.forMs === undefined ? Number.MAX_SAFE_INTEGER : this.#now() + options.forMs
    setStatus(made, options.status ?? 'AVAILABLE', until)
    // The status is set after the store saw the resource; it has to learn of one that is on its way out.
    if (made.goneAt !== null) this.#store.adopt(made)
    return made.id
  }

  /** Everything that there is, parents before their children. */
  resources(): readonly SandboxResource[] {
    return [...this.#store.all()].map((stored) => this.#describe(stored))
  }

  /** One resource, or undefined. */
  get(id: string): SandboxResource | undefined {
    const stored = this.#store.byId(id)
    return stored === undefined ? undefined : this.#describe(stored)
  }

  /** Someone edits live: the properties become what `change` makes of them, without defaults or checks. */
  edit(id: string, change: (properties: PlainObject) => PlainObject, user: string = SOMEONE): void {
    const stored = this.#find(id)
    this.#store.rewrite(stored, change(stored.properties))
    stored.lastModifiedBy = user
    stored.lastModifiedDate = new Date(this.#now()).toISOString()
  }

  /** Someone deletes: the resource and all below it vanish as after a DELETE. */
  remove(id: string): void {
    this.#store.destroy(this.#find(id))
  }

  #find(id: string): Stored {
    const stored = this.#store.byId(id)
    if (stored === undefined) throw new RangeError(`the sandbox holds nothing with the id ${id}`)
    return stored
  }

  #describe(stored: Stored): SandboxResource {
    const { id, kind, properties, createdBy, lastModifiedBy } = stored
    return {
      id,
      kind,
      parentIds: parentIdsOf(stored),
      path: pathOf(stored),
      status: this.#store.status(stored),
      properties,
      createdBy,
      lastModifiedBy,
    }
  }
}

function setStatus(stored: Stored, status: StoredStatus, until: number): void {
  stored.readyAt = status === 'PROVISIONING' ? until : 0
  stored.goneAt = status === 'DESTROYING' ? until : null
  if (status === 'FAILED') stored.failure = 'it was seeded as failed'
}
