import { contains, type IpRange, parseIp, shortestAddress, shortestNetwork } from '../kinds/ip.ts'
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
 * address that is not the gateway's is taken, unless it is the whole network, which says nothing about the peer.
 */
export function peerAddresses(gateway: PlainObject, peer: PlainObject): PeerAddresses {
  const own = interfaces(gateway)
  const addresses: string[] = []
  const behind: string[] = []
  const guessed: { network: string; address: string }[] = []
  for (const network of texts(peer.allowedIPs)) {
    const range = parseIp(network)
    const home = range === undefined ? undefined : own.find((outer) => contains(outer, range))
    if (range === undefined || home === undefined) behind.push(network)
    else if (range.first === range.last) addresses.push(network)
    else if (range.prefix > home.prefix) {
      const address = firstFree(range, home)
      if (address === undefined) continue
      guessed.push({ network, address })
      addresses.push(address)
    }
  }
  return { addresses: [...new Set(addresses)], behind, guessed }
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
  return texts([gateway.interfaceIPv4CIDR, gateway.interfaceIPv6CIDR])
    .map(parseIp)
    .filter((range) => range !== undefined)
}

// The all-zeros address of a range names the network itself.
function firstFree(range: IpRange, home: IpRange): string | undefined {
  const first = range.first + 1n
  const candidate = first === home.address ? first + 1n : first
  if (candidate > range.last) return undefined
  return range.family === 4 ? `${dotted(candidate)}/32` : `${colons(candidate)}/128`
}

function dotted(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.')
}

function colons(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt(16 * (7 - index))) & 0xffffn).toString(16),
  ).join(':')
  return shortestAddress(groups) ?? groups
}
