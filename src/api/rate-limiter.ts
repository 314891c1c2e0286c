import type { Clock } from '../model/clock.ts'

/** How fast the whole run may send; shared by all of its requests. */
export interface RateLimiter {
  /** Resolves, with the time, when the next request may be sent, or as soon as `signal` fires. */
  turn(signal?: AbortSignal, first?: boolean): Promise<number>
  /** The service asked for less: pause for everybody, then go on at half the rate. */
  slowDown(sentAt: number, pauseMs: number): void
  /** A pause for everybody that says nothing about the rate. */
  pause(pauseMs: number): void
  /** An answer came that was no complaint. */
  recover(): void
}

const SLOWEST_PER_SECOND = 0.5
const RECOVERY_SECONDS = 30
// Above this there is nothing to pace: timers are not finer than a millisecond.
const UNLIMITED_PER_SECOND = 1000

/**
 * Additive increase, multiplicative decrease, as TCP does it: one 429 halves the rate of the whole run, and about
 * half a minute of good answers brings it back. `maxRps` is never exceeded.
 */
export function createRateLimiter(clock: Clock, maxRps = Number.POSITIVE_INFINITY): RateLimiter {
  let rate = maxRps
  let gain = 1
  let nextAt = 0
  let resumeAt = 0
  let lastCutAt = Number.NEGATIVE_INFINITY
  const meter = createMeter()

  const pause = (pauseMs: number): void => {
    resumeAt = Math.max(resumeAt, clock.now() + pauseMs)
  }
  return {
    pause,
    async turn(signal) {
      for (;;) {
        const now = clock.now()
        const at = Math.max(nextAt, resumeAt)
        if (signal?.aborted === true) return now
        if (at <= now) {
          nextAt = now + 1000 / rate
          meter.count(now)
          return now
        }
        // Looks again afterwards: a longer pause, or another request, may have come in between.
        await clock.sleep(Math.ceil(at - now), signal)
      }
    },
    slowDown(sentAt, pauseMs) {
      pause(pauseMs)
      // Requests that were on the wire together complain together: that is one complaint.
      if (sentAt < lastCutAt) return
      const now = clock.now()
      lastCutAt = now
      const current = Math.min(rate, meter.perSecond(now))
      gain = Math.max(1, current / RECOVERY_SECONDS)
      rate = Math.max(SLOWEST_PER_SECOND, current / 2)
    },
    recover() {
      if (rate >= maxRps) return
      // One step a request is `gain` a second at any rate.
      rate += gain / rate
      if (rate > UNLIMITED_PER_SECOND) rate = Number.POSITIVE_INFINITY
      rate = Math.min(rate, maxRps)
    },
  }
}

// How many requests a second were sent lately: the larger of this second and the one before.
function createMeter(): { count(now: number): void; perSecond(now: number): number } {
  let second = 0
  let current = 0
  let previous = 0
  const turnTo = (now: number): void => {
    const thisSecond = Math.floor(now / 1000)
    if (thisSecond === second) return
    previous = thisSecond === second + 1 ? current : 0
    current = 0
    second = thisSecond
  }
  return {
    count(now) {
      turnTo(now)
      current += 1
    },
    perSecond(now) {
      turnTo(now)
      return Math.max(1, current, previous)
    },
  }
}
