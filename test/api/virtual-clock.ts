import type { Clock } from '../../src/model/clock.ts'

export interface VirtualClock extends Clock {
  /** How long each sleep was, in the order in which they began. */
  readonly slept: readonly number[]
  advance(ms: number): void
}

/** A clock on which nobody waits: time moves to the earliest sleeper as soon as there is nothing else to do. */
export function virtualClock(start = Date.UTC(2030, 0, 1)): VirtualClock {
  let now = start
  const slept: number[] = []
  let sleepers: { at: number; wake: () => void }[] = []
  const tick = (): void => {
    sleepers.sort((a, b) => a.at - b.at)
    const first = sleepers.shift()
    if (first === undefined) return
    now = Math.max(now, first.at)
    first.wake()
  }
  return {
    slept,
    now: () => now,
    advance(ms) {
      now += ms
    },
    sleep(ms, signal) {
      slept.push(ms)
      return new Promise((resolve) => {
        const stop = (): void => {
          sleepers = sleepers.filter((other) => other !== sleeper)
          resolve()
        }
        const wake = (): void => {
          signal?.removeEventListener('abort', stop)
          resolve()
        }
        const sleeper = { at: now + ms, wake }
        signal?.addEventListener('abort', stop)
        sleepers.push(sleeper)
        setImmediate(tick)
      })
    },
  }
}
