import { describe, expect, test } from 'vitest'
import { scene } from '../support/applying.ts'
import { change, gatewayTarget, peerTarget } from '../support/changes.ts'

// In virtual time, so that the figures depend on what is asked for and when, and on no machine.
describe('ten gateways with twenty peers each, 50 ms latency', () => {
  const gateways = Array.from({ length: 10 }, (_, index) => gatewayTarget(`g${index}`))
  const changes = gateways.flatMap((gateway) => [
    change('create', gateway),
    ...Array.from({ length: 20 }, (_, index) =>
      change('create', peerTarget(gateway.id, `${gateway.id}p${index}`), { needs: [gateway] }),
    ),
  ])

  test.each([
    // PUT, provision, the rounds of PUT, provision; reading comes before an apply.
    { parallelism: 10, provisionMs: 500, criticalPathMs: 50 + 500 + 20 * 50 + 500, most: 30 },
    { parallelism: 40, provisionMs: 500, criticalPathMs: 50 + 500 + 5 * 50 + 500, most: 45 },
    { parallelism: 40, provisionMs: 540, criticalPathMs: 50 + 540 + 5 * 50 + 540, most: 45 },
    // The peers are written more than 10 s after the plan's read: one list per gateway before that.
    { parallelism: 40, provisionMs: 30_000, criticalPathMs: 50 + 30_000 + 5 * 50 + 30_000, most: 240 },
  ])('stay within 1.3 x the critical path with $parallelism slots and $provisionMs ms of provisioning', async ({
    parallelism,
    provisionMs,
    criticalPathMs,
    most,
  }) => {
    const { remote, run, clock } = scene({ latencyMs: 50, provisionMs, parallelism })
    const result = await run(changes, { parallelism })
    expect(result.summary.applied).toBe(210)
    expect(remote.writes()).toHaveLength(210)
    expect(clock.now()).toBeLessThanOrEqual(1.3 * criticalPathMs)
    const looks = remote.requests.length - 210
    expect(looks).toBeLessThanOrEqual(most)
    expect(remote.peak).toBeLessThanOrEqual(parallelism)
  })
})

test('a hundred thousand changes are walked without a deep stack', async () => {
  const { remote, run } = scene({ latencyMs: 1, parallelism: 1000 })
  const gateways = Array.from({ length: 200 }, (_, index) => gatewayTarget(`g${index}`))
  const changes = gateways.flatMap((gateway) => [
    change('keep', gateway),
    ...Array.from({ length: 499 }, (_, index) =>
      change(index === 0 ? 'create' : 'keep', peerTarget(gateway.id, `${gateway.id}p${index}`), {
        needs: [gateway],
      }),
    ),
  ])
  const result = await run(changes, { parallelism: 1000 })
  expect(result.summary).toEqual({ applied: 200, failed: 0, blocked: 0, cancelled: 0, kept: 99_800 })
  expect(remote.requests).toHaveLength(200)
})
