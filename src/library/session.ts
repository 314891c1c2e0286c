import { cwd, env } from 'node:process'
import { monotonicClock } from '../api/clock.ts'
import type { ApiRemote } from '../api/options.ts'
import { redactedRemote } from '../api/redacted-remote.ts'
import { createRemote } from '../api/remote.ts'
import { connectionOf } from '../engine/connection.ts'
import { startDeadline } from '../engine/deadline.ts'
import { type Loaded, loadFiles } from '../engine/load-files.ts'
import type { OtherReads, ReadLiveOptions } from '../engine/read-live.ts'
import { readScope } from '../engine/read-scope.ts'
import { resolveSettings, type Settings } from '../engine/settings.ts'
import { proxyProblem } from '../engine/way-out.ts'
import { optional } from '../model/optional.ts'
import type { Remote } from '../model/remote.ts'
import type { DesiredState } from '../model/resource.ts'
import type { Secret } from '../model/secret.ts'
import { InvalidFilesError, SettingsError } from './errors.ts'
import type { CallOptions, OpenOptions } from './options.ts'

const REQUEST_TIMEOUT_MS = 30_000

interface Opened {
  readonly remote: Remote
  /** Undefined: no other location is read. */
  readonly others: OtherReads | undefined
  readonly close: () => Promise<void>
}

/** What the calls share: the files and the remote, each made once. */
export class LibrarySession {
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
    if ('problem' in settings) throw new SettingsError(settings.problem)
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
    const problem = proxyProblem(this.#env)
    if (problem !== undefined) throw new SettingsError(problem)
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
