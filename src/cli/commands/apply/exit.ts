import type { ApplyResult, OutcomeError } from '../../../apply/events.ts'
import { EXIT_OF_API_ERROR, EXIT_OF_SIGNAL, type ExitName, exitCode } from '../../exit-codes.ts'

/** The exit code of an apply, from its ending. */
export function applyExit(result: ApplyResult): number {
  const { ending } = result
  switch (ending) {
    case 'converged':
    case 'applied':
      return exitCode('ok')
    case 'not-converged':
    case 'timed-out':
      return exitCode('notConverged')
    case 'not-verified':
      return exitCode(EXIT_OF_REASON[result.unverified?.reason ?? 'unavailable'])
    case 'interrupted':
      return exitCode(EXIT_OF_SIGNAL[result.interrupted ?? 'SIGINT'])
    case 'incomplete':
      return exitCode(exitOfFailures(result))
    default:
      return ending satisfies never
  }
}

function exitOfFailures({ outcomes, summary }: ApplyResult): ExitName {
  const reasons = outcomes.flatMap(({ outcome }) =>
    outcome.status === 'failed' ? [outcome.error.reason] : [],
  )
  const exits = new Set(reasons.map((reason) => EXIT_OF_REASON[reason]))
  const [only] = exits
  const common = exits.size === 1 ? only : undefined
  // What only takes longer, or has to be fixed at the service, is not a refusal of a part.
  if (common === 'notConverged') return common
  return summary.applied > 0 ? 'partial' : (common ?? 'error')
}

const EXIT_OF_REASON: Readonly<Record<OutcomeError['reason'], ExitName>> = {
  ...EXIT_OF_API_ERROR,
  'failed-status': 'notConverged',
  'not-ready': 'notConverged',
  stale: 'stale',
  changed: 'notConverged',
  secret: 'invalid',
}

/** Flags with a limit that ended the run, and would end the next one too. */
export function reachedLimits({ ending, outcomes }: ApplyResult): readonly string[] {
  const isLate = outcomes.some(
    ({ outcome }) => outcome.status === 'failed' && outcome.error.reason === 'not-ready',
  )
  return [...(ending === 'timed-out' ? ['--timeout'] : []), ...(isLate ? ['--wait-timeout'] : [])]
}
