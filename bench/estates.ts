import { createHash } from 'node:crypto'
import { deriveId } from '../src/model/identity.ts'

/** How much there is: gateways of each kind, and what each of them holds. */
export interface Size {
  readonly wireguard: number
  readonly peers: number
  readonly ipsec: number
  readonly tunnels: number
}

/** How many resources that makes. */
export function resourcesIn({ wireguard, peers, ipsec, tunnels }: Size): number {
  return wireguard * (1 + peers) + ipsec * (1 + tunnels)
}

export const STACK = 'bench'
export const LOCATION = 'de/fra'
const DATACENTER = '5a029f4a-72e5-11ec-90d6-0242ac120003'

/** Variables that the files refer to, one per gateway and one per tunnel. Throw-away keys: hashes of numbers. */
export function secretsOf({ wireguard, ipsec, tunnels }: Size): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ...range(wireguard).map((g) => [`BENCH_KEY_${g}`, throwAwayKey(g + 1)]),
    ...range(ipsec * tunnels).map((t) => [`BENCH_PSK_${t}`, throwAwayPsk(t)]),
  ])
}

function throwAwayPsk(index: number): string {
  return createHash('sha256').update(`throw-away pre-shared key ${index}`).digest('hex')
}

/** 32 bytes that no one uses, as base64. Keys that all begin alike would be no keys, and cost what keys do not. */
function throwAwayKey(seed: number): string {
  return createHash('sha256').update(`throw-away key ${seed}`).digest('base64')
}

const range = (length: number) => Array.from({ length }, (_, index) => index)

const addressOf = (index: number) => `198.${18 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`
const innerOf = (index: number) => `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`

// A subnet for each LAN, and an address for each gateway in it.
function connectionsOf(index: number) {
  const lan = index % 250
  const host = 100 + Math.floor(index / 250)
  return [{ datacenterId: DATACENTER, lanId: String(lan + 1), ipv4CIDR: `192.168.${lan}.${host}/24` }]
}

/** The API's properties of a gateway, without those of its kind alone. */
export function gatewayOf(index: number) {
  return { name: `gw-${index}`, gatewayIP: addressOf(index), connections: connectionsOf(index) }
}

/** The API's properties of a peer. */
export function peerOf(index: number, name: string) {
  return { name, publicKey: throwAwayKey(index + 1_000_000), allowedIPs: [`${innerOf(index + 2)}/32`] }
}

const PHASE = {
  diffieHellmanGroup: '19-ECP256',
  encryptionAlgorithm: 'AES256-GCM-16',
  integrityAlgorithm: 'SHA256',
}

function tunnelOf(index: number, name: string) {
  return {
    name,
    remoteHost: `vpn-${index}.example.com`,
    ike: { ...PHASE, lifetime: 86_400 },
    esp: { ...PHASE, lifetime: 3_600 },
    cloudNetworkCIDRs: ['192.168.1.0/24'],
    peerNetworkCIDRs: [`172.${16 + ((index >> 8) & 15)}.${index & 255}.0/24`],
  }
}

/** The text of a file with an estate of that size, its first WireGuard gateway being number `first`. */
export function* yamlOf(size: Size, first = 0): Generator<string> {
  yield `version: 1\nstack: ${STACK}\nlocation: ${LOCATION}\n`
  if (size.wireguard > 0) yield 'wireguardGateways:\n'
  for (const g of range(size.wireguard).map((index) => first + index)) {
    const own = { ...gatewayOf(g), interfaceIPv4CIDR: '10.0.0.1/8', privateKey: { env: `BENCH_KEY_${g}` } }
    yield item(own, 2)
    if (size.peers > 0) yield '    peers:\n'
    for (const p of range(size.peers)) yield item(peerOf(g * size.peers + p, `p-${p}`), 6)
  }
  if (size.ipsec > 0) yield 'ipsecGateways:\n'
  for (const g of range(size.ipsec)) {
    yield item(gatewayOf(size.wireguard + g), 2)
    if (size.tunnels > 0) yield '    tunnels:\n'
    for (const t of range(size.tunnels)) {
      const auth = { method: 'PSK', psk: { key: { env: `BENCH_PSK_${g * size.tunnels + t}` } } }
      yield item({ ...tunnelOf(g * size.tunnels + t, `t-${t}`), auth }, 6)
    }
  }
}

// A member a line, as people write it, and flow style below that.
function item(value: Readonly<Record<string, unknown>>, indent: number): string {
  const pad = ' '.repeat(indent)
  return Object.entries(value)
    .map(([key, inner], index) => `${pad}${index === 0 ? '- ' : '  '}${key}: ${flow(inner)}\n`)
    .join('')
}

function flow(value: unknown): string {
  return JSON.stringify(value).replaceAll('":', '": ').replaceAll(',', ', ')
}

/** A state file of the sandbox that holds what {@link yamlOf} asks for, so that a plan finds nothing to do. */
export function* sandboxState(size: Size): Generator<string> {
  yield '{"format":"vpnctl/sandbox","version":1,"resources":[\n'
  let first = true
  for (const record of records(size)) {
    yield `${first ? '' : ',\n'}${JSON.stringify(record)}`
    first = false
  }
  yield '\n]}\n'
}

function* records(size: Size) {
  const window = { maintenanceWindow: { dayOfTheWeek: 'Sunday', time: '03:00:00' } }
  for (const g of range(size.wireguard)) {
    const address = `wireguardgateways/gw-${g}`
    const properties = {
      ...gatewayOf(g),
      interfaceIPv4CIDR: '10.0.0.1/8',
      listenPort: 51_820,
      tier: 'STANDARD',
      ...window,
      privateKey: throwAwayKey(g + 1),
    }
    const id = deriveId(STACK, LOCATION, address)
    yield record('wireguard-gateway', id, null, properties)
    for (const p of range(size.peers)) {
      const own = deriveId(STACK, LOCATION, `${address}/peers/p-${p}`)
      yield record('wireguard-peer', own, id, peerOf(g * size.peers + p, `p-${p}`))
    }
  }
  for (const g of range(size.ipsec)) {
    const index = size.wireguard + g
    const address = `ipsecgateways/gw-${index}`
    const id = deriveId(STACK, LOCATION, address)
    const properties = { ...gatewayOf(index), version: 'IKEv2', tier: 'STANDARD', ...window }
    yield record('ipsec-gateway', id, null, properties)
    for (const t of range(size.tunnels)) {
      const own = deriveId(STACK, LOCATION, `${address}/tunnels/t-${t}`)
      const auth = { method: 'PSK', psk: { key: throwAwayPsk(g * size.tunnels + t) } }
      yield record('ipsec-tunnel', own, id, { ...tunnelOf(g * size.tunnels + t, `t-${t}`), auth })
    }
  }
}

const DATE = '2026-01-01T00:00:00.000Z'

function record(kind: string, id: string, parentId: string | null, properties: object) {
  const dates = { createdDate: DATE, createdBy: 'bench', lastModifiedDate: DATE, lastModifiedBy: 'bench' }
  return { kind, parentId, id, properties, ...dates, readyAt: 0, goneAt: null, failure: null }
}
