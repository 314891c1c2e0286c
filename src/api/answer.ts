import type { IncomingHttpHeaders } from 'node:http'
import { type Request, RequestError, type Response } from 'got'

/** What came back from one attempt. Plain values only: nothing of the HTTP library, which remembers the request. */
export type Exchange =
  | {
      readonly type: 'answer'
      readonly status: number
      readonly headers: AnswerHeaders
      readonly text: string
      readonly bytes: number
    }
  /** `code` is Node's or OpenSSL's name for it. */
  | { readonly type: 'failure'; readonly code: string }

/** The headers that anything is decided on. */
export interface AnswerHeaders {
  readonly contentType?: string
  readonly retryAfter?: string
  readonly date?: string
  readonly location?: string
  readonly requestId?: string
}

/** A page of 1000 resources is about 2 MB; an answer beyond this is none of the API's. */
export const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024
/** The failure code of an answer that was larger. */
export const TOO_LARGE = 'TOO_LARGE'
/** The failure code of a request that was cut by its signal. */
export const ABORTED = 'ERR_ABORTED'

/**
 * Waits for the answer to a request that was sent, until `signal` fires or the time is up. Never rejects. The time is
 * measured here and not by got, which waits for a connection for ever when its agent does.
 */
export function receive(
  request: Request,
  signal: AbortSignal | undefined,
  timeoutMs: number,
): Promise<Exchange> {
  return new Promise((resolve) => {
    let response: Response | undefined
    const chunks: Buffer[] = []
    let bytes = 0
    const end = (exchange: Exchange): void => {
      signal?.removeEventListener('abort', abort)
      clearTimeout(timer)
      resolve(exchange)
    }
    const fail = (code: string): void => {
      end({ type: 'failure', code })
      request.destroy()
    }
    const abort = (): void => fail(ABORTED)
    const timer = setTimeout(() => fail('ETIMEDOUT'), timeoutMs)
    request.on('response', (received: Response) => {
      response = received
    })
    request.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > LARGEST_ANSWER_BYTES) fail(TOO_LARGE)
    })
    request.on('end', () => end(answer(response, chunks, bytes)))
    // Stays to the end: an error that comes after the answer must find someone who listens.
    request.on('error', (error) => fail(codeOf(error)))
    // Destroyed without an error: nothing will come any more.
    request.on('close', () => end({ type: 'failure', code: 'ERR_STREAM_PREMATURE_CLOSE' }))
    if (signal?.aborted === true) abort()
    else signal?.addEventListener('abort', abort)
  })
}

function answer(response: Response | undefined, chunks: readonly Buffer[], bytes: number): Exchange {
  if (response === undefined) return { type: 'failure', code: 'ERR_STREAM_PREMATURE_CLOSE' }
  const whole = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)
  return {
    type: 'answer',
    status: response.statusCode,
    headers: readHeaders(response.headers),
    text: whole?.toString('utf8') ?? '',
    bytes,
  }
}

/** The code of an error; `UNKNOWN` for what looks like no code. */
export function codeOf(error: unknown): string {
  const code = error instanceof RequestError ? error.code : (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,60}$/.test(code) ? code : 'UNKNOWN'
}

function readHeaders(headers: IncomingHttpHeaders): AnswerHeaders {
  const found: { -readonly [Name in keyof AnswerHeaders]: string } = {}
  const keep = (name: keyof AnswerHeaders, value: string | string[] | undefined): void => {
    if (typeof value === 'string') found[name] = value
  }
  keep('contentType', headers['content-type'])
  keep('retryAfter', headers['retry-after'])
  keep('date', headers.date)
  keep('location', headers.location)
  keep('requestId', headers['x-request-id'] ?? headers['x-correlation-id'])
  return found
}
