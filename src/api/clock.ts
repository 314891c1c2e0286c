import { performance } from 'node:perf_hooks'
import type { Clock } from '../model/clock.ts'

// Node takes a longer timer for one of 1 ms.
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** The machine's clock, as it was set when the program started. */
export const monotonicClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  busyMs: () => performance.eventLoopUtilization().active,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve()
      const done = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, Math.min(ms, LONGEST_TIMER_MS))
      signal?.addEventListener('abort', done)
    }),
}
