import { LARGEST_PARALLELISM } from '../api/concurrency.ts'
import { apply } from '../apply/apply.ts'
import type { ApplyResult } from '../apply/events.ts'
import { APPLY_DEFAULTS } from '../apply/options.ts'
import type { Drift } from '../drift/types.ts'
import { detectDrift } from '../engine/detect-drift.ts'
import type { Loaded } from '../engine/load-files.ts'
import { neededSecretErrors } from '../engine/needed-secrets.ts'
import { readLive } from '../engine/read-live.ts'
import { hasWrites, readAndPlan } from '../engine/reconcile.ts'
import type { Settings } from '../engine/settings.ts'
import { verify } from '../engine/verify.ts'
import { optional } from '../model/optional.ts'
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
import { LibrarySession } from './session.ts'

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
