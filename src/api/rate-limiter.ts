import type { Clock } from '../model/clock.ts'
import { createGate, type Gate } from './gate.ts'

/** How fast the whole run may send; shared by all of its requests. */
export interface RateLimiter {
  /** Resolves, with the time, when the next request may be sent, or as soon as `signal` fires. `first`: before others. */
  turn(signal?: AbortSignal, first?: boolean): Promise<number>
  /** 429. `pauseMs`: what the service asked for, if it did. Then the run goes on at the rate that was accepted lately. */
  slowDown(sentAt: number, pauseMs: number | undefined): void
  /** 429 at a parallelism that is given up: what was sent until now says nothing about the rate that the service accepts. */
  restart(pauseMs: number | undefined): void
  /** A pause for all requests that says nothing about the rate. */
  pause(pauseMs: number): void
  /** An answer came that was no complaint. */
  recover(): void
}

const SLOWEST_PER_SECOND = 0.5
/** A smaller share of refusals, without a pause that the service asks for, is not a sign of a limit. */
const STRAY_SHARE = 0.2
/** For a complaint while a rate is held. */
const STEP = 0.6
/** What stays below a limit that was measured. */
const MARGIN = 0.93
/** After a cut the rate stays for this long; twice as long each time that the same rate is found again. */
const FIRST_HOLD_MS = 1000
const LONGEST_HOLD_MS = 30_000
const SAME_RATE_TOLERANCE = 0.2
/** Growth per second after that; it doubles each second without a complaint. */
const FIRST_GROWTH = 0.05
const LARGEST_GROWTH = 4
const GROWTH_AFTER_STRAY = 8
// Above this there is nothing to pace: timers are not finer than a millisecond.
const UNLIMITED_PER_SECOND = 1000

/**
 * A limit shows by complaints, and its value by what the service answered at that time. So a 429 sets the rate to what
 * was accepted lately, which a stray complaint hardly changes and a real limit sets to itself. The rate stays there for
 * a while, the longer the more often it was found, then grows faster and faster. `maxRps` is never exceeded.
 */
export function createRateLimiter(clock: Clock, maxRps = Number.POSITIVE_INFINITY): RateLimiter {
  let rate = maxRps
  let nextAt = 0
  let resumeAt = 0
  let lastCutAt = Number.NEGATIVE_INFINITY
  let lastCutRate = 0
  let holdMs = FIRST_HOLD_MS
  let firstGrowth = FIRST_GROWTH
  let heldUntil = 0
  let grownAt = 0
  const line = createGate(1)
  const meter = createMeter()

  const pause = (pauseMs: number): void => {
    if (pauseMs <= 0) return
    resumeAt = Math.max(resumeAt, clock.now() + pauseMs)
    meter.resumesAt(resumeAt)
  }
  return {
    pause,
    restart(pauseMs = 0) {
      meter.resumesAt(clock.now())
      pause(pauseMs)
    },
    async turn(signal, first = false) {
      // Only the head of the line sleeps: those that come later must not overtake it.
      if (!(await enterLine(line, signal, first))) return clock.now()
      try {
        for (;;) {
          const now = clock.now()
          const at = Math.max(nextAt, resumeAt)
          if (signal?.aborted === true) return now
          if (at <= now) {
            nextAt = now + 1000 / rate
            meter.sent(now)
            return now
          }
          // Looks again afterwards: a longer pause may have come in between.
          await clock.sleep(Math.ceil(at - now), signal)
        }
      } finally {
        line.leave()
      }
    },
    slowDown(sentAt, pauseMs) {
      const now = clock.now()
      meter.refused(now)
      const { perSecond, refusedShare } = meter.lately(now)
      if (pauseMs !== undefined) pause(pauseMs)
      // Requests that were on the wire together complain together: that is one complaint.
      if (sentAt < lastCutAt) return
      const wasHeld = now >= heldUntil
      lastCutAt = now
      if (pauseMs === undefined && refusedShare <= STRAY_SHARE) {
        heldUntil = now
        firstGrowth = GROWTH_AFTER_STRAY
        rate = Math.max(SLOWEST_PER_SECOND, Math.min(rate, perSecond))
        return
      }
      // Where each complaint costs a pause, a rate that is too high has to be left in large steps.
      const accepted = MARGIN * Math.min(pauseMs === undefined || wasHeld ? rate : rate * STEP, perSecond)
      const isSame = Math.abs(accepted - lastCutRate) <= lastCutRate * SAME_RATE_TOLERANCE
      // A rate that was held without a complaint was right: only the growth after it went too far.
      rate = Math.max(SLOWEST_PER_SECOND, isSame && wasHeld ? lastCutRate : accepted)
      holdMs = isSame ? Math.min(LONGEST_HOLD_MS, holdMs * 2) : FIRST_HOLD_MS
      heldUntil = Math.max(now, resumeAt) + holdMs
      firstGrowth = FIRST_GROWTH
      lastCutRate = rate
    },
    recover() {
      if (rate >= maxRps) return
      const now = clock.now()
      const from = Math.max(grownAt, heldUntil)
      if (now <= from) return
      const growth = Math.min(
        Math.max(firstGrowth, LARGEST_GROWTH),
        firstGrowth * 2 ** ((now - heldUntil) / 1000),
      )
      rate *= 1 + (growth * (now - from)) / 1000
      grownAt = now
      if (rate > UNLIMITED_PER_SECOND) rate = Number.POSITIVE_INFINITY
      rate = Math.min(rate, maxRps)
    },
  }
}

