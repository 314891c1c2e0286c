import type { Agent } from 'node:https'
import type { Address } from '../model/address.ts'
import type { Clock } from '../model/clock.ts'
import type { Remote } from '../model/remote.ts'
import type { Collection, Target } from '../model/resource.ts'
import type { Secret } from '../model/secret.ts'
import type { Exchange } from './answer.ts'

/** The methods that are sent. POST is not one of them: it is not idempotent, so a lost answer could not be repaired. */
export type Method = 'GET' | 'PUT' | 'DELETE'

/** Who asks. */
export type Credentials =
  | { readonly type: 'token'; readonly token: Secret }
  | { readonly type: 'basic'; readonly username: string; readonly password: Secret }

/** One HTTP attempt, for audit logs. Never a header or a body. */
export interface RequestRecord {
  /** When it was sent: ms since 1970. */
  readonly at: number
  readonly method: Method
  /** URL path without origin and query. */
  readonly path: string
  /** `limit=1000&offset=0`, for lists. */
  readonly query?: string
  readonly attempt: number
  readonly durationMs: number
  /** HTTP status; absent when there was no answer. */
  readonly status?: number
  /** Why there was no answer: `ECONNRESET`, `ETIMEDOUT` and the like. */
  readonly failure?: string
  /** The clock of the server less ours in ms, by the answer's `Date` header, whole seconds. */
  readonly clockSkewMs?: number
  /** Size of the answer's body. */
  readonly bytes?: number
  readonly address?: Address
}

/** A request that will be sent again. */
export interface RetryRecord {
  readonly at: number
  readonly method: Method
  readonly path: string
  /** The attempt that failed, counted from 1. */
  readonly attempt: number
  /** `429`, `503`, `ECONNRESET`, `cut answer`. */
  readonly because: string
  readonly delayMs: number
  readonly address?: Address
}

/** Which certificates of a server are good. */
export interface TlsChoice {
  readonly rejectUnauthorized?: boolean
  /** PEM of all certificate authorities to trust, in place of the known ones. */
  readonly ca?: readonly string[]
  /** SHA-256 of the server's own certificate as 64 hex digits in lowercase; asked for in addition to a valid chain. */
  readonly pinnedFingerprint?: string
}

/** Sends one request once. Never throws. */
export interface Transport {
  /** `body` is JSON. A signal that fires ends the exchange with the failure `ERR_ABORTED`. */
  exchange(method: Method, url: URL, body: string | undefined, signal?: AbortSignal): Promise<Exchange>
  /** Ends all connections. */
  close(): void
}

/** What a remote needs; everything that has a default may be left out. */
export interface RemoteOptions {
  /** The base URL of a location; a path in it is kept. */
  readonly baseUrl: (location: string) => string
  readonly credentials: Credentials
  /** Removed, with the credentials, from every text that the service sends: it may repeat what it was given. */
  readonly secrets?: readonly Secret[]
  /** The most requests on the wire, and connections, at a time. Default: 10, and up to 50 while answers stay fast. */
  readonly parallelism?: number
  /** For one attempt, from the first byte sent to the last byte read. Default 30 s. */
  readonly requestTimeoutMs?: number
  /** How often one request is sent at most. Default 8. */
  readonly attempts?: number
  /** The maximum number of requests per second, for contracts that are shared with other programs. */
  readonly maxRps?: number
  readonly userAgent: string
  /** Sent as `X-Contract-Number`, for reseller accounts. */
  readonly contractNumber?: string
  /** Called for each attempt when it is over. */
  readonly onRequest?: (record: RequestRecord) => void
  /** Called for each pause before a request is sent again. */
  readonly onRetry?: (record: RetryRecord) => void
  /** The name of what a request is about, for records. */
  readonly addressOf?: (target: Target) => Address | undefined
  readonly clock?: Clock
  /** Uniform in [0, 1), for jitter. */
  readonly random?: () => number
  /** Carries the requests, credentials included. Default: HTTP. */
  readonly transport?: Transport
  /** Ends the run: nothing new is sent; running writes are left to finish, running reads are cut. */
  readonly signal?: AbortSignal
  readonly rejectUnauthorized?: boolean
  /** PEM of certificate authorities to trust. */
  readonly ca?: string
  /** The same for each host; wins over the two above. */
  readonly tls?: (url: URL) => TlsChoice | undefined
  /** An agent for the hosts behind a proxy; undefined for the others. */
  readonly proxy?: (url: URL) => Agent | undefined
  /** How messages name the proxy that a host is behind: host, port, and where it is set. */
  readonly proxyName?: (url: URL) => string | undefined
}

/** How much was asked of the API so far, attempts counted. */
export interface RequestCounts {
  readonly total: number
  readonly retries: number
  readonly byMethod: Readonly<Record<Method, number>>
}

/** The API over HTTP. */
export interface ApiRemote extends Remote {
  /** One list with one resource: is it there, and may we? Throws ApiError. */
  probe(location: string): Promise<void>
  /** One page as the service wrote it, for checks of its shape: may contain secrets. Throws ApiError. */
  page(collection: Collection, offset: number, limit: number): Promise<unknown>
  /**
   * The same API for reads that must not cost the run much: one attempt of at most 3 s, outside the limit of requests
   * at a time. What fails there neither ends the run nor slows it down. Ends with this remote.
   */
  readonly aside: Pick<Remote, 'list' | 'get'>
  /** What was asked so far. */
  counts(): RequestCounts
  /** Ends all connections. Requests that are made or waiting after this fail as aborted. */
  close(): void
}
