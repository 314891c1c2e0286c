import type { ReadLiveOptions } from '../../engine/read-live.ts'
import { readScope } from '../../engine/read-scope.ts'
import { optional } from '../../model/optional.ts'
import type { DesiredState } from '../../model/resource.ts'
import type { Context } from '../context.ts'
import { checkLocations } from '../flags/location.ts'
import type { LocationFlags, RemoteFlags } from '../flags/options.ts'
import { openSession, type Session } from './session.ts'

/** Which locations a run reads in addition to those of the files, and to which it is limited. */
export type LocationChoice = Pick<ReadLiveOptions, 'locations' | 'onlyLocations'>

/** What a run about one stack reads. */
export type Reading = Omit<ReadLiveOptions, 'onProgress'>

/** The choice that the flags make; an unknown location ends the run. */
export function locationChoice({ location = [], onlyLocation }: LocationFlags): LocationChoice {
  checkLocations([...location, ...(onlyLocation ?? [])])
  return { locations: location, ...optional({ onlyLocations: onlyLocation }) }
}

/** Opens the API for a run about one stack, whose resources may be in locations that the files do not name. */
export async function openStackSession(
  context: Context,
  flags: RemoteFlags,
  desired: Pick<DesiredState, 'locations' | 'locationLimit'> & Partial<Pick<DesiredState, 'resources'>>,
  choice: LocationChoice,
): Promise<{ readonly session: Session; readonly reading: Reading }> {
  const { locations, others } = readScope(desired, choice.locations, choice.onlyLocations)
  const session = await openSession(context, flags, locations, { others, desired })
  return {
    session,
    reading: { ...choice, others: session.others, clock: context.io.clock, signal: session.signal },
  }
}
