import { getPath } from '../../model/json.ts'
import type { Entry } from '../rule.ts'
import { networksIn, networksOf, type WrittenNetwork } from '../written-networks.ts'
import { wireguardGateway } from './gateway.ts'
import { wireguardPeer } from './peer.ts'

export const isGateway = ({ resource: { kind } }: Entry): boolean => kind === wireguardGateway
export const isPeer = ({ resource: { kind } }: Entry): boolean => kind === wireguardPeer

/** A range that a peer may send from and that the gateway routes to it. */
export interface Claim extends WrittenNetwork {
  readonly peer: Entry
}

/** What a peer claims; nothing for one that is to be absent. */
export function claimsOf(peer: Entry): readonly Claim[] {
  if (!isPeer(peer) || peer.resource.ensure === 'absent') return []
  return networksOf(peer, 'allowedIPs').map((network) => ({ ...network, peer }))
}

/** The addresses of a gateway's WireGuard interface, each with the tunnel's network as its range. */
export function interfacesOf(gateway: Entry): readonly WrittenNetwork[] {
  return isGateway(gateway) ? networksIn(gateway, ['interfaceIPv4CIDR', 'interfaceIPv6CIDR']) : []
}

/** Whether the gateway dials the peer: a site or a server, not a person on the road. */
export function hasEndpoint(peer: Entry): boolean {
  return typeof getPath(peer.written, ['endpoint', 'host']) === 'string'
}
