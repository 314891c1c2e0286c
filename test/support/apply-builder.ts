import { endingOf } from '../../src/apply/ending.ts'
import type { ApplyResult, Outcome } from '../../src/apply/events.ts'
import type { Change, Plan } from '../../src/plan/types.ts'

/** An apply that ended as given for each address; what is not given was applied, keeps were kept, unmanaged ones have none. */
export function resultOf(
  plan: Plan,
  outcomes: Readonly<Record<string, Outcome>>,
  more: Partial<ApplyResult> = {},
): ApplyResult {
  const managed = plan.changes.filter((change) => change.action !== 'unmanaged')
  const entries = managed.map((change) => ({
    change,
    outcome: outcomes[change.address] ?? usual(change),
    elapsedMs: 1500,
  }))
  const summary = { applied: 0, failed: 0, blocked: 0, cancelled: 0, kept: 0 }
  for (const { outcome } of entries) summary[outcome.status] += 1
  const result = {
    stack: plan.stack,
    outcomes: entries,
    summary,
    writes: summary.applied,
    verified: 'skipped' as const,
    ...more,
  }
  return { ...result, ending: endingOf(result) }
}

function usual(change: Change): Outcome {
  return { status: change.action === 'keep' ? 'kept' : 'applied' }
}
