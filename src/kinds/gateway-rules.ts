import { isPlainObject, type PlainObject } from '../model/json.ts'
import { overlaps, parseIp, rangeName } from './ip.ts'
import { ipsecGateway } from './ipsec/gateway.ts'
import { type Entry, perEntry, type Rule, writtenText } from './rule.ts'
import { wireguardGateway } from './wireguard/gateway.ts'

// What holds for gateways of both sorts.

const isGateway = ({ resource: { kind } }: Entry): boolean =>
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

interface Connection {
  readonly value: PlainObject
  readonly path: readonly string[]
}

function connectionsOf(entry: Entry): readonly Connection[] {
  const list = isGateway(entry) ? entry.written.connections : undefined
  if (!Array.isArray(list)) return []
  return (list as readonly unknown[]).flatMap((value, index) =>
    isPlainObject(value) ? [{ value, path: ['connections', String(index)] }] : [],
  )
}

const oneDatacenter = perEntry(function* (entry) {
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
  const seen = new Map<string, Connection>()
  for (const connection of connectionsOf(entry)) {
    const { datacenterId, lanId } = connection.value
    if (datacenterId === undefined || lanId === undefined) continue
    const key = `${lower(datacenterId)}/${String(lanId)}`
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

// Pairwise is enough: more than the ten that the schema allows are not looked at.
const MOST_CONNECTIONS = 10

const connectionNetworksApart = perEntry(function* (entry) {
  const networks = connectionsOf(entry)
    .slice(0, MOST_CONNECTIONS)
    .flatMap((connection) =>
      ['ipv4CIDR', 'ipv6CIDR'].flatMap((field) => {
        const text = connection.value[field]
        const range = typeof text === 'string' ? parseIp(text) : undefined
        return range === undefined ? [] : [{ connection, field, range, text: text as string }]
      }),
    )
  for (const [index, one] of networks.entries()) {
    const other = networks
      .slice(0, index)
      .find((earlier) => earlier.connection !== one.connection && overlaps(earlier.range, one.range))
    if (other === undefined) continue
    yield {
      severity: 'error',
      code: 'VPN344',
      message: `the networks of ${one.text} and ${other.text} overlap`,
      hint: 'the gateway could not tell which LAN an address is in: give the LANs networks of their own',
      on: entry,
      path: [...one.connection.path, one.field],
      related: [{ on: entry, path: [...other.connection.path, other.field], message: 'the other network' }],
    }
  }
})

const hostAddress = perEntry(function* (entry) {
  for (const { value, path } of connectionsOf(entry)) {
    const range = typeof value.ipv4CIDR === 'string' ? parseIp(value.ipv4CIDR) : undefined
    // Networks of one or two addresses (RFC 3021) have neither.
    if (range === undefined || range.family !== 4 || range.prefix > 30) continue
    const what =
      range.address === range.first ? 'network' : range.address === range.last ? 'broadcast' : undefined
    if (what === undefined) continue
    yield {
      severity: 'warning',
      code: 'VPN345',
      message: `ipv4CIDR ${String(value.ipv4CIDR)} is the ${what === 'network' ? 'address of the network, not of a host in it' : 'broadcast address of its network'}`,
      hint: "write the gateway's own address in the LAN: with this one it cannot be reached",
      on: entry,
      path: [...path, 'ipv4CIDR'],
    }
  }
})

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const WEEK_SECONDS = 7 * 24 * 3600
const WINDOW_SECONDS = 4 * 3600

const windowsApart: Rule = function* (entries) {
  const available = entries.filter((entry) => isGateway(entry) && isHighlyAvailable(entry))
  const [first, ...rest] = available
  const starts = available.map(windowStart)
  const [start] = starts
  if (first === undefined || rest.length === 0 || start === undefined) return
  // Each window against the first, across the end of the week; all hold one moment when they lie close enough.
  const offsets = starts.map((other) => (other === undefined ? Number.NaN : weekOffset(other - start)))
  if (!(Math.max(...offsets) - Math.min(...offsets) < WINDOW_SECONDS)) return
  const last = rest.at(-1) ?? first
  yield {
    severity: 'warning',
    code: 'VPN349',
    message: `the maintenance windows of all ${available.length} highly available gateways overlap`,
    hint: 'move one of them: a window lasts four hours',
    on: last,
    path: ['maintenanceWindow'],
    related: [{ on: first, path: ['maintenanceWindow'], message: 'at the same time' }],
  }
}

function isHighlyAvailable(entry: Entry): boolean {
  return entry.resource.ensure === 'present' && writtenText(entry, 'tier')?.endsWith('_HA') === true
}

function windowStart(entry: Entry): number | undefined {
  const window = entry.written.maintenanceWindow
  if (!isPlainObject(window) || typeof window.time !== 'string') return undefined
  const day = DAYS.indexOf(String(window.dayOfTheWeek))
  const [hours = Number.NaN, minutes = 0, seconds = 0] = window.time.split(':').map(Number)
  return day === -1 ? undefined : ((day * 24 + hours) * 60 + minutes) * 60 + seconds
}

function weekOffset(difference: number): number {
  const positive = ((difference % WEEK_SECONDS) + WEEK_SECONDS) % WEEK_SECONDS
  return positive > WEEK_SECONDS / 2 ? positive - WEEK_SECONDS : positive
}

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
  windowsApart,
]
