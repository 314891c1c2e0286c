import type { SourceRange } from '../diagnostic.ts'

/** One entry of the `access` list: what has to be delivered, or must not be. */
export interface AccessRule {
  readonly effect: 'allow' | 'deny'
  /** Patterns of addresses of resources, IP addresses or networks, as written. */
  readonly from: AccessWord
  readonly to: AccessWord
  /** What the rule is not about, on either side. */
  readonly except: readonly AccessWord[]
  readonly at?: SourceRange
}

/** A word of a rule with its place. */
export interface AccessWord {
  readonly text: string
  readonly at?: SourceRange
}
