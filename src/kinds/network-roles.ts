import { getPath, type PlainObject } from '../model/json.ts'
import type { NetworkRole } from '../model/networks/network-role.ts'
import { optional } from '../model/optional.ts'
import { gatewaySummary } from './summaries.ts'
import { texts } from './texts.ts'

/** A gateway forwards between its LANs and the other ends. */
export function gatewayRole(spec: PlainObject): NetworkRole {
  const [listensAt] = texts([spec.gatewayIP])
  return {
    interfaces: texts([spec.interfaceIPv4CIDR, spec.interfaceIPv6CIDR]),
    lans: gatewaySummary(spec).attached,
    ...optional({ listensAt }),
  }
}

/** WireGuard's cryptokey routing: one list says what a peer may send from and what is sent to it. */
export function peerRole(spec: PlainObject): NetworkRole {
  const [connectsTo] = texts([getPath(spec, ['endpoint', 'host'])])
  return { behind: texts(spec.allowedIPs), ...optional({ connectsTo }) }
}

/** IPSec's traffic selectors: a packet has one address in each list. */
export function tunnelRole(spec: PlainObject): NetworkRole {
  const [connectsTo] = texts([spec.remoteHost])
  return {
    behind: texts(spec.peerNetworkCIDRs),
    opens: texts(spec.cloudNetworkCIDRs),
    ...optional({ connectsTo }),
  }
}
