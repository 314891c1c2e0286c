import { KINDS, kindsUnder } from '../../src/kinds/index.ts'
import { type Address, formatAddress } from '../../src/model/address.ts'
import { type FieldPath, formatPath, getPath, type PlainObject, withoutPath } from '../../src/model/json.ts'
import type { DesiredResource, DesiredSecret, DesiredState, ResourceKind } from '../../src/model/resource.ts'
import { Secret } from '../../src/model/secret.ts'

/** A resource as a file would say it: API fields, our own members, children under their YAML key. */
export interface Entry {
  readonly name: string
  readonly [member: string]: unknown
}

/** A file, without its syntax. A secret is a Secret, or null for a reference that gave no value. */
export interface Wanted {
  readonly stack?: string
  readonly location?: string
  readonly protected?: readonly string[]
  /** Addresses or ids. */
  readonly released?: readonly string[]
  readonly neighbours?: readonly string[]
  readonly wireguardGateways?: readonly Entry[]
  readonly ipsecGateways?: readonly Entry[]
}

const OWN_MEMBERS = new Set(['id', 'renamedFrom', 'protect', 'ensure', 'location'])

/** The desired state of a file, straight from the kinds: neither YAML nor schema takes part. */
export function desiredState(wanted: Wanted): DesiredState {
  const resources: DesiredResource[] = []
  for (const kind of kindsUnder(null)) {
    for (const entry of entriesOf(wanted, kind)) {
      addEntry(resources, kind, entry, null, wanted.location ?? 'de/fra')
    }
  }
  return {
    stack: wanted.stack ?? 'acme',
    locations: [...new Set([wanted.location ?? 'de/fra', ...resources.map(({ location }) => location)])],
    resources,
    protectedPatterns: wanted.protected ?? [],
    ...(wanted.released === undefined ? {} : { released: wanted.released.map((address) => ({ address })) }),
    ...(wanted.neighbours === undefined ? {} : { neighbours: wanted.neighbours.map((stack) => ({ stack })) }),
  }
}

function entriesOf(holder: object, kind: ResourceKind): readonly Entry[] {
  return ((holder as Record<string, unknown>)[kind.yamlKey] ?? []) as readonly Entry[]
}

function addEntry(
  resources: DesiredResource[],
  kind: ResourceKind,
  entry: Entry,
  parent: DesiredResource | null,
  inherited: string,
): void {
  const location = (entry.location as string | undefined) ?? inherited
  const own = formatAddress([{ collection: kind.collection, name: entry.name }])
  const address: Address = parent === null ? own : `${parent.address}/${own}`
  const childKeys = KINDS.filter((child) => child.parent === kind).map((child) => child.yamlKey)
  let spec = Object.fromEntries(
    Object.entries(entry).filter(([key]) => !OWN_MEMBERS.has(key) && !childKeys.includes(key)),
  ) as PlainObject
  const secrets: DesiredSecret[] = []
  for (const { path } of kind.secrets) {
    const value = getPath(entry, path)
    if (value !== undefined) secrets.push(desiredSecret(entry.name, path, value as Secret | null))
    spec = withoutPath(spec, path)
  }
  const given = spec
  const resource: DesiredResource = {
    kind,
    location,
    name: entry.name,
    address,
    ...(entry.id === undefined ? {} : { id: entry.id as string }),
    ...(entry.renamedFrom === undefined ? {} : { renamedFrom: entry.renamedFrom as string }),
    protect: entry.protect === true,
    ensure: entry.ensure === 'absent' ? 'absent' : 'present',
    parent,
    spec: kind.normalise(spec),
    secrets,
    locate: (path = []) => (getPath(given, path) === undefined ? undefined : PLACE),
  }
  resources.push(resource)
  for (const child of kindsUnder(kind)) {
    for (const below of entriesOf(entry, child)) addEntry(resources, child, below, resource, location)
  }
}

const POSITION = { line: 1, column: 1, offset: 0 }
const PLACE = { file: 'vpn.yaml', start: POSITION, end: POSITION }

function desiredSecret(name: string, path: FieldPath, value: Secret | null): DesiredSecret {
  const variable = `${name}_${formatPath(path)}`.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase()
  return { path, reference: { from: 'env', name: variable }, value }
}

/** A throw-away private key; equal numbers give equal keys. */
export function throwAwayKey(number: number): Secret {
  const bytes = Buffer.alloc(32, 0x55)
  bytes.writeUInt32BE(number, 4)
  return new Secret(bytes.toString('base64'))
}

/** A public key that belongs to nobody; equal numbers give equal keys. */
export function sampleKey(number: number): string {
  const bytes = Buffer.alloc(32, 0x33)
  bytes.writeUInt32BE(number, 4)
  return bytes.toString('base64')
}

const DATACENTER = '5a029f4a-72e5-11ec-90d6-0242ac120003'

/** One LAN of the data center that all examples use. */
export function lan(lanId: number | string, ipv4CIDR: string): PlainObject {
  return { datacenterId: DATACENTER, lanId, ipv4CIDR }
}

/** A WireGuard gateway that says no more than it must. */
export function wireguard(name: string, more: Readonly<Record<string, unknown>> = {}): Entry {
  return {
    name,
    gatewayIP: '203.0.113.10',
    interfaceIPv4CIDR: '10.99.0.1/24',
    privateKey: throwAwayKey(1),
    connections: [lan('2', '192.168.1.100/24')],
    ...more,
  }
}

/** A WireGuard peer; equal numbers give equal keys and networks. */
export function peer(name: string, number: number, more: Readonly<Record<string, unknown>> = {}): Entry {
  return {
    name,
    publicKey: sampleKey(number),
    allowedIPs: [`10.99.${number >> 8}.${number & 255}/32`],
    ...more,
  }
}

/** An IPSec gateway that says no more than it must. */
export function ipsec(name: string, more: Readonly<Record<string, unknown>> = {}): Entry {
  return { name, gatewayIP: '203.0.113.20', connections: [lan('2', '192.168.1.101/24')], ...more }
}

/** An IPSec tunnel that says no more than it must. */
export function tunnel(name: string, more: Readonly<Record<string, unknown>> = {}): Entry {
  return {
    name,
    remoteHost: `vpn.${name}.example.com`,
    auth: { method: 'PSK', psk: { key: new Secret(`throw-away-${name}`) } },
    ike: {},
    esp: {},
    cloudNetworkCIDRs: ['192.168.1.0/24'],
    peerNetworkCIDRs: ['10.20.0.0/16'],
    ...more,
  }
}
