import type { NetworkResource } from '../../src/access/estate.ts'
import { ipsecGateway } from '../../src/kinds/ipsec/gateway.ts'
import { ipsecTunnel } from '../../src/kinds/ipsec/tunnel.ts'
import { wireguardGateway } from '../../src/kinds/wireguard/gateway.ts'
import { wireguardPeer } from '../../src/kinds/wireguard/peer.ts'
import type { PlainObject } from '../../src/model/json.ts'
import type { ResourceKind } from '../../src/model/resource.ts'

/** Whole numbers from 0 to below `limit`. */
export type Random = (limit: number) => number

/** The same numbers for the same seed (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
}

/** So few addresses that networks often contain each other, meet or are equal. */
export const FEW_ADDRESSES = 32

/** A text of the n-th of those addresses. */
export function addressText(n: number, isIpv6: boolean): string {
  return isIpv6 ? `2001:db8::${n.toString(16)}` : `192.0.2.${n}`
}

function network(random: Random): string {
  if (random(40) === 0) return random(2) === 0 ? '0.0.0.0/0' : '::/0'
  const bits = random(6)
  const first = (random(FEW_ADDRESSES) >> bits) << bits
  return random(3) === 0
    ? `${addressText(first, true)}/${128 - bits}`
    : `${addressText(first, false)}/${32 - bits}`
}

function networks(random: Random, most: number): readonly string[] {
  return Array.from({ length: 1 + random(most) }, () => network(random))
}

function interfaceText(random: Random, isIpv6: boolean): string {
  const bits = random(5)
  return `${addressText(random(FEW_ADDRESSES), isIpv6)}/${(isIpv6 ? 128 : 32) - bits}`
}

/** An estate of one to three gateways of both kinds, some connected to the same LAN, some to each other. */
export function randomEstate(random: Random): readonly NetworkResource[] {
  const amount = 1 + random(3)
  const isMixed = random(3) === 0
  const first = random(2) === 0
  const kinds = Array.from({ length: amount }, () => (isMixed ? random(2) === 0 : first))
  return kinds.flatMap((isWireguard, index) => {
    const key = `g${index}`
    const connections = Array.from({ length: 1 + random(2) }, () => ({
      datacenterId: 'd',
      lanId: String(1 + random(2)),
      ipv4CIDR: interfaceText(random, false),
      ...(random(3) === 0 ? { ipv6CIDR: interfaceText(random, true) } : {}),
    }))
    const gateway: PlainObject = {
      gatewayIP: `203.0.113.${index}`,
      connections,
      ...(isWireguard ? { interfaceIPv4CIDR: interfaceText(random, false) } : {}),
      ...(isWireguard && random(3) === 0 ? { interfaceIPv6CIDR: interfaceText(random, true) } : {}),
    }
    const kind = isWireguard ? wireguardGateway : ipsecGateway
    const ends = Array.from({ length: random(5) }, (_, end) => {
      const host = random(3) > 0 ? `203.0.113.${random(amount)}` : 'vpn.example.com'
      const spec: PlainObject = isWireguard
        ? { allowedIPs: networks(random, 3), ...(random(3) > 0 ? { endpoint: { host } } : {}) }
        : {
            remoteHost: host,
            cloudNetworkCIDRs: random(3) === 0 ? ['192.0.2.0/27', '2001:db8::/123'] : networks(random, 4),
            peerNetworkCIDRs: networks(random, 3),
          }
      return resource(`${key}e${end}`, isWireguard ? wireguardPeer : ipsecTunnel, spec, key)
    })
    return [resource(key, kind, gateway), ...ends]
  })
}

function resource(key: string, kind: ResourceKind, spec: PlainObject, parentKey?: string): NetworkResource {
  return { key, kind, spec, parentKey, name: key, address: key, location: 'de/fra' }
}
