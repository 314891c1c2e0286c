import { LARGEST_PARALLELISM } from '../api/concurrency.ts'
import type { Credentials, RemoteOptions } from '../api/options.ts'
import type { Environment } from './environment.ts'
import type { OtherReads } from './read-live.ts'
import { baseUrl, type Settings } from './settings.ts'
import { wayOut } from './way-out.ts'

/** Where a run's requests go, and as whom. */
export type Connection = Pick<
  RemoteOptions,
  'baseUrl' | 'credentials' | 'contractNumber' | 'tls' | 'proxy' | 'proxyName'
> &
  Pick<OtherReads, 'unread'> & {
    /** Other locations that may be read. */
    readonly others: readonly string[]
    /** Ends the connections of a proxy. */
    readonly close: () => Promise<void>
  }

/** What a connection needs next to the settings. */
export interface ConnectionOptions {
  readonly env: Environment
  readonly parallelism: number | undefined
  readonly requestTimeoutMs: number
}

/** The connection that settings mean; close it at the end. */
export async function connectionOf(
  { endpoints, others, unread, contractNumber }: Settings,
  credentials: Credentials,
  { env, parallelism, requestTimeoutMs }: ConnectionOptions,
): Promise<Connection> {
  const all = [...endpoints, ...others]
  const urls = new Map(all.map(({ location, value }) => [location, value]))
  const trust = new Map(all.map(({ value, tls }) => [new URL(value).origin, tls]))
  return {
    baseUrl: (location) => urls.get(location) ?? baseUrl(undefined, location),
    credentials,
    tls: (url) => trust.get(url.origin),
    others: others.map(({ location }) => location),
    unread,
    ...(contractNumber === undefined ? {} : { contractNumber: contractNumber.value }),
    ...(await wayOut(env, parallelism ?? LARGEST_PARALLELISM, requestTimeoutMs)),
  }
}
