import type { Clock } from '../model/clock.ts'
import { ApiError } from '../model/errors.ts'
import type { Remote } from '../model/remote.ts'
import { type Collection, collectionKey, type LiveResource, type Target } from '../model/resource.ts'
import type { OutcomeError } from './events.ts'
import { type Observed, poll } from './poll.ts'
import type { Stop } from './stop.ts'
import { endOf, type Wait, type WaitEnd, type WaitProgress } from './wait-end.ts'

/** How a waiter reads. */
export interface WaiterOptions {
  readonly clock: Clock
  readonly random: () => number
  readonly timeoutMs: number
  readonly pollMinMs: number
  readonly pollMaxMs: number
  /** True while writes wait for their turn. */
  readonly isBusy: () => boolean
  /** Called with everything that was read, when its answer arrives; undefined: it was not there. */
  readonly onRead: (target: Target, live: LiveResource | undefined) => void
  /** Called when something in a collection is missing that should become AVAILABLE: its parent may be gone. */
  readonly onMissing: (collection: Collection) => Promise<void>
  /** Why nothing in a collection can become AVAILABLE any more. */
  readonly lost: (collection: Collection) => OutcomeError | undefined
}

/** Reads that fail in a row before the waits of a collection are given up; each was retried by the remote already. */
const MAX_FAILED_READS = 5
/** How long reads that nothing depends on are delayed by queued writes. */
const MAX_STEP_BACK_MS = 2000
/** The pause grows with the time waited, so a wait of any length is overshot by at most about a quarter. */
const GROWTH = 0.25

interface Waiting extends Wait, WaitProgress {
  readonly since: number
  readonly end: (end: WaitEnd) => void
  readonly fail: (error: unknown) => void
}

interface Group {
  readonly collection: Collection
  readonly waiters: Set<Waiting>
  due: number
  failedReads: number
  steppedBackSince: number | undefined
  rounds: number
  wake: AbortController
}

/** Waits for resources. All that wait in one collection share its reads; a wait takes no slot of any limit. */
export class Waiter {
  readonly #remote: Remote
  readonly #options: WaiterOptions
  readonly #stop: Stop
  readonly #groups = new Map<string, Group>()

