import { type Address, formatAddress } from '../../model/address.ts'
import type { LiveResource } from '../../model/resource.ts'

/** The last step of a live resource's address; an id replaces a name that is missing. */
export function liveStep(resource: LiveResource): Address {
  return formatAddress([{ collection: resource.kind.collection, name: resource.name || resource.id }])
}
