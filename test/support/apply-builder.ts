import type { ApplyResult, Outcome } from '../../src/apply/events.ts'
import type { Change, Plan } from '../../src/plan/types.ts'

/** An apply that ended as told for each address; what is not told was applied, keeps were kept. */
export function resultOf(
  plan: Plan,
  outcomes: Readonly<Record<string, Outcome>>,
  more: Partial<ApplyResult> = {},
): ApplyResult {
  const entries = plan.changes.map((change) => ({
    change,
    outcome: outcomes[change.address] ?? usual(change),
    elapsedMs: 1500,
  }))
  const summary = { applied: 0, failed: 0, blocked: 0, cancelled: 0, kept: 0 }
  for (const { outcome } of entries) summary[outcome.status] += 1
  return { stack: plan.stack, outcomes: entries, summary, ...more }
}

function usual(change: Change): Outcome {
  return { status: change.action === 'keep' || change.action === 'unmanaged' ? 'kept' : 'applied' }
}
