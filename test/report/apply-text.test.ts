import { expect, test } from 'vitest'
import type { ApplyEvent, Outcome } from '../../src/apply/events.ts'
import { renderResult } from '../../src/report/apply/result-text.ts'
import { renderEvent } from '../../src/report/apply/text.ts'
import { createStyle } from '../../src/report/writing/style.ts'
import { resultOf } from '../support/apply-builder.ts'
import { gateway, liveOf, peer, planOf } from '../support/plan-builder.ts'

const style = createStyle({ color: false })
const hq = gateway('hq')
const berlin = gateway('berlin', { gatewayIP: '203.0.113.12' })
const plan = planOf(
  [hq, peer(hq, 'alice'), berlin, peer(berlin, 'carol', { publicKey: 'Y2Fyb2w=' })],
  [
    liveOf(hq),
    liveOf(peer(hq, 'alice'), { allowedIPs: ['10.99.0.9/32'] }),
    liveOf(peer(hq, 'bob', { publicKey: 'Ym9i' })),
  ],
)
const ALICE = 'wireguardgateways/hq/peers/alice'
const BERLIN = 'wireguardgateways/berlin'
const failed: Outcome = {
  status: 'failed',
  error: {
    message: 'the API refused it: "allowedIPs overlap"',
    reason: 'conflict',
    method: 'PUT',
    path: '/wireguardgateways/1/peers/2',
    status: 422,
    attempts: 3,
    requestId: '7d1',
    hint: 'choose another network',
  },
}

function changeOf(address: string) {
  const change = plan.changes.find((each) => each.address === address)
  if (change === undefined) throw new Error(`no change ${address}`)
  return change
}

test('each event is one line with the time since the start; what was kept is not new', () => {
  const change = changeOf(ALICE)
  const render = (event: ApplyEvent) => renderEvent(event, style, { startedAt: 1_000 })
  expect(render({ type: 'started', change, at: 1_000 })).toBe(`[00:00] ~ ${ALICE}: updating`)
  expect(render({ type: 'waiting', change, at: 42_000, for: 'available', elapsedMs: 41_000 })).toBe(
    `[00:41] ~ ${ALICE}: waiting for AVAILABLE, 41s so far`,
  )
  expect(render({ type: 'waiting', change, at: 42_000, for: 'gone', elapsedMs: 500 })).toBe(
    `[00:41] ~ ${ALICE}: waiting until it is gone, 0.5s so far`,
  )
  expect(render({ type: 'retrying', change, at: 3_000, because: 'answer 503\nx', attempt: 2 })).toBe(
    `[00:02] ~ ${ALICE}: attempt 2, because answer 503\\nx`,
  )
  const end = (outcome: Outcome) => render({ type: 'finished', change, at: 9_000, outcome, elapsedMs: 8_000 })
  expect(end({ status: 'applied' })).toBe(`[00:08] ~ ${ALICE}: updated after 8.0s`)
  expect(end(failed)).toBe(
    `[00:08] ~ ${ALICE}: FAILED after 8.0s: the API refused it: "allowedIPs overlap" (PUT /wireguardgateways/1/peers/2 answered 422 after 3 attempts, request id 7d1)`,
  )
  expect(end({ status: 'blocked', by: BERLIN })).toBe(`[00:08] ~ ${ALICE}: not started: needs ${BERLIN}`)
  expect(end({ status: 'cancelled' })).toBe(`[00:08] ~ ${ALICE}: not started: the run was stopped`)
  expect(end({ status: 'kept' })).toBeUndefined()
})

test('a complete apply ends in the line that tools around Terraform look for', () => {
  const result = resultOf(plan, {}, { verified: 'yes', requests: { total: 14, retries: 1 } })
  expect(renderResult(result, style)).toBe(`\
Verified: a follow-up plan shows no changes.
Also: 1 unchanged.
Requests: 14, of which 1 retry.
Apply complete! Resources: 2 added, 1 changed, 1 destroyed.
`)
})

test('a complete apply of some resources says that no others were verified', () => {
  const result = resultOf(plan, {}, { verified: 'yes' })
  expect(renderResult(result, style, { isPartial: true })).toContain(
    'Verified: a follow-up plan of the targets shows no changes.\n',
  )
})

test('a complete destroy says so', () => {
  const result = resultOf(plan, {}, { verified: 'yes' })
  expect(renderResult(result, style, { isDestroy: true })).toContain(
    '\nDestroy complete! Resources: 1 destroyed.\n',
  )
})

