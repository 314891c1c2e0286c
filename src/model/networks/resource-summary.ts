/** What a summary of the estate shows of a resource next to its name. Texts are as the spec has them, not made safe. */
export interface ResourceSummary {
  /** The most useful first: the public address, the remote host. */
  readonly facts: readonly string[]
  /** How much it was bought to do. */
  readonly tier?: string
  /** Networks that it is in. One key is one network, whichever resource names it. */
  readonly attached: readonly {
    readonly key: string
    readonly title: string
    /** Where the network is. */
    readonly place: string
    readonly networks: readonly string[]
  }[]
  /** Networks of this side that it opens to the other. */
  readonly shares: readonly string[]
  /** Networks that lie behind it. */
  readonly reaches: readonly string[]
}
