import { cwd, env } from 'node:process'
import { monotonicClock } from '../api/clock.ts'
import { LARGEST_PARALLELISM } from '../api/concurrency.ts'
import type { ApiRemote } from '../api/options.ts'
import { redactedRemote } from '../api/redacted-remote.ts'
import { createRemote } from '../api/remote.ts'
import { apply } from '../apply/apply.ts'
import type { ApplyResult } from '../apply/events.ts'
import { APPLY_DEFAULTS } from '../apply/options.ts'
import type { Drift } from '../drift/types.ts'
import { connectionOf } from '../engine/connection.ts'
import { startDeadline } from '../engine/deadline.ts'
import { detectDrift } from '../engine/detect-drift.ts'
import { type Loaded, loadFiles } from '../engine/load-files.ts'
import { neededSecretErrors } from '../engine/needed-secrets.ts'
import { type OtherReads, type ReadLiveOptions, readLive } from '../engine/read-live.ts'
import { readScope } from '../engine/read-scope.ts'
import { hasWrites, readAndPlan } from '../engine/reconcile.ts'
import { resolveSettings, type Settings } from '../engine/settings.ts'
import { verify } from '../engine/verify.ts'
import { proxyFault } from '../engine/way-out.ts'
import { optional } from '../model/optional.ts'
import type { Remote } from '../model/remote.ts'
import type { DesiredState } from '../model/resource.ts'
import type { Secret } from '../model/secret.ts'
import { type Status, statusOf } from '../plan/status.ts'
import type { Plan } from '../plan/types.ts'
import { InvalidFilesError, MissingSecretsError, PlanRefusedError, SettingsError } from './errors.ts'
import type {
  ApplyCallOptions,
  CallOptions,
  DriftCallOptions,
  OpenOptions,
  PlanCallOptions,
} from './options.ts'

/** A plan with the first question about it answered. */
export interface OpenPlan extends Plan {
  /** There is something to write. */
  readonly hasChanges: boolean
}

/** Files and the API that they are about. Every call that reads live may throw {@link ApiError}. */
export interface Vpn {
  /** What is wrong with the files, errors and warnings. Sends nothing. */
  validate(): Promise<{ readonly valid: boolean } & Pick<Loaded, 'diagnostics' | 'sources'>>
  /** What it takes to make live as the files say. Throws {@link InvalidFilesError} and {@link SettingsError}. */
  plan(options?: PlanCallOptions): Promise<OpenPlan>
  /** How live differs from the files. Throws as `plan`. */
  drift(options?: DriftCallOptions): Promise<Drift>
  /**
   * Carries out a plan and verifies it: `result.ending` is `converged` when live is as the files say. Throws
   * {@link PlanRefusedError} and {@link MissingSecretsError} before the first write; what fails later is an outcome.
   */
  apply(plan: Plan, options?: ApplyCallOptions): Promise<ApplyResult>
  /** All that is live. Throws as `plan`. */
  status(options?: CallOptions): Promise<Status>
  /** Where requests go and as whom, and where each setting comes from. Throws as `plan`. */
  settings(): Promise<Settings>
  /** Ends all connections. */
  close(): Promise<void>
}

const ONE_HOUR_MS = 3_600_000
const REQUEST_TIMEOUT_MS = 30_000

/**
 * Opens files. Credentials, endpoints, proxy and the ionosctl configuration file are those of the command line, unless `remote` is
 * given. Nothing is read or sent before the first call.
 */
export async function open(options: OpenOptions): Promise<Vpn> {
  const session = new LibrarySession(options)
  return {
    validate: async () => {
      const { desired, diagnostics, sources } = await session.loaded()
      return { valid: desired !== null, diagnostics, sources }
    },
    plan: (given = {}) => plan(session, given),
    drift: (given = {}) => drift(session, given),
    apply: (planned, given = {}) => applyPlan(session, planned, given),
    status: (given = {}) => status(session, given),
    settings: () => session.settings(),
    close: () => session.close(),
  }
}

async function plan(session: LibrarySession, given: PlanCallOptions): Promise<OpenPlan> {
  const { signal, timeoutMs, onProgress, ...options } = given
  const { desired, remote, others } = await session.ready()
  return session.call({ signal, timeoutMs }, async (over) => {
    const { plan: planned } = await readAndPlan(desired, remote, {
      ...session.reading(over, others, onProgress),
      plan: options,
    })
    return { ...planned, hasChanges: hasWrites(planned) }
  })
}

async function drift(session: LibrarySession, given: DriftCallOptions): Promise<Drift> {
  const { signal, timeoutMs, onProgress, ...options } = given
  const { desired, remote, others } = await session.ready()
  return session.call({ signal, timeoutMs }, (over) =>
    detectDrift(desired, remote, {
      ...session.reading(over, others, onProgress),
      drift: { targets: [], ignores: [], stuckAfterMs: ONE_HOUR_MS, ...options },
      now: session.clock.now,
    }),
  )
}

async function applyPlan(
  session: LibrarySession,
  planned: Plan,
  given: ApplyCallOptions,
): Promise<ApplyResult> {
  if (planned.refusals.length > 0) throw new PlanRefusedError(planned.refusals)
  const missing = neededSecretErrors(planned)
  if (missing.length > 0) throw new MissingSecretsError(missing)
  const { desired, remote, others } = await session.ready()
  const { wait = true, waitTimeoutMs = APPLY_DEFAULTS.waitTimeoutMs, onEvent } = given
  return session.call(given, async (signal) => {
    const result = await apply(planned, remote, {
      wait,
      waitTimeoutMs,
      parallelism: session.parallelism ?? LARGEST_PARALLELISM,
      signal,
      clock: session.clock,
      random: session.random,
      ...optional({ onEvent }),
    })
    if (!wait || given.verify === false) return result
    return verify(result, desired, remote, {
      ...session.reading(signal, others, given.onProgress),
      plan: planned.options,
    })
  })
}

