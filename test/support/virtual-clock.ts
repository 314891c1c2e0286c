import type { Clock } from '../../src/model/clock.ts'

interface Timer {
  readonly at: number
  readonly order: number
  readonly wake: () => void
}

/** Time that passes only when everything else waits. */
export class VirtualClock implements Clock {
  #now = 0
  #order = 0
  #timers: Timer[] = []

  now(): number {
    return this.#now
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
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
      const next = this.#timers.reduce<Timer | undefined>(
        (first, timer) =>
          first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order)
            ? timer
            : first,
        undefined,
      )
      if (next === undefined) throw new Error('deadlock: nobody sleeps and the work has not ended')
      this.#timers = this.#timers.filter((timer) => timer !== next)
      this.#now = Math.max(this.#now, next.at)
      next.wake()
    }
  }

  /** Timers that nobody has cut short. */
  get pending(): number {
    return this.#timers.length
  }
}
