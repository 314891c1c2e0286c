import type { ResourceKind } from '../model/resource.ts'
import { ipsecGateway } from './ipsec/gateway.ts'
import { ipsecTunnel } from './ipsec/tunnel.ts'
import { wireguardGateway } from './wireguard/gateway.ts'
import { wireguardPeer } from './wireguard/peer.ts'

/** Every kind that there is, parents before their children: the order of files, plans and requests. */
export const KINDS: readonly ResourceKind[] = [wireguardGateway, wireguardPeer, ipsecGateway, ipsecTunnel]

/** The kinds that live directly under `parent`; null for those at the top. */
export function kindsUnder(parent: ResourceKind | null): readonly ResourceKind[] {
  return KINDS.filter((kind) => kind.parent === parent)
}
