/** Statuses that say nothing about the request itself: it may be sent again. Source: RFC 9110, RFC 8470, RFC 6585. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504])

/** A `Retry-After` beyond this is taken for this: a service that is back earlier must not find us asleep for a year. */
export const LONGEST_PAUSE_MS = 300_000

/** True when the same request may get another answer later. */
export function isTransient(status: number): boolean {
  return PASSING_STATUSES.has(status)
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
