import { expect, test } from 'vitest'
import type { Outcome } from '../../src/apply/events.ts'
import { applyExit } from '../../src/cli/commands/apply/exit.ts'
import { resultOf } from '../support/apply-builder.ts'
import { gateway, planOf } from '../support/plan-builder.ts'

const plan = planOf([gateway('hq'), gateway('berlin', { gatewayIP: '203.0.113.12' })], [])
const failed = (reason: 'changed' | 'stale' | 'rejected'): Outcome => ({
  status: 'failed',
  error: { message: 'not written', reason },
})
const HQ = 'wireguardgateways/hq'
const BERLIN = 'wireguardgateways/berlin'

test('what others changed since the read asks for the same run again, whether or not the rest was applied', () => {
  expect(applyExit(resultOf(plan, { [HQ]: failed('changed') }))).toBe(9)
  expect(applyExit(resultOf(plan, { [HQ]: failed('changed'), [BERLIN]: failed('changed') }))).toBe(9)
})

test('next to another failure it does not hide that one', () => {
  expect(applyExit(resultOf(plan, { [HQ]: failed('changed'), [BERLIN]: failed('rejected') }))).toBe(1)
})

test('with a saved plan it is stale where nothing was applied', () => {
  expect(applyExit(resultOf(plan, { [HQ]: failed('stale'), [BERLIN]: failed('stale') }))).toBe(7)
})
