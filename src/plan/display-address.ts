import type { Address } from '../model/address.ts'
import type { DesiredState, LiveState } from '../model/resource.ts'
import { liveStep } from './live-address.ts'

/** The address that a reader sees: with the location in front where two locations share it. */
export type DisplayAddress = (address: Address, location: string) => Address

/**
 * Decides by the names at the top, so that a gateway and all that is below it are shown alike. With one location
 * nothing is ever shared.
 */
export function displayAddress(desired: DesiredState, live: LiveState): DisplayAddress {
  const first = live.locations[0] ?? desired.resources[0]?.location
  const isOne =
    live.locations.every((location) => location === first) &&
    desired.resources.every(({ location }) => location === first)
  if (isOne) return (address) => address
  const seen = new Map<Address, Set<string>>()
  const see = (top: Address, location: string): void => {
    const where = seen.get(top)
    if (where === undefined) seen.set(top, new Set([location]))
    else where.add(location)
  }
  for (const { parent, address, location } of desired.resources) if (parent === null) see(address, location)
  for (const resource of live.resources) {
    if (resource.parentIds.length === 0) see(liveStep(resource), resource.location)
  }
  return (address, location) => {
    const top = address.split('/', 2).join('/')
    return (seen.get(top)?.size ?? 0) > 1 ? `${location}:${address}` : address
  }
}
