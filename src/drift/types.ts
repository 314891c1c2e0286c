import type { AccessChange } from '../access/lines.ts'
import type { Address } from '../model/address.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { DriftIgnore } from '../model/file-lists.ts'
import type {
  DesiredResource,
  DesiredState,
  LiveResource,
  Severity,
  Target,
  UnreadLocation,
} from '../model/resource.ts'
import type { FieldChange } from '../plan/changes/field-change.ts'
import type { Plan, UncomparedSecret } from '../plan/types.ts'

/** A field that is not as it should be: `before` is what live has, `after` what the file says. */
export interface DriftField {
  readonly change: FieldChange
  readonly severity: Severity
  /** What the live value means at its worst, where the file's does not. */
  readonly risk?: string
}

/** How a resource can differ; one resource may have several. */
export type DriftState =
  | 'changed'
  | 'missing'
  /** There, not in the file, and not owned by this stack. */
  | 'unmanaged'
  /** There, owned by this stack, and not (or no longer) in the file. */
  | 'extra'
  | 'failed'
  /** Neither ready nor failed for too long. */
  | 'stuck'
  /** What is live cannot be distinguished from, or is not, what the file means. */
  | 'conflict'

interface Common {
  /** {@link targetKey} of the target. */
  readonly key: string
  /** With the location in front where two locations share the address. */
  readonly address: Address
  readonly target: Target
  readonly name: string
  readonly severity: Severity
}

/** One difference, from the world's side. */
export type DriftFinding = Common &
  (
    | {
        readonly state: 'changed'
        readonly desired: DesiredResource
        readonly live: LiveResource
        readonly fields: readonly DriftField[]
      }
    /** `live` is there while it is being destroyed. */
    | { readonly state: 'missing'; readonly desired: DesiredResource; readonly live?: LiveResource }
    | {
        readonly state: 'unmanaged' | 'extra'
        readonly live: LiveResource
        readonly risk?: string
        /** The file says that it is to be absent: `ensure: absent`, or since its last day is over. */
        readonly absent?: { readonly expired?: string }
      }
    | { readonly state: 'failed'; readonly live: LiveResource; readonly desired?: DesiredResource }
    | {
        readonly state: 'stuck'
        readonly live: LiveResource
        readonly desired?: DesiredResource
        readonly forMs: number
      }
    | {
        readonly state: 'conflict'
        readonly desired: DesiredResource
        readonly lives: readonly LiveResource[]
        readonly reason: Diagnostic
      }
  )

/** A finding of some states. */
export type DriftOf<S extends DriftState> = Extract<DriftFinding, { state: S }>

/** A finding, or the part of one, that drift.ignore ignores. */
export interface Ignored {
  readonly finding: DriftFinding
  readonly by: DriftIgnore
}

/** What was not compared: one secret, or a whole resource below one that is in conflict. */
export type NotCompared =
  | UncomparedSecret
  | { readonly address: Address; readonly path?: undefined; readonly why: 'unsettled' }

/** One resource that was looked at, whether it differs or not. */
export interface DriftResource {
  readonly key: string
  readonly address: Address
  readonly target: Target
}

/** Counts of resources and of findings. */
export interface DriftSummary {
  readonly resources: number
  /** Resources with at least one finding that is not ignored. */
  readonly drifted: number
  readonly bySeverity: Readonly<Record<Severity, number>>
  readonly byState: Readonly<Record<DriftState, number>>
  readonly ignored: number
}

/** What differs between the file and the world. Pure data but for the desired secrets, which cannot be printed. */
export interface Drift {
  readonly stack: string
  readonly locations: readonly string[]
  /** Locations that no file names, read for what the stack owns. */
  readonly others?: readonly string[]
  /** Locations in which leftovers of the stack could not be seen. */
  readonly unread?: readonly UnreadLocation[]
  /** All that was looked at, by address. */
  readonly resources: readonly DriftResource[]
  /** The worst first, then by address. */
  readonly findings: readonly DriftFinding[]
  readonly ignored: readonly Ignored[]
  readonly notCompared: readonly NotCompared[]
  readonly summary: DriftSummary
  /** Left alone and no drift, as in a plan. */
  readonly released: Plan['released']
  readonly neighbours: Plan['neighbours']
  readonly expiring: Plan['expiring']
  /** Changes that are merged and not applied yet, where the files that were applied last are known. */
  readonly pending?: number
  /** Who reaches what live, as far as the files differ, and what unmanaged resources reach. */
  readonly access?: readonly AccessChange[]
  readonly warnings: readonly Diagnostic[]
  /** Why the question itself makes no sense: a target that names nothing. */
  readonly refusals: readonly Diagnostic[]
}

/** How to look. */
export interface DriftOptions {
  /** Address patterns; empty: everything. */
  readonly targets: readonly string[]
  /** In addition to those of the file. */
  readonly ignores: readonly DriftIgnore[]
  readonly stuckAfterMs: number
  /** The files that were applied last: what the files want since then is no drift. */
  readonly applied?: DesiredState
  /** Milliseconds since 1970. */
  readonly nowMs: number
}
