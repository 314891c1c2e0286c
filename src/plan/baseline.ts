import type { DesiredState, LiveState } from '../model/resource.ts'
import { markOrigins } from './changes/origins.ts'
import { leaveDrift } from './leave-drift.ts'
import { plan } from './plan.ts'
import { driftRefusals } from './safety/drift-refusals.ts'
import type { Plan, PlanOptions } from './types.ts'

/** Former files, which separate intended changes from drift. */
export interface Baseline {
  /** As the user named it. */
  readonly name: string
  readonly desired: DesiredState
  /** The files that were applied last, where the baseline is newer. */
  readonly applied?: DesiredState
}

/** {@link plan}, with each difference marked and `onDrift` followed where there is a baseline. Pure. */
export function planFrom(
  baseline: Baseline | undefined,
  desired: DesiredState,
  live: LiveState,
  options: Partial<PlanOptions>,
): Plan {
  if (baseline === undefined) {
    // To ignore it would undo what it protects.
    if (options.onDrift === 'refuse' || options.onDrift === 'leave') {
      throw new TypeError(`onDrift "${options.onDrift}" needs a baseline`)
    }
    return plan(desired, live, options)
  }
  const base = plan(baseline.desired, live, options)
  const applied = baseline.applied === undefined ? {} : { applied: plan(baseline.applied, live, options) }
  const mark = (wanted: DesiredState): Plan =>
    markOrigins(plan(wanted, live, options), { base, ...applied }, baseline.name)
  const marked = mark(desired)
  switch (options.onDrift) {
    case 'refuse':
      return { ...marked, refusals: [...marked.refusals, ...driftRefusals(marked)] }
    case 'leave': {
      const { kept, left, refusals, ids } = leaveDrift(desired, marked)
      const rest = left.length === 0 ? marked : mark(kept)
      // What it leaves is set aside for this run, and no entry of the files.
      const released = rest.released.filter(({ id }) => !ids.has(id))
      return { ...rest, released, left, refusals: [...rest.refusals, ...refusals] }
    }
    default:
      return marked
  }
}
