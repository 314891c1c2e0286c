import type { Address } from '../model/address.ts'
import type { ApiErrorReason } from '../model/errors.ts'
import type { Change } from '../plan/types.ts'

/** Why a change failed, in words that may be printed. */
export interface OutcomeError {
  readonly message: string
  readonly reason: ApiErrorReason | 'failed-status' | 'not-ready' | 'stale' | 'secret'
  readonly method?: string
  readonly path?: string
  readonly status?: number
  readonly attempts?: number
  readonly requestId?: string
  /** What to do next. */
  readonly hint?: string
}

/** How a change ended. */
export type Outcome =
  | { readonly status: 'kept' }
  | { readonly status: 'applied' }
  | { readonly status: 'failed'; readonly error: OutcomeError }
  /** Something that it needs did not get done. */
  | { readonly status: 'blocked'; readonly by: Address }
  /** Stopped before it started. */
  | { readonly status: 'cancelled' }

/** What an apply tells while it runs. `at` is the clock's time in ms. */
export type ApplyEvent =
  | { readonly type: 'started'; readonly change: Change; readonly at: number }
  | {
      readonly type: 'waiting'
      readonly change: Change
      readonly at: number
      readonly for: 'available' | 'gone'
      readonly elapsedMs: number
    }
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

/** All that an apply did, in the order of the plan. */
export interface ApplyResult {
  readonly stack: string
  readonly outcomes: readonly {
    readonly change: Change
    readonly outcome: Outcome
    readonly elapsedMs: number
  }[]
  readonly summary: ApplySummary
  readonly interrupted?: 'SIGINT' | 'SIGTERM'
  /** Whether a second look found nothing left to do. */
  readonly verified?: 'yes' | 'no' | 'skipped'
  readonly requests?: { readonly total: number; readonly retries: number }
}
