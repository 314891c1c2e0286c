/** What came back: a datagram, or how the network refuses it. */
export type Arrived =
  | { readonly type: 'datagram'; readonly bytes: Uint8Array }
  /** ICMP: no program listens on the port. */
  | { readonly type: 'refused' }
  /** There is no route, or a firewall said so. */
  | { readonly type: 'unreachable' }

/** One UDP socket that is connected to one address and port. */
export interface ProbeSocket {
  /** The address that packets leave from, as far as this machine knows. */
  readonly localAddress: string
  readonly send: (bytes: Uint8Array) => void
  /** The next thing that arrives; undefined once `signal` fires. */
  readonly receive: (signal: AbortSignal) => Promise<Arrived | undefined>
  readonly close: () => void
}

/** `none`: the name does not exist, or has no address. `failed`: the resolver gave no answer. */
export type Resolved =
  | { readonly type: 'addresses'; readonly addresses: readonly string[] }
  | { readonly type: 'none' }
  | { readonly type: 'failed' }

/** The network as probes use it; the command line brings the real one. */
export interface ProbeNetwork {
  readonly resolve: (host: string, signal: AbortSignal) => Promise<Resolved>
  readonly open: (address: string, port: number) => Promise<ProbeSocket | { readonly type: 'unreachable' }>
}
