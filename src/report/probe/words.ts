import type { ProbeResult, Verdict } from '../../probe/verdict.ts'
import { safeLine } from '../writing/safe-text.ts'

/** The verdict in a few words, for a table. */
export function verdictWords(verdict: Verdict): string {
  switch (verdict.type) {
    case 'answers':
      return `answers in ${msText(verdict.ms)}`
    case 'busy':
      return `busy: only a cookie in ${msText(verdict.ms)}`
    case 'silent':
      return `silent for ${msText(verdict.ms)}`
    case 'port-closed':
      return 'port closed'
    case 'unreachable':
      return 'no route'
    case 'no-address':
      return 'does not resolve'
    case 'unresolved':
      return 'resolver does not answer'
    case 'resolves':
      return verdict.addresses.map(safeLine).join(', ')
    case 'refuses':
      return verdict.isCertain ? `refuses the proposal (${verdict.reason})` : `refuses (${verdict.reason})`
    case 'not-probed':
      return `not probed: ${NOT_PROBED[verdict.why]}`
    default:
      return verdict satisfies never
  }
}

const NOT_PROBED = {
  'no-canary': 'no canary',
  'no-key': 'the key of the canary has no value',
  'no-gateway-key': "the gateway's public key is not known",
  'no-address': 'the gateway has no address',
} as const

const NOT_PROBED_HINTS: Partial<Record<keyof typeof NOT_PROBED, string>> = {
  'no-canary':
    'add a canary to the gateway: a peer with `probe`, which no person or site uses (docs/probe.md)',
  'no-gateway-key':
    'give the private key of the gateway a value, or apply first: the API shows the public key of a live gateway',
}

/** What the verdict leaves open, and what to check; undefined where the words say it all. */
export function verdictHint({ check, verdict }: Pick<ProbeResult, 'check' | 'verdict'>): string | undefined {
  switch (verdict.type) {
    case 'busy':
      return "the gateway's key, address and port are right; under load it does not look at the peer: probe again later"
    case 'silent':
      return check === 'ike'
        ? 'IKE answers every valid request: check the address, and whether a firewall drops UDP 500'
        : 'WireGuard does not answer what it does not accept, so these look alike: another key of the gateway, another key of the canary, a canary that the gateway does not have, another port or address, a firewall, a clock that is behind that of an earlier probe. vpnctl plan compares the first four with live'
    case 'port-closed':
      return 'the address answers with ICMP: the host exists, but the port is closed'
    case 'unreachable':
      return 'this machine has no route to the address, or a firewall rejects the packets'
    case 'no-address':
      return 'check the name, and its records in DNS'
    case 'unresolved':
      return 'nothing is known about the name: check the resolver of this machine'
    case 'refuses':
      return verdict.isCertain
        ? 'compare the algorithms of `ike` on both ends'
        : 'a gateway gives this answer for algorithms that it does not accept, and to every address but that of the remote host: probe from there to be certain'
    case 'not-probed':
      return NOT_PROBED_HINTS[verdict.why]
    case 'answers':
    case 'resolves':
      return undefined
    default:
      return verdict satisfies never
  }
}

function msText(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`
}
