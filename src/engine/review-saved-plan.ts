import { optional } from '../model/optional.ts'
import type { Remote } from '../model/remote.ts'
import type { DesiredState } from '../model/resource.ts'
import { writingChanges } from '../plan/saved/digest.ts'
import { restorePlan } from '../plan/saved/plan-record.ts'
import type { SavedPlan } from '../plan/saved/saved-plan.ts'
import { type Difference, differencesBetween } from '../plan/saved/staleness.ts'
import type { Plan } from '../plan/types.ts'
import { type ReadAndPlanOptions, readAndPlan } from './reconcile.ts'

/** What may be done with a saved plan. In each case `plan` is the plan of today: nothing else is ever applied. */
export type SavedPlanReview =
  /** The plan of today does what was saved; `withheld` names what it would do beyond that, and must not. */
  | {
      readonly type: 'apply'
      readonly plan: Plan
      readonly differences: readonly Difference[]
      readonly withheld: ReadonlySet<string>
    }
  | { readonly type: 'stale'; readonly plan: Plan; readonly differences: readonly Difference[] }
  /** A safety rule refuses the plan of today. */
  | { readonly type: 'refused'; readonly plan: Plan }

/** How a saved plan is compared with today. */
export type ReviewOptions = Omit<ReadAndPlanOptions, 'plan' | 'locations' | 'onlyLocations'> & {
  /** `skip`: apply what is the same today, and nothing else. */
  readonly onStale: 'abort' | 'skip'
}

/** The locations that a saved plan is planned with again, in addition to those of the files. */
export function locationsOfSaved({
  locations,
  onlyLocations,
}: SavedPlan): Pick<ReadAndPlanOptions, 'locations' | 'onlyLocations'> {
  return { locations, ...optional({ onlyLocations }) }
}

/**
 * Plans again, with the options of the saved plan, and compares change by change. A saved plan is a promise and no
 * order: only what the files and live ask for today is applied, and of that only what the saved plan says too. Sends
 * reads only; throws {@link ApiError}.
 */
export async function reviewSavedPlan(
  saved: SavedPlan,
  desired: DesiredState,
  remote: Remote,
  { onStale, ...options }: ReviewOptions,
): Promise<SavedPlanReview> {
  const { plan } = await readAndPlan(desired, remote, {
    ...options,
    ...locationsOfSaved(saved),
    plan: saved.options,
  })
  // The options are those of the file's head, which an older version wrote there alone.
  const differences = differencesBetween({ ...restorePlan(saved.plan), options: saved.options }, plan)
  if (differences.length > 0 && onStale === 'abort') return { type: 'stale', plan, differences }
  if (plan.refusals.length > 0) return { type: 'refused', plan }
  const different = new Set(differences.map(({ key }) => key))
  const withheld = writingChanges(plan).flatMap(({ key }) => (different.has(key) ? [key] : []))
  return { type: 'apply', plan, differences, withheld: new Set(withheld) }
}

/** Why a saved plan must not be applied here, whatever is live: a sentence; undefined when it may. */
export function savedPlanProblem(
  saved: SavedPlan,
  { stack, endpointOf }: { readonly stack: string; readonly endpointOf: (location: string) => string },
): { readonly problem: string; readonly hint?: string } | undefined {
  if (saved.stack !== stack) {
    return { problem: `is a plan for the stack "${saved.stack}", and the files are of "${stack}"` }
  }
  for (const [location, endpoint] of Object.entries(saved.endpoints)) {
    const now = endpointOf(location)
    if (now === endpoint) continue
    return {
      problem: `was made for ${endpoint}, and this run would talk to ${now}`,
      hint: 'give the same --endpoint, or plan again',
    }
  }
  return undefined
}
