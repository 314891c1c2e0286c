import type { OutcomeError } from '../../apply/events.ts'
import { safeLine } from '../writing/safe-text.ts'
import { count } from '../writing/words.ts'

/** What went wrong in one line: the message, which carries the API's own words, and the request that met it. */
export function outcomeErrorText(error: OutcomeError): string {
  const message = safeLine(error.message)
  const request = requestText(error)
  return request === undefined || (error.path !== undefined && error.message.includes(error.path))
    ? message
    : `${message} (${request})`
}

/** `PUT /wireguardgateways/... answered 422 after 3 attempts, request id 7d1...`; undefined without a request. */
export function requestText(error: OutcomeError): string | undefined {
  if (error.method === undefined || error.path === undefined) return undefined
  const answer = error.status === undefined ? 'got no answer' : `answered ${error.status}`
  const attempts =
    error.attempts === undefined || error.attempts < 2 ? '' : ` after ${count(error.attempts, 'attempt')}`
  const id = error.requestId === undefined ? '' : `, request id ${safeLine(error.requestId)}`
  return `${safeLine(error.method)} ${safeLine(error.path)} ${answer}${attempts}${id}`
}
