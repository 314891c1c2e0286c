import { expect, test } from 'vitest'
import { renderPlanMarkdown } from '../../src/report/plan/report.ts'
import { renderPlanText } from '../../src/report/plan/text.ts'
import { gateway, liveOf, planOf } from '../support/plan-builder.ts'

// As tfcmt reads a plan.
const CREATED = /^ *# (.*) will be created$/m

test('a headline has the location where changes are in more than one, and stays the sentence that tools read', () => {
  const hq = gateway('hq')
  const berlin = gateway('berlin')
  const far = { ...liveOf(gateway('far')), location: 'de/txl', id: '11111111-1111-4111-8111-111111111111' }
  const two = planOf([hq, berlin], [liveOf(hq), far])
  for (const text of [renderPlanText(two, { color: false }), renderPlanMarkdown(two)]) {
    expect(CREATED.exec(text)?.[1]).toBe('de/fra · wireguardgateways/berlin')
  }
  expect(CREATED.exec(renderPlanText(planOf([hq, berlin], [liveOf(hq)]), { color: false }))?.[1]).toBe(
    'wireguardgateways/berlin',
  )
})
