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
  readonly crowded: boolean
}

/** What a change has met so far. */
export interface Tries {
  readonly since: number
  conflicts: number
  /** 409s with nothing busy in sight. */
  calm: number
  /** Refusals that may come from a deletion that is not quite over. */
  lags: number
  /** From now on only with no sibling beside it. */
  alone: boolean
  /** An attempt was sent whose answer is not known. */
  maybeWritten: boolean
  /** The refusal may have been the company's fault. */
  crowded: boolean
}

const MAX_CONFLICTS = 20
const MAX_CALM = 2
const MAX_LAGS = 6
/** LAN attachments and addresses are released some seconds after a gateway is gone. */
const LAG_BASE_MS = 1000

/**
 * Decides what a refusal means, and waits for what it takes before the next try. Undefined: try again. A refusal
 * is final when nothing is busy: not the gateway, not the resource, no sibling, no deletion that may still linger.
 */
export async function afterConflict(
  run: ApplyRun,
  change: WritingChange,
  gate: Lock,
  conflict: Conflict,
  tries: Tries,
): Promise<Outcome | undefined> {
  tries.conflicts += 1
  const final: Outcome = { status: 'failed', error: fromApiError(conflict.error, change) }
  if (tries.conflicts >= MAX_CONFLICTS || run.now() - tries.since >= run.options.waitTimeoutMs) return final
  if (run.stop.sendsNothing) return { status: 'cancelled' }
  const because = conflict.crowded
    ? inCompany(change, gate, conflict, tries)
    : await busyPart(run, change, gate, conflict, tries)
  if (run.stop.sendsNothing) return { status: 'cancelled' }
  // The next try ends with that reason.
  if (run.parents.lost(change.target) !== undefined) return undefined
  if (because === undefined) return final
  run.emit({ type: 'retrying', change, at: run.now(), because, attempt: tries.conflicts + 1 })
  return undefined
}

// 409 says that something is busy; 422 may also mean what it says, which a try without company will show.
function inCompany(change: WritingChange, gate: Lock, conflict: Conflict, tries: Tries): string {
  tries.alone = true
  if (conflict.error.status === 409) gate.serial = true
  else tries.crowded = true
  return `its ${parentNoun(change)} was busy with another child`
}

async function busyPart(
  run: ApplyRun,
  change: WritingChange,
  gate: Lock,
  conflict: Conflict,
  tries: Tries,
): Promise<string | undefined> {
  const parent = parentTarget(change.target)
  const above = parent === undefined ? undefined : await seen(run, parent)
  if (run.parents.lost(change.target) !== undefined) return undefined
  if (above !== undefined && isAtWork(above)) {
    gate.serial = true
    tries.alone = true
    return `its ${parentNoun(change)} is ${above.status}`
  }
  const own = await seen(run, change.target)
  if (own !== undefined && isAtWork(own)) {
    await run.wait(change, { target: change.target, for: own.status === 'DESTROYING' ? 'gone' : 'available' })
    return `it is ${own.status}`
  }
  if (run.dependents.needsDeletion(change) && tries.lags < MAX_LAGS) {
    await run.pause(LAG_BASE_MS, tries.lags++)
    return 'what was deleted before it may not be released yet'
  }
  if (conflict.error.status === 409 && tries.calm < MAX_CALM) {
    tries.alone = true
    await run.pause(run.options.pollMinMs ?? APPLY_DEFAULTS.pollMinMs, tries.calm++)
    return 'the API says that it is busy'
  }
  return undefined
}

// A look that fails says nothing; the refusal itself is then the better message.
async function seen(run: ApplyRun, target: Target): Promise<LiveResource | undefined> {
  try {
    return await run.read(target)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (!run.stop.sendsNothing) run.stopIfFatal(error)
    return undefined
  }
}

function isAtWork(live: LiveResource): boolean {
  return live.status !== 'AVAILABLE' && live.status !== 'FAILED'
}
