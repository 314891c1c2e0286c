import { ApiError } from '../model/errors.ts'
import { parentTarget, targetKey } from '../model/resource.ts'
import { afterConflict, type Conflict, type Tries } from './busy.ts'
import type { Outcome, OutcomeError } from './events.ts'
import { Lock, type LockMode } from './lock.ts'
import { failedStatus, fromApiError, parentNoun } from './outcome-error.ts'
import { checkPrecondition, type WritingChange } from './precondition.ts'
import type { ApplyRun } from './run.ts'

/** What came of a write: the API's answer, or the outcome that ends the change. */
export type Written<T> =
  | { readonly type: 'accepted'; readonly value: T }
  | { readonly type: 'ended'; readonly outcome: Outcome }

type Attempt<T> = Written<T> | { readonly type: 'turned-away' } | ({ readonly type: 'refused' } & Conflict)

/** How long after a sibling's accepted write a refusal may still be its doing. */
const RECENT_MS = 2000

/**
 * Sends one write: when the gateway's other children leave room, within a slot of the limit, after the look that
 * preconditions ask for, and again as long as a refusal may pass.
 */
export async function write<T>(
  run: ApplyRun,
  change: WritingChange,
  send: () => Promise<T>,
): Promise<Written<T>> {
  const parent = parentTarget(change.target)
  const gate = parent === undefined ? new Lock() : run.lock(targetKey(parent))
  const tries: Tries = { since: run.now(), conflicts: 0, calm: 0, lags: 0, alone: false, crowded: false }
  for (;;) {
    const passage: LockMode = tries.alone || gate.serial ? 'alone' : 'shared'
    await gate.enter(passage)
    let attempt: Attempt<T>
    try {
      const trouble = passage === 'alone' ? await awaitParent(run, change) : undefined
      attempt = trouble ?? (await run.slot(() => tryOnce(run, change, gate, passage, tries, send)))
    } finally {
      gate.leave()
    }
    switch (attempt.type) {
      case 'accepted':
        // What was refused in company and accepted alone: this gateway takes one at a time.
        if (tries.crowded) gate.serial = true
        return attempt
      case 'ended':
        return attempt
      case 'turned-away':
        break
      case 'refused': {
        const end = await afterConflict(run, change, gate, attempt, tries)
        if (end !== undefined) return { type: 'ended', outcome: end }
        break
      }
      default:
        attempt satisfies never
    }
  }
}

// The gateway has to be at rest before a write that goes alone.
async function awaitParent(
  run: ApplyRun,
  change: WritingChange,
): Promise<{ readonly type: 'ended'; readonly outcome: Outcome } | undefined> {
  const target = parentTarget(change.target)
  if (target === undefined || run.stop.sendsNothing) return undefined
  const on = run.dependents.find(targetKey(target))?.address
  const end = await run.wait(change, { target, for: 'available', ...(on === undefined ? {} : { on }) })
  // Everything else shows in the write itself; a child of a FAILED gateway may still be deleted.
  if (end.type !== 'failed' || change.action === 'delete') return undefined
  const error = failedStatus(end.live)
  return ended(failed({ ...error, message: `its ${parentNoun(change)}: ${error.message}` }))
}

async function tryOnce<T>(
  run: ApplyRun,
  change: WritingChange,
  gate: Lock,
  passage: LockMode,
  tries: Tries,
  send: () => Promise<T>,
): Promise<Attempt<T>> {
  if (run.stop.sendsNothing || (run.stop.noNewChanges && tries.conflicts === 0))
    return ended({ status: 'cancelled' })
  if (gate.serial && passage === 'shared') return { type: 'turned-away' }
  run.begin(change)
  try {
    const end = run.options.checkPreconditions ? await precheck(run, change) : undefined
    if (end !== undefined) return ended(end)
  } catch (error) {
    return ended(outcomeOf(run, change, error))
  }
  const sent = await gate.send(
    () => run.now(),
    RECENT_MS,
    () => {
      run.writes += 1
      return send()
    },
  )
  if (sent.type === 'accepted') return sent
  if (sent.error instanceof ApiError && sent.error.reason === 'conflict') {
    return { type: 'refused', error: sent.error, crowded: sent.crowded && passage === 'shared' }
  }
  return ended(outcomeOf(run, change, sent.error))
}

async function precheck(run: ApplyRun, change: WritingChange): Promise<Outcome | undefined> {
  const found = await checkPrecondition(run, change)
  // The stop may have come while we looked.
  if (run.stop.sendsNothing) return { status: 'cancelled' }
  switch (found.type) {
    case 'holds':
      return undefined
    case 'already-gone':
      return { status: 'applied' }
    case 'moved':
      if (run.options.onStale === 'abort') run.stop.abort({ type: 'stale', address: change.address })
      return failed(found.error)
    default:
      return found satisfies never
  }
}

function outcomeOf(run: ApplyRun, change: WritingChange, error: unknown): Outcome {
  if (!(error instanceof ApiError)) throw error
  run.stopIfFatal(error)
  // Never sent, or a look that was cut short before the write.
  if (error.reason === 'aborted' && (error.attempts === 0 || error.method === 'GET')) {
    return { status: 'cancelled' }
  }
  return failed(fromApiError(error, change))
}

function failed(error: OutcomeError): Outcome {
  return { status: 'failed', error }
}

function ended(outcome: Outcome): { readonly type: 'ended'; readonly outcome: Outcome } {
  return { type: 'ended', outcome }
}
