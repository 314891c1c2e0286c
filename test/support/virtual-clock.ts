import type { Clock } from '../../src/model/clock.ts'

interface Timer {
  readonly at: number
  readonly order: number
  readonly wake: () => void
}

/** How a clock begins, and who moves it. */
export interface ClockOptions {
  /** Default 0. */
  readonly start?: number
  /** Time goes on by itself as soon as there is nothing else to do, so that nobody waits. Otherwise `run` moves it. */
  readonly isHasty?: boolean
  /** A pause of at least this, with a signal, is a limit that a hasty clock never reaches: it ends by the signal alone. */
  readonly limitMs?: number
}

/** The clock of all tests: time that passes in pauses alone. */
export class VirtualClock implements Clock {
  /** How long each pause was to be, in the order in which they began. */
  readonly slept: number[] = []
  readonly #isHasty: boolean
  readonly #limitMs: number
  #now: number
  #order = 0
  #timers: Timer[] = []

  constructor({ start = 0, isHasty = false, limitMs = Number.POSITIVE_INFINITY }: ClockOptions = {}) {
    this.#now = start
    this.#isHasty = isHasty
    this.#limitMs = limitMs
  }

  readonly now = (): number => this.#now

  /** Moves the clock and wakes nobody. */
  advance(ms: number): void {
    this.#now += ms
  }

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    if (ms >= this.#limitMs && signal !== undefined) return untilAborted(signal)
    this.slept.push(ms)
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve()
      const abort = (): void => {
        this.#timers = this.#timers.filter((other) => other !== timer)
        resolve()
      }
      const wake = (): void => {
        signal?.removeEventListener('abort', abort)
        resolve()
      }
      const timer: Timer = { at: this.#now + ms, order: this.#order++, wake }
      this.#timers.push(timer)
      signal?.addEventListener('abort', abort)
      if (this.#isHasty) setImmediate(() => this.#wakeNext())
    })
  }

  /** Calls `act` at a moment. */
  at(moment: number, act: () => void): void {
    void this.sleep(moment - this.#now).then(act)
  }

  /** Lets time pass until `work` has ended. */
  async run<T>(work: Promise<T>): Promise<T> {
    const state = { ended: false }
    const mark = (): void => {
      state.ended = true
    }
    work.then(mark, mark)
    for (;;) {
      // Everything that can happen without time passing happens first.
      await new Promise((resolve) => setImmediate(resolve))
      if (state.ended) return work
      if (!this.#wakeNext()) throw new Error('deadlock: nobody sleeps and the work has not ended')
    }
  }

  /** Timers that nobody has cut short. */
  get pending(): number {
    return this.#timers.length
  }

  // False where nobody sleeps.
  #wakeNext(): boolean {
    const next = this.#timers.reduce<Timer | undefined>(
      (first, timer) =>
        first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order)
          ? timer
          : first,
      undefined,
    )
    if (next === undefined) return false
    this.#timers = this.#timers.filter((timer) => timer !== next)
    this.#now = Math.max(this.#now, next.at)
    next.wake()
    return true
  }
}

/** Longer than any pause: the time limit of a run. */
const LIMIT_MS = 3_600_000

/** A clock on which nobody waits, in the year 2030. */
export function hastyClock(options: Omit<ClockOptions, 'isHasty'> = {}): VirtualClock {
  return new VirtualClock({ start: Date.UTC(2030, 0, 1), limitMs: LIMIT_MS, ...options, isHasty: true })
}

/** Ends when the signal fires, not before. */
function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
