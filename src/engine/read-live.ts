import { fetchLive, type OtherLocations } from '../live/fetch.ts'
import type { FetchProgress } from '../live/reading.ts'
import type { Clock } from '../model/clock.ts'
import { ownedBy } from '../model/identity.ts'
import { optional } from '../model/optional.ts'
import type { Remote } from '../model/remote.ts'
import type { DesiredState, LiveState } from '../model/resource.ts'
import { readScope } from './read-scope.ts'

/** Locations in addition to those of the files, and what reads them; only what the stack owns counts there. */
export type OtherReads = Omit<OtherLocations, 'isOwned'>

/** What to read. */
export interface ReadLiveOptions {
  /** Locations to read in addition to those that the files name. */
  readonly locations?: readonly string[]
  /** Of all these, the only ones to read. */
  readonly onlyLocations?: readonly string[]
  /** Absent: no other location is read. */
  readonly others?: OtherReads
  readonly signal?: AbortSignal
  /** The clock of the run that will apply: what was read within the last 10 s is not read again before a write. */
  readonly clock?: Clock
  /** Called as pages arrive. */
  readonly onProgress?: (progress: FetchProgress) => void
}

/** Reads what a plan for the desired state needs. Throws {@link ApiError}. */
export function readLive(
  desired: Pick<DesiredState, 'stack' | 'locations' | 'locationLimit'>,
  remote: Remote,
  { locations, onlyLocations, others, signal, clock, onProgress }: ReadLiveOptions,
): Promise<LiveState> {
  return fetchLive(remote, {
    locations: readScope(desired, locations, onlyLocations).locations,
    ...(others === undefined ? {} : { others: { ...others, isOwned: ownedBy(desired.stack) } }),
    ...optional({ signal, clock, onProgress }),
  })
}
