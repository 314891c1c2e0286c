import { describe, expect, test } from 'vitest'
import { monotonicClock } from '../../src/api/clock.ts'
import { createConcurrency } from '../../src/api/concurrency.ts'
import { createGate } from '../../src/api/gate.ts'
import type { RemoteOptions } from '../../src/api/options.ts'
import { VirtualClock } from '../support/virtual-clock.ts'
import { aRemote, GATEWAY_ID, gateway, wire } from './a-remote.ts'

interface Service {
  readonly latencyMs: (inFlight: number) => number
  readonly refuses?: (at: number) => boolean
  readonly retryAfter?: string
}

interface Outcome {
  readonly ms: number
  readonly refused: number
  readonly failed: number
  /** The most requests that were on the wire at once. */
  readonly peak: number
}

async function run(requests: number, service: Service, parallelism?: number): Promise<Outcome> {
  const clock = new VirtualClock()
  let [inFlight, peak, refused, failed] = [0, 0, 0, 0]
  const text = JSON.stringify(wire(GATEWAY_ID))
  const transport: RemoteOptions['transport'] = {
    async exchange() {
      inFlight += 1
      peak = Math.max(peak, inFlight)
      const isRefused = service.refuses?.(clock.now()) ?? false
      if (isRefused) refused += 1
      await clock.sleep(service.latencyMs(inFlight))
      inFlight -= 1
      const { retryAfter } = service
      const headers = isRefused && retryAfter !== undefined ? { retryAfter } : {}
      return { type: 'answer', status: isRefused ? 429 : 200, headers, text, bytes: text.length }
    },
    close: () => undefined,
  }
  const remote = aRemote({ clock, transport, random: sequence(), parallelism: parallelism as number })
  const get = (): Promise<unknown> =>
    remote.get(gateway).catch(() => {
      failed += 1
    })
  await clock.run(Promise.all(Array.from({ length: requests }, get)))
  return { ms: clock.now(), refused, failed, peak }
}

const FAST: Service = { latencyMs: () => 50 }
/** From 10 to 50. */
const STEPS = 40

describe('the number of concurrent requests', () => {
  test('grows to 50 while answers stay fast, and no further', async () => {
    const { ms, peak } = await run(1000, FAST)
    expect(peak).toBe(50)
    // Twenty rounds of 50, and a few on the way up.
    expect(ms).toBeLessThanOrEqual(25 * 50)
    expect((await run(1000, FAST, 10)).ms).toBe(100 * 50)
  })

  test('stays what was asked for', async () => {
    expect((await run(500, FAST, 3)).peak).toBe(3)
    expect((await run(500, FAST, 70)).peak).toBe(70)
  })

  test('does not grow where no request waits', async () => {
    expect((await run(10, FAST)).peak).toBe(10)
  })

  test.each([
    10, 14, 20, 30,
  ])('falls where a service that works on %i at a time becomes slower', async (workers) => {
    const service = { latencyMs: (inFlight: number) => 50 * Math.max(1, inFlight / workers) }
    const [adaptive, fixed] = [await run(1000, service), await run(1000, service, 10)]
    expect(adaptive.ms).toBeLessThanOrEqual(1.02 * fixed.ms)
    const { gate, answered } = createConcurrency(undefined)
    let inside = 0
    const waiting = Array.from({ length: 2000 }, () => gate.enter().then(() => (inside += 1)))
    for (let left = 0; left < 1000; left += 1) {
      await new Promise((resolve) => setImmediate(resolve))
      answered('GET', { tookMs: service.latencyMs(inside), ownMs: 0 })
      inside -= 1
      gate.leave()
    }
    expect(inside).toBeLessThanOrEqual(2.5 * workers)
    expect(waiting).toHaveLength(2000)
  })

  test('grows although the first request of a connection takes three times as long', async () => {
    let opened = 0
    const { peak } = await run(1000, {
      latencyMs: (inFlight) => {
        if (inFlight <= opened) return 50
        opened = inFlight
        return 150
      },
    })
    expect(peak).toBe(50)
  })

  test('compares reads with reads and writes with writes', () => {
    const { gate, answered } = createConcurrency(undefined)
    let inside = 0
    for (let index = 0; index < 200; index += 1) void gate.enter().then(() => (inside += 1))
    for (let index = 0; index < 80; index += 1) {
      answered('GET', { tookMs: 20, ownMs: 0 })
      answered('PUT', { tookMs: 400, ownMs: 0 })
    }
    return Promise.resolve().then(() => expect(inside).toBe(50))
  })
})

