import type { Outcome } from './events.ts'
import { beingDestroyed, failed, failedStatus, fromApiError, notReady, notShown } from './outcome-error.ts'
import type { ApplyRun } from './run.ts'
import type { WaitEnd } from './wait-end.ts'

/** The outcome of a change whose wait has ended. */
export function waitOutcome(
  run: ApplyRun,
  end: WaitEnd,
  wanted: 'available' | 'gone',
  done: Outcome,
  stopped: Outcome,
): Outcome {
  switch (end.type) {
    case 'available':
    case 'gone':
      return done
    case 'failed':
      return failed(failedStatus(end.live))
    case 'destroying':
      return failed(beingDestroyed(end.live))
    case 'missing':
      return failed(notShown(end.status))
    case 'timeout':
      return failed(notReady(wanted, run.options.waitTimeoutMs, end.status))
    case 'parent-lost':
      return failed(end.error)
    case 'error': {
      const error = fromApiError(end.error)
      return failed({ ...error, message: `its status cannot be read: ${error.message}` })
    }
    case 'stopped':
      return stopped
    default:
      return end satisfies never
  }
}
