import { expect, test } from 'vitest'
import { apply } from '../../src/apply/apply.ts'
import type { ApplyResult } from '../../src/apply/events.ts'
import { startDeadline } from '../../src/engine/deadline.ts'
import { readAndPlan } from '../../src/engine/reconcile.ts'
import { verify } from '../../src/engine/verify.ts'
import { ipsecGateway } from '../../src/kinds/ipsec/gateway.ts'
import type { Target } from '../../src/model/resource.ts'
import type { PlanOptions } from '../../src/plan/types.ts'
import { desiredState } from '../support/desired-builder.ts'
import { apiError, FakeRemote } from '../support/fake-remote.ts'
import { listsFor } from '../support/lists.ts'
import { CONNECTION } from '../support/plan-builder.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const FILE = desiredState({
  ipsecGateways: [
    { name: 'hq', gatewayIP: '203.0.113.10', connections: [CONNECTION] },
    {
      name: 'lab',
      gatewayIP: '203.0.113.11',
      connections: [{ ...CONNECTION, ipv4CIDR: '192.168.1.101/24' }],
    },
  ],
})
const HQ = 'ipsecgateways/hq'
const UNOWNED_ID = '11111111-1111-4111-8111-111111111111'

type Meanwhile = (hq: Target, stop: (signal: string) => void) => void | Promise<void>

interface World {
  readonly clock: VirtualClock
  readonly remote: FakeRemote
}

/** Plans, applies, lets `meanwhile` happen, verifies. */
async function run(
  world: World,
  {
    plan = {},
    meanwhile = () => undefined,
    timeoutMs = 3_600_000,
  }: { plan?: Partial<PlanOptions>; meanwhile?: Meanwhile; timeoutMs?: number } = {},
): Promise<ApplyResult> {
  const { clock, remote } = world
  const deadline = startDeadline(clock, timeoutMs)
  const stopping = new AbortController()
  const signal = AbortSignal.any([stopping.signal, deadline.signal])
  return clock.run(
    (async () => {
      const options = { plan, signal, clock }
      const { plan: changes } = await readAndPlan(FILE, remote, options)
      const result = await apply(changes, remote, {
        wait: true,
        waitTimeoutMs: 1_800_000,
        clock,
        random: () => 0.5,
        onStale: 'abort',
        signal,
      })
      const hq = changes.changes.find(({ address }) => address === HQ)
      if (hq === undefined) throw new Error('no hq')
      await meanwhile(hq.target, (by) => stopping.abort(by))
      const verified = await verify(result, FILE, remote, options)
      deadline.end()
      return verified
    })(),
  )
}

function world(options: ConstructorParameters<typeof FakeRemote>[1] = {}): World {
  const clock = new VirtualClock()
  return { clock, remote: new FakeRemote(clock, options) }
}

test('what is as the files say at the read after the writes has converged', async () => {
  expect(await run(world())).toMatchObject({ verified: 'yes', ending: 'converged', writes: 2 })
})

test('a plan without a write has converged by the read that it was made from', async () => {
  const around = world()
  await run(around)
  const before = around.remote.requests.length
  expect(await run(around)).toMatchObject({ verified: 'skipped', ending: 'converged', writes: 0 })
  expect(around.remote.requests.length - before).toBe(listsFor([ipsecGateway, 2]).length)
})

test('a gateway that someone replaced by their own of the same name has not converged', async () => {
  const around = world()
  const result = await run(around, {
    meanwhile: (hq) => {
      void around.remote.delete(hq)
      around.remote.seed(
        { ...hq, id: UNOWNED_ID },
        { name: 'hq', gatewayIP: '203.0.113.99', connections: [] },
      )
    },
  })
  expect(result).toMatchObject({ verified: 'no', ending: 'not-converged', leftToDo: [] })
  expect(result.refusals?.map(({ severity }) => severity)).toEqual(['error'])
  expect(result.followUp?.refusals).toEqual(result.refusals)
})

test('an edit of someone else after the write has not converged, and is named', async () => {
  const around = world()
  const result = await run(around, {
    meanwhile: (hq) =>
      around.remote.seed(
        hq,
        { name: 'hq', gatewayIP: '203.0.113.10', connections: [] },
        { lastModifiedBy: 'eve' },
      ),
  })
  expect(result).toMatchObject({
    verified: 'no',
    ending: 'not-converged',
    leftToDo: [{ address: HQ, action: 'update', changedBy: 'eve' }],
  })
})