test('a failure is followed by a full account, the verdict last', () => {
  const result = resultOf(plan, {
    [ALICE]: failed,
    [BERLIN]: { status: 'failed', error: { message: 'the status is FAILED', reason: 'failed-status' } },
    [`${BERLIN}/peers/carol`]: { status: 'blocked', by: BERLIN },
  })
  expect(renderResult(result, style)).toBe(`\
Applied 1 of 4 changes:
  - wireguardgateways/hq/peers/bob

Failed (2):
  ~ wireguardgateways/hq/peers/alice
      the API refused it: "allowedIPs overlap"
      PUT /wireguardgateways/1/peers/2 answered 422 after 3 attempts, request id 7d1
      --> vpn.yaml:31
      = hint: choose another network
  + wireguardgateways/berlin
      the status is FAILED
      --> vpn.yaml:5

Skipped (1) because a dependency failed:
  + wireguardgateways/berlin/peers/carol  needs wireguardgateways/berlin

Safe to run again: yes. Every write is a PUT or DELETE of a fixed id, and a second run completes the rest.
Also: 1 unchanged.
Writes: 1.
Apply incomplete: 1 applied, 2 failed, 1 skipped.
`)
})

test('what fails for one reason says it once, below all that it concerns', () => {
  const gone: Outcome = {
    status: 'failed',
    error: { message: 'its gateway was deleted', reason: 'changed', hint: 'plan again' },
  }
  const text = renderResult(resultOf(plan, { [ALICE]: gone, [BERLIN]: gone }), style)
  expect(text.split('its gateway was deleted')).toHaveLength(2)
  expect(text.split('plan again')).toHaveLength(2)
  const [, section = ''] = text.split('Failed (2):')
  expect(section.indexOf(ALICE)).toBeGreaterThan(-1)
  expect(section.indexOf(BERLIN)).toBeGreaterThan(-1)
  expect(section.indexOf('its gateway was deleted')).toBeGreaterThan(
    Math.max(section.indexOf(ALICE), section.indexOf(BERLIN)),
  )
})

test('a failed probe is looked into before the next run, which would not wait for the gateway', () => {
  const silent: Outcome = {
    status: 'failed',
    error: { message: 'no answer', reason: 'not-ready', checkFirst: true },
  }
  const text = renderResult(resultOf(plan, { [ALICE]: silent }), style, { again: 'vpnctl apply --probe' })
  expect(text).toContain('Before you run it again: find out why a probe failed.')
  expect(text).not.toContain('Safe to run again')
  expect(text).not.toContain('To continue')
})

test('an interrupted apply says what was not started', () => {
  const cancelled: Outcome = { status: 'cancelled' }
  const result = resultOf(
    plan,
    { [ALICE]: cancelled, [BERLIN]: cancelled, [`${BERLIN}/peers/carol`]: cancelled },
    { interrupted: 'SIGTERM' },
  )
  const text = renderResult(result, style)
  expect(text).toContain(`Not started (3):\n  ~ ${ALICE}\n  + ${BERLIN}\n  + ${BERLIN}/peers/carol\n`)
  expect(text.split('\n').at(-2)).toBe(
    'Apply incomplete (stopped by SIGTERM): 1 applied, 0 failed, 3 not started.',
  )
})

test('an interrupted apply says what it was still waiting for', () => {
  const result = resultOf(
    plan,
    { 'wireguardgateways/hq': { status: 'cancelled' } },
    { interrupted: 'SIGTERM' },
  )
  const text = renderResult(result, style)
  expect(text).toContain(`Still waited for (1):\n  wireguardgateways/hq (AVAILABLE)\n`)
  expect(text).not.toContain('Not started')
  expect(text.split('\n').at(-2)).toMatch(/, 0 failed, 1 still waited for\.$/)
})

test('what was accepted and not waited for is reported as such', () => {
  const outcome: Outcome = { status: 'applied', unconfirmed: 'no-wait' }
  const change = changeOf(ALICE)
  expect(renderEvent({ type: 'finished', change, at: 0, outcome, elapsedMs: 500 }, style)).toBe(
    `~ ${ALICE}: accepted after 0.5s, not waited for`,
  )
  expect(renderResult(resultOf(plan, { [ALICE]: outcome }, { writes: 4 }), style)).toBe(`\
Also: 1 unchanged.
Not waited for: 1; the API accepted it, completion was not checked.
Writes: 4.
Apply complete! Resources: 2 added, 1 changed, 1 destroyed.
`)
})

