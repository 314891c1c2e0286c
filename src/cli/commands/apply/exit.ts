import type { ApplyResult, OutcomeError } from '../../../apply/events.ts'
import { EXIT_OF_API_ERROR, type ExitName, exitCode } from '../../exit-codes.ts'

/** The exit code of an apply: 0 only when everything was done and a second look found nothing left. */
export function applyExit(result: ApplyResult, timedOut: boolean): number {
  if (result.interrupted !== undefined)
    return exitCode(result.interrupted === 'SIGINT' ? 'sigint' : 'sigterm')
  const { applied, failed, blocked, cancelled } = result.summary
  if (failed + blocked + cancelled === 0) {
    if (result.verified === 'no' || (result.verified === 'unknown' && timedOut))
      return exitCode('notConverged')
    return exitCode(result.unverified === undefined ? 'ok' : EXIT_OF_REASON[result.unverified.reason])
  }
  if (timedOut) return exitCode('notConverged')
  const reasons = result.outcomes.flatMap(({ outcome }) =>
    outcome.status === 'failed' ? [outcome.error.reason] : [],
  )
  const exits = new Set(reasons.map((reason) => EXIT_OF_REASON[reason]))
  const [only] = exits
  const common = exits.size === 1 ? only : undefined
  // What only takes longer, or has to be mended at the service, is no refusal of a part.
  if (common === 'notConverged') return exitCode(common)
  return exitCode(applied > 0 ? 'partial' : (common ?? 'error'))
}

const EXIT_OF_REASON: Readonly<Record<OutcomeError['reason'], ExitName>> = {
  ...EXIT_OF_API_ERROR,
  'failed-status': 'notConverged',
  'not-ready': 'notConverged',
  stale: 'stale',
  secret: 'invalid',
}
