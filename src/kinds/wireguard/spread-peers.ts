import { slotsPerParent } from '../../model/claims.ts'
import type { Diagnostic, SourceRange } from '../../model/diagnostic.ts'
import type { PlainObject } from '../../model/json.ts'
import { optional } from '../../model/optional.ts'
import { contains, equals, type IpRange, parseIps } from '../ip.ts'
import { texts } from '../texts.ts'
import { interfaceNetworks, newPeerEntry, nextPeerAddresses } from './new-peer.ts'
import { wireguardPeer } from './peer.ts'
import type { PeerRow } from './peer-table.ts'

/** A gateway that new peers can go to. */
export interface PeerHost {
  readonly name: string
  readonly spec: PlainObject
  /** The peers of the files. */
  readonly children: readonly NamedPeer[]
  /** Fields of further peers that have a place and addresses. */
  readonly others: readonly PlainObject[]
}

/** A peer of the files. */
export interface NamedPeer {
  readonly name: string
  readonly spec: PlainObject
  readonly at?: SourceRange | undefined
}

/** Where the peers of a table go. */
export interface Spread<Host extends PeerHost> {
  readonly added: readonly { readonly host: Host; readonly entry: PlainObject }[]
  /** Rows whose name and key are in the files. */
  readonly known: number
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Gives each new peer to the gateway with the most free places, the first one of several; one with an address in a
 * gateway's interface network goes there. Rows with addresses come first, so that no other row takes one of these.
 */
export function spreadPeers<Host extends PeerHost>(
  rows: readonly PeerRow[],
  hosts: readonly Host[],
): Spread<Host> {
  const { fresh, known, diagnostics } = comparedWithFiles(rows, hosts)
  const places = hosts.map((host) => new Places(host))
  const hasHome = new Set(fresh.filter(({ addresses }) => places.some((place) => place.has(addresses))))
  const added = new Map<PeerRow, { host: Host; entry: PlainObject }>()
  const left: PeerRow[] = []
  for (const row of [...hasHome, ...fresh.filter((each) => !hasHome.has(each))]) {
    const chosen = choose(row, places)
    if (chosen === undefined) left.push(row)
    else if ('code' in chosen) diagnostics.push(chosen)
    else added.set(row, chosen)
  }
  if (left[0] !== undefined) diagnostics.push(noRoom(left[0], left.length, hosts))
  return { added: fresh.flatMap((row) => added.get(row) ?? []), known, diagnostics }
}

function comparedWithFiles(
  rows: readonly PeerRow[],
  hosts: readonly PeerHost[],
): { readonly fresh: readonly PeerRow[]; readonly known: number; readonly diagnostics: Diagnostic[] } {
  const peers = hosts.flatMap((host) => host.children)
  const byName = new Map(peers.map((peer) => [peer.name, peer]))
  const byKey = new Map(peers.map((peer) => [String(peer.spec.publicKey), peer]))
  const fresh: PeerRow[] = []
  const diagnostics: Diagnostic[] = []
  let known = 0
  for (const row of rows) {
    const other = byName.get(row.name.text) ?? byKey.get(row.publicKey.text)
    if (other === undefined) fresh.push(row)
    else if (isSame(row, other)) known += 1
    else diagnostics.push(conflict(row, other))
  }
  return { fresh, known, diagnostics }
}

class Places<Host extends PeerHost> {
  readonly host: Host
  readonly networks: readonly IpRange[]
  readonly #claims: PlainObject[]
  #free: number

  constructor(host: Host) {
    this.host = host
    this.networks = interfaceNetworks(host.spec)
    this.#claims = [...host.children.map(({ spec }) => spec), ...host.others]
    this.#free = (slotsPerParent(wireguardPeer.claims) ?? Number.POSITIVE_INFINITY) - this.#claims.length
  }

  get free(): number {
    return this.#free
  }

  /** The gateway's own network that has one of the addresses. */
  has(addresses: readonly string[]): boolean {
    return this.networks.some((network) => parseIps(addresses).some((range) => contains(network, range)))
  }

  claims(addresses: readonly string[]): boolean {
    const claimed = this.#claims.flatMap(({ allowedIPs }) => parseIps(texts(allowedIPs)))
    return parseIps(addresses).some((range) => claimed.some((other) => equals(range, other)))
  }

  /** Undefined where the interface network is full. */
  next(): readonly string[] | undefined {
    const next = nextPeerAddresses(this.host.spec, this.#claims)
    const free = next.filter((address) => address !== undefined)
    return free.length === 0 || free.length < next.length ? undefined : free
  }

  take(row: PeerRow, addresses: readonly string[]): { host: Host; entry: PlainObject } {
    const entry = newPeerEntry(row.name.text, row.publicKey.text, addresses, {
      ...optional({ description: row.description }),
    })
    this.#claims.push(entry)
    this.#free -= 1
    return { host: this.host, entry }
  }
}

function choose<Host extends PeerHost>(
  row: PeerRow,
  places: readonly Places<Host>[],
): { host: Host; entry: PlainObject } | Diagnostic | undefined {
  const homes = places.filter((place) => place.has(row.addresses))
  const possible = homes.length > 0 ? homes : places
  const byRoom = possible.filter(({ free }) => free > 0).sort((a, b) => b.free - a.free)
  const isTaken = (place: Places<Host>): boolean => place.claims(row.addresses)
  if (byRoom.length > 0 && byRoom.every(isTaken)) return taken(row)
  for (const place of byRoom) {
    if (isTaken(place)) continue
    const own = homes.length > 0 ? [] : place.next()
    if (own !== undefined) return place.take(row, [...own, ...row.addresses])
  }
  return undefined
}

function isSame({ name, publicKey }: PeerRow, peer: NamedPeer): boolean {
  return peer.name === name.text && peer.spec.publicKey === publicKey.text
}

function conflict(row: PeerRow, { name, at }: NamedPeer): Diagnostic {
  const isName = name === row.name.text
  return {
    severity: 'error',
    code: 'VPN618',
    message: isName
      ? `the files have a peer "${name}" with another key`
      : `the files have this public key as the peer "${name}"`,
    hint: isName
      ? 'another device needs another name; a new key of the same device: vpnctl rotate'
      : 'each device needs a key of its own; to rename a peer, edit its name and add renamedFrom',
    at: isName ? row.name.at : row.publicKey.at,
    ...(at === undefined ? {} : { related: [{ at, message: 'the peer of the files' }] }),
  }
}

function taken({ name, addresses, addressesAt }: PeerRow): Diagnostic {
  return {
    severity: 'error',
    code: 'VPN618',
    message: `${addresses.join(', ')} of "${name.text}" belongs to another peer of the gateway`,
    hint: 'write another address, or leave it empty for the next free one',
    at: addressesAt,
  }
}

function noRoom(row: PeerRow, amount: number, hosts: readonly PeerHost[]): Diagnostic {
  const names = hosts.map(({ name }) => name)
  const shown =
    names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ')
  return {
    severity: 'error',
    code: 'VPN619',
    message: `${amount === 1 ? 'one row has' : `${amount} rows have`} no place on ${shown}; the first is "${row.name.text}"`,
    hint: `a gateway takes ${slotsPerParent(wireguardPeer.claims)} peers, and as many as its interface network has addresses: add a gateway to the files, or remove peers`,
    at: row.name.at,
  }
}
