import {
  contains,
  equals,
  type IpRange,
  isSingle,
  parseIp,
  parseIps,
  shortestNetwork,
  singleNetwork,
  unusableHost,
} from '../kinds/ip.ts'
import { texts } from '../kinds/texts.ts'
import { isPlainObject, type PlainObject } from '../model/json.ts'

/** What a peer's `allowedIPs` mean to the peer itself. */
export interface PeerAddresses {
  /** For the interface, each with its full prefix. */
  readonly addresses: readonly string[]
  /** Networks that the peer forwards to. */
  readonly behind: readonly string[]
  /** Ranges of the tunnel's network of which the first address was taken. */
  readonly guessed: readonly { readonly network: string; readonly address: string }[]
}

/**
 * Single addresses inside the gateway's interface network are the peer's own. Of a wider range inside it the first
 * free address is taken, unless it is the whole network, which says nothing about the peer. An interface with a
 * single address has no network: there the first single address of the family is the peer's own.
 */
export function peerAddresses(
  gateway: PlainObject,
  peer: PlainObject,
  siblings: readonly PlainObject[] = [],
): PeerAddresses {
  const own = interfaces(gateway)
  const taken = siblings.flatMap((sibling) => parseIps(texts(sibling.allowedIPs)))
  const addresses: string[] = []
  const behind: string[] = []
  const guessed: { network: string; address: string }[] = []
  for (const network of texts(peer.allowedIPs)) {
    const range = parseIp(network)
    const home = range === undefined ? undefined : own.find((outer) => isHome(outer, range, addresses))
    if (range === undefined || home === undefined) behind.push(network)
    else if (isSingle(range)) addresses.push(network)
    else if (range.prefix > home.prefix) {
      const address = firstFree(range, home, taken)
      if (address === undefined) continue
      guessed.push({ network, address })
      addresses.push(address)
    }
  }
  return { addresses: [...new Set(addresses)], behind, guessed }
}

function isHome(own: IpRange, range: IpRange, found: readonly string[]): boolean {
  if (!isSingle(own)) return contains(own, range)
  const isFirst = !parseIps(found).some(({ family }) => family === own.family)
  return isSingle(range) && range.family === own.family && isFirst
}

/** What other peers of the gateway reach, beyond what the gateway itself does; never everything. */
export function networksOfOthers(gateway: PlainObject, siblings: readonly PlainObject[]): readonly string[] {
  const known = parseIps(reachableNetworks(gateway))
  const networks = siblings
    .flatMap((sibling) => texts(sibling.allowedIPs))
    .map((text) => shortestNetwork(text) ?? text)
    .filter((text) => {
      const range = parseIp(text)
      return range !== undefined && range.prefix > 0 && !known.some((outer) => contains(outer, range))
    })
  return [...new Set(networks)]
}

/** Those networks whose family one of the addresses has: a host without IPv6 cannot have a route for it. */
export function ofFamilies(networks: readonly string[], addresses: readonly string[]): readonly string[] {
  const families = new Set(parseIps(addresses).map(({ family }) => family))
  return networks.filter((network) => {
    const range = parseIp(network)
    return range === undefined || families.has(range.family)
  })
}

/** The networks that a peer reaches through its gateway: the tunnel's own and the LANs'. */
export function reachableNetworks(gateway: PlainObject): readonly string[] {
  const connections: readonly unknown[] = Array.isArray(gateway.connections) ? gateway.connections : []
  const attached = connections
    .filter((connection) => isPlainObject(connection))
    .flatMap((connection) => [connection.ipv4CIDR, connection.ipv6CIDR])
  const networks = texts([gateway.interfaceIPv4CIDR, gateway.interfaceIPv6CIDR, ...attached])
    .map(shortestNetwork)
    .filter((network) => network !== undefined)
  return [...new Set(networks)]
}

function interfaces(gateway: PlainObject): readonly IpRange[] {
  return parseIps(texts([gateway.interfaceIPv4CIDR, gateway.interfaceIPv6CIDR]))
}

// The all-zeros address of a range names the network itself; what a sibling has is skipped as a whole.
function firstFree(range: IpRange, home: IpRange, taken: readonly IpRange[]): string | undefined {
  const width = range.family === 4 ? 32 : 128
  let candidate = range.prefix >= width - 1 ? range.first : range.first + 1n
  const inner = taken.filter((other) => contains(range, other) && !equals(range, other))
  for (let moved = true; moved; ) {
    const held = inner.find((other) => other.first <= candidate && candidate <= other.last)
    moved = held !== undefined || candidate === home.address
    if (moved) candidate = (held?.last ?? candidate) + 1n
  }
  if (candidate > range.last || unusableHost(candidate, home) !== undefined) return undefined
  return singleNetwork(candidate, range.family)
}
