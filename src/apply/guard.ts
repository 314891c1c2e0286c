import type { Clock } from '../model/clock.ts'
import { decodeLive } from '../model/decode.ts'
import { ApiError } from '../model/errors.ts'
import type { Remote } from '../model/remote.ts'
import {
  type Collection,
  collectionKey,
  type LiveResource,
  type Target,
  targetKey,
} from '../model/resource.ts'
import type { Plan } from '../plan/types.ts'
import type { OutcomeError } from './events.ts'
import { checkPrecondition, type OwnWrites, type Precondition, type WritingChange } from './precondition.ts'

/** How old the last read of a resource may be when it is written. */
const RECENT_MS = 10_000

/** Why a write must not be sent. */
export type Refusal =
  | Exclude<Precondition, { type: 'holds' }>
  | { readonly type: 'parent-lost'; readonly error: OutcomeError }

/** The last read of a resource, or of its parent, says that the write must not be sent. */
export class WriteRefused extends Error {
  override readonly name = 'WriteRefused'
  readonly verdict: Refusal

  constructor(verdict: Refusal) {
    super(`not written: ${verdict.type}`)
    this.verdict = verdict
  }
}

/** What the guard needs of the run. */
export interface GuardRun {
  readonly remote: Remote
  readonly clock: Clock
  /** Cuts reads short. */
  readonly signal: AbortSignal
  /** Called with everything that the guard reads; has to call {@link WriteGuard.note}. */
  readonly observe: (target: Target, live: LiveResource | undefined) => void
  /** Called when a list answers that its parent is missing. */
  readonly onMissing: (collection: Collection) => Promise<void>
}

interface Read {
  readonly at: number
  /** Undefined: it was not there. */
  readonly live: LiveResource | undefined
}

/**
 * Remembers what was read of each resource and when, and lets a write pass only after a read that is recent and shows
 * what the plan saw. The plan's own read counts, and so do those of waits. A read counts from the moment of its answer.
 * Siblings that are still to be written share one list.
 */
export class WriteGuard {
  readonly #run: GuardRun
  readonly #planReadAt: number | undefined
  readonly #reads = new Map<string, Read>()
  /** Changes of a collection that are still to be written, by key. */
  readonly #pending = new Map<string, Map<string, WritingChange>>()
  readonly #lists = new Map<string, Promise<void>>()
  /** A list left them out, which does not prove that they are gone, or showed them too long ago. */
  readonly #unlisted = new Set<string>()

  constructor(plan: Pick<Plan, 'changes' | 'readAt'>, run: GuardRun) {
    this.#run = run
    this.#planReadAt = plan.readAt
    for (const change of plan.changes) {
      if (change.action === 'keep' || change.action === 'unmanaged') continue
      const key = collectionKey(change.target)
      const siblings = this.#pending.get(key) ?? new Map<string, WritingChange>()
      this.#pending.set(key, siblings.set(change.key, change))
    }
  }

  /** Takes note of what was read, or of what the answer to a write shows. */
  note(target: Target, live: LiveResource | undefined): void {
    const key = targetKey(target)
    this.#unlisted.delete(key)
    this.#reads.set(key, { at: this.#run.clock.now(), live })
  }

  /** What was read last of the resource of a change; undefined: it was not there. */
  lastRead(change: WritingChange): LiveResource | undefined {
    const read = this.#reads.get(change.key)
    if (read !== undefined) return read.live
    return change.action === 'create' ? undefined : change.live
  }

  /** The change sends no write any more. */
  complete(change: WritingChange): void {
    this.#pending.get(collectionKey(change.target))?.delete(change.key)
  }

  /** Undefined: write now. A promise: read again, then ask again. Throws {@link WriteRefused}. */
  check(change: WritingChange, own: OwnWrites): Promise<void> | undefined {
    const verdict = checkPrecondition(change, this.lastRead(change), own)
    // What is known to have changed is not read once more.
    if (verdict.type !== 'holds') throw new WriteRefused(verdict)
    return this.#isRecent(change) ? undefined : this.#readAgain(change)
  }

  #isRecent(change: WritingChange): boolean {
    const at = this.#reads.get(change.key)?.at ?? this.#planReadAt
    if (at === undefined || this.#unlisted.has(change.key)) return false
    const ageMs = this.#run.clock.now() - at
    return ageMs >= 0 && ageMs <= RECENT_MS
  }

  #readAgain(change: WritingChange): Promise<void> {
    const key = collectionKey(change.target)
    const siblings = this.#pending.get(key)
    if (siblings === undefined || siblings.size < 2 || this.#unlisted.has(change.key)) {
      return this.#readOne(change.target)
    }
    const known = this.#lists.get(key)
    if (known !== undefined) return known
    const reading = this.#readList(change.target, siblings).finally(() => this.#lists.delete(key))
    this.#lists.set(key, reading)
    return reading
  }

  async #readOne(target: Target): Promise<void> {
    const { remote, signal, observe } = this.#run
    const wire = await remote.get(target, signal)
    observe(target, wire === null ? undefined : decodeLive(target, wire))
  }

  async #readList(collection: Collection, siblings: ReadonlyMap<string, WritingChange>): Promise<void> {
    const { remote, signal, observe, onMissing, clock } = this.#run
    const startedAt = clock.now()
    const asked = new Map([...siblings.values()].map((change) => [change.target.id, change]))
    const left = new Map(asked)
    try {
      for await (const page of remote.list(collection, signal)) {
        // At once: the next page may take half a minute.
        for (const wire of page) {
          const change = left.get(wire.id.toLowerCase())
          if (change === undefined) continue
          left.delete(change.target.id)
          observe(change.target, decodeLive(change.target, wire))
        }
        if (left.size === 0) break
      }
    } catch (error) {
      if (!(error instanceof ApiError && error.reason === 'not-found')) throw error
      await onMissing(collection)
    }
    // A list of many pages may take longer than a read is recent: what it showed too early counts as not shown.
    const isQuick = clock.now() - startedAt <= RECENT_MS
    for (const [id, change] of asked) {
      if (left.has(id) && change.action === 'create' && isQuick) observe(change.target, undefined)
      else if (left.has(id) || !this.#isRecent(change)) this.#unlisted.add(change.key)
    }
  }
}
