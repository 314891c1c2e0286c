import { overlaps, rangeName, unusableHost } from './ip.ts'
import { ipsecGateway } from './ipsec/gateway.ts'
import { type Entry, perEntry, type Rule, writtenText } from './rule.ts'
import { wireguardGateway } from './wireguard/gateway.ts'
import { type Connection, connectionsOf, lanAddresses, lanKey } from './written-networks.ts'

// What holds for gateways of both sorts.

/** True for a gateway of either sort. */
export const isGateway = ({ resource: { kind } }: Entry): boolean =>
  kind === wireguardGateway || kind === ipsecGateway

const NOT_PUBLIC: Readonly<Record<string, string>> = {
  private: 'a private address',
  loopback: 'a loopback address',
  linkLocal: 'a link-local address',
  carrierGradeNat: 'a carrier-grade NAT address',
  multicast: 'a multicast address',
  broadcast: 'the broadcast address',
  unspecified: 'the unspecified address',
  uniqueLocal: 'a private address',
}

/** What an address is that cannot be reached from the internet, in words; undefined for all others. */
export function notPublic(text: string): string | undefined {
  const name = rangeName(text)
  return name === undefined ? undefined : NOT_PUBLIC[name]
}

const gatewayIpIsPublic = perEntry(function* (entry) {
  const gatewayIP = isGateway(entry) ? writtenText(entry, 'gatewayIP') : undefined
  const what = gatewayIP === undefined ? undefined : notPublic(gatewayIP)
  if (what === undefined) return
  yield {
    severity: 'warning',
    code: 'VPN341',
    message: `gatewayIP ${gatewayIP} is ${what}`,
    hint: 'use an address of an IP block that is reserved in the location of the data center',
    on: entry,
    path: ['gatewayIP'],
  }
})

const oneDatacenter = perEntry(function* (entry) {
  if (!isGateway(entry)) return
  const [first, ...rest] = connectionsOf(entry).filter(({ value }) => typeof value.datacenterId === 'string')
  if (first === undefined) return
  for (const other of rest) {
    if (lower(other.value.datacenterId) === lower(first.value.datacenterId)) continue
    yield {
      severity: 'error',
      code: 'VPN342',
      message: `the connections of ${JSON.stringify(entry.resource.name)} are in different data centers`,
      hint: 'a gateway can be attached to LANs of one data center only: use a gateway for each',
      on: entry,
      path: [...other.path, 'datacenterId'],
      related: [{ on: entry, path: [...first.path, 'datacenterId'], message: 'the other data center' }],
    }
  }
})

const lanOnce = perEntry(function* (entry) {
  if (!isGateway(entry)) return
  const seen = new Map<string, Connection>()
  for (const connection of connectionsOf(entry)) {
    const { lanId } = connection.value
    const key = lanKey(connection)
    if (key === undefined) continue
    const first = seen.get(key)
    if (first === undefined) {
      seen.set(key, connection)
      continue
    }
    yield {
      severity: 'error',
      code: 'VPN343',
      message: `LAN ${String(lanId)} is connected twice`,
      hint: 'remove one of the two connections, or correct its lanId',
      on: entry,
      path: [...connection.path, 'lanId'],
      related: [{ on: entry, path: [...first.path, 'lanId'], message: 'connected here already' }],
    }
  }
})

const connectionNetworksApart = perEntry(function* (entry) {
  const networks = isGateway(entry) ? lanAddresses(entry) : []
  for (const [index, one] of networks.entries()) {
    const other = networks
      .slice(0, index)
      .find(
        (earlier) =>
          earlier.connection.path[1] !== one.connection.path[1] && overlaps(earlier.range, one.range),
      )
    if (other === undefined) continue
    yield {
      severity: 'error',
      code: 'VPN344',
      message: `the networks of ${one.text} and ${other.text} overlap`,
      hint: 'the gateway cannot decide which LAN an address is in: use a separate network for each LAN',
      on: entry,
      path: one.path,
      related: [{ on: entry, path: other.path, message: 'the other network' }],
    }
  }
})

const hostAddress = perEntry(function* (entry) {
  for (const { text, path, range } of isGateway(entry) ? lanAddresses(entry) : []) {
    const what = unusableHost(range.address, range)
    if (what === undefined) continue
    yield {
      severity: 'warning',
      code: 'VPN345',
      message: `ipv4CIDR ${text} is the ${what === 'network' ? 'address of the network, not of a host in it' : 'broadcast address of its network'}`,
      hint: "write the gateway's own address in the LAN: with this one it cannot be reached",
      on: entry,
      path,
    }
  }
})

function lower(value: unknown): string {
  return String(value).toLowerCase()
}

/** Rules for gateways of both sorts. */
export const gatewayRules: readonly Rule[] = [
  gatewayIpIsPublic,
  oneDatacenter,
  lanOnce,
  connectionNetworksApart,
  hostAddress,
]
