/** Statuses that say nothing about the request itself: it may be sent again. Source: RFC 9110, RFC 8470, RFC 6585. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504])

const FIRST_BACKOFF_MS = 200
const LONGEST_BACKOFF_MS = 20_000
/** A `Retry-After` beyond this is taken for this: a service that is back earlier must not find us asleep for a year. */
export const LONGEST_PAUSE_MS = 300_000

/** True when the same request may get another answer later. */
export function isTransient(status: number): boolean {
  return PASSING_STATUSES.has(status)
}

/** Exponential backoff with full jitter: many clients that failed together must not come back together. */
export function backoffMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1))
  return Math.round(random() * ceiling)
}

/**
 * `Retry-After` as ms, from seconds or an HTTP date; undefined for anything else, negative values included. A date
 * is read by the server's own clock (its `Date` header), so that a wrong clock here does no harm.
 */
export function retryAfterMs(
  header: string | undefined,
  date: string | undefined,
  now: number,
): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) return bounded(Number(text) * 1000)
  // Every HTTP date names its day; Date.parse alone would take "-5" for a year.
  if (!/^[A-Za-z]{3,9},? /.test(text)) return undefined
  const until = Date.parse(text)
  if (Number.isNaN(until)) return undefined
  const serverNow = Date.parse(date ?? '')
  const delay = until - (Number.isNaN(serverNow) ? now : serverNow)
  return delay < 0 ? undefined : bounded(delay)
}

function bounded(ms: number): number {
  return Math.min(Math.ceil(ms), LONGEST_PAUSE_MS)
}

/** How many retries the whole run may still spend. */
export interface RetryBudget {
  /** False when nothing is left. */
  spend(): boolean
  earn(): void
}

const FIRST_BUDGET = 100
const EARNED_BY_AN_ANSWER = 0.25

/**
 * A service that answers nothing is not asked eight times by each of a thousand requests: the run starts with 100
 * retries and earns one with every four good answers.
 */
export function createRetryBudget(): RetryBudget {
  let left = FIRST_BUDGET
  return {
    spend() {
      if (left < 1) return false
      left -= 1
      return true
    },
    earn() {
      left = Math.min(FIRST_BUDGET * 10, left + EARNED_BY_AN_ANSWER)
    },
  }
}
