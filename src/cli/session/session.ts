import { resolve } from 'node:path'
import type { ApiRemote, Credentials, RemoteOptions, RequestRecord } from '../../api/options.ts'
import { type Connection, connectionOf as connectTo } from '../../engine/connection.ts'
import type { OtherReads } from '../../engine/read-live.ts'
import type { ReadScope } from '../../engine/read-scope.ts'
import { baseUrl, locationProblem, resolveSettings, type Settings } from '../../engine/settings.ts'
import { proxyProblem } from '../../engine/way-out.ts'
import { optional } from '../../model/optional.ts'
import type { DesiredState } from '../../model/resource.ts'
import { safeLine } from '../../model/safe-text.ts'
import { Secret } from '../../model/secret.ts'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'
import { DEFAULT_DATA, type RemoteFlags } from '../flags/options.ts'
import { VERSION } from '../version.ts'
import { type Journal, openJournal } from './journal.ts'

/** The API for one run, and what it takes to leave it. */
export interface Session {
  readonly remote: ApiRemote
  /** The way to the locations that the files do not name. */
  readonly others: OtherReads
  /** What a location's requests go to, so that a saved plan can distinguish it from another. */
  readonly endpointOf: (location: string) => string
  /** Where the run's decisions are noted. */
  readonly journal: Journal
  /** Fires when no new work should start: a signal came, or the run's time is up. */
  readonly signal: AbortSignal
  readonly close: () => Promise<void>
}

const IN_PROCESS_PROVISION_MS = 200
/** Another run of the sandbox takes seconds; a server that keeps the file, for ever. */
const DATA_WAIT_MS = 30_000

/** What a session is for. */
export interface SessionPurpose {
  /** Locations that are read as well where the settings lead to them. */
  readonly others?: readonly string[]
  /** Its secrets are removed from all texts of the service. */
  readonly desired?: Partial<Pick<DesiredState, 'resources'>> | undefined
}

/** Opens the API that the flags and the environment name; nothing is sent yet. */
export async function openSession(
  context: Context,
  flags: RemoteFlags,
  locations: readonly string[],
  { others = [], desired = {} }: SessionPurpose = {},
): Promise<Session> {
  const journal = openJournal(context, flags.logFile)
  const connection = await connect(context, flags, { locations, others }).catch((error: unknown) => {
    journal.close()
    throw error
  })
  const secrets = desired.resources?.flatMap((resource) =>
    [...resource.secrets, ...(resource.canary === undefined ? [] : [resource.canary])].flatMap(
      ({ value }) => value ?? [],
    ),
  )
  const remote = await openRemote(context, flags, connection, {
    ...journal.observers,
    ...optional({ secrets }),
  })
  return {
    remote,
    others: { remote: remote.aside, locations: connection.others, unread: connection.unread },
    // The port of the embedded API is another one in every run.
    endpointOf: (location) =>
      flags.sandbox === true ? `sandbox ${flags.data ?? DEFAULT_DATA}` : connection.baseUrl(location),
    journal,
    signal: context.ending,
    close: async () => {
      remote.close()
      const { total, retries } = remote.counts()
      journal.note('end', { requests: total, retries })
      journal.close()
      await connection.close()
    },
  }
}

/** The API at the other end of a connection. */
export async function openRemote(
  context: Context,
  flags: RemoteFlags,
  { close: _, others: __, unread: ___, ...connection }: Connection,
  more: Pick<RemoteOptions, 'onRetry' | 'addressOf' | 'attempts' | 'secrets' | 'signal'> & {
    readonly onRequest?: (record: RequestRecord) => void
  },
): Promise<ApiRemote> {
  const { createRemote } = await import('../../api/remote.ts')
  return createRemote({
    ...connection,
    ...optional({ parallelism: flags.parallelism }),
    requestTimeoutMs: flags.requestTimeout,
    ...optional({ maxRps: flags.maxRps }),
    userAgent: `vpnctl/${VERSION}`,
    clock: context.io.clock,
    random: context.io.random,
    ...more,
  })
}

/** Where the flags and the environment lead; close it at the end. */
export function connect(context: Context, flags: RemoteFlags, scope: ReadScope): Promise<Connection> {
  // A variable of the environment is for all commands; the flag is about this one.
  if (
    flags.sandbox === true &&
    flags.endpoint !== undefined &&
    flags.endpoint !== context.io.env.VPNCTL_ENDPOINT?.trim()
  )
    throw new Failure('usage', '--sandbox and --endpoint exclude each other', {
      hint: 'for a running "vpnctl sandbox" give --endpoint alone',
    })
  return flags.sandbox === true
    ? sandboxConnection(context, flags, scope)
    : realConnection(context, flags, scope)
}

async function realConnection(context: Context, flags: RemoteFlags, scope: ReadScope): Promise<Connection> {
  const settings = await settingsOf(context, flags, scope)
  for (const warning of settings.warnings)
    context.err(`${context.style.err.warning('warning:')} ${safeLine(warning)}\n`)
  if (settings.credentials === undefined) {
    throw new Failure(
      'denied',
      'no credentials found: set IONOS_TOKEN, or IONOS_USERNAME and IONOS_PASSWORD',
      {
        hint: 'vpnctl doctor shows where they are looked for; to try it without an account, add --sandbox',
      },
    )
  }
  return connectionOf(context, flags, settings, settings.credentials.value)
}

/** Where everything goes, or the end of the run. */
export async function settingsOf(context: Context, flags: RemoteFlags, scope: ReadScope): Promise<Settings> {
  const { endpoint, config, profile } = flags
  const { env, cwd } = context.io
  const settings = await resolveSettings({
    ...scope,
    env,
    cwd,
    endpoint,
    config,
    profile,
    signal: context.ending,
  })
  if ('problem' in settings) throw new Failure('usage', settings.problem)
  return settings
}

/** The connection that settings mean. */
export function connectionOf(
  { io }: Context,
  { parallelism, requestTimeout }: RemoteFlags,
  settings: Settings,
  credentials: Credentials,
): Promise<Connection> {
  checkProxy(io)
  return connectTo(settings, credentials, { env: io.env, parallelism, requestTimeoutMs: requestTimeout })
}

/** A proxy's URL that is none ends the run. */
export function checkProxy({ env }: Context['io']): void {
  const problem = proxyProblem(env)
  if (problem !== undefined) throw new Failure('usage', problem)
}

async function sandboxConnection(
  context: Context,
  flags: RemoteFlags,
  { locations, others }: ReadScope,
): Promise<Connection> {
  const problem = locationProblem(locations)
  if (problem !== undefined) throw new Failure('usage', problem)
  const { startSandbox } = await import('../../sandbox/server.ts')
  const data = flags.data ?? DEFAULT_DATA
  const sandbox = await startSandbox({
    data: resolve(context.io.cwd, data),
    provisionMs: IN_PROCESS_PROVISION_MS,
    destroyMs: IN_PROCESS_PROVISION_MS,
    waitForData: {
      ms: Math.min(DATA_WAIT_MS, flags.timeout),
      signal: context.stopping,
      onWaiting: () => context.err(`waiting for another run that uses ${safeLine(data)}\n`),
    },
  })
  const endpoint = { value: `${sandbox.url}/{location}`, source: '--sandbox' }
  return {
    baseUrl: (location) => baseUrl(endpoint, location),
    credentials: { type: 'token', token: new Secret('sandbox') },
    others,
    unread: [],
    close: sandbox.close,
  }
}
