import { canonicalLocation } from '../kinds/locations.ts'
import { type FetchProgress, fetchLive } from '../live/fetch.ts'
import type { Clock } from '../model/clock.ts'
import type { Remote } from '../model/remote.ts'
import type { DesiredState, LiveState } from '../model/resource.ts'
import { plan } from '../plan/plan.ts'
import type { Plan, PlanOptions } from '../plan/types.ts'

/** How to look at the world. */
export interface ReadAndPlanOptions {
  readonly plan: Partial<PlanOptions>
  /** Locations to read beside those that the files name. */
  readonly locations?: readonly string[]
  readonly signal?: AbortSignal
  /** The clock of the run that will apply: what was read within the last 10 s is not read again before a write. Needed where the files use dates. */
  readonly clock?: Clock
  /** Told as pages arrive. */
  readonly onProgress?: (progress: FetchProgress) => void
}

/** What is live and what it takes to get from there to the desired state. */
export interface LiveAndPlan {
  readonly live: LiveState
  readonly plan: Plan
}

/** Reads the locations of the desired state and plans. Sends reads only; throws {@link ApiError}. */
export async function readAndPlan(
  desired: DesiredState,
  remote: Remote,
  options: ReadAndPlanOptions,
): Promise<LiveAndPlan> {
  const live = await fetchLive(remote, {
    locations: locationsToRead(desired, options.locations ?? []),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  })
  const asOf = options.clock === undefined ? {} : { asOf: new Date(options.clock.now()).toISOString() }
  return { live, plan: plan(desired, live, { ...options.plan, ...asOf }) }
}

/** The locations that a run reads: those of the files, then those that were asked for, each once. */
export function locationsToRead(desired: DesiredState, more: readonly string[]): readonly string[] {
  return [...new Set([...desired.locations, ...more].map(canonicalLocation))]
}

/** True when the plan holds something to write. */
export function hasWrites(plan: Plan): boolean {
  return plan.summary.create + plan.summary.update + plan.summary.delete > 0
}