async function status(session: LibrarySession, given: CallOptions): Promise<Status> {
  const { desired, remote, others } = await session.ready()
  return session.call(given, async (over) => {
    const live = await readLive(desired, remote, session.reading(over, others, given.onProgress))
    const asOf = new Date(session.clock.now()).toISOString()
    return statusOf(live, { stack: desired.stack, desired, asOf })
  })
}

interface Opened {
  readonly remote: Remote
  /** Undefined: no other location is read. */
  readonly others: OtherReads | undefined
  readonly close: () => Promise<void>
}

/** What the calls share: the files and the remote, each made once. */
class LibrarySession {
  readonly clock
  readonly random
  readonly parallelism: number | undefined
  readonly #options: OpenOptions
  #loaded: Promise<Loaded> | undefined
  #settings: Promise<Settings> | undefined
  #remote: Promise<Opened> | undefined

  constructor(options: OpenOptions) {
    this.#options = options
    this.clock = options.clock ?? monotonicClock
    this.random = options.random ?? Math.random
    this.parallelism = options.parallelism
  }

  loaded(): Promise<Loaded> {
    const { files, readStdin, vars, varFiles, allowPlaintextSecrets, strict } = this.#options
    this.#loaded ??= loadFiles({
      files,
      cwd: this.#cwd,
      env: this.#env,
      readStdin: readStdin ?? (async () => new Uint8Array()),
      secrets: 'optional',
      ...optional({ vars, varFiles, allowPlaintextSecrets, strict }),
    })
    return this.#loaded
  }

  async ready(): Promise<{ readonly desired: DesiredState } & Pick<Opened, 'remote' | 'others'>> {
    const desired = await this.#desired()
    this.#remote ??= this.#connect()
    const { remote, others } = await this.#remote
    return { desired, remote, others }
  }

  settings(): Promise<Settings> {
    this.#settings ??= this.#resolve()
    return this.#settings
  }

  /** How live is read. */
  reading(
    signal: AbortSignal,
    others: OtherReads | undefined,
    onProgress: CallOptions['onProgress'],
  ): ReadLiveOptions {
    return {
      locations: this.#options.locations ?? [],
      signal,
      clock: this.clock,
      ...optional({ others, onProgress }),
    }
  }

  /** Runs a call until the caller's signal, the session's, or the time of the call ends it. */
  async call<T>(
    {
      signal,
      timeoutMs,
    }: { readonly signal?: AbortSignal | undefined; readonly timeoutMs?: number | undefined },
    work: (over: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const deadline = timeoutMs === undefined ? undefined : startDeadline(this.clock, timeoutMs)
    const signals = [signal, this.#options.signal, deadline?.signal].filter((each) => each !== undefined)
    try {
      return await work(AbortSignal.any(signals))
    } finally {
      deadline?.end()
    }
  }

  async close(): Promise<void> {
    const open = await this.#remote?.catch(() => undefined)
    await open?.close()
  }

  get #cwd(): string {
    return this.#options.cwd ?? cwd()
  }

  get #env() {
    return this.#options.env ?? env
  }

  async #desired(): Promise<DesiredState> {
    const { desired, diagnostics, sources } = await this.loaded()
    if (desired === null) throw new InvalidFilesError(diagnostics, sources)
    return desired
  }

  async #secrets(): Promise<readonly Secret[]> {
    const { resources } = await this.#desired()
    return resources.flatMap(({ secrets }) => secrets.flatMap(({ value }) => value ?? []))
  }

  async #resolve(): Promise<Settings> {
    const { endpoint, config, profile, locations = [], signal } = this.#options
    const desired = await this.#desired()
    const settings = await resolveSettings({
      ...readScope(desired, locations),
      env: this.#env,
      cwd: this.#cwd,
      endpoint,
      config,
      profile,
      signal,
    })
    if ('fault' in settings) throw new SettingsError(settings.fault)
    return settings
  }

  async #connect(): Promise<Opened> {
    const { remote } = this.#options
    if (remote !== undefined) {
      const guarded = redactedRemote(remote, await this.#secrets())
      return { remote: guarded, others: undefined, close: async () => undefined }
    }
    const settings = await this.settings()
    for (const warning of settings.warnings) this.#options.onWarning?.(warning)
    const fault = proxyFault(this.#env)
    if (fault !== undefined) throw new SettingsError(fault)
    if (settings.credentials === undefined) {
      throw new SettingsError('no credentials found: set IONOS_TOKEN, or IONOS_USERNAME and IONOS_PASSWORD')
    }
    return this.#openRemote(settings, settings.credentials.value)
  }

  async #openRemote(
    settings: Settings,
    credentials: NonNullable<Settings['credentials']>['value'],
  ): Promise<Opened> {
    const { requestTimeoutMs = REQUEST_TIMEOUT_MS, maxRps, onRequest, onRetry, signal } = this.#options
    const { close, others, unread, ...connection } = await connectionOf(settings, credentials, {
      env: this.#env,
      parallelism: this.parallelism,
      requestTimeoutMs,
    })
    const remote: ApiRemote = createRemote({
      ...connection,
      ...optional({ parallelism: this.parallelism }),
      requestTimeoutMs,
      userAgent: this.#options.userAgent ?? 'vpnctl-library',
      clock: this.clock,
      random: this.random,
      secrets: await this.#secrets(),
      ...optional({ maxRps, onRequest, onRetry, signal }),
    })
    return {
      remote,
      others: { remote: remote.aside, locations: others, unread },
      close: async () => {
        remote.close()
        await close()
      },
    }
  }
}
