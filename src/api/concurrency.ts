import { createGate, type Gate } from './gate.ts'
import type { Method } from './options.ts'

/** How many requests of a run may be on the wire. */
export interface Concurrency {
  readonly gate: Gate
  /** A request was accepted. Call it before its place is given on. */
  answered(method: Method, times: AnswerTimes): void
  /** The service failed to answer a request, or answered that it is in trouble. */
  failed(sentAt: number, now: number): void
  /**
   * 429 for a request that was sent at `sentAt`. True when it was sent at a parallelism that is given up by that: it says
   * nothing about what follows.
   */
  refused(sentAt: number, now: number): boolean
}

/** How long a request took, and for how much of that the program itself was busy. */
export interface AnswerTimes {
  readonly tookMs: number
  readonly ownMs: number
}

/** Where an adaptive run starts, and what it never falls below. */
const FIRST_PARALLELISM = 10
/** What an adaptive run never exceeds: one client should not need more connections to a service. */
export const LARGEST_PARALLELISM = 50

const ANSWERS_PER_STEP = 3

/** Answers of one method that are compared together. */
const WINDOW = 20
/** A service is slower when the faster quarter of its answers took so much longer than ever before. */
const SLOWER = 2
const SLOWER_MS = 10
const LOWER = 0.7

/** A limit that stays, or, when it is not given, one that adapts. */
export function createConcurrency(parallelism: number | undefined): Concurrency {
  if (parallelism === undefined) return adaptive()
  return {
    gate: createGate(parallelism),
    answered: () => undefined,
    failed: () => undefined,
    refused: () => false,
  }
}

/**
 * Starts at 10. Every third answer, while others wait, allows one request more, up to 50. A 429 leads back to 10, as if the run
 * had never tried more; trouble halves the number, and a service that becomes slower lowers it to what was fast enough, never
 * below 10. After any of them it does not grow again, so a limit of the service is met on the way up once.
 */
function adaptive(): Concurrency {
  let limit = FIRST_PARALLELISM
  let most = LARGEST_PARALLELISM
  const gate = createGate(limit)
  const windows = new Map<Method, Window>()
  let accepted = 0
  let troubleAt = Number.NEGATIVE_INFINITY
  let givenUpAt = Number.NEGATIVE_INFINITY

  const fallBack = (to: number): void => {
    limit = Math.max(FIRST_PARALLELISM, Math.min(limit, to))
    most = limit
    gate.resize(limit)
    for (const window of windows.values()) window.latest.length = 0
  }
  return {
    gate,
    answered(method, times) {
      const window = windows.get(method) ?? { latest: [], fastestMs: Number.POSITIVE_INFINITY }
      windows.set(method, window)
      if (isSlower(window, times)) fallBack(Math.floor(limit * LOWER))
      if (limit >= most || !gate.isFull() || window.fastestMs === Number.POSITIVE_INFINITY) return
      accepted += 1
      if (accepted % ANSWERS_PER_STEP !== 0) return
      limit += 1
      gate.resize(limit)
    },
    failed(sentAt, now) {
      // Requests that were on the wire together fail together.
      if (sentAt < troubleAt) return
      troubleAt = now
      fallBack(limit >> 1)
    },
    refused(sentAt, now) {
      if (sentAt <= givenUpAt) return true
      const isGivenUp = limit > FIRST_PARALLELISM
      if (isGivenUp) givenUpAt = now
      fallBack(FIRST_PARALLELISM)
      return isGivenUp
    },
  }
}

interface Window {
  /** What the last answers took, at most {@link WINDOW} of them. */
  readonly latest: number[]
  /** The faster quarter of the fastest window. */
  fastestMs: number
}

// The faster quarter: requests that open a connection first take two or three times as long, and say nothing.
function isSlower(window: Window, { tookMs, ownMs }: AnswerTimes): boolean {
  // An answer that may have waited for us says little about the service: its share is known up to a factor of two.
  if (ownMs > tookMs / 2) return false
  const latencyMs = tookMs - ownMs
  window.latest.push(latencyMs)
  if (window.latest.length > WINDOW) window.latest.shift()
  if (window.latest.length < FIRST_PARALLELISM) return false
  const sorted = [...window.latest].sort((a, b) => a - b)
  const quarter = sorted[sorted.length >> 2] ?? latencyMs
  window.fastestMs = Math.min(window.fastestMs, quarter)
  return window.latest.length === WINDOW && quarter > SLOWER * window.fastestMs + SLOWER_MS
}
