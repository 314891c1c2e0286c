import type { ApiError } from '../model/errors.ts'
import type { LiveResource, Target } from '../model/resource.ts'
import type { OutcomeError } from './events.ts'

/** What is waited for, and how urgently. */
export interface Wait {
  readonly target: Target
  readonly for: 'available' | 'gone'
  /** False for what nothing depends on: its reads are delayed while writes are queued. */
  readonly urgent: boolean
  /** `soon`: after the shortest pause, since a write has just been accepted. */
  readonly firstRead: 'now' | 'soon'
  /** For how long after a PUT the resource may be missing from what the API shows. */
  readonly missingGraceMs: number
  /** Whether a read shows the state from before a write: reads may lag behind it. */
  readonly isOutdated?: (live: LiveResource) => boolean
  /** Called when the wait begins and after every read that does not end it. */
  readonly onWaiting?: (elapsedMs: number) => void
}

/** How a wait ended. */
export type WaitEnd =
  | { readonly type: 'available'; readonly live: LiveResource }
  | { readonly type: 'gone' }
  | { readonly type: 'failed'; readonly live: LiveResource }
  /** DESTROYING while AVAILABLE was waited for. */
  | { readonly type: 'destroying'; readonly live: LiveResource }
  /** Not there while AVAILABLE was waited for; `status` is the last one seen. */
  | { readonly type: 'missing'; readonly status: string | undefined }
  | { readonly type: 'timeout'; readonly status: string | undefined }
  | { readonly type: 'error'; readonly error: ApiError }
  /** Its parent is deleted by another run or person. */
  | { readonly type: 'parent-lost'; readonly error: OutcomeError }
  /** The run was stopped: no more reads. */
  | { readonly type: 'stopped' }

/** What the reads of a wait have shown so far. */
export interface WaitProgress {
  status: string | undefined
  seenDestroying: boolean
  /** Reads in a row that did not show it. */
  missedReads: number
}

/** Takes note of a read, and decides whether it ends the wait. */
export function endOf(
  wait: Wait & WaitProgress,
  live: LiveResource | undefined,
  elapsedMs: number,
): WaitEnd | undefined {
  return wait.for === 'gone' ? endOfDeletion(wait, live) : endOfWrite(wait, live, elapsedMs)
}

/** How long reads may show the state from before a write that the service has accepted. */
const OUTDATED_READS_MS = 60_000

function endOfWrite(
  wait: Wait & WaitProgress,
  live: LiveResource | undefined,
  elapsedMs: number,
): WaitEnd | undefined {
  if (live === undefined) {
    wait.missedReads += 1
    const isEarly = elapsedMs < wait.missingGraceMs || (wait.missingGraceMs > 0 && wait.missedReads < 3)
    return isEarly ? undefined : { type: 'missing', status: wait.status }
  }
  wait.missedReads = 0
  wait.status = live.status
  if (elapsedMs < OUTDATED_READS_MS && wait.isOutdated?.(live) === true) return undefined
  switch (live.status) {
    case 'AVAILABLE':
      return { type: 'available', live }
    case 'FAILED':
      return { type: 'failed', live }
    case 'DESTROYING':
      return { type: 'destroying', live }
    default:
      // The list of statuses is open: anything else means not ready.
      return undefined
  }
}

function endOfDeletion(wait: Wait & WaitProgress, live: LiveResource | undefined): WaitEnd | undefined {
  if (live === undefined) return { type: 'gone' }
  wait.status = live.status
  if (live.status === 'DESTROYING') wait.seenDestroying = true
  // FAILED may be the state that it was in before; only after DESTROYING does it mean that the deletion failed.
  return live.status === 'FAILED' && wait.seenDestroying ? { type: 'failed', live } : undefined
}
