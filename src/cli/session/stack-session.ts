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

/** The part of a desired state that says what to read; its resources for their secrets. */
export type StackScope = Pick<DesiredState, 'locations' | 'locationLimit'> &
  Partial<Pick<DesiredState, 'resources'>>

/** The choice that the flags make; an unknown location ends the run. */
export function locationChoice({ location = [], onlyLocation }: LocationFlags): LocationChoice {
  checkLocations([...location, ...(onlyLocation ?? [])])
  return { locations: location, ...optional({ onlyLocations: onlyLocation }) }
}

/** Works with the API on one stack, whose resources may be in locations that the files do not name; closed at the end. */
export async function withStackSession<T>(
  context: Context,
  flags: RemoteFlags,
  desired: StackScope,
  choice: LocationChoice,
  work: (session: Session, reading: Reading) => Promise<T>,
): Promise<T> {
  const { locations, others } = readScope(desired, choice.locations, choice.onlyLocations)
  const session = await openSession(context, flags, locations, { others, desired })
  try {
    const { clock } = context.io
    return await work(session, { ...choice, others: session.others, clock, signal: session.signal })
  } finally {
    await session.close()
  }
}
