/** An answer of the API, before network faults change it. */
export interface Answer {
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** One reason of an error body. */
export interface Reason {
  readonly errorCode: string
  readonly message: string
}

const JSON_TYPE = { 'content-type': 'application/json' }

/** The API's codes are published nowhere; this is the one that was seen. All others here are the sandbox's own. */
export const ID_MISMATCH = 'vpn-common-0021'

/** An answer whose body is JSON text. */
export function json(status: number, text: string): Answer {
  return { status, body: text, headers: JSON_TYPE }
}

/** No body at all, as for an accepted DELETE. */
export function empty(status: number): Answer {
  return { status, body: '', headers: {} }
}

/** An error in the API's shape. */
export function refusal(status: number, ...messages: readonly Reason[]): Answer {
  return json(status, JSON.stringify({ httpStatus: status, messages }))
}

/** {@link refusal} for one reason. */
export function refuse(status: number, errorCode: string, message: string): Answer {
  return refusal(status, { errorCode, message })
}
