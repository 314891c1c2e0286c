import type { Address } from '../model/address.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { ApiErrorReason } from '../model/errors.ts'
import type { UnreadLocation } from '../model/resource.ts'
import type { StopSignal } from '../model/stop-signal.ts'
import type { Change, Plan } from '../plan/types.ts'

/** Why a change failed, in words that may be printed. */
export interface OutcomeError {
  readonly message: string
  /** `changed`: the resource was changed, deleted or created by others since it was read. */
  readonly reason: ApiErrorReason | 'failed-status' | 'not-ready' | 'stale' | 'changed' | 'secret'
  readonly method?: string
  readonly path?: string
  readonly status?: number
  readonly attempts?: number
  readonly requestId?: string
  /** What to do next. */
  readonly hint?: string
  /** Where the next run does not wait for what failed: its cause has to be found before. */
  readonly checkFirst?: true
}

/** How a change ended. */
export type Outcome =
  | { readonly status: 'kept' }
  /** `unconfirmed`: the API accepted it, and nothing has read whether it became AVAILABLE or is gone. */
  | { readonly status: 'applied'; readonly unconfirmed?: 'no-wait' | 'interrupted' }
  | { readonly status: 'failed'; readonly error: OutcomeError }
  /** Something that it needs did not get done; `by` is where the trouble began. */
  | { readonly status: 'blocked'; readonly by: Address }
  /** Stopped before it changed anything. */
  | { readonly status: 'cancelled' }

/**
 * What an apply reports while it runs. `at` is the clock's time in ms. Every change but an unmanaged one finishes
 * exactly once; `started` comes before it unless the change was kept without a read, blocked or cancelled.
 */
export type ApplyEvent =
  /** Its first request is about to be sent, or its first wait begins. */
  | { readonly type: 'started'; readonly change: Change; readonly at: number }
  /** When a wait begins, and every few seconds while it lasts. */
  | {
      readonly type: 'waiting'
      readonly change: Change
      readonly at: number
      readonly for: 'available' | 'gone'
      /** The resource that is waited for, where it is not the change's own: its busy gateway. */
      readonly on?: Address
      readonly elapsedMs: number
    }
  /** A write was refused since something was busy, and will be sent again. `attempt` is the number of the next try. */
  | {
      readonly type: 'retrying'
      readonly change: Change
      readonly at: number
      readonly because: string
      readonly attempt: number
    }
  | {
      readonly type: 'finished'
      readonly change: Change
      readonly at: number
      readonly outcome: Outcome
      readonly elapsedMs: number
    }

/** Counts by outcome. */
export interface ApplySummary {
  readonly applied: number
  readonly failed: number
  readonly blocked: number
  readonly cancelled: number
  readonly kept: number
}

/** What ended an apply before it was through. */
export type Stopped =
  | { readonly type: 'signal' }
  /** The time of the whole run was up. */
  | { readonly type: 'timeout' }
  /** The API does not let us go on: credentials, permission, or the run's own time. */
  | { readonly type: 'error'; readonly error: OutcomeError }
  /** A resource changed since the plan was made. */
  | { readonly type: 'stale'; readonly address: Address }

/** Something that the verification plan would do again: it is not as the run left it. */
export interface LeftToDo {
  readonly address: Address
  readonly action: 'create' | 'update' | 'delete'
  /** Who touched it last, as the API says it; nothing is known of what is gone. */
  readonly changedBy?: string
  readonly changedAt?: string
}

/** What the verification plan, made from a new read after the writes, says. */
export interface Verification {
  /** `unknown`: live could not be read. `skipped`: not asked for, or nothing was written, or not everything was done. */
  readonly verified: 'yes' | 'no' | 'skipped' | 'unknown'
  /** For `no`: what the verification plan would change. */
  readonly leftToDo?: readonly LeftToDo[]
  /** For `no`: why the verification plan must not be applied. */
  readonly refusals?: readonly Diagnostic[]
  /** For `no`: the verification plan itself. */
  readonly followUp?: Plan
  /** For `unknown`. */
  readonly unverified?: OutcomeError
}

/** How an apply ended: the one value that exit code, last line, JSON and the library's result are computed from. */
export type Ending =
  /** Within targets and prune setting live is as the files say, by the last read. */
  | 'converged'
  /** Every change was done, and no verification was asked for. */
  | 'applied'
  /** Every change was done, and the verification plan has changes or is refused. */
  | 'not-converged'
  /** Every change was done, and the verification could not read live. */
  | 'not-verified'
  /** Something failed, is blocked or was not started. */
  | 'incomplete'
  /** The time of the run was up before it was done and verified. */
  | 'timed-out'
  /** A signal stopped it before it was done and verified. */
  | 'interrupted'

/** A change that waits although nothing that it needs is missing. */
export interface HeldBack {
  readonly change: Change
  readonly after: Change
  /** `limit`: so many disruptive changes at once; `redundant`: the other gateway serves the same networks meanwhile. */
  readonly because: 'limit' | 'redundant'
}

/** All that an apply did, in the order of the plan; what is unmanaged has no outcome. */
export interface ApplyResult extends Verification {
  readonly ending: Ending
  readonly stack: string
  /** Locations in which leftovers of the stack could not be seen. */
  readonly unread?: readonly UnreadLocation[]
  readonly outcomes: readonly {
    readonly change: Change
    readonly outcome: Outcome
    /** From its first request or wait to its end; 0 when there was none. */
    readonly elapsedMs: number
  }[]
  readonly summary: ApplySummary
  /** PUTs and DELETEs handed to the remote; its own retries are not counted. */
  readonly writes: number
  /** Disruptive changes that waited for others of their kind. */
  readonly heldBack?: readonly HeldBack[]
  readonly stopped?: Stopped
  readonly interrupted?: StopSignal
  /** Only where the remote counts its requests: all that it sent so far. */
  readonly requests?: { readonly total: number; readonly retries: number }
}
