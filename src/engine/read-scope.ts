import { canonicalLocation, LOCATIONS } from '../kinds/locations.ts'
import type { DesiredState } from '../model/resource.ts'

/** What a run reads. Both lists hold each location once, under its canonical name. */
export interface ReadScope {
  /** Read in full: those that the files name, and those that were asked for. */
  readonly locations: readonly string[]
  /** All others of the service, where what the stack owns may still be. */
  readonly others: readonly string[]
}

/**
 * The locations that a run reads: those of the files and `more` in full. The `locations` list of the files and `only`
 * limit them.
 */
export function readScope(
  desired: Pick<DesiredState, 'locations' | 'locationLimit'>,
  more: readonly string[] = [],
  only?: readonly string[],
): ReadScope {
  const locations = unique([...desired.locations, ...more]).filter(allowedBy(only))
  const all = unique(Object.keys(LOCATIONS))
  const others = all
    .filter((location) => !locations.includes(location))
    .filter(allowedBy(only))
    .filter(allowedBy(desired.locationLimit))
  return { locations, others }
}

function unique(locations: readonly string[]): readonly string[] {
  return [...new Set(locations.map(canonicalLocation))]
}

function allowedBy(limit: readonly string[] | undefined): (location: string) => boolean {
  if (limit === undefined) return () => true
  const allowed = new Set(limit.map(canonicalLocation))
  return (location) => allowed.has(location)
}
