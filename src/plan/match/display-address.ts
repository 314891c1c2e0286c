import type { Address } from '../../model/address.ts'
import type { DesiredState, LiveState } from '../../model/resource.ts'
import { liveStep } from './live-step.ts'

/** The address that a reader sees: with the location in front where two locations share it. */
export type DisplayAddress = (address: Address, location: string) => Address

/**
 * Decides by the names at the top, so that a gateway and all that is below it are shown alike. Within one location
 * nothing is ever shared.
 */
export function displayAddress(desired: DesiredState, live: LiveState): DisplayAddress {
  if (live.locations.length < 2) return (address) => address
  const seen = new Map<Address, string>()
  const shared = new Set<Address>()
  const see = (top: Address, location: string): void => {
    if ((seen.get(top) ?? location) !== location) shared.add(top)
    seen.set(top, location)
  }
  for (const { parent, address, location } of desired.resources) if (parent === null) see(address, location)
  for (const resource of live.resources) {
    if (resource.parentIds.length === 0) see(liveStep(resource), resource.location)
  }
  return (address, location) => {
    const top = address.split('/', 2).join('/')
    return shared.has(top) ? `${location}:${address}` : address
  }
}
