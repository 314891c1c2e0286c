import { getPath, type PlainObject } from '../model/json.ts'
import type { NetworkRole } from '../model/networks/network-role.ts'
import { gatewaySummary } from './summaries.ts'
import { texts } from './texts.ts'

/** A gateway forwards between its LANs and the other ends. */
export function gatewayRole(spec: PlainObject): NetworkRole {
  return {
    interfaces: texts([spec.interfaceIPv4CIDR, spec.interfaceIPv6CIDR]),
    lans: gatewaySummary(spec).attached,
    listensAt: textOf(spec.gatewayIP),
  }
}

/** WireGuard's cryptokey routing: one list says what a peer may send from and what is sent to it. */
export function peerRole(spec: PlainObject): NetworkRole {
  return { behind: texts(spec.allowedIPs), connectsTo: textOf(getPath(spec, ['endpoint', 'host'])) }
}

/** IPSec's traffic selectors: a packet has one address in each list. */
export function tunnelRole(spec: PlainObject): NetworkRole {
  return {
    behind: texts(spec.peerNetworkCIDRs),
    opens: texts(spec.cloudNetworkCIDRs),
    connectsTo: textOf(spec.remoteHost),
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
