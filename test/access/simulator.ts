import type { NetworkResource } from '../../src/access/estate.ts'
import { wireguardPeer } from '../../src/kinds/wireguard/peer.ts'

// One packet at a time through the estate, step by step and without sets: the independent other half of the law in
// simulator.test.ts. It shares no code with src/access and reads addresses by itself.

/** A packet with where it starts: behind a peer or tunnel, in a LAN, or behind the LANs of a gateway. */
export interface Packet {
  readonly from:
    | { readonly type: 'end'; readonly key: string }
    | { readonly type: 'lan'; readonly key: string; readonly gateway: string }
    | { readonly type: 'cloud'; readonly gateway: string }
  readonly source: bigint
  readonly destination: bigint
}

/** Where a packet is delivered, as `end KEY`, `lan KEY`, `gateway KEY` or `cloud KEY`, and the gateways on its way. */
export interface Delivery {
  readonly to: string
  readonly through: readonly string[]
}

interface Prefix {
  readonly bits: number
  readonly width: number
  readonly host: bigint
}

/** An address as one number; those of IPv6 have bit 200 set, so that the families cannot meet. */
export function numberOf(text: string): bigint {
  if (!text.includes(':')) return text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n)
  const [head = '', tail] = text.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups = [...left, ...Array(8 - left.length - right.length).fill('0'), ...right]
  return (1n << 200n) + groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n)
}

function prefixOf(text: string): Prefix {
  const [address = '', bits = ''] = text.split('/')
  return { bits: Number(bits), width: address.includes(':') ? 128 : 32, host: numberOf(address) }
}

function holds({ bits, width, host }: Prefix, address: bigint): boolean {
  return host >> BigInt(width - bits) === address >> BigInt(width - bits)
}

/** Whether one of the texts holds the address. */
export function anyHolds(texts: readonly string[], address: bigint): boolean {
  return texts.some((text) => holds(prefixOf(text), address))
}

const list = (value: unknown): readonly string[] => (value as readonly string[] | undefined) ?? []
const isWireguard = ({ kind }: NetworkResource): boolean => kind === wireguardPeer
const behind = (end: NetworkResource): readonly string[] =>
  list(isWireguard(end) ? end.spec.allowedIPs : end.spec.peerNetworkCIDRs)
const isOpen = (end: NetworkResource, near: bigint): boolean =>
  isWireguard(end) || anyHolds(list(end.spec.cloudNetworkCIDRs), near)
const remote = (end: NetworkResource): unknown =>
  isWireguard(end) ? (end.spec.endpoint as { host?: string } | undefined)?.host : end.spec.remoteHost

interface Connection {
  readonly datacenterId: string
  readonly lanId: string
  readonly ipv4CIDR: string
  readonly ipv6CIDR?: string
}

/** The networks of a connection. */
function networksOfConnection({ ipv4CIDR, ipv6CIDR }: Connection): readonly string[] {
  return ipv6CIDR === undefined ? [ipv4CIDR] : [ipv4CIDR, ipv6CIDR]
}

/** The connections of a gateway. */
export function connectionsOf(gateway: NetworkResource): readonly Connection[] {
  return gateway.spec.connections as unknown as readonly Connection[]
}

/** The key of the LAN of a connection. */
function lanKeyOf({ datacenterId, lanId }: Connection): string {
  return JSON.stringify([datacenterId, lanId])
}

/** All networks that a resource names. */
export function networksOfResource(resource: NetworkResource | undefined): readonly string[] {
  if (resource === undefined) return []
  if (resource.parentKey !== undefined) return behind(resource)
  return [...connectionsOf(resource).flatMap(networksOfConnection), ...interfacesOf(resource)]
}

/** The networks that packets of a start come from, roughly. */
export function networksAt(resources: readonly NetworkResource[], from: Packet['from']): readonly string[] {
  switch (from.type) {
    case 'end':
      return networksOfResource(resources.find(({ key }) => key === from.key))
    case 'lan':
      return lanNetworks(resources, from.key)
    case 'cloud':
      return resources
        .filter(({ parentKey }) => parentKey === from.gateway)
        .flatMap(({ spec }) => list(spec.cloudNetworkCIDRs))
    default:
      return from satisfies never
  }
}

function lanNetworks(resources: readonly NetworkResource[], lan: string): readonly string[] {
  return resources
    .filter(({ parentKey }) => parentKey === undefined)
    .flatMap(connectionsOf)
    .filter((connection) => lanKeyOf(connection) === lan)
    .flatMap(networksOfConnection)
}

/** Sends one packet. */
export function simulate(resources: readonly NetworkResource[], packet: Packet): Delivery | undefined {
  const { from, source, destination } = packet
  const world = { resources, packet }
  if (from.type === 'end') {
    const end = resources.find(({ key }) => key === from.key) as NetworkResource
    return arrive(world, end, [])
  }
  const gateway = resources.find(({ key }) => key === from.gateway) as NetworkResource
  if (from.type === 'lan') {
    const own = lanNetworks(resources, from.key)
    // In its own LAN a host needs no gateway.
    if (!anyHolds(own, source) || anyHolds(own, destination)) return undefined
  } else if (!isCloudSide(resources, gateway, source) || isCloudSide(resources, gateway, destination)) {
    return undefined
  }
  return forward(world, gateway, [], undefined)
}