test('waiting for the gateway names it', () => {
  const event = { type: 'waiting', change: changeOf(ALICE), at: 0, for: 'available', elapsedMs: 900 } as const
  expect(renderEvent({ ...event, on: 'wireguardgateways/hq' }, style)).toBe(
    `~ ${ALICE}: waiting until wireguardgateways/hq is AVAILABLE, 0.9s so far`,
  )
})

test('a run that was stopped says by what, and that it is incomplete though nothing failed', () => {
  const error = {
    message: 'token expired',
    reason: 'unauthenticated',
    method: 'GET',
    path: '/x',
    status: 401,
  } as const
  const byError = renderResult(resultOf(plan, {}, { stopped: { type: 'error', error } }), style)
  expect(byError).toContain('Stopped: token expired\n  GET /x answered 401\n')
  expect(byError).toContain('Apply incomplete (stopped by an error): 4 applied, 0 failed.\n')
  const stale = renderResult(resultOf(plan, {}, { stopped: { type: 'stale', address: ALICE } }), style)
  expect(stale).toContain(`Stopped: ${ALICE} changed since the plan was made.\n`)
  expect(stale).toContain('Apply incomplete (stopped: live has changed)')
})

test('an apply that did not converge says so', () => {
  const leftToDo = [{ address: ALICE, action: 'update' as const }]
  expect(renderResult(resultOf(plan, {}, { verified: 'no', leftToDo }), style)).toContain(
    'Not converged: a follow-up plan shows changes.\n',
  )
})

test('a follow-up plan that is refused is not a success, and the refusal is in the summary', () => {
  const refusals = [
    { severity: 'error', code: 'VPN501', message: 'hq is not ours', hint: 'adopt it' },
  ] as const
  const text = renderResult(resultOf(plan, {}, { verified: 'no', leftToDo: [], refusals }), style)
  expect(text).toContain(
    'The verification plan is refused (1):\n  VPN501: hq is not ours\n    = hint: adopt it\n',
  )
  expect(text).toContain('Not converged: a follow-up plan is refused.\n')
  expect(text.split('\n').at(-2)).toBe('Apply incomplete (not converged): 4 applied, 0 failed.')
})

test('words of the API stay on their line', () => {
  const error = {
    message: 'no\n::error::x\u001b[2J',
    reason: 'rejected',
    path: '/a\nb',
    method: 'PUT',
  } as const
  const text = renderResult(resultOf(plan, { [ALICE]: { status: 'failed', error } }), style)
  expect(text).not.toMatch(/^\s*::/m)
  expect(text).not.toContain('\u001b')
})

test('after a plan that went stale the account sends to a new plan, not to the same command', () => {
  const stale: Outcome = { status: 'failed', error: { message: 'it moved', reason: 'stale' } }
  const render = (outcome: Outcome) =>
    renderResult(resultOf(plan, { [ALICE]: outcome }), style, { again: 'vpnctl apply p.json' })
  expect(render(stale)).toContain('create a new one with vpnctl plan --out FILE')
  expect(render(stale)).not.toContain('To continue: vpnctl apply p.json')
  expect(render(failed)).toContain('To continue: vpnctl apply p.json')
})

test('on a narrow terminal an event and the summary of a run are folded at spaces, the command to copy is not', () => {
  const narrow = createStyle({ color: false, width: 50 })
  const change = changeOf(ALICE)
  const event: ApplyEvent = { type: 'finished', change, at: 4_000, outcome: failed, elapsedMs: 3_000 }
  expect(renderEvent(event, narrow, { startedAt: 1_000 })).toBe(`\
[00:03] ~ wireguardgateways/hq/peers/alice: FAILED
          after 3.0s: the API refused it:
          "allowedIPs overlap" (PUT
          /wireguardgateways/1/peers/2 answered
          422 after 3 attempts, request id 7d1)`)
  const again = 'vpnctl apply -f a/long/path/to/the/files/of/the/estate/ --yes'
  const text = renderResult(resultOf(plan, { [ALICE]: failed }), narrow, { again })
  expect(text).toContain(`To continue: ${again}\n`)
  const wide = text.split('\n').filter((line) => line.length > 50)
  expect(wide).toEqual([`To continue: ${again}`])
})

test('retries are reported where there were any', () => {
  const result = resultOf(plan, {})
  const reported = (retries: number) => renderResult({ ...result, requests: { total: 9, retries } }, style)
  expect(reported(0)).toContain('Requests: 9.\n')
  expect(reported(1)).toContain('Requests: 9, of which 1 retry.\n')
})
