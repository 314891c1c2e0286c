import { decodeLive } from '../model/decode.ts'
import { ApiError, InternalError } from '../model/errors.ts'
import type { WriteAnswer } from '../model/remote.ts'
import { type LiveResource, parentTarget, targetKey } from '../model/resource.ts'
import type { Secret } from '../model/secret.ts'
import { describeReference } from '../model/secret.ts'
import { inFileOrder } from '../plan/changes/file-order.ts'
import type { Change, ChangeOf } from '../plan/types.ts'
import type { Outcome } from './events.ts'
import {
  failed,
  failedStatus,
  fromApiError,
  GONE,
  missingSecret,
  overwritten,
  recreated,
  replaced,
} from './outcome-error.ts'
import { outdatedReads } from './outdated-reads.ts'
import {
  existedBefore,
  isAnother,
  isAsDesired,
  isCreatedByItsEditor,
  type WritingChange,
} from './precondition.ts'
import type { ApplyRun } from './run.ts'
import { waitOutcome } from './wait-outcome.ts'
import { type Written, write } from './write.ts'

/** Its gateway may be busy with the children that this run writes. */
const MAX_TAKE_BACK_RETRIES = 8
const TAKE_BACK_PAUSE_MS = 500
/** How long an accepted PUT may go unseen: a read may lag behind the write. */
const MISSING_GRACE_MS = 60_000

/** Does one change. All needs are done. */
export function perform(
  run: ApplyRun,
  change: Exclude<Change, { action: 'unmanaged' }>,
): Outcome | Promise<Outcome> {
  switch (change.action) {
    case 'keep':
      return keep(run, change)
    case 'create':
    case 'update':
      return run.stop.noNewChanges ? { status: 'cancelled' } : ensure(run, change)
    case 'delete':
      return run.stop.noNewChanges ? { status: 'cancelled' } : remove(run, change)
    default:
      return change satisfies never
  }
}

// Costs no request unless it was in progress when it was read.
function keep(run: ApplyRun, change: ChangeOf<'keep'>): Outcome | Promise<Outcome> {
  const awaited = run.dependents.isAwaited(change)
  if (change.live.status === 'AVAILABLE' || !(awaited || run.options.wait)) return { status: 'kept' }
  if (change.live.status === 'FAILED') return failed(failedStatus(change.live))
  if (run.stop.noNewChanges) return { status: 'cancelled' }
  return run
    .wait(change, { target: change.target, for: 'available', urgent: awaited })
    .then((end) => waitOutcome(run, end, 'available', { status: 'kept' }, { status: 'cancelled' }))
}

async function ensure(run: ApplyRun, change: ChangeOf<'create'> | ChangeOf<'update'>): Promise<Outcome> {
  const secrets = resolvedSecrets(change)
  if (!Array.isArray(secrets)) return failed(missingSecret(secrets.missing))
  const trouble = change.action === 'create' ? await untilGone(run, change) : await untilIdle(run, change)
  if (trouble !== undefined) return trouble
  const before = run.guard.lastRead(change)
  const body = { spec: inFileOrder(change.desired, change.spec), secrets }
  const written = await write(run, change, (check) =>
    run.remote.put(change.target, body, run.stop.noRequests, check),
  )
  if (written.type === 'ended') return written.outcome
  if (written.type === 'recreated') return takeBack(run, change)
  const answer = decodeLive(change.target, written.value)
  if (change.action === 'update' && (written.value.created === true || isAnother(change.live, answer))) {
    return isTheirs(written, answer) ? failed(overwritten(answer)) : takeBack(run, change)
  }
  if (change.action === 'create' && hasRecreated(run, change, answer)) return takeBack(run, change)
  const { status } = answer
  // The answer to an update may still show the status from before it; a new resource has no earlier one.
  if (status === 'AVAILABLE' && change.action === 'create') {
    run.parents.ready(change.target)
    return { status: 'applied' }
  }
  const awaited = run.dependents.isAwaited(change)
  if (!awaited && !run.options.wait) return unconfirmed('no-wait')
  const end = await run.wait(change, {
    target: change.target,
    for: 'available',
    urgent: awaited,
    firstRead: 'soon',
    missingGraceMs: MISSING_GRACE_MS,
    ...(before === undefined || change.action === 'create'
      ? {}
      : { isOutdated: outdatedReads(before, answer) }),
  })
  if (end.type === 'available') run.parents.ready(change.target)
  // An answer without dates could not show it. Other content is what others created after the update.
  if (change.action === 'update' && answer.metadata.createdDate === undefined && 'live' in end) {
    const { live } = end
    if (isAnother(change.live, live)) {
      if (!isAsDesired(change, live)) return failed(replaced(live))
      return isTheirs(written, live) ? failed(overwritten(live)) : takeBack(run, change)
    }
  }
  return waitOutcome(run, end, 'available', { status: 'applied' }, unconfirmed('interrupted'))
}

