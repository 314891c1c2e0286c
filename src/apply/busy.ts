import { ApiError } from '../model/errors.ts'
import { type LiveResource, parentTarget, type Target } from '../model/resource.ts'
import type { Outcome } from './events.ts'
import type { Lock } from './lock.ts'
import { APPLY_DEFAULTS } from './options.ts'
import { fromApiError, parentNoun } from './outcome-error.ts'
import type { WritingChange } from './precondition.ts'
import type { ApplyRun } from './run.ts'

/** A write that was answered 409 or 422. */
export interface Conflict {
  readonly error: ApiError
  /** Siblings were written at the same time, or a moment before. */
  readonly concurrent: boolean
}

/** What a change has met so far. */
export interface Tries {
  readonly since: number
  conflicts: number
  /** Of those, the ones that a sibling's write just before explains; how many there are is up to the siblings. */
  afterSibling: number
  /** 409s with nothing busy in sight. */
  unexplained: number
  /** Refusals that may come from a deletion that is not quite over. */
  releaseWaits: number
  /** From now on it is sent only while no sibling is. */
  exclusive: boolean
  /** An attempt was sent whose answer is not known. */
  maybeWritten: boolean
  /** A sibling's write at the same time may have caused the refusal. */
  concurrent: boolean
}

const MAX_CONFLICTS = 20
const MAX_UNEXPLAINED = 2
/** How long after a write of a sibling or of the gateway itself it may be PROVISIONING although reads show it AVAILABLE. */
const STATUS_LAG_MS = 10_000
const MAX_RELEASE_WAITS = 6
/** LAN attachments and addresses are released some seconds after a gateway is gone. */
const RELEASE_WAIT_MS = 1000

/**
 * Decides what a refusal means, and waits for what it takes before the next try. Undefined: try again. A refusal
 * is final when nothing is busy: not the gateway, not the resource, no sibling, no deletion that may still linger.
 */
export async function afterConflict(
  run: ApplyRun,
  change: WritingChange,
  lock: Lock,
  conflict: Conflict,
  tries: Tries,
): Promise<Outcome | undefined> {
  tries.conflicts += 1
  const final: Outcome = { status: 'failed', error: fromApiError(conflict.error, change) }
  if (
    tries.conflicts - tries.afterSibling >= MAX_CONFLICTS ||
    run.now() - tries.since >= run.options.waitTimeoutMs
  )
    return final
  if (run.stop.sendsNothing) return { status: 'cancelled' }
  const because = conflict.concurrent
    ? afterSiblingWrite(change, lock, conflict, tries)
    : await busyReason(run, change, lock, conflict, tries)
  if (run.stop.sendsNothing) return { status: 'cancelled' }
  // The next try ends with that reason.
  if (run.parents.lost(change.target) !== undefined) return undefined
  if (because === undefined) return final
  run.emit({ type: 'retrying', change, at: run.now(), because, attempt: tries.conflicts + 1 })
  return undefined
}

// 409 says that something is busy; 422 may also be about the content, which an exclusive attempt will show.
function afterSiblingWrite(change: WritingChange, lock: Lock, conflict: Conflict, tries: Tries): string {
  tries.exclusive = true
  if (conflict.error.status === 409) lock.serial = true
  else tries.concurrent = true
  return `its ${parentNoun(change)} was busy with another child`
}

async function busyReason(
  run: ApplyRun,
  change: WritingChange,
  lock: Lock,
  conflict: Conflict,
  tries: Tries,
): Promise<string | undefined> {
  const parent = parentTarget(change.target)
  const above = parent === undefined ? undefined : await readQuietly(run, parent)
  if (run.parents.lost(change.target) !== undefined) return undefined
  if (above !== undefined && isInProgress(above)) {
    lock.serial = true
    tries.exclusive = true
    return `its ${parentNoun(change)} is ${above.status}`
  }
  const own = await readQuietly(run, change.target)
  if (own !== undefined && isInProgress(own)) {
    await run.wait(change, { target: change.target, for: own.status === 'DESTROYING' ? 'gone' : 'available' })
    return `it is ${own.status}`
  }
  if (run.dependents.needsDeletion(change) && tries.releaseWaits < MAX_RELEASE_WAITS) {
    await run.pause(RELEASE_WAIT_MS, tries.releaseWaits++)
    return 'what was deleted before it may not be released yet'
  }
  const { pollMinMs = APPLY_DEFAULTS.pollMinMs } = run.options
  if (conflict.error.status === 409 && lock.writtenWithin(STATUS_LAG_MS, run.now())) {
    tries.exclusive = true
    lock.serial = true
    tries.afterSibling += 1
    lock.postpone(run.now(), pollMinMs)
    return `its ${parentNoun(change)} may still be busy with another write`
  }
  if (conflict.error.status === 409 && tries.unexplained < MAX_UNEXPLAINED) {
    tries.exclusive = true
    await run.pause(pollMinMs, tries.unexplained++)
    return 'the API says that it is busy'
  }
  return undefined
}

// A read that fails says nothing; the refusal itself is then the better message.
async function readQuietly(run: ApplyRun, target: Target): Promise<LiveResource | undefined> {
  try {
    return await run.read(target)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (!run.stop.sendsNothing) run.stopIfFatal(error)
    return undefined
  }
}

function isInProgress(live: LiveResource): boolean {
  return live.status !== 'AVAILABLE' && live.status !== 'FAILED'
}
