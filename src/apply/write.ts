import { ApiError } from '../model/errors.ts'
import { optional } from '../model/optional.ts'
import type { WriteCheck } from '../model/remote.ts'
import { type LiveResource, parentTarget, targetKey } from '../model/resource.ts'
import { afterConflict, type Conflict, type Tries } from './busy.ts'
import type { Outcome, OutcomeError } from './events.ts'
import { WriteRefused } from './guard.ts'
import { Lock, type LockMode } from './lock.ts'
import { changedSinceRead, failed, failedStatus, fromApiError, parentNoun } from './outcome-error.ts'
import type { WritingChange } from './precondition.ts'
import type { ApplyRun } from './run.ts'
import { waitOutcome } from './wait-outcome.ts'

/** What came of a write: the API's answer, or the outcome that ends the change. */
export type Written<T> =
  /** `maybeWritten`: an earlier attempt was sent whose answer is not known. */
  | { readonly type: 'accepted'; readonly value: T; readonly maybeWritten: boolean }
  | { readonly type: 'ended'; readonly outcome: Outcome }
  /** An earlier attempt of an update has created the resource again. */
  | { readonly type: 'recreated'; readonly live: LiveResource }

type Attempt<T> = Written<T> | { readonly type: 'not-sent' } | ({ readonly type: 'refused' } & Conflict)

/** How long after a sibling's accepted write a refusal may still be its doing. */
const RECENT_MS = 2000

/**
 * Sends one write: when the gateway's other children leave room, within a slot of the limit, after a recent read of the
 * resource, and again as long as a refusal may pass. `send` hands the check on to the remote, for its own retries.
 */
export async function write<T>(
  run: ApplyRun,
  change: WritingChange,
  send: (check: WriteCheck) => Promise<T>,
): Promise<Written<T>> {
  try {
    return await untilAnswered(run, change, send)
  } finally {
    run.guard.complete(change)
  }
}

async function untilAnswered<T>(
  run: ApplyRun,
  change: WritingChange,
  send: (check: WriteCheck) => Promise<T>,
): Promise<Written<T>> {
  const parent = parentTarget(change.target)
  const lock = parent === undefined ? new Lock() : run.lock(targetKey(parent))
  const tries: Tries = {
    since: run.now(),
    conflicts: 0,
    afterSibling: 0,
    unexplained: 0,
    releaseWaits: 0,
    exclusive: false,
    concurrent: false,
    maybeWritten: false,
  }
  for (;;) {
    const lost = run.parents.lost(change.target)
    if (lost !== undefined) return ended(await withoutParent(run, change, lost))
    const mode: LockMode = tries.exclusive || lock.serial ? 'exclusive' : 'shared'
    await lock.enter(mode)
    let attempt: Attempt<T>
    try {
      const trouble = mode === 'exclusive' ? await awaitParent(run, change, lock) : undefined
      attempt = trouble ?? (await run.slot(() => tryOnce(run, change, lock, mode, tries, send)))
    } finally {
      lock.leave()
    }
    switch (attempt.type) {
      case 'accepted':
        // Refused next to a sibling's write and accepted without one: this gateway takes one at a time.
        if (tries.concurrent) lock.serial = true
        return attempt
      case 'ended':
      case 'recreated':
        return attempt
      case 'not-sent':
        break
      case 'refused': {
        const end = await afterConflict(run, change, lock, attempt, tries)
        if (end !== undefined) return { type: 'ended', outcome: end }
        break
      }
      default:
        attempt satisfies never
    }
  }
}

// What is to be deleted is deleted with its parent; nothing else can be done any more.
async function withoutParent(run: ApplyRun, change: WritingChange, error: OutcomeError): Promise<Outcome> {
  if (change.action !== 'delete') return failed(error)
  const end = await run.wait(change, { target: change.target, for: 'gone' })
  return waitOutcome(run, end, 'gone', { status: 'applied' }, { status: 'cancelled' })
}

