/** What there is to say about one field of the YAML file. */
export interface FieldDoc {
  /** Names from the outside in, without the steps into lists: `wireguardGateways.peers.allowedIPs`. */
  readonly path: string
  readonly name: string
  /** `text`, `list of text`, `mapping`, ... */
  readonly type: string
  readonly required: boolean
  readonly description: string
  /** Absent where leaving the field out means nothing by itself. */
  readonly default?: unknown
  readonly choices?: readonly unknown[]
  /** What a value has to look like, in words: `an IPv4 address, such as 203.0.113.10`. */
  readonly form?: string
  /** `0 to 65535`, `1 to 20 entries`. */
  readonly limits?: string
  readonly example?: unknown
  /** What a change interrupts. */
  readonly onChange?: string
  readonly fields: readonly FieldDoc[]
}