test('a read that lags behind the writes is repeated', async () => {
  const around = world()
  const result = await run(around, {
    meanwhile: async (hq) => {
      const properties = { name: 'hq', gatewayIP: '203.0.113.10', connections: [CONNECTION] }
      await around.remote.delete(hq)
      around.clock.at(around.clock.now() + 1_000, () => around.remote.seed(hq, properties))
    },
  })
  expect(result).toMatchObject({ verified: 'yes', ending: 'converged' })
})

test('what stays gone for longer than reads may lag has not converged', async () => {
  const around = world()
  const startedAt = around.clock.now()
  const result = await run(around, {
    meanwhile: async (hq) => {
      await around.remote.delete(hq)
    },
  })
  expect(result).toMatchObject({ ending: 'not-converged', leftToDo: [{ address: HQ, action: 'create' }] })
  expect(around.clock.now() - startedAt).toBeLessThan(15_000)
})

test('what is outside of the targets does not count', async () => {
  const result = await run(world(), { plan: { targets: [HQ] } })
  expect(result).toMatchObject({ verified: 'yes', ending: 'converged', writes: 1 })
})

test('a time-out while something is waited for has not converged, although nothing failed', async () => {
  const around = world({ provisionMs: 20_000 })
  const result = await run(around, { timeoutMs: 3_000 })
  expect(result).toMatchObject({
    ending: 'timed-out',
    stopped: { type: 'timeout' },
    verified: 'skipped',
    summary: { applied: 2, failed: 0 },
  })
  expect(around.clock.now()).toBeLessThan(4_000)
})

test('a run that only waits is read once more, since others may change what it waits for', async () => {
  const around = world({ provisionMs: 20_000 })
  await run(around, { timeoutMs: 3_000 })
  expect(await run(around)).toMatchObject({ verified: 'yes', ending: 'converged', writes: 0 })
})

test('a time-out between the writes and the verification has not converged, and nothing is sent any more', async () => {
  const around = world()
  let sent = 0
  const result = await run(around, {
    timeoutMs: 1_000,
    meanwhile: async () => {
      sent = around.remote.requests.length
      await around.clock.sleep(2_000)
    },
  })
  expect(result).toMatchObject({ ending: 'timed-out', verified: 'skipped', summary: { applied: 2 } })
  expect(around.remote.requests).toHaveLength(sent)
})

test('a time-out during the verification has not converged', async () => {
  const slow = { latencyMs: 1 }
  const around = world(slow)
  const result = await run(around, {
    timeoutMs: 1_000,
    meanwhile: () => {
      slow.latencyMs = 5_000
    },
  })
  expect(result).toMatchObject({ ending: 'timed-out', verified: 'unknown', summary: { applied: 2 } })
})

test('a signal during the verification is named', async () => {
  const slow = { latencyMs: 1 }
  const around = world(slow)
  const result = await run(around, {
    meanwhile: (_hq, stop) => {
      slow.latencyMs = 5_000
      around.clock.at(around.clock.now() + 100, () => stop('SIGTERM'))
    },
  })
  expect(result).toMatchObject({ ending: 'interrupted', interrupted: 'SIGTERM' })
})

test('a verification that cannot read live says so, and what was applied is kept', async () => {
  let writes = 0
  const around = world({
    before: ({ method }) => {
      if (method === 'PUT') writes += 1
      if (method === 'LIST' && writes === 2) throw apiError('unavailable', 'GET', 503)
      return undefined
    },
  })
  expect(await run(around)).toMatchObject({
    verified: 'unknown',
    ending: 'not-verified',
    unverified: { reason: 'unavailable' },
    summary: { applied: 2 },
  })
})

test('the deadline is on the clock of the run, and does not fire after its end', async () => {
  const clock = new VirtualClock()
  const deadline = startDeadline(clock, 5_000)
  await clock.run(clock.sleep(4_999))
  expect(deadline.signal.aborted).toBe(false)
  await clock.run(clock.sleep(2))
  expect((deadline.signal.reason as DOMException).name).toBe('TimeoutError')
  const ended = startDeadline(clock, 5_000)
  ended.end()
  await clock.run(clock.sleep(10_000))
  expect(ended.signal.aborted).toBe(false)
})
