import pLimit from 'p-limit'
import type { Address } from '../model/address.ts'
import { decodeLive } from '../model/decode.ts'
import type { ApiError } from '../model/errors.ts'
import { optional } from '../model/optional.ts'
import type { Remote } from '../model/remote.ts'
import type { LiveResource, Target } from '../model/resource.ts'
import type { Change, Plan } from '../plan/types.ts'
import { Dependents } from './dependents.ts'
import type { ApplyEvent, Outcome } from './events.ts'
import { WriteGuard } from './guard.ts'
import { Lock } from './lock.ts'
import { APPLY_DEFAULTS, type ApplyOptions } from './options.ts'
import { fromApiError } from './outcome-error.ts'
import { Parents } from './parents.ts'
import { Stop } from './stop.ts'
import { Waiter } from './wait.ts'
import type { Wait, WaitEnd } from './wait-end.ts'

/** Between two `waiting` events of one change. */
const WAITING_EVENT_EVERY_MS = 5000

/** What all steps of one apply share. */
export class ApplyRun {
  readonly remote: Remote
  readonly options: ApplyOptions
  readonly dependents: Dependents
  readonly stop: Stop
  readonly waiter: Waiter
  /** Lets writes pass that follow a recent read. */
  readonly guard: WriteGuard
  /** Knows which gateways others delete. */
  readonly parents: Parents
  /** Limits writes, with the read just before one; never waits. */
  readonly slot: ReturnType<typeof pLimit>
  writes = 0
  readonly #locks = new Map<string, Lock>()
  readonly #startedAt = new Map<string, number>()

  constructor(plan: Pick<Plan, 'changes' | 'readAt'>, remote: Remote, options: ApplyOptions) {
    this.remote = remote
    this.options = options
    this.dependents = new Dependents(plan.changes)
    this.stop = new Stop(options.signal)
    this.slot = pLimit(options.parallelism ?? APPLY_DEFAULTS.parallelism)
    this.guard = new WriteGuard(plan, {
      remote,
      clock: options.clock,
      signal: this.stop.noRequests,
      observe: (target, live) => this.observe(target, live),
      onMissing: (collection) => this.parents.check(collection),
    })
    this.parents = new Parents(
      this.dependents,
      options.clock,
      (target) => this.read(target),
      (parent, error) => this.waiter.endBelow(parent, error),
    )
    this.waiter = new Waiter(
      remote,
      {
        clock: options.clock,
        random: options.random,
        timeoutMs: options.waitTimeoutMs,
        pollMinMs: options.pollMinMs ?? APPLY_DEFAULTS.pollMinMs,
        pollMaxMs: options.pollMaxMs ?? APPLY_DEFAULTS.pollMaxMs,
        isBusy: () => this.slot.pendingCount > 0,
        onRead: (target, live) => this.observe(target, live),
        onMissing: (collection) => this.parents.check(collection),
        lost: (collection) => this.parents.lost(collection),
      },
      this.stop,
    )
  }

  now(): number {
    return this.options.clock.now()
  }

  emit(event: ApplyEvent): void {
    this.options.onEvent?.(event)
  }

  /** Reads one resource; undefined: it is not there. Throws {@link ApiError}. */
  async read(target: Target): Promise<LiveResource | undefined> {
    const wire = await this.remote.get(target, this.stop.noRequests)
    const live = wire === null ? undefined : decodeLive(target, wire)
    this.observe(target, live)
    return live
  }

  /** Takes note of what was read of a resource, for whatever purpose. */
  observe(target: Target, live: LiveResource | undefined): void {
    this.guard.note(target, live)
    this.parents.observe(target, live)
  }

  /** Marks the first request or wait of a change. */
  begin(change: Change): void {
    if (this.#startedAt.has(change.key)) return
    const at = this.now()
    this.#startedAt.set(change.key, at)
    this.emit({ type: 'started', change, at })
  }

  /** Reports how a change ended; the time is counted from {@link begin}. */
  finish(change: Change, outcome: Outcome): number {
    const at = this.now()
    const elapsedMs = at - (this.#startedAt.get(change.key) ?? at)
    this.emit({ type: 'finished', change, at, outcome, elapsedMs })
    return elapsedMs
  }

  /** The lock that writes of a gateway's children go through. */
  lock(key: string): Lock {
    const known = this.#locks.get(key)
    if (known !== undefined) return known
    const lock = new Lock()
    this.#locks.set(key, lock)
    return lock
  }

  /** Waits on behalf of a change, and reports it every few seconds. */
  async wait(
    change: Change,
    what: Pick<Wait, 'target' | 'for'> & Partial<Wait> & { readonly on?: Address },
  ): Promise<WaitEnd> {
    this.begin(change)
    const { on, ...wait } = what
    let reportedAt = Number.NEGATIVE_INFINITY
    const end = await this.waiter.wait({
      urgent: true,
      firstRead: 'now',
      missingGraceMs: 0,
      ...wait,
      onWaiting: (elapsedMs) => {
        const at = this.now()
        if (at - reportedAt < WAITING_EVENT_EVERY_MS) return
        reportedAt = at
        this.emit({
          type: 'waiting',
          change,
          at,
          for: what.for,
          elapsedMs,
          ...optional({ on }),
        })
      },
    })
    if (end.type !== 'error') return end
    this.stopIfFatal(end.error)
    return end.error.reason === 'aborted' ? { type: 'stopped' } : end
  }

  /** Stops the run at errors that every further request would meet as well. */
  stopIfFatal(error: ApiError): void {
    if (error.reason === 'unauthenticated' || error.reason === 'forbidden' || error.reason === 'aborted') {
      this.stop.abort({ type: 'error', error: fromApiError(error) })
    }
  }

  /** A pause before a write is tried again: doubling from `baseMs`, with jitter. */
  async pause(baseMs: number, attempt: number): Promise<void> {
    const longest = this.options.pollMaxMs ?? APPLY_DEFAULTS.pollMaxMs
    const ms = Math.min(longest, baseMs * 2 ** attempt) * (0.5 + 0.5 * this.options.random())
    await this.options.clock.sleep(ms, this.stop.noRequests)
  }
}
