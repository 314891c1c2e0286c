import { getPath, isPlainObject, type PlainObject } from '../model/json.ts'
import type { ResourceSummary } from '../model/networks/resource-summary.ts'
import { optional } from '../model/optional.ts'
import type { LiveMetadata } from '../model/resource.ts'
import { shortestNetwork } from './ip.ts'
import { texts } from './texts.ts'
import { rawPublicKey } from './wireguard/keys.ts'

/** A gateway between its LANs and whoever dials in. */
export function gatewaySummary(spec: PlainObject): ResourceSummary {
  const port = typeof spec.listenPort === 'number' ? `:${spec.listenPort}` : ''
  const interfaces = texts([spec.interfaceIPv4CIDR, spec.interfaceIPv6CIDR])
  return {
    ...(typeof spec.tier === 'string' ? { tier: spec.tier } : {}),
    facts: [...texts([spec.gatewayIP]).map((address) => `${address}${port}`), ...interfaces],
    attached: attachedLans(spec.connections),
    shares: [],
    reaches: [],
  }
}

/** A peer and the networks that it may send from. */
export function peerSummary(spec: PlainObject): ResourceSummary {
  const host = getPath(spec, ['endpoint', 'host'])
  const port = getPath(spec, ['endpoint', 'port'])
  const endpoint = typeof host === 'string' ? [typeof port === 'number' ? `${host}:${port}` : host] : []
  return { facts: endpoint, attached: [], shares: [], reaches: texts(spec.allowedIPs) }
}

/** A tunnel between networks of the cloud and those of the other end. */
export function tunnelSummary(spec: PlainObject): ResourceSummary {
  return {
    facts: texts([spec.remoteHost]),
    attached: [],
    shares: texts(spec.cloudNetworkCIDRs),
    reaches: texts(spec.peerNetworkCIDRs),
  }
}

function attachedLans(connections: unknown): ResourceSummary['attached'] {
  const list: readonly unknown[] = Array.isArray(connections) ? connections : []
  return list
    .filter((connection) => isPlainObject(connection))
    .map(({ datacenterId, lanId, ipv4CIDR, ipv6CIDR }) => ({
      key: JSON.stringify([datacenterId, lanId]),
      title: `LAN ${String(lanId)}`,
      // The first group of a UUID identifies data centers well enough for a diagram.
      place: `data center ${String(datacenterId).slice(0, 8)}`,
      networks: texts([ipv4CIDR, ipv6CIDR]).map((address) => shortestNetwork(address) ?? address),
    }))
}

/** What the other end needs of a gateway. */
export function gatewayFields(
  spec: PlainObject,
  { publicKey }: LiveMetadata,
): Readonly<Record<string, string>> {
  const raw = publicKey === undefined ? undefined : rawPublicKey(publicKey)
  const interfaces = texts([spec.interfaceIPv4CIDR, spec.interfaceIPv6CIDR]).join(', ')
  const [publicAddress] = gatewaySummary(spec).facts
  return {
    ...optional({ publicKey: raw, publicAddress }),
    ...(interfaces === '' ? {} : { interfaceAddress: interfaces }),
  }
}

/** The keys and addresses of a peer. */
export function peerFields({ publicKey, allowedIPs }: PlainObject): Readonly<Record<string, string>> {
  return {
    ...(typeof publicKey === 'string' ? { publicKey } : {}),
    ...(texts(allowedIPs).length === 0 ? {} : { addresses: texts(allowedIPs).join(', ') }),
  }
}

/** The ends of a tunnel. */
export function tunnelFields(spec: PlainObject): Readonly<Record<string, string>> {
  const [remoteHost] = texts([spec.remoteHost])
  return {
    ...optional({ remoteHost }),
    cloudNetworks: texts(spec.cloudNetworkCIDRs).join(', '),
    peerNetworks: texts(spec.peerNetworkCIDRs).join(', '),
  }
}
