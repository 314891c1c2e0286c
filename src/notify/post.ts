import type { Agent } from 'node:https'
import { type Got, got, RequestError, type Response } from 'got'
import type { Clock } from '../model/clock.ts'
import { proxyFailureText } from '../model/http/proxy-failure.ts'
import { isTransient, retryAfterMs } from '../model/http/retry.ts'

/** What to post, and how hard to try. */
export interface PostOptions {
  /** May hold a token: it is in no result and no error. */
  readonly url: string
  /** JSON text. */
  readonly body: string
  readonly userAgent: string
  /** For one attempt. Default 10 s. */
  readonly timeoutMs?: number
  readonly clock: Clock
  /** Leads https through a proxy; without it the receiver is reached directly. */
  readonly agent?: Agent
  /** How messages name that proxy. */
  readonly proxyName?: string
  readonly signal?: AbortSignal
}

/** How it went; `why` says in words what the last attempt met, and never where it was sent. */
export type PostResult =
  | { readonly sent: true; readonly status: number }
  | { readonly sent: false; readonly why: string; readonly attempts: number }

const TIMEOUT_MS = 10_000
const ATTEMPTS = 3
// Before the second attempt, doubled before the third; also the least of `Retry-After`.
const PAUSE_MS = 1_000
// A report that waits longer is of yesterday; the job has other things to do.
const LONGEST_PAUSE_MS = 30_000

const client: Got = got.extend({
  method: 'POST',
  // To follow would be to hand the report, and perhaps the token in the path, to another host.
  followRedirect: false,
  throwHttpErrors: false,
  retry: { limit: 0 },
})

/**
 * Posts a text once, again only where that did not work. A receiver whose answer got lost may see it twice. Never
 * throws for what the receiver or the way to it does. Ends within its time-outs, whatever the receiver does.
 */
export async function post(options: PostOptions): Promise<PostResult> {
  const { clock, signal } = options
  for (let made = 1; ; made++) {
    const met = await attempt(options)
    if (met.type === 'status' && met.status >= 200 && met.status < 300) {
      return { sent: true, status: met.status }
    }
    const mayHelp = met.type === 'failure' ? !isLasting(met.code) : isTransient(met.status)
    const asked = met.type === 'status' ? met.retryAfterMs : 0
    const isPatient = asked <= LONGEST_PAUSE_MS
    const failed: PostResult = { sent: false, why: reasonOf(met, options), attempts: made }
    if (!mayHelp || !isPatient || made >= ATTEMPTS) return failed
    await clock.sleep(Math.min(LONGEST_PAUSE_MS, Math.max(asked, PAUSE_MS * 2 ** (made - 1))), signal)
    if (signal?.aborted === true) return failed
  }
}

type Met =
  | { readonly type: 'status'; readonly status: number; readonly retryAfterMs: number }
  | { readonly type: 'failure'; readonly code: string }

// The status is all that counts: nothing of the answer's body is read or kept.
function attempt(options: PostOptions): Promise<Met> {
  const { url, body, userAgent, timeoutMs = TIMEOUT_MS, agent, signal } = options
  return new Promise((resolve) => {
    const end = (met: Met): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      resolve(met)
      request?.destroy()
    }
    const abort = (): void => end({ type: 'failure', code: 'ABORTED' })
    const timer = setTimeout(() => end({ type: 'failure', code: 'ETIMEDOUT' }), timeoutMs)
    let request: ReturnType<Got['stream']> | undefined
    try {
      request = client.stream(url, {
        body,
        headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': userAgent },
        ...(agent === undefined ? {} : { agent: { https: agent } }),
      })
    } catch (error) {
      return end({ type: 'failure', code: codeOf(error) })
    }
    request.on('response', ({ statusCode, headers }: Response) =>
      end({
        type: 'status',
        status: statusCode,
        retryAfterMs: retryAfterMs(headers['retry-after'], headers.date, options.clock.now()) ?? 0,
      }),
    )
    // Stays to the end: an error that comes after the answer must find a listener.
    request.on('error', (error) => end({ type: 'failure', code: codeOf(error) }))
    request.on('close', () => end({ type: 'failure', code: 'ECONNRESET' }))
    if (signal?.aborted === true) abort()
    else signal?.addEventListener('abort', abort)
  })
}

// Certificates and the refusal of a proxy stay what they are.
function isLasting(code: string): boolean {
  return /CERT|SELF_SIGNED|^ERR_TLS|^UNABLE_TO|^PROXY_4/.test(code) || code === 'ABORTED'
}

// A got error contains the URL in its message, in its options and in its request: nothing of it may get out.
function codeOf(error: unknown): string {
  const code = error instanceof RequestError ? error.code : ''
  return /^[A-Z][A-Z0-9_]{2,60}$/.test(code) ? code : ''
}

function reasonOf(met: Met, { proxyName, timeoutMs = TIMEOUT_MS }: PostOptions): string {
  if (met.type === 'status') return `it answered ${met.status}`
  const { code } = met
  const ofProxy = proxyName === undefined ? undefined : proxyFailureText(code, proxyName, timeoutMs)
  if (ofProxy !== undefined) return ofProxy
  if (code === 'ETIMEDOUT') return 'it did not answer in time'
  if (code === 'ABORTED') return 'the run was stopped'
  return code === '' ? 'it could not be reached' : `it could not be reached (${code})`
}
