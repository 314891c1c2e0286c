import { expect, test } from 'vitest'
import { changedSinceRead, fromApiError, parentLost } from '../../src/apply/outcome-error.ts'
import { ApiError, type ApiErrorReason } from '../../src/model/errors.ts'

const REASONS: readonly ApiErrorReason[] = ['network', 'protocol', 'throttled', 'unavailable', 'aborted']

test.each(
  REASONS,
)('a destroy that ended in %s gets no hint to apply, which would create everything', (reason) => {
  const { hint } = fromApiError(new ApiError({ reason, message: 'no answer', method: 'DELETE', path: '/x' }))
  expect(hint).toContain('run the same command again')
  expect(hint).not.toContain('apply')
})

test('nor is one that found something changed', () => {
  const hints = [
    changedSinceRead('it was changed', undefined, false).hint,
    parentLost('gateway', undefined).hint,
  ]
  for (const hint of hints) expect(hint).toMatch(/vpnctl plan .* then run the same command again$/)
})
