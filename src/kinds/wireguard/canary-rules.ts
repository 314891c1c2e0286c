import { type Entry, type Finding, type Rule, writtenText } from '../rule.ts'
import { claimsOf, hasEndpoint, isPeer } from './claims.ts'
import { derivePublicKey, rawPublicKey } from './keys.ts'

const isCanary = ({ resource }: Entry): boolean => resource.canary !== undefined
const keyOf = (peer: Entry): string | undefined => rawPublicKey(writtenText(peer, 'publicKey') ?? '')
const quoted = ({ resource }: Entry): string => JSON.stringify(resource.name)

// A handshake moves the endpoint of the peer to wherever it came from: the machine that uses the key is cut off.
const keyIsNotShared: Rule = function* (entries) {
  const users = new Map<string, Entry>()
  for (const peer of entries.filter(isPeer)) {
    const key = keyOf(peer)
    if (!isCanary(peer) && key !== undefined) users.set(key, peer)
  }
  for (const canary of entries.filter(isCanary)) {
    const user = users.get(keyOf(canary) ?? '')
    if (user !== undefined)
      yield finding(canary, ['publicKey'], {
        code: 'VPN412',
        message: `the canary ${quoted(canary)} has the key of the peer ${quoted(user)}`,
        hint: 'a probe with it would redirect the traffic of that peer: make a key pair for the canary alone',
        related: [{ on: user, path: ['publicKey'], message: 'used here' }],
      })
  }
}

const canaryIsNotADevice: Rule = function* (entries) {
  for (const canary of entries.filter(isCanary)) {
    if (hasEndpoint(canary))
      yield finding(canary, ['endpoint'], {
        code: 'VPN413',
        message: `the canary ${quoted(canary)} has an endpoint, so a machine uses it`,
        hint: 'a probe would redirect its traffic: remove the endpoint, or make a peer that only probes use',
      })
    const claims = claimsOf(canary)
    const wide = claims.find(({ range }) => range.prefix < (range.family === 4 ? 32 : 128))
    const more = wide ?? claims[1]
    if (more !== undefined)
      yield {
        ...finding(canary, more.path, {
          code: 'VPN414',
          message: `the canary ${quoted(canary)} may use more than one address (${more.text})`,
          hint: 'a probe sends no traffic: one unused address, as in 10.99.0.250/32, is enough',
        }),
        severity: 'warning',
      }
  }
}

const keyFits: Rule = function* (entries) {
  for (const canary of entries.filter(isCanary)) {
    const { canary: own } = canary.resource
    const derived = own?.value == null ? undefined : derivePublicKey(own.value.reveal())
    const written = keyOf(canary)
    if (own !== undefined && derived !== undefined && written !== undefined && derived !== written)
      yield {
        ...finding(canary, own.path, {
          code: 'VPN411',
          message: `the probe key of the canary ${quoted(canary)} does not belong to its publicKey: no probe is answered`,
          hint: 'put in the public key that belongs to it: wg pubkey < private.key',
          related: [{ on: canary, path: ['publicKey'], message: 'the public key' }],
        }),
        // Only a probe uses it: it must not stop a plan or an apply.
        severity: 'warning',
      }
  }
}

function finding(
  on: Entry,
  path: Finding['path'],
  rest: Pick<Finding, 'code' | 'message' | 'hint' | 'related'>,
): Finding {
  return { severity: 'error', on, path, ...rest }
}

/** Rules for canaries: peers whose key probes use. */
export const canaryRules: readonly Rule[] = [keyFits, keyIsNotShared, canaryIsNotADevice]
