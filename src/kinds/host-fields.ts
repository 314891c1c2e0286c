import type { ResourceKind } from '../model/resource.ts'
import { ipsecTunnel } from './ipsec/tunnel.ts'
import type { Entry } from './rule.ts'
import { wireguardPeer } from './wireguard/peer.ts'

/** A field that names one host. */
export interface HostField {
  readonly kind: ResourceKind
  readonly path: readonly string[]
  /** What to do with a port that is written behind the host. */
  readonly withoutPort: (host: string, port: string) => string
}

const HOST_FIELDS: readonly HostField[] = [
  {
    kind: ipsecTunnel,
    path: ['remoteHost'],
    withoutPort: (host) => `write ${host}: IKE has ports of its own, 500 and 4500`,
  },
  {
    kind: wireguardPeer,
    path: ['endpoint', 'host'],
    withoutPort: (host, port) => `write host: ${host}, and next to it port: ${port}`,
  },
]

/** The field of a resource that names the host at the other end; undefined for kinds without one. */
export function hostFieldOf({ resource: { kind } }: Entry): HostField | undefined {
  return HOST_FIELDS.find((field) => field.kind === kind)
}
