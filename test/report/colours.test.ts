import { expect, test } from 'vitest'
import { renderPlanText } from '../../src/report/plan/text.ts'
import { gateway, liveOf, peer, planOf } from '../support/plan-builder.ts'

const hq = gateway('hq')
const anna = peer(hq, 'anna')

test('an update is yellow, and what is unmanaged and grants access is red and bold: never the same colour', () => {
  const rogue = liveOf(peer(hq, 'rogue'), {}, { id: '11111111-1111-4111-8111-111111111111' })
  const text = renderPlanText(planOf([hq, anna], [liveOf(hq), liveOf(anna, { description: 'x' }), rogue]), {
    color: true,
  })
  expect(text).toContain('\u001b[33m~ peer hq/anna\u001b[39m')
  expect(text).toContain('\u001b[1m\u001b[31m? peer hq/rogue\u001b[39m\u001b[22m')
})

test('a disruptive change has a sign of its own, bold and yellow, and an update without effects has none', () => {
  const text = (live: Parameters<typeof liveOf>[1]) =>
    renderPlanText(planOf([hq], [liveOf(hq, live)]), { color: true })
  expect(text({ tier: 'PREMIUM' })).toContain(
    '\u001b[1m\u001b[33m! # disruptive: the gateway may be restarted\u001b[39m\u001b[22m\n',
  )
  expect(text({ description: 'x' })).not.toContain('!')
})
