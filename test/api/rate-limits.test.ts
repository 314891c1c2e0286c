import { describe, expect, test } from 'vitest'
import { VirtualClock } from '../support/virtual-clock.ts'
import { aRemote, GATEWAY_ID, gateway, wire } from './a-remote.ts'

const LATENCY_MS = 40

/** A service on a virtual clock, and how long a run of `requests` takes there, in ms. */
async function durationOf(
  requests: number,
  refuses: (at: number, index: number) => boolean,
  retryAfter?: string,
): Promise<{ ms: number; refused: number; failed: number }> {
  const clock = new VirtualClock()
  let seen = 0
  let refused = 0
  let failed = 0
  const body = JSON.stringify(wire(GATEWAY_ID))
  const remote = aRemote({
    clock,
    random: sequence(),
    parallelism: 10,
    transport: {
      async exchange() {
        const isRefused = refuses(clock.now(), seen++)
        if (isRefused) refused += 1
        await clock.sleep(LATENCY_MS)
        const headers = isRefused && retryAfter !== undefined ? { retryAfter } : {}
        return { type: 'answer', status: isRefused ? 429 : 200, headers, text: body, bytes: body.length }
      },
      close: () => undefined,
    },
  })
  const work = Array.from({ length: requests }, () =>
    remote.get(gateway).catch(() => {
      failed += 1
    }),
  )
  await clock.run(Promise.all(work))
  return { ms: clock.now(), refused, failed }
}

/** The same numbers in every run. */
function sequence(): () => number {
  let state = 42
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

/** A bucket of tokens that fills at `perSecond`. */
function limit(perSecond: number, burst: number): (at: number) => boolean {
  let tokens = burst
  let filledAt = 0
  return (at) => {
    tokens = Math.min(burst, tokens + ((at - filledAt) * perSecond) / 1000)
    filledAt = at
    if (tokens < 1) return true
    tokens -= 1
    return false
  }
}

describe('under a real limit a run stays within 20 % of the time that the limit allows', () => {
  test.each([
    { perSecond: 100, burst: 100, requests: 2000, retryAfter: '1' },
    { perSecond: 50, burst: 50, requests: 1000, retryAfter: '1' },
    { perSecond: 50, burst: 50, requests: 1000, retryAfter: undefined },
    { perSecond: 50, burst: 5, requests: 1000, retryAfter: undefined },
    // A bucket that holds less than the pause that it asks for: each complaint costs a second, so they must be rare.
    { perSecond: 50, burst: 5, requests: 5000, retryAfter: '1' },
    { perSecond: 20, burst: 20, requests: 500, retryAfter: '1' },
    { perSecond: 10, burst: 10, requests: 300, retryAfter: '1' },
    { perSecond: 10, burst: 10, requests: 300, retryAfter: undefined },
    { perSecond: 100 / 60, burst: 100, requests: 200, retryAfter: '1' },
    { perSecond: 100 / 60, burst: 100, requests: 200, retryAfter: undefined },
  ])('$perSecond/s, burst $burst, $requests requests, Retry-After $retryAfter', async ({
    perSecond,
    burst,
    requests,
    retryAfter,
  }) => {
    const { ms, failed, refused } = await durationOf(requests, limit(perSecond, burst), retryAfter)
    const allowedMs = ((requests - burst) / perSecond) * 1000
    expect(failed).toBe(0)
    expect(ms).toBeLessThanOrEqual(1.2 * allowedMs)
    expect(refused).toBeLessThanOrEqual(requests)
  })
})

describe('after stray 429s a run takes at most twice as long as without them', () => {
  test.each([
    { every: 26, requests: 130 },
    { every: 15, requests: 130 },
    { every: 10, requests: 1000 },
    { every: 33, requests: 4000 },
  ])('one in $every of $requests', async ({ every, requests }) => {
    const undisturbed = await durationOf(requests, () => false)
    const stray = await durationOf(requests, (_at, index) => index % every === 7)
    expect(stray.failed).toBe(0)
    expect(stray.refused).toBeGreaterThan(4)
    expect(stray.ms).toBeLessThanOrEqual(2 * undisturbed.ms)
  })

  test('also when they come first', async () => {
    const undisturbed = await durationOf(130, () => false)
    const first = await durationOf(130, (_at, index) => index < 3)
    expect(first.ms).toBeLessThanOrEqual(2 * undisturbed.ms)
  })
})
