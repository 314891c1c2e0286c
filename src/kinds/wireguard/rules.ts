import { contains, equals, wholeFamily } from '../ip.ts'
import { type Entry, type Finding, perEntry, type Rule, writtenText } from '../rule.ts'
import { canaryRules } from './canary-rules.ts'
import { type Claim, claimsOf, hasEndpoint, interfacesOf, isGateway, isPeer } from './claims.ts'
import { endpointRules } from './endpoint-rules.ts'
import { interfaceRules } from './interface-rules.ts'
import { derivePublicKey, isLowOrder, rawPublicKey } from './keys.ts'

// Networks contain each other or are apart: in this order, the ones that are still open contain all later ones.
const allowedIpsApart = perEntry(function* (gateway) {
  const tunnel = interfacesOf(gateway)
  // A default route or a supernet around the tunnel's own network is meant to contain others (RFC 4632, 5.1).
  const isSupernet = ({ range }: Claim): boolean =>
    range.prefix === 0 || tunnel.some((own) => contains(range, own.range) && range.prefix < own.range.prefix)
  const open: Claim[] = []
  for (const claim of gateway.children.flatMap(claimsOf).sort(outerFirst)) {
    while (open.length > 0 && !contains((open.at(-1) as Claim).range, claim.range)) open.pop()
    const holder = open.findLast((other) => other.peer !== claim.peer)
    open.push(claim)
    if (
      holder !== undefined &&
      (equals(claim.range, holder.range) ? claim.range.prefix > 0 : !isSupernet(holder))
    )
      yield sharedRange(claim, holder)
  }
})

function outerFirst(a: Claim, b: Claim): number {
  if (a.range.family !== b.range.family) return a.range.family - b.range.family
  if (a.range.first !== b.range.first) return a.range.first < b.range.first ? -1 : 1
  return a.range.prefix - b.range.prefix
}

function sharedRange(claim: Claim, holder: Claim): Finding {
  const isEqual = claim.range.prefix === holder.range.prefix
  const [one, other] = [JSON.stringify(claim.peer.resource.name), JSON.stringify(holder.peer.resource.name)]
  return {
    severity: isEqual ? 'error' : 'warning',
    code: isEqual ? 'VPN302' : 'VPN303',
    message: isEqual
      ? `${claim.text} is allowed for two peers, ${other} and ${one}`
      : `${claim.text} of ${one} lies in ${holder.text} of ${other}`,
    hint: isEqual
      ? 'WireGuard gives a range to the last peer that claims it: give it to one of them'
      : 'WireGuard sends it to the more specific one: check that this is meant',
    on: claim.peer,
    path: claim.path,
    related: [{ on: holder.peer, path: holder.path, message: `allowed for ${other} here` }],
  }
}

const notEverything = perEntry(function* (peer) {
  // A peer that the gateway dials is a site: all traffic of the cloud may be meant to leave through it.
  if (hasEndpoint(peer)) return
  const claims = claimsOf(peer)
  const whole = claims.filter(({ range }) => range.prefix === 0).map((claim) => [claim])
  const halves = whole.length > 0 ? undefined : wholeFamily(claims)
  for (const parts of halves === undefined ? whole : [halves]) {
    const text = parts.map((part) => part.text).join(', ')
    yield {
      severity: 'warning',
      code: 'VPN306',
      message: `${JSON.stringify(peer.resource.name)} may use every address (${text})`,
      hint: `list the peer's own addresses; ${text} belongs in the peer's own configuration, not here`,
      on: peer,
      path: parts[0]?.path ?? [],
    }
  }
})

const publicKeysAreKeys = perEntry(function* (peer) {
  const text = isPeer(peer) ? writtenText(peer, 'publicKey') : undefined
  if (text === undefined || text === '') return
  const raw = rawPublicKey(text)
  const problem =
    raw === undefined
      ? 'is not a WireGuard key: 32 bytes of base64 (44 characters)'
      : isLowOrder(raw)
        ? 'is a key that gives no secrecy (all zero or a point of low order)'
        : undefined
  if (problem === undefined) return
  yield {
    severity: 'error',
    code: 'VPN310',
    message: `publicKey of ${JSON.stringify(peer.resource.name)} ${problem}`,
    hint: 'ask the peer for the output of: wg pubkey < private.key',
    on: peer,
    path: ['publicKey'],
  }
})

// The gateway's own key pair must not turn up at a peer, in either half.
const notTheGatewaysKey: Rule = function* (entries) {
  const publicKeys = new Map<string, Entry>()
  const privateKeys = new Map<string, Entry>()
  for (const gateway of entries.filter(isGateway)) {
    for (const secret of gateway.resource.secrets) {
      const text = secret.value?.reveal().trim() ?? ''
      const derived = derivePublicKey(text)
      if (derived === undefined) continue
      privateKeys.set(text, gateway)
      publicKeys.set(derived, gateway)
    }
  }
  for (const peer of entries.filter(isPeer)) {
    const text = writtenText(peer, 'publicKey')?.trim() ?? ''
    const name = JSON.stringify(peer.resource.name)
    const leaked = privateKeys.get(text)
    const own = publicKeys.get(rawPublicKey(text) ?? '')
    if (leaked !== undefined) {
      yield {
        severity: 'error',
        code: 'VPN311',
        message: `publicKey of ${name} is the private key of the gateway ${JSON.stringify(leaked.resource.name)}`,
        hint: 'it has been written down in the clear: make a new private key, then put in the public key of the peer',
        on: peer,
        path: ['publicKey'],
      }
    } else if (own === peer.parent) {
      yield {
        severity: 'error',
        code: 'VPN304',
        message: `publicKey of ${name} is the gateway's own`,
        hint: 'put in the public key of the peer: wg pubkey < private.key, on the peer',
        on: peer,
        path: ['publicKey'],
      }
    }
  }
}

/** Rules for WireGuard gateways and their peers. */
export const wireguardRules: readonly Rule[] = [
  allowedIpsApart,
  notEverything,
  publicKeysAreKeys,
  notTheGatewaysKey,
  ...interfaceRules,
  ...endpointRules,
  ...canaryRules,
]
