import type { ApplyResult, LeftToDo, Verification } from '../../../apply/events.ts'
import { fromApiError } from '../../../apply/outcome-error.ts'
import { hasWrites, type ReadAndPlanOptions, readAndPlan } from '../../../engine/reconcile.ts'
import { ApiError } from '../../../model/errors.ts'
import type { Remote } from '../../../model/remote.ts'
import type { DesiredState } from '../../../model/resource.ts'
import type { Change, Plan } from '../../../plan/types.ts'

/** What a second look found, and the plan that it made where there is something left to do. */
export interface SecondLook {
  readonly verification: Verification
  readonly plan?: Plan
}

/**
 * Plans once more after the writes. Costs reads only. Never throws {@link ApiError}: what was applied has to be told
 * whatever becomes of the second look.
 */
export async function lookAgain(
  desired: DesiredState,
  remote: Remote,
  options: ReadAndPlanOptions,
): Promise<SecondLook> {
  try {
    // What was sent because it cannot be compared would be sent for ever.
    const { plan } = await readAndPlan(desired, remote, {
      ...options,
      plan: { ...options.plan, resendSecrets: [] },
    })
    return hasWrites(plan)
      ? { verification: { verified: 'no', leftToDo: leftToDo(plan) }, plan }
      : { verification: { verified: 'yes' } }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { verification: { verified: 'unknown', unverified: fromApiError(error) } }
  }
}

/** Whether a second look can find nothing left to do: everything was done, and seen to its end. */
export function canBeVerified({ summary, outcomes }: ApplyResult): boolean {
  const undone = summary.failed + summary.blocked + summary.cancelled
  return (
    summary.applied > 0 &&
    undone === 0 &&
    outcomes.every(({ outcome }) => outcome.status !== 'applied' || outcome.unconfirmed === undefined)
  )
}

function leftToDo(plan: Plan): readonly LeftToDo[] {
  return plan.changes.flatMap((change) => {
    if (change.action !== 'create' && change.action !== 'update' && change.action !== 'delete') return []
    return [{ address: change.address, action: change.action, ...lastHand(change) }]
  })
}

// Who was there after us, as far as the API says so.
function lastHand(change: Change): Pick<LeftToDo, 'changedBy' | 'changedAt'> {
  if (change.action === 'create') return {}
  const { lastModifiedBy, lastModifiedDate, createdBy, createdDate } = change.live.metadata
  const who = lastModifiedBy ?? createdBy
  const when = lastModifiedDate ?? createdDate
  return {
    ...(who === undefined ? {} : { changedBy: who }),
    ...(when === undefined ? {} : { changedAt: when }),
  }
}
