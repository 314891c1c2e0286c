import type { Agent } from 'node:http'
import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import got, { type HttpsOptions, type OptionsInit, RequestError } from 'got'
import { createConnections } from './connections.ts'
import { authorization } from './credentials.ts'
import type { Method, RemoteOptions, TlsChoice } from './options.ts'

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

/** Sends one request once. Never throws. */
export interface Transport {
  exchange(method: Method, url: URL, body: string | undefined, signal?: AbortSignal): Promise<Exchange>
  close(): void
}

/** A page of 1000 resources is about 2 MB; an answer beyond this is none of the API's. */
export const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024
/** The failure code of an answer that was larger. */
export const TOO_LARGE = 'TOO_LARGE'
/** The failure code of a request that was cut by its signal. */
export const ABORTED = 'ERR_ABORTED'

export const DEFAULT_REQUEST_TIMEOUT_MS = 30_000

/**
 * HTTP by got. Its retries and redirects are off: a retry must give its place on the wire to others while it
 * waits, and a redirect would take the token to another host.
 */
export function createTransport(options: RemoteOptions): Transport {
  const connections = createConnections(options.parallelism)
  const client = got.extend({
    agent: connections.agents,
    http2: options.http2 ?? false,
    https: {
      rejectUnauthorized: options.rejectUnauthorized ?? true,
      ...(options.ca === undefined ? {} : { certificateAuthority: options.ca }),
    },
    headers: {
      accept: 'application/json',
      'user-agent': options.userAgent,
      ...(options.contractNumber === undefined ? {} : { 'x-contract-number': options.contractNumber }),
    },
    timeout: { request: options.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS },
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    strictContentLength: true,
    responseType: 'buffer',
  })

  return {
    close: () => connections.close(),
    async exchange(method, url, body, signal) {
      const done = connections.use(url)
      let tooLarge = false
      try {
        const request = client(url, {
          method,
          headers: {
            authorization: authorization(options.credentials),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body }),
          ...wayTo(url, options, connections.agents.http),
          ...(signal === undefined ? {} : { signal }),
        })
        request.on('downloadProgress', (progress) => {
          if (progress.transferred <= LARGEST_ANSWER_BYTES) return
          tooLarge = true
          request.cancel()
        })
        const response = await request
        return {
          type: 'answer',
          status: response.statusCode,
          headers: readHeaders(response.headers),
          text: response.rawBody.toString('utf8'),
          bytes: response.rawBody.length,
        }
      } catch (error) {
        // Only the code goes on: the error holds the token and the body, and its text may quote them.
        return { type: 'failure', code: tooLarge ? TOO_LARGE : codeOf(error) }
      } finally {
        done()
      }
    },
  }
}

// A host may have certificates of its own, and stand behind a proxy.
function wayTo(url: URL, { tls, proxy }: RemoteOptions, http: Agent): Pick<OptionsInit, 'agent' | 'https'> {
  const trust = tls?.(url)
  const agent = proxy?.(url)
  return {
    ...(agent === undefined ? {} : { agent: { http, https: agent } }),
    ...(trust === undefined ? {} : { https: httpsOptions(trust) }),
  }
}

function httpsOptions({ rejectUnauthorized, ca, pinnedFingerprint }: TlsChoice): HttpsOptions {
  return {
    rejectUnauthorized: rejectUnauthorized ?? true,
    ...(ca === undefined ? {} : { certificateAuthority: [...ca] }),
    ...(pinnedFingerprint === undefined
      ? {}
      : {
          checkServerIdentity: (host: string, certificate: PeerCertificate) =>
            checkServerIdentity(host, certificate) ?? pinFault(certificate, pinnedFingerprint),
        }),
  }
}

/** The failure code of a certificate that is not the pinned one. */
export const PIN_MISMATCH = 'ERR_TLS_PINNED_CERT'

function pinFault(certificate: PeerCertificate, pinned: string): Error | undefined {
  const seen = certificate.fingerprint256.replaceAll(':', '').toLowerCase()
  if (seen === pinned) return undefined
  return Object.assign(new Error('another certificate than the pinned one'), { code: PIN_MISMATCH })
}

function codeOf(error: unknown): string {
  const code = error instanceof RequestError ? error.code : (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,60}$/.test(code) ? code : 'UNKNOWN'
}

function readHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): AnswerHeaders {
  const wanted = {
    contentType: headers['content-type'],
    retryAfter: headers['retry-after'],
    date: headers.date,
    location: headers.location,
    requestId: headers['x-request-id'] ?? headers['x-correlation-id'],
  }
  const found = Object.entries(wanted).filter((entry) => typeof entry[1] === 'string')
  return Object.fromEntries(found) as AnswerHeaders
}
