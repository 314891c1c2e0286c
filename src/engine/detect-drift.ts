import { findDrift } from '../drift/drift.ts'
import type { Drift, DriftOptions } from '../drift/types.ts'
import type { Remote } from '../model/remote.ts'
import type { DesiredState } from '../model/resource.ts'
import { type ReadLiveOptions, readLive } from './read-live.ts'

/** What to read, and what counts as drift. */
export interface DetectDriftOptions extends ReadLiveOptions {
  /** `nowMs` is asked for once all is read. */
  readonly drift: Omit<DriftOptions, 'nowMs'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Reads the locations of the desired state and reports what differs. Sends reads only; throws {@link ApiError}. */
export async function detectDrift(
  desired: DesiredState,
  remote: Remote,
  options: DetectDriftOptions,
): Promise<Drift> {
  const live = await readLive(desired, remote, options)
  return findDrift(desired, live, { ...options.drift, nowMs: options.now() })
}
