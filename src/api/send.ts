import type { Address } from '../model/address.ts'
import type { Clock } from '../model/clock.ts'
import type { ApiError } from '../model/errors.ts'
import { optional } from '../model/optional.ts'
import type { WriteCheck } from '../model/remote.ts'
import type { Exchange } from './answer.ts'
import { classify, type Verdict } from './classify.ts'
import type { Concurrency } from './concurrency.ts'
import { type Asked, stopped, unexpectedAnswer, unsendable } from './failures.ts'
import type { Method, RemoteOptions, RequestRecord, RetryRecord, Transport } from './options.ts'
import type { RateLimiter } from './rate-limiter.ts'
import type { ResourceRedactors } from './redacted-remote.ts'
import { backoffMs, type RetryBudget } from './retry.ts'
import { DEFAULT_REQUEST_TIMEOUT_MS } from './transport.ts'

/** A request, before it is sent. */
export interface Call {
  readonly method: Method
  readonly url: URL
  /** Whose requests take turns with those of others. */
  readonly location: string
  /** A list at the top of the API. */
  readonly top: boolean
  readonly address?: Address | undefined
  /** Made anew for each attempt, so that the text with the secrets in it does not outlive one. */
  readonly body?: () => { readonly text: string; readonly secrets: readonly string[] }
  /** Asked before each attempt. */
  readonly check?: WriteCheck | undefined
  /** Ends the call; aborted at the latest when the run is over. */
  readonly signal: AbortSignal
}

/** An answer with a status of 2xx. */
export interface Accepted {
  readonly status: number
  /** Undefined when the body was empty, or not asked for. */
  readonly value: unknown
  /** The error for an answer of another shape. `what` finishes the sentence "answered 200: ...". */
  readonly unexpected: (what: string) => ApiError
}

/** What all requests of a run share. */
export interface SendRun {
  readonly options: RemoteOptions
  readonly transport: Transport
  readonly concurrency: Concurrency
  readonly pace: RateLimiter
  readonly budget: RetryBudget
  /** How long a request that is answered 429 is sent again; left out: as often as any other. */
  readonly throttledMs?: number
  readonly clock: Clock
  readonly random: () => number
  /** Aborted when the run is over: by the caller, by close, or since the service refused the credentials. */
  readonly over: Pick<AbortController, 'signal' | 'abort'>
  /** Hosts that answered at least once. */
  readonly reached: Set<string>
  /** Where the paths of a location begin, as far as that was asked for. */
  readonly bases: Map<string, string>
  /** Why the credentials cannot be sent at all. */
  readonly credentialProblem: string | undefined
  /** Credentials and secrets of the files, in clear text. */
  readonly knownSecrets: readonly string[]
  /** Remove those from what the service sends. */
  readonly redact: ResourceRedactors
  /** The pause that the service asked for last, while no answer was accepted since. */
  readonly pause: { asked?: string | undefined }
  /** Counts a request; the record is made for whoever listens. */
  readonly onRequest: (method: Method, record: () => RequestRecord) => void
  readonly onRetry: (record: RetryRecord) => void
}

const DEFAULT_ATTEMPTS = 8

/** Sends a request until it is answered for good. Throws ApiError for everything but a status of 2xx. */
export async function send(run: SendRun, call: Call): Promise<Accepted> {
  if (run.credentialProblem !== undefined) throw unsendable(askedFor(run, call, 0), run.credentialProblem)
  const seen = new Map<string, number>()
  const startedAt = run.clock.now()
  for (let attempt = 1; ; attempt++) {
    const { verdict, asked, delayMs } = await attemptOnce(run, call, attempt)
    if (verdict.type === 'accepted') {
      const { head, value } = verdict
      return { status: head.status, value, unexpected: (what) => unexpectedAnswer(asked, what, head) }
    }
    if (verdict.type === 'final') throw verdict.error
    const times = (seen.get(verdict.because) ?? 0) + 1
    seen.set(verdict.because, times)
    const { because } = verdict
    const mayAgain =
      because === '429' && run.throttledMs !== undefined
        ? run.clock.now() + delayMs - startedAt <= run.throttledMs && !run.over.signal.aborted
        : times < verdict.tolerated && mayRetry(run, attempt, because)
    if (!mayAgain) throw verdict.error
    run.onRetry({
      at: run.clock.now(),
      method: call.method,
      path: call.url.pathname,
      attempt,
      because,
      delayMs,
      ...optional({ address: call.address }),
    })
    await unlessStopped(run, call, attempt, () => run.clock.sleep(delayMs, call.signal))
  }
}

interface Attempt {
  readonly verdict: Verdict
  readonly asked: Asked
  /** Before the next one, if there is one. */
  readonly delayMs: number
}

