import { contains, equals, type IpRange, overlaps } from '../ip.ts'
import { type Entry, perEntry, type Rule } from '../rule.ts'
import { lanAddresses, networksOf, type WrittenNetwork } from '../written-networks.ts'
import { ipsecTunnel } from './tunnel.ts'

/** True for a tunnel that is to exist. */
export const isTunnel = ({ resource: { kind, ensure } }: Entry): boolean =>
  kind === ipsecTunnel && ensure === 'present'

const CLOUD = 'cloudNetworkCIDRs'
const PEER = 'peerNetworkCIDRs'

interface Pair {
  readonly a: WrittenNetwork
  readonly b: WrittenNetwork
}

function firstPair(
  one: readonly WrittenNetwork[],
  other: readonly WrittenNetwork[],
  isMatch: (a: IpRange, b: IpRange) => boolean,
): Pair | undefined {
  for (const a of one) {
    const b = other.find((candidate) => isMatch(a.range, candidate.range))
    if (b !== undefined) return { a, b }
  }
  return undefined
}

const named = (entry: Entry): string => JSON.stringify(entry.resource.name)
const hostOf = (tunnel: Entry): string => String(tunnel.resource.spec.remoteHost ?? '')

// A gateway has 20 tunnels at most; of more, which is an error already, the first are compared.
const MOST_COMPARED = 50

interface Ends {
  readonly tunnel: Entry
  readonly host: string
  readonly cloud: readonly WrittenNetwork[]
  readonly peer: readonly WrittenNetwork[]
}

function endsOf(tunnel: Entry): Ends {
  const [cloud, peer] = [networksOf(tunnel, CLOUD), networksOf(tunnel, PEER)]
  return { tunnel, host: hostOf(tunnel), cloud, peer }
}

const tunnelsApart = perEntry(function* (gateway) {
  const all = gateway.children.filter(isTunnel).slice(0, MOST_COMPARED).map(endsOf)
  for (const [index, one] of all.entries()) {
    const { tunnel, host } = one
    const earlier = all.slice(0, index)
    const same = earlier.filter((other) => host !== '' && other.host === host)
    const overlapping = same.find((other) => sharesTraffic(one, other))
    if (overlapping !== undefined) yield overlappingTunnels(tunnel, overlapping.tunnel)
    else if (same[0] !== undefined) yield oneIdentity(tunnel, same[0].tunnel)
    const found = earlier.find((other) => !same.includes(other) && takesTraffic(one, other) !== undefined)
    const pair = found === undefined ? undefined : takesTraffic(one, found)
    if (found === undefined || pair === undefined) continue
    const other = found.tunnel
    const words = equals(pair.a.range, pair.b.range) ? 'both reach' : `reach ${pair.b.text} and`
    yield {
      severity: 'warning',
      code: 'VPN366',
      message: `tunnels ${named(other)} and ${named(tunnel)} ${words} ${pair.a.text} through different remote hosts`,
      hint: 'only one of them carries the traffic: give each its own networks, or put the second tunnel on another gateway',
      on: tunnel,
      path: pair.a.path,
      related: [{ on: other, path: pair.b.path, message: `the network of ${named(other)}` }],
    }
  }
})

function sharesTraffic(one: Ends, other: Ends): boolean {
  return (
    firstPair(one.cloud, other.cloud, overlaps) !== undefined &&
    firstPair(one.peer, other.peer, overlaps) !== undefined
  )
}

// A default route next to networks of their own is how the hub of a star is written.
function takesTraffic(one: Ends, other: Ends): Pair | undefined {
  if (firstPair(one.cloud, other.cloud, overlaps) === undefined) return undefined
  return firstPair(
    one.peer,
    other.peer,
    (a, b) => equals(a, b) || (overlaps(a, b) && a.prefix > 0 && b.prefix > 0),
  )
}

function overlappingTunnels(tunnel: Entry, other: Entry) {
  return {
    severity: 'error',
    code: 'VPN320',
    message: `tunnels ${named(other)} and ${named(tunnel)} go to one remote host with overlapping networks`,
    hint: 'the same traffic would match both: put the networks into one tunnel',
    on: tunnel,
    path: ['remoteHost'],
    related: [{ on: other, path: ['remoteHost'], message: 'the other tunnel' }],
  } as const
}

function oneIdentity(tunnel: Entry, other: Entry) {
  return {
    severity: 'warning',
    code: 'VPN365',
    message: `tunnels ${named(other)} and ${named(tunnel)} go to one remote host, which IKE cannot tell apart`,
    hint: 'put the networks into one tunnel; for two sites behind one address, give each a host name of its own',
    on: tunnel,
    path: ['remoteHost'],
    related: [{ on: other, path: ['remoteHost'], message: 'the other tunnel' }],
  } as const
}

const sidesApart = perEntry(function* (tunnel) {
  if (!isTunnel(tunnel)) return
  // A supernet or 0.0.0.0/0 on one side is how a hub is written: the more specific network wins.
  const found = firstPair(networksOf(tunnel, PEER), networksOf(tunnel, CLOUD), equals)
  if (found === undefined || found.a.range.prefix === 0) return
  yield {
    severity: 'warning',
    code: 'VPN321',
    message: `${found.a.text} is on the remote side and on the cloud side`,
    hint: 'addresses that are on both sides cannot be reached through the tunnel: check the networks',
    on: tunnel,
    path: found.a.path,
    related: [{ on: tunnel, path: found.b.path, message: 'the cloud side' }],
  }
})

const oneFamily = perEntry(function* (tunnel) {
  if (!isTunnel(tunnel)) return
  const [first, ...rest] = [...networksOf(tunnel, CLOUD), ...networksOf(tunnel, PEER)]
  const other =
    first === undefined ? undefined : rest.find(({ range }) => range.family !== first.range.family)
  if (first === undefined || other === undefined) return
  yield {
    severity: 'warning',
    code: 'VPN322',
    message: `${named(tunnel)} mixes IPv4 and IPv6 (${first.text} and ${other.text})`,
    hint: 'many remote devices refuse both in one tunnel: check that the other end takes them',
    on: tunnel,
    path: other.path,
    related: [{ on: tunnel, path: first.path, message: 'the other family' }],
  }
})

const notTheLan = perEntry(function* (tunnel) {
  if (!isTunnel(tunnel) || tunnel.parent === null) return
  const lans = lanAddresses(tunnel.parent)
  const cloud = networksOf(tunnel, CLOUD)
  for (const network of networksOf(tunnel, PEER)) {
    const lan = lans.find((candidate) => contains(candidate.range, network.range))
    if (lan === undefined || cloud.some(({ range }) => equals(range, network.range))) continue
    yield {
      severity: 'warning',
      code: 'VPN368',
      message: `${network.text} on the remote side is part of the gateway's own LAN ${lan.text}`,
      hint: 'hosts in the LAN look for these addresses in the LAN itself: correct the network, or renumber one side',
      on: tunnel,
      path: network.path,
      related: [{ on: tunnel.parent, path: lan.path, message: "the gateway's LAN" }],
    }
  }
})

/** Rules for the networks of IPSec tunnels. */
export const networkRules: readonly Rule[] = [tunnelsApart, sidesApart, oneFamily, notTheLan]
