import { type Address, formatAddress } from '../../model/address.ts'
import type { DesiredResource } from '../../model/resource.ts'

/**
 * The addresses that a resource may have had: every mix of present and former names on the way to it, but for the
 * present one. A gateway that is renamed takes its children's addresses with it.
 */
export function formerAddresses(resource: DesiredResource): readonly Address[] {
  return hasFormerName(resource) ? ways(resource).slice(1) : NONE
}

const NONE: readonly Address[] = []

function hasFormerName(resource: DesiredResource): boolean {
  for (let at: DesiredResource | null = resource; at !== null; at = at.parent) {
    if (at.renamedFrom !== undefined) return true
  }
  return false
}

// The present names come first.
function ways(resource: DesiredResource): readonly Address[] {
  const { collection } = resource.kind
  const names = resource.renamedFrom === undefined ? [resource.name] : [resource.name, resource.renamedFrom]
  const own = names.map((name) => formatAddress([{ collection, name }]))
  if (resource.parent === null) return own
  return ways(resource.parent).flatMap((parent) => own.map((step) => `${parent}/${step}`))
}
