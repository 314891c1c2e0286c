import type { PlainObject } from '../model/json.ts'
import type { ResourceKind } from '../model/resource.ts'
import type { Behaviour } from './behaviour.ts'
import { Claims } from './claims.ts'
import { fill } from './fill.ts'
import { type Random, randomUuid } from './random.ts'
import { isGone, Siblings, type Stored, statusAt } from './stored.ts'

/** What the store needs from outside. */
export interface StoreSurroundings {
  readonly behaviour: Behaviour
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly random: Random
}

/** What a new resource is made of. */
export interface NewResource {
  readonly kind: ResourceKind
  readonly parent: Stored | null
  readonly id: string
  readonly properties: PlainObject
  readonly user: string
}

/** All resources, indexed for every question that the API asks. Knows the life of a resource, but no HTTP and no rules. */
export class Store {
  readonly #around: StoreSurroundings
  readonly #top = new Map<ResourceKind, Siblings>()
  readonly #byId = new Map<string, Stored>()
  readonly #claims = new Claims()
  readonly #destroying = new Set<Stored>()
  #departed: Stored[] = []
  #revision = 0

  constructor(around: StoreSurroundings) {
    this.#around = around
  }

  /** Grows with each change that a restart must remember. */
  get revision(): number {
    return this.#revision
  }

  /** The collection of `kind` under its parents, or undefined when one of those does not exist. */
  siblings(kind: ResourceKind, parentIds: readonly string[]): Siblings | undefined {
    this.sweep()
    const parent = this.parent(kind, parentIds)
    return parent === undefined ? undefined : this.#siblingsOf(kind, parent)
  }

  /** The parent that `kind` has under these ids; null at the top, undefined when there is none. */
  parent(kind: ResourceKind, parentIds: readonly string[]): Stored | null | undefined {
    this.sweep()
    if (kind.parent === null) return null
    return this.siblings(kind.parent, parentIds.slice(0, -1))?.get(parentIds.at(-1) ?? '')
  }

  /** The resource of that id, of any kind and under any parent. */
  byId(id: string): Stored | undefined {
    this.sweep()
    return this.#byId.get(id.toLowerCase())
  }

  /** {@link byId}, and what has vanished but was not swept yet: while a file is read, its order is what counts. */
  byIdEvenGone(id: string): Stored | undefined {
    return this.#byId.get(id.toLowerCase())
  }

  /** Everything that there is, parents before their children. */
  *all(): Iterable<Stored> {
    this.sweep()
    for (const shelf of this.#top.values()) yield* below(shelf)
  }

  /** Who else has a value that only one resource may have, or undefined. */
  holderOf(kind: ResourceKind, properties: PlainObject, self: Stored | undefined) {
    this.sweep()
    return this.#claims.holderOf(kind, properties, self)
  }

  /** An id that nothing has. */
  freshId(): string {
    let id = randomUuid(this.#around.random)
    while (this.#byId.has(id)) id = randomUuid(this.#around.random)
    return id
  }

  /** Makes a resource; completes its properties. */
  create(made: NewResource): Stored {
    const date = this.#date()
    const stored: Stored = {
      kind: made.kind,
      id: made.id.toLowerCase(),
      parent: made.parent,
      children: new Map(),
      properties: fill(made.kind, made.properties, undefined, this.#around.random),
      createdDate: date,
      createdBy: made.user,
      lastModifiedDate: date,
      lastModifiedBy: made.user,
      readyAt: this.#readyAt(),
      goneAt: null,
      failure: this.#failure(made.properties),
    }
    this.adopt(stored)
    return stored
  }

  /** Replaces all properties; completes the new ones. */
  replace(stored: Stored, properties: PlainObject, user: string): void {
    this.#remember(stored)
    this.rewrite(stored, fill(stored.kind, properties, stored.properties, this.#around.random))
    stored.lastModifiedDate = this.#date()
    stored.lastModifiedBy = user
    stored.readyAt = this.#readyAt()
    stored.failure = this.#failure(properties)
  }

  /** Puts properties in place exactly as they are. */
  rewrite(stored: Stored, properties: PlainObject): void {
    this.#remember(stored)
    this.#claims.release(stored)
    stored.properties = properties
    this.#claims.hold(stored)
    this.#revision++
  }

  /** Starts the end of a resource and of all that is below it. */
  destroy(stored: Stored): void {
    const goneAt = this.#around.now() + this.#around.behaviour.destroyMs
    for (const doomed of [stored, ...descendants(stored)]) {
      this.#remember(doomed)
      doomed.goneAt ??= goneAt
      this.#destroying.add(doomed)
    }
    this.#revision++
    this.sweep()
  }

  /** Puts a resource back to PROVISIONING for as long as a write takes. */
  markBusy(stored: Stored): void {
    this.#remember(stored)
    stored.readyAt = this.#readyAt()
    this.#revision++
  }

  /** The status of a resource now. */
  status(stored: Stored) {
    return statusAt(stored, this.#around.now())
  }

  /** Takes a complete resource in, for instance from a file. */
  adopt(stored: Stored): void {
    this.#siblingsOf(stored.kind, stored.parent).add(stored)
    this.#byId.set(stored.id, stored)
    this.#claims.hold(stored)
    if (stored.goneAt !== null) this.#destroying.add(stored)
    this.#revision++
  }

  /** Forgets what has vanished by now. */
  sweep(): void {
    const now = this.#around.now()
    this.#forget(now)
    if (this.#destroying.size === 0) return
    for (const stored of this.#destroying) {
      if (!isGone(stored, now)) continue
      this.#destroying.delete(stored)
      this.#byId.delete(stored.id)
      this.#claims.release(stored)
      this.#siblingsOf(stored.kind, stored.parent).remove(stored)
      this.#departed.push(stored)
    }
    this.#forget(now)
  }

  // Late reads show for a while what is gone.
  #forget(now: number): void {
    const { readLagMs } = this.#around.behaviour
    if (this.#departed.length === 0) return
    this.#departed = this.#departed.filter((stored) => {
      if (!isGone(stored, now - readLagMs)) return true
      this.#siblingsOf(stored.kind, stored.parent).forget(stored)
      return false
    })
  }

  // Late reads show for a while what it was.
  #remember(stored: Stored): void {
    const { now, behaviour } = this.#around
    if (behaviour.readLagMs === 0) return
    const { properties, lastModifiedDate, lastModifiedBy, readyAt, goneAt, failure, past = [] } = stored
    const before = { properties, lastModifiedDate, lastModifiedBy, readyAt, goneAt, failure, until: now() }
    stored.past = [...past.filter(({ until }) => until > now() - behaviour.readLagMs), before]
  }

  #siblingsOf(kind: ResourceKind, parent: Stored | null): Siblings {
    const shelves = parent === null ? this.#top : parent.children
    const known = shelves.get(kind)
    if (known !== undefined) return known
    const shelf = new Siblings()
    shelves.set(kind, shelf)
    return shelf
  }

  #readyAt(): number {
    return this.#around.now() + this.#around.behaviour.provisionMs
  }

  #date(): string {
    return new Date(this.#around.now()).toISOString()
  }

  #failure(properties: PlainObject): string | null {
    const { name } = properties
    const fails = typeof name === 'string' && this.#around.behaviour.failNames.includes(name)
    return fails ? `the sandbox was asked to let "${name}" fail` : null
  }
}

function* below(shelf: Siblings): Iterable<Stored> {
  for (const stored of shelf.all()) {
    yield stored
    yield* descendants(stored)
  }
}

function* descendants(stored: Stored): Iterable<Stored> {
  for (const shelf of stored.children.values()) yield* below(shelf)
}
