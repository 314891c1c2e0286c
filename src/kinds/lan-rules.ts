import { isGateway } from './gateway-rules.ts'
import { equals, type IpRange } from './ip.ts'
import { isTunnel } from './ipsec/network-rules.ts'
import type { Entry, Finding, Rule } from './rule.ts'
import { claimsOf, interfacesOf } from './wireguard/claims.ts'
import { connectionsOf, type LanAddress, lanAddresses, networksOf } from './written-networks.ts'

const isPresent = ({ resource }: Entry): boolean => resource.ensure === 'present'

interface Place {
  readonly gateway: Entry
  readonly address: LanAddress
}

const lansAgree: Rule = function* (entries) {
  const holders = new Map<string, Place>()
  const subnets = new Map<string, Place>()
  for (const gateway of entries.filter((entry) => isGateway(entry) && isPresent(entry))) {
    for (const address of lanAddresses(gateway)) {
      if (address.lan === undefined) continue
      const place = { gateway, address }
      const holder = remember(holders, `${address.lan} ${address.range.address}`, place)
      const subnet = remember(subnets, `${address.lan} ${address.range.family}`, place)
      // Two connections of one gateway to one LAN are an error by themselves.
      if (holder !== undefined && holder.gateway !== gateway) yield sameAddress(place, holder)
      else if (
        subnet !== undefined &&
        subnet.gateway !== gateway &&
        !equals(subnet.address.range, address.range)
      )
        yield otherSubnet(place, subnet)
    }
  }
}

// The one that was there before; the first stays.
function remember(map: Map<string, Place>, key: string, place: Place): Place | undefined {
  const first = map.get(key)
  if (first === undefined) map.set(key, place)
  return first
}

function sameAddress({ gateway, address }: Place, holder: Place): Finding {
  const [one, other] = [holder.gateway, gateway].map(({ resource }) => JSON.stringify(resource.name))
  return {
    severity: 'warning',
    code: 'VPN382',
    message: `${one} and ${other} have one address in a LAN, ${address.text}`,
    hint: 'give each gateway an address of its own in the LAN',
    on: gateway,
    path: address.path,
    related: [{ on: holder.gateway, path: holder.address.path, message: 'the same address' }],
  }
}

function otherSubnet({ gateway, address }: Place, first: Place): Finding {
  return {
    severity: 'warning',
    code: 'VPN383',
    message: `one LAN has two subnets, those of ${first.address.text} and ${address.text}`,
    hint: 'write the subnet of the LAN in both connections, or correct the lanId of one',
    on: gateway,
    path: address.path,
    related: [{ on: first.gateway, path: first.address.path, message: 'the other subnet of this LAN' }],
  }
}

// What hosts of a data center reach through its gateways: a LAN, a tunnel's network, what lies behind a peer or a site.
const cloudNetworksReached: Rule = function* (entries) {
  const gateways = entries.filter((entry) => isGateway(entry) && isPresent(entry))
  const tunnels = gateways.flatMap(({ children }) => children.filter(isTunnel))
  if (tunnels.length === 0) return
  const known = new Map<string, IpRange[]>()
  for (const gateway of gateways) {
    const center = dataCenterOf(gateway)
    if (center === undefined) continue
    const ranges = known.get(center) ?? []
    known.set(center, ranges)
    for (const { range } of rangesAt(gateway)) ranges.push(range)
  }
  const merged = new Map([...known].map(([center, ranges]) => [center, merge(ranges)]))
  for (const tunnel of tunnels) {
    const center = tunnel.parent === null ? undefined : dataCenterOf(tunnel.parent)
    const cloud = networksOf(tunnel, 'cloudNetworkCIDRs')
    const [first] = cloud
    const spans = center === undefined ? undefined : merged.get(center)
    // A network behind a router of the LAN is in no file: one that is known makes the others believable.
    if (spans === undefined || first === undefined || cloud.some(({ range }) => touches(spans, range)))
      continue
    yield {
      severity: 'warning',
      code: 'VPN367',
      message: `no connection of the gateway reaches ${cloud.map(({ text }) => text).join(', ')}`,
      hint: 'write the network of a LAN that the gateway is connected to, or connect the gateway to that LAN',
      on: tunnel,
      path: first.path,
    }
  }
}

function dataCenterOf(gateway: Entry): string | undefined {
  const [connection] = connectionsOf(gateway)
  const id = connection?.value.datacenterId
  return typeof id === 'string' ? id.toLowerCase() : undefined
}

function rangesAt(gateway: Entry): readonly { readonly range: IpRange }[] {
  return [
    ...lanAddresses(gateway),
    ...interfacesOf(gateway),
    ...gateway.children.flatMap((child) => [
      ...claimsOf(child),
      ...(isTunnel(child) ? networksOf(child, 'peerNetworkCIDRs') : []),
    ]),
  ]
}

// Ranges in order, none touching the next: so that one can be found without looking at all of them.
function merge(ranges: readonly IpRange[]): readonly IpRange[] {
  const merged: IpRange[] = []
  for (const range of [...ranges].sort(byFirst)) {
    const last = merged.at(-1)
    if (last === undefined || last.family !== range.family || last.last < range.first) merged.push(range)
    else if (range.last > last.last) merged[merged.length - 1] = { ...last, last: range.last }
  }
  return merged
}

function byFirst(a: IpRange, b: IpRange): number {
  if (a.family !== b.family) return a.family - b.family
  return a.first < b.first ? -1 : a.first > b.first ? 1 : 0
}

function touches(merged: readonly IpRange[], range: IpRange): boolean {
  let [low, high] = [0, merged.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const span = merged[middle] as IpRange
    if (span.family < range.family || (span.family === range.family && span.last < range.first))
      low = middle + 1
    else high = middle
  }
  const found = merged[low]
  return found !== undefined && found.family === range.family && found.first <= range.last
}

/** Rules for the LANs that gateways are connected to. */
export const lanRules: readonly Rule[] = [lansAgree, cloudNetworksReached]
