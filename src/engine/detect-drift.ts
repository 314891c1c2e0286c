import { findDrift } from '../drift/drift.ts'
import type { Drift, DriftOptions } from '../drift/types.ts'
import { type FetchProgress, fetchLive } from '../live/fetch.ts'
import type { Remote } from '../model/remote.ts'
import type { DesiredState } from '../model/resource.ts'
import { locationsToRead } from './reconcile.ts'

/** How to look for drift. */
export interface DetectDriftOptions {
  /** `nowMs` is asked for once all is read. */
  readonly drift: Omit<DriftOptions, 'nowMs'>
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Locations to read beside those that the files name. */
  readonly locations?: readonly string[]
  readonly signal?: AbortSignal
  /** Told as pages arrive. */
  readonly onProgress?: (progress: FetchProgress) => void
}

/** Reads the locations of the desired state and tells what differs. Sends reads only; throws {@link ApiError}. */
export async function detectDrift(
  desired: DesiredState,
  remote: Remote,
  options: DetectDriftOptions,
): Promise<Drift> {
  const live = await fetchLive(remote, {
    locations: locationsToRead(desired, options.locations ?? []),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  })
  return findDrift(desired, live, { ...options.drift, nowMs: options.now() })
}
