/** What a probe found. A time-out is a verdict, not an error. */
export type Verdict =
  /** The other side proved that it has the key that the probe expected (WireGuard), or accepted a proposal (IKE). */
  | { readonly type: 'answers'; readonly ms: number }
  /** WireGuard: the gateway's key, address and port are right, and it is too busy to look at the peer. */
  | { readonly type: 'busy'; readonly ms: number }
  /** No answer in time. */
  | { readonly type: 'silent'; readonly ms: number }
  /** ICMP: the address exists, and no program listens on the port. */
  | { readonly type: 'port-closed' }
  /** No route to the address. */
  | { readonly type: 'unreachable' }
  /** The name does not exist, or has no IPv4 or IPv6 address. */
  | { readonly type: 'no-address' }
  /** The resolver gave no answer: nothing is known about the name. */
  | { readonly type: 'unresolved' }
  | { readonly type: 'resolves'; readonly addresses: readonly string[] }
  /**
   * IKE: the gateway answers and does not accept the algorithms. `isCertain` is false for an answer that it also gives
   * to addresses from which it expects no tunnel.
   */
  | { readonly type: 'refuses'; readonly ms: number; readonly reason: string; readonly isCertain: boolean }
  /** Nothing was sent. */
  | { readonly type: 'not-probed'; readonly why: 'no-canary' | 'no-key' | 'no-gateway-key' | 'no-address' }

/** True for what should answer and does not. */
export function isFailing(verdict: Verdict): boolean {
  switch (verdict.type) {
    case 'answers':
    case 'resolves':
    case 'not-probed':
      return false
    case 'refuses':
      return verdict.isCertain
    case 'busy':
    case 'silent':
    case 'port-closed':
    case 'unreachable':
    case 'no-address':
    case 'unresolved':
      return true
    default:
      return verdict satisfies never
  }
}

/** What was checked of one resource. */
export interface ProbeResult {
  readonly address: string
  readonly location: string
  readonly check: 'wireguard' | 'ike' | 'name'
  /** `203.0.113.10:51820`, or the name that was resolved; empty where no address is known. */
  readonly at: string
  readonly verdict: Verdict
}