interface World {
  readonly resources: readonly NetworkResource[]
  readonly packet: Packet
}

// A packet comes out of a tunnel.
function arrive(world: World, end: NetworkResource, path: readonly string[]): Delivery | undefined {
  const { resources, packet } = world
  if (path.length === 0 && twin(resources, end) !== undefined) return undefined
  const gateway = resources.find(({ key }) => key === end.parentKey) as NetworkResource
  if (path.includes(gateway.key)) return undefined
  if (ownAddresses(gateway).includes(packet.source)) return undefined
  const sender = bestEnd(resources, gateway, packet.source, packet.destination)
  return sender === end ? forward(world, gateway, path, end) : undefined
}

function forward(
  world: World,
  gateway: NetworkResource,
  path: readonly string[],
  from: NetworkResource | undefined,
): Delivery | undefined {
  const { resources, packet } = world
  const { source, destination } = packet
  const through = [...path, gateway.key]
  if (ownAddresses(gateway).includes(destination)) return { to: `gateway ${gateway.key}`, through }
  const candidates: { bits: number; rank: number; to: NetworkResource | Connection | 'inside' }[] = []
  endsOf(resources, gateway).forEach((end, index) => {
    if (!isOpen(end, source)) return
    for (const text of behind(end))
      if (holds(prefixOf(text), destination))
        candidates.push({ bits: prefixOf(text).bits, rank: index, to: end })
  })
  connectionsOf(gateway).forEach((connection, index) => {
    for (const text of networksOfConnection(connection))
      if (holds(prefixOf(text), destination))
        candidates.push({ bits: prefixOf(text).bits, rank: 1000 + index, to: connection })
  })
  for (const text of interfacesOf(gateway))
    if (holds(prefixOf(text), destination))
      candidates.push({ bits: prefixOf(text).bits, rank: 2000, to: 'inside' })
  candidates.sort((a, b) => b.bits - a.bits || a.rank - b.rank)
  const [best] = candidates
  const isLocal = path.length === 0 && from === undefined
  if (best === undefined) {
    if (from === undefined || !isCloudSide(resources, gateway, destination)) return undefined
    return { to: `cloud ${gateway.key}`, through }
  }
  if (best.to !== 'inside' && 'lanId' in best.to) {
    const key = lanKeyOf(best.to)
    if (packet.from.type === 'lan' && packet.from.key === key) return undefined
    if (isLocal && packet.from.type === 'cloud') return undefined
    return { to: `lan ${key}`, through }
  }
  const end = best.to === 'inside' ? bestEnd(resources, gateway, destination, source) : best.to
  if (end === undefined) return undefined
  if (packet.from.type === 'end' && end.key === packet.from.key) return undefined
  const other = twin(resources, end)
  return other === undefined ? { to: `end ${end.key}`, through } : arrive(world, other, through)
}

function bestEnd(
  resources: readonly NetworkResource[],
  gateway: NetworkResource,
  far: bigint,
  near: bigint,
): NetworkResource | undefined {
  let best: { bits: number; end: NetworkResource } | undefined
  for (const end of endsOf(resources, gateway)) {
    if (!isOpen(end, near)) continue
    for (const text of behind(end)) {
      const prefix = prefixOf(text)
      if (holds(prefix, far) && (best === undefined || prefix.bits > best.bits))
        best = { bits: prefix.bits, end }
    }
  }
  return best?.end
}

// What tunnels open, and neither a connection, an interface nor a network behind a tunnel explains.
function isCloudSide(
  resources: readonly NetworkResource[],
  gateway: NetworkResource,
  address: bigint,
): boolean {
  const ends = endsOf(resources, gateway)
  const opened = ends.some((end) => !isWireguard(end) && anyHolds(list(end.spec.cloudNetworkCIDRs), address))
  const explained = [
    ...connectionsOf(gateway).flatMap(networksOfConnection),
    ...interfacesOf(gateway),
    ...ends.flatMap(behind),
  ]
  return opened && !anyHolds(explained, address)
}

// The end of another gateway that goes to this one, where this one goes there.
function twin(resources: readonly NetworkResource[], end: NetworkResource): NetworkResource | undefined {
  const gateway = resources.find(({ key }) => key === end.parentKey)
  const other = resources.find(
    ({ key, parentKey, spec }) =>
      parentKey === undefined && key !== gateway?.key && spec.gatewayIP === remote(end),
  )
  if (gateway === undefined || other === undefined) return undefined
  return endsOf(resources, other).find(
    (candidate) => candidate.kind === end.kind && remote(candidate) === gateway.spec.gatewayIP,
  )
}

function endsOf(resources: readonly NetworkResource[], gateway: NetworkResource): readonly NetworkResource[] {
  return resources
    .filter(({ parentKey }) => parentKey === gateway.key)
    .sort((a, b) => (a.address < b.address ? -1 : 1))
}

function interfacesOf({ spec }: NetworkResource): readonly string[] {
  return [spec.interfaceIPv4CIDR, spec.interfaceIPv6CIDR].filter((text) => typeof text === 'string')
}

function ownAddresses(gateway: NetworkResource): readonly bigint[] {
  return interfacesOf(gateway).map((text) => prefixOf(text).host)
}
