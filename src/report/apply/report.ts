import type { ApplyResult, Outcome } from '../../apply/events.ts'
import { optional } from '../../model/optional.ts'
import type { Change, LeftDrift } from '../../plan/types.ts'
import { diagnosticRemark } from '../diagnostics/report.ts'
import type { Remark, Report, TestCase } from '../report.ts'
import { createStyle } from '../writing/style.ts'
import { placeOf } from '../writing/words.ts'
import { applyDocument } from './json.ts'
import { outcomeErrorText } from './outcome-text.ts'
import { type ResultTextOptions, renderResult } from './result-text.ts'

/** How an apply ended, for every format. */
export function applyReport(
  result: ApplyResult,
  { left, ...options }: ResultTextOptions & { readonly left?: readonly LeftDrift[] | undefined } = {},
): Report {
  return {
    subject: 'apply',
    remarks: remarksOf(result),
    facts: [
      ['ending', result.ending],
      ...Object.entries(result.summary).map(([name, count]) => [name, String(count)] as const),
      ['writes', String(result.writes)],
      ['verified', result.verified],
    ],
    text: (text) =>
      renderResult(result, createStyle(text), { ...options, ...optional({ inputs: text.inputs }) }),
    document: () => applyDocument(result, left),
    tests: () => ({ name: `vpnctl apply ${result.stack}`, cases: result.outcomes.map(testCase) }),
  }
}

function remarksOf({ outcomes, stopped, unverified, refusals = [] }: ApplyResult): readonly Remark[] {
  const ended = [
    ...(stopped?.type === 'error'
      ? [{ severity: 'error', what: 'stopped', error: stopped.error } as const]
      : []),
    ...(unverified === undefined
      ? []
      : [{ severity: 'warning', what: 'not verified', error: unverified } as const]),
  ]
  return [
    ...outcomes.flatMap(({ change, outcome }) =>
      outcome.status === 'failed' ? [failure(change, outcome)] : [],
    ),
    ...ended.map(
      ({ severity, what, error }): Remark => ({
        severity,
        code: `apply-${what.replace(' ', '-')}`,
        title: `apply: ${what}`,
        message: outcomeErrorText(error),
        ...optional({ hint: error.hint }),
      }),
    ),
    ...refusals.map(diagnosticRemark),
  ]
}

function failure(change: Change, { error }: Extract<Outcome, { status: 'failed' }>): Remark {
  const at = placeOf(change)
  return {
    severity: 'error',
    code: 'apply-failed',
    title: 'apply: failed',
    message: `${change.address}: ${outcomeErrorText(error)}`,
    address: change.address,
    ...optional({ hint: error.hint, at }),
  }
}

function testCase({ change, outcome }: ApplyResult['outcomes'][number]): TestCase {
  const common = { kind: change.target.kind.name, name: change.address }
  switch (outcome.status) {
    case 'kept':
    case 'applied':
      return common
    case 'failed': {
      const message = outcomeErrorText(outcome.error)
      const details = [message, ...(outcome.error.hint === undefined ? [] : [`hint: ${outcome.error.hint}`])]
      return { ...common, failure: { type: outcome.error.reason, message, details: details.join('\n') } }
    }
    case 'blocked':
      return { ...common, skipped: `needs ${outcome.by}` }
    case 'cancelled':
      return { ...common, skipped: 'not started: the run was stopped' }
    default:
      return outcome satisfies never
  }
}
