import { requestsOf } from '../apply/apply.ts'
import { endingOf } from '../apply/ending.ts'
import type { ApplyResult, LeftToDo, Verification } from '../apply/events.ts'
import { fromApiError } from '../apply/outcome-error.ts'
import { interruptionOf, stoppedBy } from '../apply/stop.ts'
import { classOf } from '../model/codes.ts'
import { ApiError } from '../model/errors.ts'
import { optional } from '../model/optional.ts'
import type { Remote } from '../model/remote.ts'
import type { DesiredState } from '../model/resource.ts'
import { lastChangeOf } from '../plan/changes/last-change.ts'
import type { Change, Plan } from '../plan/types.ts'
import { hasWrites, type ReadAndPlanOptions, readAndPlan } from './reconcile.ts'

/**
 * Reads live and plans once more after an apply, with the options of its plan: the same targets and the same prune
 * setting. Sends reads only. Never throws {@link ApiError}: what was applied has to be reported whatever becomes of
 * the verification. A result with something undone, or without a write, is returned as it is.
 */
export async function verify(
  result: ApplyResult,
  desired: DesiredState,
  remote: Remote,
  options: ReadAndPlanOptions,
): Promise<ApplyResult> {
  if (result.ending !== 'applied' || !isConfirmed(result)) return result
  const { signal } = options
  const verification: Verification =
    signal?.aborted === true ? { verified: 'skipped' } : await checkPastLag(result, desired, remote, options)
  const isCut = signal?.aborted === true && verification.verified !== 'yes' && verification.verified !== 'no'
  const verified = {
    ...result,
    ...verification,
    ...(isCut ? { stopped: stoppedBy(signal), ...interruptionOf(signal) } : {}),
    ...requestsOf(remote),
  }
  return { ...verified, ending: endingOf(verified) }
}

// What was accepted and not seen to its end need not be live yet.
function isConfirmed({ outcomes }: ApplyResult): boolean {
  return outcomes.every(({ outcome }) => outcome.status !== 'applied' || outcome.unconfirmed === undefined)
}

/** Pauses before a verification read is repeated: reads may lag behind writes. */
const LAG_PAUSES_MS = [500, 1500, 3000, 5000]

// What this run has written and live still shows as it was before is read again, for some seconds.
async function checkPastLag(
  result: ApplyResult,
  desired: DesiredState,
  remote: Remote,
  options: ReadAndPlanOptions,
): Promise<Verification> {
  const { clock, signal } = options
  const written = new Map(
    result.outcomes.flatMap(({ change, outcome }) =>
      outcome.status === 'applied' ? [[change.key, change] as const] : [],
    ),
  )
  for (let attempt = 0; ; attempt += 1) {
    const verification = await check(desired, remote, options)
    const pauseMs = LAG_PAUSES_MS[attempt]
    if (pauseMs === undefined || clock === undefined || !isOutdated(verification, written))
      return verification
    await clock.sleep(pauseMs, signal)
    if (signal?.aborted === true) return verification
  }
}

// Someone else's change has a later date, and what they created has another.
function isOutdated({ followUp, refusals }: Verification, written: ReadonlyMap<string, Change>): boolean {
  if (followUp === undefined || refusals !== undefined) return false
  return followUp.changes.some((left) => {
    const before = written.get(left.key)
    if (before === undefined || left.action !== before.action) return false
    if (left.action === 'create') return true
    if (!('live' in left) || !('live' in before)) return false
    const [is, was] = [left.live.metadata, before.live.metadata]
    return (
      was.createdDate !== undefined &&
      is.createdDate === was.createdDate &&
      is.lastModifiedDate === was.lastModifiedDate
    )
  })
}

async function check(
  desired: DesiredState,
  remote: Remote,
  options: ReadAndPlanOptions,
): Promise<Verification> {
  try {
    // What was sent because it cannot be compared would be sent again for ever. Drift since then is left to do.
    const { onDrift, ...settings } = options.plan
    const { plan } = await readAndPlan(desired, remote, {
      ...options,
      plan: { ...settings, resendSecrets: [], ...(onDrift === 'leave' ? { onDrift } : {}) },
    })
    // Each target matched something in the plan that was applied; with a deletion, it matches nothing afterwards.
    const refusals = plan.refusals.filter(({ code }) => classOf(code) !== 'target')
    if (!hasWrites(plan) && refusals.length === 0) return { verified: 'yes' }
    return {
      verified: 'no',
      leftToDo: leftToDo(plan),
      ...(refusals.length === 0 ? {} : { refusals }),
      followUp: plan,
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { verified: 'unknown', unverified: fromApiError(error) }
  }
}

function leftToDo(plan: Plan): readonly LeftToDo[] {
  return plan.changes.flatMap((change) => {
    if (change.action !== 'create' && change.action !== 'update' && change.action !== 'delete') return []
    return [{ address: change.address, action: change.action, ...lastChange(change) }]
  })
}

// Who changed it after this run, as far as the API says so.
function lastChange(change: Change): Pick<LeftToDo, 'changedBy' | 'changedAt'> {
  const { by, at } = lastChangeOf(change)
  return { ...optional({ changedBy: by, changedAt: at }) }
}