// The gateway has to be idle before an exclusive write.
async function awaitParent(
  run: ApplyRun,
  change: WritingChange,
  lock: Lock,
): Promise<{ readonly type: 'ended'; readonly outcome: Outcome } | undefined> {
  const target = parentTarget(change.target)
  if (target === undefined || run.stop.sendsNothing || run.parents.lost(change.target)) return undefined
  const keptBackMs = lock.waitMs(run.now())
  if (keptBackMs > 0) await run.options.clock.sleep(keptBackMs, run.stop.noRequests)
  const on = run.dependents.find(targetKey(target))?.address
  const end = await run.wait(change, { target, for: 'available', ...optional({ on }) })
  // Everything else shows in the write itself; a child of a FAILED gateway may still be deleted.
  if (end.type !== 'failed' || change.action === 'delete') return undefined
  const error = failedStatus(end.live)
  return ended(failed({ ...error, message: `its ${parentNoun(change)}: ${error.message}` }))
}

async function tryOnce<T>(
  run: ApplyRun,
  change: WritingChange,
  lock: Lock,
  mode: LockMode,
  tries: Tries,
  send: (check: WriteCheck) => Promise<T>,
): Promise<Attempt<T>> {
  if (run.stop.sendsNothing || (run.stop.noNewChanges && tries.conflicts === 0))
    return ended({ status: 'cancelled' })
  if (lock.serial && mode === 'shared') return { type: 'not-sent' }
  if (run.parents.lost(change.target) !== undefined) return { type: 'not-sent' }
  run.begin(change)
  const check: WriteCheck = (attempt) => {
    if (attempt > 1) tries.maybeWritten = true
    const lost = run.parents.lost(change.target)
    if (lost !== undefined) throw new WriteRefused({ type: 'parent-lost', error: lost })
    const children = run.lock(change.key).used
    return run.guard.check(change, { maybeWritten: tries.maybeWritten, children })
  }
  try {
    for (let reading = check(1); reading !== undefined; reading = check(1)) await reading
    // The stop may have come during the read.
    if (run.stop.sendsNothing) return ended({ status: 'cancelled' })
  } catch (error) {
    return refusedOrFailed(run, change, error)
  }
  const sent = await lock.send(
    () => run.now(),
    RECENT_MS,
    () => {
      run.writes += 1
      return run.lock(change.key).sendHolder(
        () => run.now(),
        () => send(check),
      )
    },
  )
  if (sent.type === 'accepted') return { ...sent, maybeWritten: tries.maybeWritten }
  if (sent.error instanceof ApiError && sent.error.reason === 'conflict') {
    return { type: 'refused', error: sent.error, concurrent: sent.concurrent && mode === 'shared' }
  }
  if (await isWithoutParent(run, change, sent.error)) return { type: 'not-sent' }
  return refusedOrFailed(run, change, sent.error, tries.maybeWritten)
}

// 404 to the PUT of a child: the parent is read once for all its children.
async function isWithoutParent(run: ApplyRun, change: WritingChange, error: unknown): Promise<boolean> {
  if (!(error instanceof ApiError) || error.reason !== 'not-found') return false
  try {
    await run.parents.check(change.target)
  } catch (failure) {
    // The 404 is then what is reported.
    if (!(failure instanceof ApiError)) throw failure
  }
  return run.parents.lost(change.target) !== undefined
}

function refusedOrFailed<T>(
  run: ApplyRun,
  change: WritingChange,
  error: unknown,
  maybeWritten = false,
): Attempt<T> {
  if (error instanceof WriteRefused) return refused(run, change, error)
  if (!(error instanceof ApiError)) throw error
  run.stopIfFatal(error)
  // Never sent, or a read before the write was cut short.
  if (error.reason === 'aborted' && (error.attempts === 0 || (error.method === 'GET' && !maybeWritten))) {
    return ended({ status: 'cancelled' })
  }
  return ended(failed(fromApiError(error, change)))
}

function refused<T>(run: ApplyRun, change: WritingChange, { verdict }: WriteRefused): Attempt<T> {
  switch (verdict.type) {
    case 'parent-lost':
      return { type: 'not-sent' }
    case 'already-gone':
      return ended({ status: 'applied' })
    case 'recreated':
      return verdict
    case 'changed': {
      const { onStale } = run.options
      if (onStale === 'abort') run.stop.abort({ type: 'stale', address: change.address })
      return ended(failed(changedSinceRead(verdict.what, verdict.live, onStale !== undefined)))
    }
    default:
      return verdict satisfies never
  }
}

function ended(outcome: Outcome): { readonly type: 'ended'; readonly outcome: Outcome } {
  return { type: 'ended', outcome }
}
