import type { Address } from '../../model/address.ts'
import type { DesiredState, LiveState } from '../../model/resource.ts'
import { liveStep } from './live-step.ts'
import { elsewhereIn, type IsElsewhere } from './other-locations.ts'

/**
 * The address that a reader sees: with the location in front where two locations share it, and of what is in a location
 * that no file names.
 */
export type DisplayAddress = (address: Address, location: string) => Address

/**
 * Decides by the names at the top, so that a gateway and all that is below it are shown alike. Within one location
 * nothing is ever shared.
 */
export function displayAddress(desired: DesiredState, live: LiveState): DisplayAddress {
  const isElsewhere = elsewhereIn(live)
  const shared = sharedAddresses(desired, live, isElsewhere)
  return (address, location) =>
    isElsewhere(location) || shared.has(address.split('/', 2).join('/')) ? `${location}:${address}` : address
}

// What was found elsewhere does not change how the rest is called.
function sharedAddresses(
  desired: DesiredState,
  live: LiveState,
  isElsewhere: IsElsewhere,
): ReadonlySet<Address> {
  const shared = new Set<Address>()
  if (live.locations.length < 2) return shared
  const seen = new Map<Address, string>()
  const see = (top: Address, location: string): void => {
    if ((seen.get(top) ?? location) !== location) shared.add(top)
    seen.set(top, location)
  }
  for (const { parent, address, location } of desired.resources) if (parent === null) see(address, location)
  for (const resource of live.resources) {
    if (resource.parentIds.length > 0 || isElsewhere(resource.location)) continue
    see(liveStep(resource), resource.location)
  }
  return shared
}
