import { contains, equals, holdsAddress, isSingle, unusableHost } from '../ip.ts'
import { perEntry, type Rule } from '../rule.ts'
import { lanAddresses } from '../written-networks.ts'
import { claimsOf, hasEndpoint, interfacesOf } from './claims.ts'

// How the ranges of peers, the tunnel's own network and the LANs of a gateway go together.

const insideInterface = perEntry(function* (peer) {
  const { parent } = peer
  if (parent === null || hasEndpoint(peer)) return
  const networks = interfacesOf(parent)
  const claims = claimsOf(peer)
  const [first] = claims
  // A site has networks of its own and may have no number in the tunnel; an interface with one address has no network.
  const isSite = claims.some(({ range }) => !isSingle(range))
  if (first === undefined || isSite || networks.length === 0) return
  if (networks.every(({ range }) => isSingle(range))) return
  if (claims.some(({ range }) => networks.some((network) => contains(network.range, range)))) return
  yield {
    severity: 'warning',
    code: 'VPN305',
    message: `no allowedIPs of ${JSON.stringify(peer.resource.name)} are in the gateway's network ${networks.map(({ text }) => text).join(', ')}`,
    hint: "use an address of that network, or check that the LAN's hosts and the other peers have a route to this one",
    on: peer,
    path: first.path,
    related: networks.map(({ path }) => ({ on: parent, path, message: "the gateway's network" })),
  }
})

const notTheGatewaysAddress = perEntry(function* (peer) {
  const { parent } = peer
  if (parent === null) return
  for (const { text, path, range } of claimsOf(peer)) {
    const own = interfacesOf(parent).find((candidate) => holdsAddress(range, candidate.range))
    if (own === undefined) continue
    const related = [{ on: parent, path: own.path, message: "the gateway's address" }]
    const name = JSON.stringify(peer.resource.name)
    if (isSingle(range)) {
      yield {
        severity: 'error',
        code: 'VPN308',
        message: `${text} of ${name} is the address of the gateway itself`,
        hint: 'give the peer another address of the network',
        on: peer,
        path,
        related,
      }
    } else if (contains(own.range, range) && !equals(own.range, range)) {
      yield {
        severity: 'warning',
        code: 'VPN358',
        message: `${text} of ${name} contains the gateway's own address`,
        hint: 'give the peer a range of the network that starts behind the address of the gateway',
        on: peer,
        path,
        related,
      }
    }
  }
})

const peersHaveHostAddresses = perEntry(function* (peer) {
  const { parent } = peer
  if (parent === null) return
  for (const { text, path, range } of claimsOf(peer)) {
    if (!isSingle(range)) continue
    const network = interfacesOf(parent).find((candidate) => contains(candidate.range, range))
    const what = network === undefined ? undefined : unusableHost(range.address, network.range)
    if (network === undefined || what === undefined) continue
    yield {
      severity: 'warning',
      code: 'VPN357',
      message: `${text} of ${JSON.stringify(peer.resource.name)} is the ${what} address of ${network.text}`,
      hint: 'give the peer an address between the first and the last of the network',
      on: peer,
      path,
      related: [{ on: parent, path: network.path, message: 'the network' }],
    }
  }
})

const interfaceHasHostAddress = perEntry(function* (gateway) {
  for (const { text, path, range } of interfacesOf(gateway)) {
    const what = unusableHost(range.address, range)
    if (what === undefined) continue
    yield {
      severity: 'warning',
      code: 'VPN357',
      message: `${path.join('.')} ${text} is the ${what} address of its network`,
      hint: 'give the interface an address between the first and the last of the network',
      on: gateway,
      path,
    }
  }
})

const notTheLan = perEntry(function* (peer) {
  const { parent } = peer
  if (parent === null) return
  const tunnels = interfacesOf(parent)
  for (const { text, path, range } of claimsOf(peer)) {
    // An address of the tunnel's network is reported once, at the gateway; a supernet of the LAN loses to the LAN's own route.
    if (tunnels.some((tunnel) => contains(tunnel.range, range))) continue
    const lan = lanAddresses(parent).find((candidate) => contains(candidate.range, range))
    if (lan === undefined) continue
    yield {
      severity: 'warning',
      code: 'VPN354',
      message: `${text} of ${JSON.stringify(peer.resource.name)} is part of the gateway's own LAN ${lan.text}`,
      hint: 'the gateway would send it into the tunnel, not into the LAN: give the network behind the peer other addresses',
      on: peer,
      path,
      related: [{ on: parent, path: lan.path, message: "the gateway's LAN" }],
    }
  }
})

const tunnelIsNotTheLan = perEntry(function* (gateway) {
  for (const { text, path, range } of interfacesOf(gateway)) {
    const lan = lanAddresses(gateway).find((candidate) => contains(candidate.range, range))
    if (lan === undefined || isSingle(range)) continue
    yield {
      severity: 'warning',
      code: 'VPN355',
      message: `the tunnel's network ${text} is part of the LAN ${lan.text}`,
      hint: 'hosts in the LAN look for peers in the LAN itself: use a network of its own for the tunnel',
      on: gateway,
      path,
      related: [{ on: gateway, path: lan.path, message: 'the LAN' }],
    }
  }
})

/** Rules for the addresses of a WireGuard gateway's interface and of its peers. */
export const interfaceRules: readonly Rule[] = [
  insideInterface,
  notTheGatewaysAddress,
  peersHaveHostAddresses,
  interfaceHasHostAddress,
  notTheLan,
  tunnelIsNotTheLan,
]
