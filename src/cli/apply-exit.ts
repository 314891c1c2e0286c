import type { ApplyResult, OutcomeError } from '../apply/events.ts'
import { type ExitName, exitCode } from './exit-codes.ts'

/** The exit code of an apply: 0 only when everything was done and a second look found nothing left. */
export function applyExit(result: ApplyResult, timedOut: boolean): number {
  if (result.interrupted !== undefined)
    return exitCode(result.interrupted === 'SIGINT' ? 'sigint' : 'sigterm')
  const { applied, failed, blocked, cancelled } = result.summary
  if (failed + blocked + cancelled === 0) return exitCode(result.verified === 'no' ? 'notConverged' : 'ok')
  if (applied > 0) return exitCode('partial')
  if (timedOut) return exitCode('notConverged')
  const reasons = result.outcomes.flatMap(({ outcome }) =>
    outcome.status === 'failed' ? [outcome.error.reason] : [],
  )
  const exits = new Set(reasons.map((reason) => EXIT_OF_REASON[reason]))
  const [only] = exits
  return exitCode(exits.size === 1 && only !== undefined ? only : 'error')
}

const EXIT_OF_REASON: Readonly<Record<OutcomeError['reason'], ExitName>> = {
  network: 'unreachable',
  protocol: 'unreachable',
  unauthenticated: 'denied',
  forbidden: 'denied',
  'not-found': 'error',
  conflict: 'error',
  rejected: 'error',
  throttled: 'unreachable',
  unavailable: 'unreachable',
  aborted: 'notConverged',
  'failed-status': 'notConverged',
  'not-ready': 'notConverged',
  stale: 'stale',
  secret: 'invalid',
}
