import type { PlainObject } from '../../model/json.ts'
import { optional } from '../../model/optional.ts'
import { type IpRange, overlaps, parseIps, singleNetwork, unusableHost } from '../ip.ts'
import { texts } from '../texts.ts'

/** The entry of a new peer, in the order of the file. */
export function newPeerEntry(
  name: string,
  publicKey: string,
  allowedIPs: readonly string[],
  { description, expires }: { readonly description?: string; readonly expires?: string } = {},
): PlainObject {
  // In the order of fmt.
  return { name, ...optional({ description }), allowedIPs, publicKey, ...optional({ expires }) }
}

/**
 * The next free address in each interface network of a gateway, as a network of one address. Addresses that a peer claims,
 * the gateway's own, network and broadcast addresses are passed over. Undefined where a network is full.
 */
export function nextPeerAddresses(
  gateway: PlainObject,
  peers: readonly PlainObject[],
): readonly (string | undefined)[] {
  const claimed = parseIps(peers.flatMap(({ allowedIPs }) => texts(allowedIPs)))
  return interfaceNetworks(gateway).map((home) => nextAddress(home, claimed))
}

/** The interface networks that have room for peers; a network of one address has none. */
export function interfaceNetworks(gateway: PlainObject): readonly IpRange[] {
  return parseIps(texts([gateway.interfaceIPv4CIDR, gateway.interfaceIPv6CIDR])).filter(
    ({ first, last }) => first !== last,
  )
}

function nextAddress(home: IpRange, claimed: readonly IpRange[]): string | undefined {
  // A range that has the whole network says where a peer may send to, not which address it has.
  const taken = claimed
    .filter((range) => overlaps(range, home) && !(range.first <= home.first && range.last >= home.last))
    .concat({ ...home, first: home.address, last: home.address })
    .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))
  // The first address of an IPv6 network is the routers' anycast address (RFC 4291, 2.6.1).
  let candidate = home.family === 6 && home.prefix < 127 ? home.first + 1n : home.first
  const skipUnusable = (): void => {
    while (candidate <= home.last && unusableHost(candidate, home) !== undefined) candidate += 1n
  }
  skipUnusable()
  for (const { first, last } of taken) {
    if (candidate < first) break
    if (candidate <= last) candidate = last + 1n
    skipUnusable()
  }
  return candidate > home.last ? undefined : singleNetwork(candidate, home.family)
}
