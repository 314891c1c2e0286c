import { canonicalJson, type Plain } from '../../model/json.ts'
import type { DesiredResource } from '../../model/resource.ts'

/**
 * True for two tunnels that are the two ends of one: each goes to the gateway of the other, or, where a host name
 * hides that, their networks mirror each other.
 */
export function areTwoEnds(one: DesiredResource, other: DesiredResource): boolean {
  if (one.parent === null || other.parent === null || one.parent === other.parent) return false
  return goesTo(one, other) && goesTo(other, one) ? true : mirrors(one, other) && mirrors(other, one)
}

function goesTo(one: DesiredResource, other: DesiredResource): boolean {
  const { remoteHost } = one.spec
  return typeof remoteHost === 'string' && remoteHost === other.parent?.spec.gatewayIP
}

function mirrors(one: DesiredResource, other: DesiredResource): boolean {
  const { cloudNetworkCIDRs: own = null } = one.spec
  const { peerNetworkCIDRs: theirs = null } = other.spec
  return own !== null && canonicalJson(own as Plain) === canonicalJson(theirs as Plain)
}
