/** An error of this program. Never the user's, never the API's. */
export class InternalError extends Error {
  override readonly name = 'InternalError'
}

/** What kind of trouble the API or the way to it had; decisions are made on this, never on text. */
export type ApiErrorReason =
  /** No answer: refused, reset, timed out, name not found, cut in half. */
  | 'network'
  /** An answer that is not the API's: HTML, empty, wrong JSON, a redirect. */
  | 'protocol'
  /** 401. */
  | 'unauthenticated'
  /** 403. */
  | 'forbidden'
  /** 404. */
  | 'not-found'
  /** 409 or 422: well-formed, but not acceptable now or at all. */
  | 'conflict'
  /** 400, 415 and other 4xx: this request will never be accepted. */
  | 'rejected'
  /** 408, 425, 429 after all attempts. */
  | 'throttled'
  /** 5xx after all attempts. */
  | 'unavailable'
  /** The run's own time or the caller's signal ended it. */
  | 'aborted'

/** One reason from the API's error body. */
export interface ApiMessage {
  readonly errorCode?: string
  readonly message: string
}

/** What went wrong between us and the API. Holds neither headers nor bodies that were sent. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly reason: ApiErrorReason
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined
  readonly method: string
  /** URL path, without origin and query. */
  readonly path: string
  /** How often the request was sent. */
  readonly attempts: number
  /** The API's own words, shortened. */
  readonly messages: readonly ApiMessage[]
  /** `x-request-id` or the like of the answer, for a support case. */
  readonly requestId: string | undefined

  constructor(facts: {
    reason: ApiErrorReason
    message: string
    method: string
    path: string
    attempts?: number
    status?: number | undefined
    messages?: readonly ApiMessage[]
    requestId?: string | undefined
  }) {
    super(facts.message)
    this.reason = facts.reason
    this.status = facts.status
    this.method = facts.method
    this.path = facts.path
    this.attempts = facts.attempts ?? 1
    this.messages = facts.messages ?? []
    this.requestId = facts.requestId
  }
}

/** The code of an error of the system (`ENOENT`). */
export function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown error'
}
