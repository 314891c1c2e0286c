import type { Remote } from '../model/remote.ts'
import type { DesiredState, LiveState } from '../model/resource.ts'
import { type Baseline, planFrom } from '../plan/baseline.ts'
import type { Plan, PlanOptions } from '../plan/types.ts'
import { type ReadLiveOptions, readLive } from './read-live.ts'

/** What to read, and how to plan. */
export interface ReadAndPlanOptions extends ReadLiveOptions {
  readonly plan: Partial<PlanOptions>
  /** Former files: the plan separates intended changes from drift. */
  readonly baseline?: Baseline
}

/** What is live and what it takes to get from there to the desired state. */
export interface LiveAndPlan {
  readonly live: LiveState
  readonly plan: Plan
}

/** Reads the locations of the desired state and plans. Sends reads only; throws {@link ApiError}. */
export async function readAndPlan(
  desired: DesiredState,
  remote: Remote,
  options: ReadAndPlanOptions,
): Promise<LiveAndPlan> {
  const live = await readLive(desired, remote, options)
  const asOf = options.clock === undefined ? {} : { asOf: new Date(options.clock.now()).toISOString() }
  return { live, plan: planFrom(options.baseline, desired, live, { ...options.plan, ...asOf }) }
}

/** True when the plan contains something to write. */
export function hasWrites(plan: Plan): boolean {
  return plan.summary.create + plan.summary.update + plan.summary.delete > 0
}