// False when the signal fired first.
async function enterLine(line: Gate, signal: AbortSignal | undefined, first: boolean): Promise<boolean> {
  const entered = line.enter(first)
  if (signal === undefined) {
    await entered
    return true
  }
  await new Promise<void>((resolve) => {
    const done = (): void => {
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
    void entered.then(done)
  })
  if (!signal.aborted) return true
  void entered.then(() => line.leave())
  return false
}

const WINDOW_MS = 1000
/** A window contains at least that many requests, if it does not get too long by that. */
const WINDOW_REQUESTS = 10
const LONGEST_WINDOW_MS = 20_000
/** Requests that follow each other within less say nothing about a rate. */
const SHORTEST_SPAN_MS = 10

interface Meter {
  sent(at: number): void
  refused(at: number): void
  /** Nothing is sent until then. */
  resumesAt(at: number): void
  /** How many requests per second were not refused, those without an answer yet included, and the share that was. */
  lately(now: number): { readonly perSecond: number; readonly refusedShare: number }
}

function createMeter(): Meter {
  let sends: number[] = []
  let refusals: number[] = []
  let resumedAt = Number.NEGATIVE_INFINITY
  return {
    sent(at) {
      sends.push(at)
      // Trimmed now and then, so that it costs nothing per request.
      if (sends.length > 4096) sends = sends.slice(-2048)
    },
    refused(at) {
      refusals.push(at)
      if (refusals.length > 4096) refusals = refusals.slice(-2048)
    },
    resumesAt(at) {
      resumedAt = at
    },
    lately(now) {
      const enough = sends.at(-WINDOW_REQUESTS) ?? sends[0] ?? now
      const start = Math.max(
        Math.min(now - WINDOW_MS, enough),
        now - LONGEST_WINDOW_MS,
        resumedAt,
        sends[0] ?? now,
      )
      const sent = sends.filter((at) => at >= start).length
      const refused = refusals.filter((at) => at >= start).length
      const spanMs = Math.max(SHORTEST_SPAN_MS, now - start)
      return {
        perSecond: (Math.max(1, sent - refused) * 1000) / spanMs,
        refusedShare: refused / Math.max(WINDOW_REQUESTS, sent),
      }
    },
  }
}
