const PSK = 'write it as a reference: auth: { method: PSK, psk: { key: { env: NAME } } }'
const TUNNEL_PSK = `a pre-shared key belongs to an IPSec tunnel, as auth: { method: PSK, psk: { key: { env: NAME } } }; the API has none for WireGuard`

/**
 * Names of the same things in wg-quick, strongSwan and Terraform, for every mapping of the files: each with where the
 * thing belongs. In lowercase, without `_` and `-`. A kind's own `otherNames` come before them.
 */
export const OTHER_NAMES: Readonly<Record<string, string>> = {
  presharedkey: TUNNEL_PSK,
  pskkey: TUNNEL_PSK,
  psk: TUNNEL_PSK,
  persistentkeepalive:
    'the API has no keepalive: PersistentKeepalive belongs in the configuration of a WireGuard peer (--keepalive of peer-config)',
  allowedips:
    'allowedIPs is a field of a WireGuard peer; the networks of a tunnel are in cloudNetworkCIDRs and peerNetworkCIDRs',
  address:
    'the address of a WireGuard interface is in interfaceIPv4CIDR of the gateway, and that of a peer in its allowedIPs',
  endpoint:
    'endpoint is a field of a WireGuard peer: { host: 198.51.100.20, port: 51820 }; the other end of a tunnel is its remoteHost',
}

/** Of a tunnel and of its `auth`. */
export const PSK_NAMES = { presharedkey: PSK, pskkey: PSK, key: PSK } as const

/** A name as the keys of {@link OTHER_NAMES} are written. */
export function bareName(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '')
}
