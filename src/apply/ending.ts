import type { ApplyResult, Ending } from './events.ts'

/** How an apply ended, from all that is known of it. */
export function endingOf(result: Omit<ApplyResult, 'ending'>): Ending {
  const { stopped, interrupted, summary, verified, outcomes } = result
  if (interrupted !== undefined || stopped?.type === 'signal') return 'interrupted'
  if (stopped?.type === 'timeout') return 'timed-out'
  const undone = summary.failed + summary.blocked + summary.cancelled
  if (stopped !== undefined || undone > 0) return 'incomplete'
  switch (verified) {
    case 'yes':
      return 'converged'
    case 'no':
      return 'not-converged'
    case 'unknown':
      return 'not-verified'
    case 'skipped':
      // Without a write or a wait, the read that the plan was made from is the last one.
      return summary.applied === 0 && outcomes.every(({ elapsedMs }) => elapsedMs === 0)
        ? 'converged'
        : 'applied'
    default:
      return verified satisfies never
  }
}
