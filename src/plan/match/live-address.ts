import type { Address } from '../../model/address.ts'
import type { LiveResource } from '../../model/resource.ts'
import { liveStep } from './live-step.ts'
import type { Matching } from './match.ts'

/** Addresses of live resources: the file's where it speaks for them, else by the names on the way to them. */
export function liveAddresses(matching: Matching): (resource: LiveResource) => Address {
  const known = new Map<LiveResource, Address>()
  const addressOf = (resource: LiveResource): Address => {
    const entry = matching.byLive.get(resource)
    if (entry?.match.type === 'live') return entry.desired.address
    const found = known.get(resource)
    if (found !== undefined) return found
    const parent = matching.index.parentOf(resource)
    const own = liveStep(resource)
    const above = parent === undefined ? resource.parentIds.join('/') : addressOf(parent)
    const address = above === '' ? own : `${above}/${own}`
    known.set(resource, address)
    return address
  }
  return addressOf
}
