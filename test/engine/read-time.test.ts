import { expect, test } from 'vitest'
import { apply } from '../../src/apply/apply.ts'
import { readAndPlan } from '../../src/engine/reconcile.ts'
import { recordPlan } from '../../src/plan/saved/plan-record.ts'
import { desiredState } from '../support/desired-builder.ts'
import { FakeRemote } from '../support/fake-remote.ts'
import { CONNECTION } from '../support/plan-builder.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const FILE = desiredState({
  ipsecGateways: [{ name: 'hq', gatewayIP: '203.0.113.10', connections: [CONNECTION] }],
})

/** Plans, waits for the user's answer, applies; the requests of the apply. */
async function requestsAfter(answerMs: number, hasClock: boolean): Promise<readonly string[]> {
  const clock = new VirtualClock()
  const remote = new FakeRemote(clock)
  return clock.run(
    (async () => {
      const { plan } = await readAndPlan(FILE, remote, { plan: {}, ...(hasClock ? { clock } : {}) })
      await clock.sleep(answerMs)
      remote.requests.length = 0
      await apply(plan, remote, { wait: true, waitTimeoutMs: 60_000, clock, random: () => 0.5 })
      return remote.requests.map(({ method }) => method)
    })(),
  )
}

test('an apply right after its plan sends the writes and no further read', async () => {
  expect(await requestsAfter(0, true)).toEqual(['PUT'])
})

test('the time in which the user thinks about the answer counts', async () => {
  expect(await requestsAfter(9000, true)).toEqual(['PUT'])
  expect(await requestsAfter(11_000, true)).toEqual(['GET', 'PUT'])
})

test('a plan that does not know when it was read is checked before each write', async () => {
  expect(await requestsAfter(0, false)).toEqual(['GET', 'PUT'])
})

test('the time of the read begins before the first list, and is not saved', async () => {
  const clock = new VirtualClock()
  const remote = new FakeRemote(clock, { latencyMs: 500 })
  await clock.run(clock.sleep(3000))
  const { plan } = await clock.run(readAndPlan(FILE, remote, { plan: {}, clock }))
  expect(plan.readAt).toBe(3000)
  expect(recordPlan(plan)).not.toHaveProperty('readAt')
})