describe('time in which the program itself was busy', () => {
  test('is not a latency of the service', async () => {
    const { gate, answered } = createConcurrency(undefined)
    let inside = 0
    for (let index = 0; index < 200; index += 1) void gate.enter().then(() => (inside += 1))
    for (let index = 0; index < 20; index += 1) answered('GET', { tookMs: 50, ownMs: 5 })
    for (let index = 0; index < 40; index += 1) answered('GET', { tookMs: 350, ownMs: 300 })
    for (let index = 0; index < 40; index += 1) answered('GET', { tookMs: 95, ownMs: 45 })
    for (let index = 0; index < 40; index += 1) answered('GET', { tookMs: 50, ownMs: 0 })
    await Promise.resolve()
    expect(inside).toBe(50)
  })

  test('is counted by the clock of a run', async () => {
    const before = monotonicClock.busyMs?.() ?? 0
    await new Promise((resolve) => setTimeout(resolve, 1))
    const until = performance.now() + 20
    while (performance.now() < until);
    await new Promise((resolve) => setTimeout(resolve, 1))
    expect((monotonicClock.busyMs?.() ?? 0) - before).toBeGreaterThan(15)
  })
})

describe('a service that refuses costs a run at most one refusal for each step, and one pause', () => {
  test.each(
    [
      { perSecond: 20, burst: 20 },
      { perSecond: 100, burst: 100 },
      { perSecond: 150, burst: 20 },
      { perSecond: 250, burst: 50 },
      { perSecond: 600, burst: 100 },
    ].flatMap((limits) => ['1', undefined].map((retryAfter) => ({ ...limits, retryAfter }))),
  )('$perSecond/s, burst $burst, Retry-After $retryAfter', async ({ perSecond, burst, retryAfter }) => {
    const service = (): Service => ({
      ...FAST,
      refuses: bucket(perSecond, burst),
      ...(retryAfter === undefined ? {} : { retryAfter }),
    })
    for (const requests of [300, 2000]) {
      const [adaptive, fixed] = [await run(requests, service()), await run(requests, service(), 10)]
      expect(adaptive.failed).toBe(0)
      expect(adaptive.refused).toBeLessThanOrEqual(fixed.refused + 1.1 * STEPS)
      // Ten at a time may never meet the limit: then the pause that the service asks for is what it costs to find it.
      expect(adaptive.ms).toBeLessThanOrEqual(1.03 * fixed.ms + (retryAfter === undefined ? 400 : 1100))
    }
  })
})

/** The same numbers in every run. */
function sequence(): () => number {
  let state = 42
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

/** A bucket of tokens that fills at `perSecond`; true when it is empty. */
function bucket(perSecond: number, burst: number): (at: number) => boolean {
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

describe('locations', () => {
  test('take turns, so that a thousand requests of one do not hold up another', async () => {
    const gate = createGate(1)
    const order: string[] = []
    const enter = (lane: string): Promise<void> =>
      gate.enter(false, lane).then(() => {
        order.push(lane)
        gate.leave()
      })
    const first = gate.enter()
    const all = [...Array.from({ length: 5 }, () => enter('de/fra')), enter('gb/lhr'), enter('gb/lhr')]
    await first
    gate.leave()
    await Promise.all(all)
    expect(order).toEqual(['de/fra', 'gb/lhr', 'de/fra', 'gb/lhr', 'de/fra', 'de/fra', 'de/fra'])
  })
})