  constructor(remote: Remote, options: WaiterOptions, stop: Stop) {
    this.#remote = remote
    this.#options = options
    this.#stop = stop
    stop.noRequests.addEventListener('abort', () => this.#endAll(), { once: true })
  }

  /** Rejects with what is no {@link ApiError} alone; it then reaches all that wait in the same collection. */
  wait(wait: Wait): Promise<WaitEnd> {
    if (this.#stop.sendsNothing) return Promise.resolve({ type: 'stopped' })
    const error = wait.for === 'available' ? this.#options.lost(wait.target) : undefined
    if (error !== undefined) return Promise.resolve({ type: 'parent-lost', error })
    return new Promise((resolve, reject) => {
      const now = this.#options.clock.now()
      const waiter: Waiting = {
        ...wait,
        since: now,
        end: resolve,
        fail: reject,
        status: undefined,
        seenDestroying: false,
        missedReads: 0,
      }
      wait.onWaiting?.(0)
      const due = wait.firstRead === 'now' ? now : now + this.#spread(this.#options.pollMinMs)
      const key = collectionKey(wait.target)
      const group = this.#groups.get(key)
      if (group === undefined) {
        void this.#start(key, wait.target, waiter, due)
        return
      }
      group.waiters.add(waiter)
      if (due < group.due) {
        group.due = due
        group.wake.abort()
      }
    })
  }

  async #start(key: string, collection: Collection, first: Waiting, due: number): Promise<void> {
    const group: Group = {
      collection,
      waiters: new Set([first]),
      due,
      failedReads: 0,
      steppedBackSince: undefined,
      rounds: 0,
      wake: new AbortController(),
    }
    this.#groups.set(key, group)
    try {
      while (group.waiters.size > 0) {
        await this.#sleepUntilDue(group)
        if (group.waiters.size === 0 || this.#stop.sendsNothing) break
        if (!this.#stepsBack(group)) await this.#round(group)
      }
    } catch (error) {
      for (const waiter of group.waiters) waiter.fail(error)
    } finally {
      this.#groups.delete(key)
    }
  }

  /** Ends the waits for everything below a resource to become AVAILABLE. */
  endBelow(parent: Target, error: OutcomeError): void {
    for (const group of this.#groups.values()) {
      if (!group.collection.parentIds.includes(parent.id)) continue
      for (const waiter of [...group.waiters]) {
        if (waiter.for === 'available') this.#end(group, waiter, { type: 'parent-lost', error })
      }
      if (group.waiters.size === 0) group.wake.abort()
    }
  }

  async #sleepUntilDue(group: Group): Promise<void> {
    const { clock } = this.#options
    for (let left = group.due - clock.now(); left > 0; left = group.due - clock.now()) {
      group.wake = new AbortController()
      await clock.sleep(left, group.wake.signal)
      if (group.waiters.size === 0 || this.#stop.sendsNothing) return
    }
  }

  // While writes queue, a read that nothing depends on would only take the place of one of them.
  #stepsBack(group: Group): boolean {
    const now = this.#options.clock.now()
    if (this.#options.isBusy() && ![...group.waiters].some((waiter) => waiter.urgent)) {
      group.steppedBackSince ??= now
      if (now - group.steppedBackSince < MAX_STEP_BACK_MS) {
        group.due = now + this.#spread(this.#options.pollMinMs)
        return true
      }
    }
    group.steppedBackSince = undefined
    return false
  }

  async #round(group: Group): Promise<void> {
    const asked = [...group.waiters]
    // Whoever joins from here on has not been asked about, and gets a read of its own.
    group.due = Number.POSITIVE_INFINITY
    try {
      const round = group.rounds++
      const { onRead } = this.#options
      const options = { signal: this.#stop.noRequests, round, onRead }
      const observed = await poll(this.#remote, group.collection, asked, options)
      const answered = asked.filter(({ target }) => observed.has(target.id))
      group.failedReads = 0
      const missing = answered.some(
        (waiter) => waiter.for === 'available' && observed.get(waiter.target.id) === undefined,
      )
      if (missing) await this.#options.onMissing(group.collection)
      for (const waiter of asked) if (group.waiters.has(waiter)) this.#classify(group, waiter, observed)
    } catch (error) {
      // Cut short by the stop, which has ended all waits.
      if (this.#stop.sendsNothing) return
      if (!(error instanceof ApiError)) throw error
      this.#pollFailed(group, asked, error)
    }
    const someEnded = asked.some((waiter) => !group.waiters.has(waiter))
    group.due = Math.min(group.due, this.#nextRead(group, someEnded))
  }

  #classify(group: Group, waiter: Waiting, observed: Observed): void {
    const elapsedMs = this.#options.clock.now() - waiter.since
    const live = observed.get(waiter.target.id)
    const end = observed.has(waiter.target.id) ? endOf(waiter, live, elapsedMs) : undefined
    if (end !== undefined) this.#end(group, waiter, end)
    else this.#goOn(group, waiter, elapsedMs)
  }

  #goOn(group: Group, waiter: Waiting, elapsedMs: number): void {
    if (elapsedMs >= this.#options.timeoutMs)
      this.#end(group, waiter, { type: 'timeout', status: waiter.status })
    else waiter.onWaiting?.(elapsedMs)
  }

  // A status that cannot be read is asked for again: right after a DELETE the API is known to answer 500.
  #pollFailed(group: Group, asked: readonly Waiting[], error: ApiError): void {
    group.failedReads += 1
    const final = !TRANSIENT.includes(error.reason) || group.failedReads >= MAX_FAILED_READS
    for (const waiter of asked) {
      if (!group.waiters.has(waiter)) continue
      if (final) this.#end(group, waiter, { type: 'error', error })
      else this.#goOn(group, waiter, this.#options.clock.now() - waiter.since)
    }
  }

  // What was begun together is ready together: where one wait has ended, the others are near their end.
  #nextRead(group: Group, someEnded: boolean): number {
    const { clock, pollMinMs, pollMaxMs, timeoutMs } = this.#options
    const now = clock.now()
    let youngest = 0
    let deadline = Number.POSITIVE_INFINITY
    for (const { since } of group.waiters) {
      youngest = Math.max(youngest, since)
      deadline = Math.min(deadline, since + timeoutMs)
    }
    const patience = someEnded ? 0 : (now - youngest) * GROWTH
    const pause = Math.min(pollMaxMs, Math.max(pollMinMs, patience))
    return Math.min(now + this.#spread(pause), Math.max(deadline, now + pollMinMs))
  }

  // Reads of different collections must not all be sent at one moment.
  #spread(ms: number): number {
    return ms * (0.9 + 0.2 * this.#options.random())
  }

  #end(group: Group, waiter: Waiting, end: WaitEnd): void {
    group.waiters.delete(waiter)
    waiter.end(end)
  }

  #endAll(): void {
    for (const group of this.#groups.values()) {
      for (const waiter of [...group.waiters]) this.#end(group, waiter, { type: 'stopped' })
      group.wake.abort()
    }
  }
}

const TRANSIENT: readonly ApiError['reason'][] = ['network', 'protocol', 'throttled', 'unavailable']
