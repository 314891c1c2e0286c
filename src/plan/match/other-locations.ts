import { canonicalLocation } from '../../kinds/locations.ts'
import { ownedBy } from '../../model/identity.ts'
import type { DesiredState, LiveState } from '../../model/resource.ts'

/** True for locations that no file names, in which only what the stack owns counts. */
export type IsElsewhere = (location: string) => boolean

/** The test for a live state. */
export function elsewhereIn({ others = [] }: Pick<LiveState, 'others'>): IsElsewhere {
  const elsewhere = new Set(others)
  return (location) => elsewhere.has(location)
}

/**
 * The live state without what does not count: in locations that no file names, gateways that the stack does not own,
 * with all that is on them. Where a file names a location that was not read in full, nothing of it counts: what is
 * in the file would look like a leftover.
 */
export function countedLive(desired: Pick<DesiredState, 'stack' | 'locations'>, live: LiveState): LiveState {
  const { others = [] } = live
  if (others.length === 0) return live
  const isElsewhere = elsewhereIn(live)
  const named = new Set(desired.locations.map(canonicalLocation))
  const isOwned = ownedBy(desired.stack)
  const counts = ({ location, parentIds, id }: LiveState['resources'][number]): boolean =>
    !isElsewhere(location) || (!named.has(location) && isOwned(parentIds[0] ?? id))
  return { ...live, resources: live.resources.filter(counts) }
}
