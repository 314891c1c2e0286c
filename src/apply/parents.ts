import type { Clock } from '../model/clock.ts'
import {
  type Collection,
  type LiveResource,
  parentTarget,
  type Target,
  targetKey,
} from '../model/resource.ts'
import type { Dependents } from './dependents.ts'
import type { OutcomeError } from './events.ts'
import { parentLost } from './outcome-error.ts'

/** Reads a resource; undefined: it is not there. Everything read is reported to {@link Parents.observe} by the caller. */
export type ReadResource = (target: Target) => Promise<LiveResource | undefined>

/** Between two reads of a parent whose children are missing. */
const CHECK_EVERY_MS = 5000
/** A read may lag behind the creation of a parent, so one alone does not show that it is gone again. */
const READS_OF_A_NEW_PARENT = 3

interface Checked {
  at: number
  reading: Promise<unknown>
}

/**
 * Gateways that others delete during the run. Whatever shows that one is DESTROYING or gone, a read for any purpose, ends
 * the changes of all its children at once.
 */
export class Parents {
  readonly #dependents: Dependents
  readonly #clock: Clock
  readonly #read: ReadResource
  readonly #onLost: (parent: Target, error: OutcomeError) => void
  readonly #lost = new Map<string, OutcomeError>()
  readonly #ready = new Set<string>()
  readonly #misses = new Map<string, number>()
  readonly #checks = new Map<string, Checked>()

  constructor(
    dependents: Dependents,
    clock: Clock,
    read: ReadResource,
    onLost: (parent: Target, error: OutcomeError) => void,
  ) {
    this.#dependents = dependents
    this.#clock = clock
    this.#read = read
    this.#onLost = onLost
  }

  /** Why nothing can be written in a collection any more; undefined: it can. */
  lost(collection: Collection): OutcomeError | undefined {
    for (let at = parentTarget(collection); at !== undefined; at = parentTarget(at)) {
      const error = this.#lost.get(targetKey(at))
      if (error !== undefined) return error
    }
    return undefined
  }

  /** A resource that this run has created is AVAILABLE: from now on it should be there. */
  ready(target: Target): void {
    this.#ready.add(targetKey(target))
    this.#misses.delete(targetKey(target))
  }

  /** Takes note of what was read of any resource. */
  observe(target: Target, live: LiveResource | undefined): void {
    const key = targetKey(target)
    if (live !== undefined && live.status !== 'DESTROYING') {
      this.#misses.delete(key)
      return
    }
    const change = this.#dependents.find(key)
    // What this run deletes itself has no children left to write.
    if (change?.action === 'delete' || this.#lost.has(key)) return
    const misses = (this.#misses.get(key) ?? 0) + 1
    this.#misses.set(key, misses)
    if (change?.action === 'create' && (!this.#ready.has(key) || misses < READS_OF_A_NEW_PARENT)) return
    const error = parentLost(target.kind.noun, live)
    this.#lost.set(key, error)
    this.#onLost(target, error)
  }

  /** Reads the parent of a collection, once for all that ask within a few seconds; {@link lost} says what came of it. */
  async check(collection: Collection): Promise<void> {
    const parent = parentTarget(collection)
    if (parent === undefined) return
    const key = targetKey(parent)
    const last = this.#checks.get(key)
    if (last !== undefined && this.#clock.now() - last.at < CHECK_EVERY_MS) {
      await last.reading
      return
    }
    const reading = this.#read(parent)
    this.#checks.set(key, { at: this.#clock.now(), reading })
    await reading
  }
}
