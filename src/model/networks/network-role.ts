/** A network that gateways are connected to without a tunnel. One key is one network, whichever gateway names it. */
export interface LanRole {
  readonly key: string
  readonly title: string
  /** Where it is. */
  readonly place: string
  readonly networks: readonly string[]
}

/** What a resource is in the network. Texts are as the spec has them; those that are not valid count as absent. */
export interface NetworkRole {
  /** A gateway's addresses inside of its tunnels, with the prefix of their network. */
  readonly interfaces?: readonly string[]
  readonly lans?: readonly LanRole[]
  /** The public address of a gateway. */
  readonly listensAt?: string | undefined
  /** Networks at the other end: what it may send from, and what is sent to it. */
  readonly behind?: readonly string[]
  /** Networks on the side of the gateway that the other end may exchange packets with; absent: all. */
  readonly opens?: readonly string[]
  /** The public address or host name of the other end. */
  readonly connectsTo?: string | undefined
}