// The update changed what others had created, and created nothing: there is nothing to take back.
function isTheirs(
  { value, maybeWritten }: Extract<Written<WriteAnswer>, { type: 'accepted' }>,
  now: LiveResource,
): boolean {
  return value.created !== true && existedBefore(now) && !(maybeWritten && isCreatedByItsEditor(now))
}

// What another run of the same files had created was read before the write, and was deleted just before it.
function hasRecreated(run: ApplyRun, change: ChangeOf<'create'>, answer: LiveResource): boolean {
  const seen = run.guard.lastRead(change)
  return (
    seen !== undefined && seen.status !== 'DESTROYING' && isAnother(seen, answer) && !existedBefore(answer)
  )
}

// Sent even when the run has been stopped: it undoes what the run has just done.
async function takeBack(run: ApplyRun, change: WritingChange): Promise<Outcome> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      run.writes += 1
      await run.remote.delete(change.target)
      return failed(recreated('accepted'))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.reason !== 'conflict' || attempt >= MAX_TAKE_BACK_RETRIES) {
        return failed(recreated(fromApiError(error, change)))
      }
      await run.pause(TAKE_BACK_PAUSE_MS, attempt)
    }
  }
}

interface ResolvedSecret {
  readonly path: readonly string[]
  readonly value: Secret
}

// A PUT without a secret might clear it, so there is no such PUT.
function resolvedSecrets(
  change: ChangeOf<'create'> | ChangeOf<'update'>,
): ResolvedSecret[] | { readonly missing: string[] } {
  const resolved: ResolvedSecret[] = []
  const missing: string[] = []
  for (const { path, value, reference } of change.desired.secrets) {
    if (value === null) missing.push(`${path.join('.')} (${describeReference(reference)})`)
    else resolved.push({ path, value })
  }
  return missing.length > 0 ? { missing } : resolved
}

// The same id is still on its way out.
async function untilGone(run: ApplyRun, change: ChangeOf<'create'>): Promise<Outcome | undefined> {
  if (change.leaving === undefined) return undefined
  const end = await run.wait(change, { target: change.target, for: 'gone' })
  return end.type === 'gone'
    ? undefined
    : waitOutcome(run, end, 'gone', { status: 'applied' }, { status: 'cancelled' })
}

// In progress when it was read: waits until it is idle. FAILED counts as idle, since the PUT is its repair.
async function untilIdle(run: ApplyRun, change: ChangeOf<'update'>): Promise<Outcome | undefined> {
  if (change.live.status === 'AVAILABLE' || change.live.status === 'FAILED') return undefined
  const end = await run.wait(change, { target: change.target, for: 'available' })
  if (end.type === 'available' || end.type === 'failed') return undefined
  if (end.type === 'missing') {
    // A PUT would bring it back to life, which no one has agreed to.
    return failed({ reason: 'not-found', ...GONE })
  }
  return waitOutcome(run, end, 'available', { status: 'applied' }, { status: 'cancelled' })
}

async function remove(run: ApplyRun, change: ChangeOf<'delete'>): Promise<Outcome> {
  const awaited = run.dependents.isAwaited(change)
  const gone = {
    target: change.target,
    for: 'gone',
    urgent: awaited,
  } as const
  if (change.reason.code === 'destroying') {
    const end = await run.wait(change, gone)
    return waitOutcome(run, end, 'gone', { status: 'applied' }, { status: 'cancelled' })
  }
  await untilParentIdle(run, change)
  const written = await write(run, change, (check) =>
    run.remote.delete(change.target, run.stop.noRequests, check),
  )
  if (written.type === 'ended') return written.outcome
  if (written.type === 'recreated') throw new InternalError('a deletion creates nothing')
  if (written.value === 'absent') return { status: 'applied' }
  if (!awaited && !run.options.wait) return unconfirmed('no-wait')
  const end = await run.wait(change, { ...gone, firstRead: 'soon' })
  return waitOutcome(run, end, 'gone', { status: 'applied' }, unconfirmed('interrupted'))
}

// A deletion does not depend on its gateway's change, but waits while the gateway is PROVISIONING.
async function untilParentIdle(run: ApplyRun, change: ChangeOf<'delete'>): Promise<void> {
  const target = parentTarget(change.target)
  const parent = target === undefined ? undefined : run.dependents.find(targetKey(target))
  if (target === undefined || parent === undefined || parent.action === 'create') return
  if (parent.live.status !== 'PROVISIONING') return
  await run.wait(change, { target, for: 'available', on: parent.address })
}

function unconfirmed(why: 'no-wait' | 'interrupted'): Outcome {
  return { status: 'applied', unconfirmed: why }
}
