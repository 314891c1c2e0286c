import type { ApiRemote, Credentials } from '../api/options.ts'
import {
  baseUrl,
  chosenEndpoint,
  credentialsFromEnv,
  type Endpoint,
  endpointFault,
} from '../engine/settings.ts'
import { Secret } from '../model/secret.ts'
import type { Context } from './context.ts'
import { Failure } from './failure.ts'
import { type Journal, openJournal } from './journal.ts'
import type { RemoteFlags } from './options.ts'
import { VERSION } from './version.ts'

/** The API for one run, and what it takes to leave it. */
export interface Session {
  readonly remote: ApiRemote
  /** What a location's requests go to, so that a saved plan can tell it from another. */
  readonly endpointOf: (location: string) => string
  /** Where the run's decisions are noted. */
  readonly journal: Journal
  /** Fires when no new work should start: a signal came, or the run's time is up. */
  readonly signal: AbortSignal
  /** True once the run's own time was up. */
  readonly timedOut: () => boolean
  readonly close: () => Promise<void>
}

/** Where a run's requests go, and as whom. */
interface Connection {
  readonly endpoint: Endpoint | undefined
  readonly credentials: Credentials
  readonly close: () => Promise<void>
}

const IN_PROCESS_PROVISION_MS = 200
const DEFAULT_DATA = '.vpnctl/sandbox.json'

/** Opens the API that the flags and the environment name; nothing is sent yet. */
export async function openSession(
  context: Context,
  flags: RemoteFlags,
  locations: readonly string[],
): Promise<Session> {
  const journal = openJournal(context, flags.logFile)
  const connection = await connect(context, flags, locations).catch((error: unknown) => {
    journal.close()
    throw error
  })
  const { createRemote } = await import('../api/remote.ts')
  const remote = createRemote({
    baseUrl: (location) => baseUrl(connection.endpoint, location),
    credentials: connection.credentials,
    parallelism: flags.parallelism,
    requestTimeoutMs: flags.requestTimeout,
    ...(flags.maxRps === undefined ? {} : { maxRps: flags.maxRps }),
    userAgent: `vpnctl/${VERSION}`,
    ...(context.io.env.IONOS_CONTRACT_NUMBER ? { contractNumber: context.io.env.IONOS_CONTRACT_NUMBER } : {}),
    clock: context.io.clock,
    random: context.io.random,
    ...journal.observers,
  })
  const deadline = new AbortController()
  // Node takes a longer timer for one of 1 ms.
  const timer = setTimeout(() => deadline.abort(), Math.min(flags.timeout, 2 ** 31 - 1))
  return {
    remote,
    // The port of the embedded API is another one in every run.
    endpointOf: (location) =>
      flags.sandbox === true
        ? `sandbox ${flags.data ?? DEFAULT_DATA}`
        : baseUrl(connection.endpoint, location),
    journal,
    signal: AbortSignal.any([context.stopping, deadline.signal]),
    timedOut: () => deadline.signal.aborted,
    close: async () => {
      clearTimeout(timer)
      remote.close()
      const { total, retries } = remote.counts()
      journal.note('end', { requests: total, retries })
      journal.close()
      await connection.close()
    },
  }
}

async function connect(
  context: Context,
  flags: RemoteFlags,
  locations: readonly string[],
): Promise<Connection> {
  return flags.sandbox === true ? sandboxConnection(flags) : realConnection(context, flags, locations)
}

function realConnection(context: Context, flags: RemoteFlags, locations: readonly string[]): Connection {
  const endpoint = chosenEndpoint(flags.endpoint, context.io.env)
  const fault = endpoint === undefined ? undefined : endpointFault(endpoint, locations)
  if (fault !== undefined) throw new Failure('usage', fault)
  const credentials = credentialsFromEnv(context.io.env)
  if (credentials === undefined) {
    throw new Failure(
      'denied',
      'there are no credentials: set IONOS_TOKEN, or IONOS_USERNAME and IONOS_PASSWORD',
      {
        hint: 'to try it without an account, add --sandbox',
      },
    )
  }
  return { endpoint, credentials: credentials.value, close: async () => undefined }
}

async function sandboxConnection(flags: RemoteFlags): Promise<Connection> {
  const { startSandbox } = await import('../sandbox/server.ts')
  const sandbox = await startSandbox({
    data: flags.data ?? DEFAULT_DATA,
    provisionMs: IN_PROCESS_PROVISION_MS,
    destroyMs: IN_PROCESS_PROVISION_MS,
  })
  return {
    endpoint: { value: sandbox.url, source: '--sandbox' },
    credentials: { type: 'token', token: new Secret('sandbox') },
    close: sandbox.close,
  }
}
