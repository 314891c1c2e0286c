import type { Agent } from 'node:https'
import { type Got, got, HTTPError, RequestError, TimeoutError } from 'got'

/** What to post, and how hard to try. */
export interface PostOptions {
  /** May hold a token: it is in no result and no error. */
  readonly url: string
  /** JSON text. */
  readonly body: string
  readonly userAgent: string
  /** For one attempt. Default 10 s. */
  readonly timeoutMs?: number
  /** How often it is sent at most. Default 3. */
  readonly attempts?: number
  /** The pause before the second attempt, doubled before each that follows; also the least of `Retry-After`. Default 1 s. */
  readonly pauseMs?: number
  /** Leads https through a proxy; without it the receiver is reached directly. */
  readonly agent?: Agent
  readonly signal?: AbortSignal
}

/** How it went; `why` says in words what the last attempt met, and never where it was sent. */
export type PostResult =
  | { readonly sent: true; readonly status: number }
  | { readonly sent: false; readonly why: string; readonly attempts: number }

const TIMEOUT_MS = 10_000
const ATTEMPTS = 3
const PAUSE_MS = 1_000
// A report that waits longer is of yesterday; the job has other things to do.
const LONGEST_PAUSE_MS = 30_000
const TRY_AGAIN = [408, 425, 429, 500, 502, 503, 504]

const client: Got = got.extend({
  method: 'POST',
  // To follow would be to hand the report, and perhaps the token in the path, to somebody else.
  followRedirect: false,
  throwHttpErrors: true,
})

/**
 * Posts a text once, again only where that did not work. A receiver whose answer got lost may see it twice. Never
 * throws for what the receiver or the way to it does.
 */
export async function post(options: PostOptions): Promise<PostResult> {
  const { attempts = ATTEMPTS, pauseMs = PAUSE_MS, timeoutMs = TIMEOUT_MS } = options
  let made = 1
  try {
    const request = client(options.url, {
      body: options.body,
      headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': options.userAgent },
      timeout: { request: timeoutMs },
      ...(options.agent === undefined ? {} : { agent: { https: options.agent } }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      retry: {
        limit: attempts - 1,
        methods: ['POST'],
        statusCodes: TRY_AGAIN,
        maxRetryAfter: LONGEST_PAUSE_MS,
        // 0 means that this is not to be tried again.
        calculateDelay: ({ computedValue, attemptCount, retryAfter = 0 }) => {
          if (computedValue === 0) return 0
          made = attemptCount + 1
          return Math.min(LONGEST_PAUSE_MS, Math.max(retryAfter, pauseMs * 2 ** (attemptCount - 1)))
        },
      },
    })
    const { statusCode } = await request
    // got follows nothing here and takes a redirect for an answer.
    if (statusCode >= 300) return { sent: false, why: `it answered ${statusCode}`, attempts: made }
    return { sent: true, status: statusCode }
  } catch (error) {
    return { sent: false, why: reasonOf(error), attempts: made }
  }
}

// A got error holds the URL in its message, in its options and in its request: nothing of it may get out.
function reasonOf(error: unknown): string {
  if (error instanceof HTTPError) return `it answered ${error.response.statusCode}`
  if (error instanceof TimeoutError) return 'it did not answer in time'
  if (error instanceof RequestError) {
    return /^[A-Z][A-Z0-9_]{2,40}$/.test(error.code)
      ? `it could not be reached (${error.code})`
      : 'it could not be reached'
  }
  return 'it could not be reached'
}
