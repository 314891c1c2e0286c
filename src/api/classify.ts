import type { ApiError } from '../model/errors.ts'
import { isTransient, retryAfterMs } from '../model/http/retry.ts'
import { parseJson } from '../model/json.ts'
import { ABORTED, type Exchange, TOO_LARGE } from './answer.ts'
import { plainWords } from './error-text.ts'
import {
  type AnswerHead,
  type Asked,
  isCertificateFailure,
  isConnectFailure,
  isProxyRefusal,
  type ReceivedAnswer,
  refusal,
  unexpectedAnswer,
  unreachable,
} from './failures.ts'
import { createRedactor } from './redact.ts'

/** What one attempt means for its request. */
export type Verdict =
  /** 2xx. `value` is undefined when the body was empty, or not asked for. */
  | { readonly type: 'accepted'; readonly head: AnswerHead; readonly value: unknown }
  /** Will not get better. */
  | { readonly type: 'final'; readonly error: ApiError }
  /** May get better: send again. */
  | {
      readonly type: 'passing'
      readonly error: ApiError
      /** `429`, `ECONNRESET`, `cut answer`. */
      readonly because: string
      /** How often this may happen to one request. */
      readonly tolerated: number
      /** What the service asked for. */
      readonly retryAfterMs?: number | undefined
    }

/** What the judgement depends on in addition to the answer. */
export interface Circumstances {
  /** The most attempts for one request. */
  readonly attempts: number
  readonly requestTimeoutMs: number
  /** Whether this host answered before in this run. */
  readonly reached: boolean
  readonly now: number
}

// A host that never answered in this run is rather a wrong endpoint than one in trouble.
const ATTEMPTS_TO_CONNECT = 3
// JSON that ends too early was cut on its way; JSON that always does is not JSON.
const CUT_ANSWERS = 3

/** Decides on one attempt. Pure. */
export function classify(asked: Asked, exchange: Exchange, circumstances: Circumstances): Verdict {
  return exchange.type === 'failure'
    ? classifyFailure(asked, exchange.code, circumstances)
    : classifyAnswer(asked, exchange, circumstances)
}

function classifyFailure(asked: Asked, code: string, circumstances: Circumstances): Verdict {
  const { attempts, reached, requestTimeoutMs } = circumstances
  const error = unreachable(asked, code, requestTimeoutMs)
  if (code === ABORTED || code === TOO_LARGE || isCertificateFailure(code) || isProxyRefusal(code)) {
    return { type: 'final', error }
  }
  const hopeless = isConnectFailure(code) && !reached
  return {
    type: 'passing',
    error,
    because: code,
    tolerated: hopeless ? ATTEMPTS_TO_CONNECT : attempts,
  }
}

function classifyAnswer(asked: Asked, answer: ReceivedAnswer, { attempts, now }: Circumstances): Verdict {
  const { status, headers } = answer
  if (status >= 200 && status < 300) return classifySuccess(asked, answer)
  const error = refusal(asked, answer, now)
  if (!isTransient(status)) return { type: 'final', error }
  return {
    type: 'passing',
    error,
    because: String(status),
    tolerated: attempts,
    retryAfterMs: retryAfterMs(headers.retryAfter, headers.date, now),
  }
}

function classifySuccess(asked: Asked, answer: ReceivedAnswer): Verdict {
  const { status, headers, text } = answer
  const head = { status, headers }
  const empty = text.trim() === ''
  // A DELETE is answered by its status. A PUT without a body was accepted all the same.
  if (asked.method === 'DELETE' || (asked.method === 'PUT' && empty)) {
    return { type: 'accepted', head, value: undefined }
  }
  if (isTooDeep(text)) {
    return { type: 'final', error: unexpectedAnswer(asked, 'JSON that is nested too deep', answer) }
  }
  const value = parseJson(text)
  if (value !== undefined) return { type: 'accepted', head, value }
  const words = plainWords(text, createRedactor(asked.secrets))
  const what = empty ? 'an empty body' : `no JSON but "${words}"`
  return {
    type: 'passing',
    error: unexpectedAnswer(asked, what, answer),
    because: 'cut answer',
    tolerated: CUT_ANSWERS,
  }
}

// The API's answers have about ten levels. What is nested in thousands would exhaust the stack of whatever walks it.
const DEEPEST_ANSWER = 100

function isTooDeep(text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    // Strings as a whole, since brackets in them do not count.
    if (code === QUOTE) at = endOfString(text, at)
    else if (code === OPEN_LIST || code === OPEN_MAP) depth += 1
    else if (code === CLOSE_LIST || code === CLOSE_MAP) depth -= 1
    if (depth > DEEPEST_ANSWER) return true
  }
  return false
}

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d]

// The closing quote of the string that begins at `at`; the end of the text where it has none.
function endOfString(text: string, at: number): number {
  for (let end = at; ; ) {
    end = text.indexOf('"', end + 1)
    if (end < 0) return text.length
    let escapes = 0
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes += 1
    if (escapes % 2 === 0) return end
  }
}
