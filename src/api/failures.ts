import { ApiError, type ApiErrorReason } from '../model/errors.ts'
import { proxyFailureText } from '../model/http/proxy-failure.ts'
import { ABORTED, type Exchange, TOO_LARGE } from './answer.ts'
import { NEEDED_PRIVILEGE, refusalCause } from './credentials.ts'
import { answerMessages, formatMessages, shortText } from './error-text.ts'
import type { Credentials, Method } from './options.ts'
import { createRedactor, type Redactor } from './redact.ts'

/** The request that an error is about. */
export interface Asked {
  readonly method: Method
  readonly url: URL
  /** A list at the top, where a 404 means that the endpoint is not a VPN API. */
  readonly top: boolean
  readonly attempts: number
  readonly credentials: Credentials
  /** The proxy in between: host, port and the variable that names it. */
  readonly proxy: string | undefined
  /** All that was sent and must not come back in a message. */
  readonly secrets: readonly string[]
}

/** An answer that came, whatever it says. */
export type ReceivedAnswer = Extract<Exchange, { type: 'answer' }>
/** As much of an answer as errors about its shape name. */
export type AnswerHead = Pick<ReceivedAnswer, 'status' | 'headers'>

/** An answer that says no. */
export function refusal(asked: Asked, answer: ReceivedAnswer, now: number): ApiError {
  const cut = createRedactor(asked.secrets)
  const messages = answerMessages(answer.text, cut)
  const words = formatMessages(messages)
  const sentence = [explain(asked, answer, cut, now), words]
    .filter((part) => part !== '')
    .join('; the answer: ')
  return failure(asked, refusalReason(answer), sentence === '' ? '' : `: ${sentence}`, {
    answer,
    messages,
    cut,
  })
}

function refusalReason({ status, headers }: ReceivedAnswer): ApiErrorReason {
  if (status < 400) return 'protocol'
  if (status === 401) return 'unauthenticated'
  // A page for people is not the API's word that something is forbidden or gone: a proxy or a firewall wrote it.
  if (status === 403) return isPage(headers.contentType) ? 'protocol' : 'forbidden'
  if (status === 404) return isPage(headers.contentType) ? 'protocol' : 'not-found'
  if (status === 409 || status === 422) return 'conflict'
  if (status === 408 || status === 425 || status === 429) return 'throttled'
  return status >= 500 ? 'unavailable' : 'rejected'
}

/** True for a page meant for people. */
function isPage(contentType: string | undefined): boolean {
  return /^\s*text\/html\b/i.test(contentType ?? '')
}

// What a status means here, in words that say what to do; empty when the status says it all.
function explain(asked: Asked, { status, headers }: ReceivedAnswer, cut: Redactor, now: number): string {
  if (status === 401) return refusalCause(asked.credentials, now)
  if (status === 403 && isPage(headers.contentType)) {
    return `a web page, not the API; ${somethingBetween(asked)} does not let this request through`
  }
  if (status === 403) {
    return `not allowed; a user who does not own the contract needs the privilege "${NEEDED_PRIVILEGE}"`
  }
  if (status === 404 && asked.top) {
    return `there is no VPN API at ${asked.url.host}; check the endpoint and the location`
  }
  if (status === 404 && isPage(headers.contentType)) {
    return `a web page, not the API; ${somethingBetween(asked)}, or the endpoint, is wrong`
  }
  if (status === 404 && asked.method === 'PUT') {
    return 'the service did not create it: either its parent is gone, or PUT does not create here'
  }
  if (status >= 300 && status < 400) return redirection(asked.url, headers.location, cut)
  return ''
}

function somethingBetween({ proxy }: Asked): string {
  return proxy === undefined ? 'something in between' : `the proxy ${proxy} or something behind it`
}

// Without user, query and fragment: those may contain what was sent.
function redirection(from: URL, location: string | undefined, cut: Redactor): string {
  const to = location !== undefined && URL.canParse(location, from.href) ? new URL(location, from) : undefined
  const place = to === undefined ? 'nowhere' : shortText(cut(`${to.origin}${to.pathname}`))
  return `a redirect to ${place}, which is not followed, for the credentials would go there`
}

/** No answer at all. */
export function unreachable(asked: Asked, code: string, timeoutMs: number): ApiError {
  if (code === ABORTED) return stopped(asked)
  if (code === TOO_LARGE) return unexpectedAnswer(asked, "an answer too large to be the API's")
  return failure(asked, 'network', `: ${describeFailure(code, asked, timeoutMs)}`)
}

/** Credentials that no header can contain. */
export function unsendable(asked: Asked, problem: string): ApiError {
  return failure(asked, 'unauthenticated', ` was not sent: ${problem}`)
}

/** An answer that is not the API's. `what` finishes the sentence "answered ...". */
export function unexpectedAnswer(asked: Asked, what: string, answer?: AnswerHead): ApiError {
  return failure(
    asked,
    'protocol',
    `: ${what}`,
    answer === undefined ? {} : { answer, cut: createRedactor(asked.secrets) },
  )
}

/** Ended by the run or by the caller. */
export function stopped(asked: Asked, pause?: string): ApiError {
  const waited = pause === undefined ? '' : ` while it waited, since the API asked for a pause of ${pause}`
  return failure(
    asked,
    'aborted',
    `: ${asked.attempts === 0 ? 'not sent' : 'cut short'}, the run was stopped${waited}`,
  )
}

function failure(
  asked: Asked,
  reason: ApiErrorReason,
  rest: string,
  from: { answer?: AnswerHead; messages?: ApiError['messages']; cut?: Redactor } = {},
): ApiError {
  const { answer, messages = [], cut } = from
  const { method, attempts } = asked
  const path = asked.url.pathname
  const status = answer === undefined ? '' : ` answered ${answer.status}`
  const tries = attempts > 1 ? ` (${attempts} attempts)` : ''
  const requestId = answer?.headers.requestId
  return new ApiError({
    reason,
    message: `${method} ${path}${status}${rest}${tries}`,
    method,
    path,
    attempts,
    status: answer?.status,
    messages,
    requestId: requestId === undefined || cut === undefined ? undefined : shortText(cut(requestId)),
  })
}

/** True when the proxy itself says no; asking again gives the same answer. */
export function isProxyRefusal(code: string): boolean {
  return /^PROXY_(?!408|429)[1-4]\d\d$/.test(code)
}

/** True when asking again cannot help: the certificate stays what it is. */
export function isCertificateFailure(code: string): boolean {
  return /^(PROXY_)?(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH)/.test(
    code,
  )
}

/** True when no connection came about. */
export function isConnectFailure(code: string): boolean {
  return /^(PROXY_)?(\d{3}|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/.test(
    code,
  )
}

function describeFailure(code: string, { url: { host }, proxy }: Asked, timeoutMs: number): string {
  if (proxy === undefined) return directFailure(code, host, timeoutMs)
  return (
    proxyFailureText(code, proxy, timeoutMs) ??
    `${directFailure(code, host, timeoutMs)}, through the proxy ${proxy}`
  )
}

function directFailure(code: string, host: string, timeoutMs: number): string {
  if (isCertificateFailure(code)) return `no trusted TLS connection to ${host} (${code})`
  switch (code) {
    case 'ECONNREFUSED':
      return `connection refused by ${host}`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name ${host} is not known here (${code})`
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `there is no way to ${host} from here (${code})`
    case 'ETIMEDOUT':
      return `no complete answer within ${timeoutMs / 1000} s`
    case 'ECONNRESET':
    case 'EPIPE':
      return 'the connection was closed before the answer was complete'
    default:
      return `the connection to ${host} failed (${code})`
  }
}
