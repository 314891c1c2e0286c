import type { FieldPath, Plain } from '../../model/json.ts'

/** What a secret field is about to do, in place of its values. */
export type SecretChange =
  /** Part of a create. */
  | 'new'
  /** Known to differ from live. */
  | 'changed'
  /** Cannot be compared; sent because the user asked for it. */
  | 'forced'
  /** Cannot be compared; sent because `rotatedAt` in the file is later than the last change of the resource. */
  | 'rotated'
  /** Cannot be compared; sent along with other changes, since a PUT replaces everything. */
  | 'sent-along'

/**
 * Where a difference comes from: the file changed since the base (intent), live changed (drift), both changed to
 * something different (conflict), or the base has it too and it was not applied yet (pending).
 */
export type Origin = 'intent' | 'drift' | 'conflict' | 'pending'

/** One field of a change. */
export type FieldChange =
  /** Absent `before`: the field is new. Absent `after`: it is cleared. */
  (
    | {
        readonly type: 'value'
        readonly path: FieldPath
        readonly before?: Plain
        readonly after?: Plain
        /** Where the new value comes from when the file does not give it. */
        readonly from?: 'default' | 'server'
      }
    /** A list whose order means nothing. */
    | {
        readonly type: 'set'
        readonly path: FieldPath
        readonly added: readonly Plain[]
        readonly removed: readonly Plain[]
        readonly kept: readonly Plain[]
      }
    /** Never any value. `source` is `env NAME` or `file PATH`. */
    | {
        readonly type: 'secret'
        readonly path: FieldPath
        readonly change: SecretChange
        readonly source: string
      }
  ) & {
    /** Only where the plan was compared with a base. */
    readonly origin?: Origin
  }
