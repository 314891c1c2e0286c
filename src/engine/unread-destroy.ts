import type { ApplyResult } from '../apply/events.ts'
import type { UnreadLocation } from '../model/resource.ts'

/**
 * The result of a `destroy` that could not read every location: what is left there is not destroyed, so it has not
 * converged. Any other ending says more, and stays.
 */
export function withUnread(result: ApplyResult, unread: readonly UnreadLocation[] = []): ApplyResult {
  const [first] = unread
  if (first === undefined || (result.ending !== 'converged' && result.ending !== 'applied')) return result
  const names = unread.map(({ location }) => location).join(', ')
  return {
    ...result,
    ending: 'not-verified',
    verified: 'unknown',
    unverified: {
      reason: 'not-ready',
      message: `not read: ${names}; what this stack left there is not destroyed (${first.message})`,
      hint: 'make the location reachable and run it again, or name the locations to read: --only-location',
    },
  }
}