// Everything that others must know of an attempt (a slower pace, the end of the run) is reported before its place is
// given on: the next in line must not be sent at the old pace.
async function attemptOnce(run: SendRun, call: Call, attempt: number): Promise<Attempt> {
  const sentAt = await takeTurn(run, call, attempt)
  const { clock, concurrency } = run
  const busyMs = clock.busyMs?.() ?? 0
  try {
    const body = call.body?.()
    // A write in progress is left to finish: its answer shows what was done.
    const signal = call.method === 'GET' ? call.signal : undefined
    const exchange = await run.transport.exchange(call.method, call.url, body?.text, signal)
    const asked = askedFor(run, call, attempt, body?.secrets)
    run.onRequest(call.method, () => requestRecord(run, call, asked, sentAt, exchange))
    const verdict = classify(asked, exchange, {
      attempts: attemptLimit(run),
      requestTimeoutMs: run.options.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS,
      reached: run.reached.has(call.url.host),
      now: run.clock.now(),
    })
    if (exchange.type === 'answer') run.reached.add(call.url.host)
    const tookMs = clock.now() - sentAt
    const ownMs = (clock.busyMs?.() ?? 0) - busyMs
    if (verdict.type === 'accepted') concurrency.answered(call.method, { tookMs, ownMs })
    else if (verdict.type === 'passing' && verdict.because !== '429') concurrency.failed(sentAt, clock.now())
    return { verdict, asked, delayMs: notifyRun(run, verdict, attempt, sentAt) }
  } finally {
    concurrency.gate.leave()
  }
}

// Ends inside the gate. A check that has to read again does so outside of it, since that read needs a place as well;
// the write then goes before all others, or its check would be too old once more.
async function takeTurn(run: SendRun, call: Call, attempt: number): Promise<number> {
  const { gate } = run.concurrency
  for (let first = false; ; first = true) {
    let reading = call.check?.(attempt)
    if (reading === undefined) {
      await gate.enter(first, call.location)
      try {
        // No one else may send while the pace makes one wait, so this wait takes nothing from anybody.
        const sentAt = await unlessStopped(run, call, attempt - 1, () => run.pace.turn(call.signal, first))
        reading = call.check?.(attempt)
        if (reading === undefined) return sentAt
      } catch (error) {
        gate.leave()
        throw error
      }
      gate.leave()
    }
    await unlessStopped(run, call, attempt - 1, () => reading ?? Promise.resolve())
  }
}

function notifyRun(run: SendRun, verdict: Verdict, attempt: number, sentAt: number): number {
  switch (verdict.type) {
    case 'accepted':
      run.budget.earn()
      run.pause.asked = undefined
      run.pace.recover()
      return 0
    case 'final':
      if (verdict.error.reason === 'unauthenticated' || verdict.error.reason === 'forbidden') run.over.abort()
      return 0
    case 'passing': {
      if (verdict.retryAfterMs !== undefined) {
        run.pause.asked = `${Math.round(verdict.retryAfterMs / 1000)} s (${verdict.because}, Retry-After)`
      }
      const delayMs = verdict.retryAfterMs ?? backoffMs(attempt, run.random)
      if (verdict.because === '429') {
        if (run.concurrency.refused(sentAt, run.clock.now())) run.pace.restart(verdict.retryAfterMs)
        else run.pace.slowDown(sentAt, verdict.retryAfterMs)
      } else if (verdict.retryAfterMs !== undefined) run.pace.pause(delayMs)
      return delayMs
    }
    default:
      return verdict satisfies never
  }
}

// A 429 costs nothing of the budget: the pace of the run is what answers it.
function mayRetry(run: SendRun, attempt: number, because: string): boolean {
  if (attempt >= attemptLimit(run) || run.over.signal.aborted) return false
  return because === '429' || run.budget.spend()
}

function attemptLimit(run: SendRun): number {
  return run.options.attempts ?? DEFAULT_ATTEMPTS
}

async function unlessStopped<T>(
  run: SendRun,
  call: Call,
  attempts: number,
  wait: () => Promise<T>,
): Promise<T> {
  if (call.signal.aborted) throw stopped(askedFor(run, call, attempts), run.pause.asked)
  const waited = await wait()
  if (call.signal.aborted) throw stopped(askedFor(run, call, attempts), run.pause.asked)
  return waited
}

function askedFor(run: SendRun, call: Call, attempts: number, sent: readonly string[] = []): Asked {
  const { method, url, top } = call
  const { credentials } = run.options
  const proxy = run.options.proxyName?.(url)
  const secrets = sent.length === 0 ? run.knownSecrets : [...run.knownSecrets, ...sent]
  return { method, url, top, attempts, credentials, proxy, secrets }
}

function requestRecord(
  run: SendRun,
  call: Call,
  asked: Asked,
  sentAt: number,
  exchange: Exchange,
): RequestRecord {
  const base = {
    at: sentAt,
    method: call.method,
    path: call.url.pathname,
    ...(call.url.search === '' ? {} : { query: call.url.search.slice(1) }),
    attempt: asked.attempts,
    durationMs: Math.max(0, Math.round(run.clock.now() - sentAt)),
    ...optional({ address: call.address }),
  }
  if (exchange.type === 'failure') return { ...base, failure: exchange.code }
  const serverTime = Date.parse(exchange.headers.date ?? '')
  const skew = Number.isNaN(serverTime) ? {} : { clockSkewMs: Math.round(serverTime - run.clock.now()) }
  return { ...base, status: exchange.status, bytes: exchange.bytes, ...skew }
}
