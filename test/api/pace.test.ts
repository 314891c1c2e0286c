import { describe, expect, test } from 'vitest'
import { createGate } from '../../src/api/gate.ts'
import { createRateLimiter, type RateLimiter } from '../../src/api/rate-limiter.ts'
import { virtualClock } from './virtual-clock.ts'

/** Sends `count` requests one after the other and tells when each was sent, in ms from the start. */
async function sendTimes(pace: RateLimiter, count: number, start: number): Promise<number[]> {
  const times: number[] = []
  for (let index = 0; index < count; index++) {
    times.push((await pace.turn()) - start)
    pace.recover()
  }
  return times
}

describe('the pace of a run', () => {
  test('is not limited as long as nobody complains', async () => {
    const clock = virtualClock()
    const times = await sendTimes(createRateLimiter(clock), 1000, clock.now())
    expect(times.at(-1)).toBe(0)
    expect(clock.slept).toEqual([])
  })

  test('never exceeds the bound that was asked for', async () => {
    const clock = virtualClock()
    const times = await sendTimes(createRateLimiter(clock, 5), 26, clock.now())
    expect(times.at(-1)).toBe(5000)
    for (const [index, time] of times.entries()) expect(time).toBeGreaterThanOrEqual(index * 200)
  })

  test('is halved by a 429, for everybody, after a pause', async () => {
    const clock = virtualClock()
    const pace = createRateLimiter(clock)
    const start = clock.now()
    // 40 in the first second, then one 429 that asks for 2 s.
    await sendTimes(pace, 40, start)
    pace.slowDown(start, 2000)
    const times = await sendTimes(pace, 11, start)
    expect(times[0]).toBe(2000)
    // 20 a second: 10 more take about half a second.
    expect(times.at(-1)).toBeGreaterThan(2450)
    expect(times.at(-1)).toBeLessThan(2600)
  })

  test('is halved once by requests that were on the wire together', async () => {
    const clock = virtualClock()
    const pace = createRateLimiter(clock)
    const start = clock.now()
    await sendTimes(pace, 40, start)
    clock.advance(50)
    for (let complaint = 0; complaint < 10; complaint++) pace.slowDown(start, 0)
    const times = await sendTimes(pace, 11, clock.now())
    expect(times.at(-1)).toBeLessThan(600)
  })

  test('comes back slowly, and never above the bound', async () => {
    const clock = virtualClock()
    const pace = createRateLimiter(clock, 60)
    await sendTimes(pace, 120, clock.now())
    pace.slowDown(clock.now(), 0)
    const start = clock.now()
    const times = await sendTimes(pace, 3000, start)
    const sentIn = (from: number, to: number): number =>
      times.filter((time) => time >= from && time < to).length
    expect(sentIn(0, 1000)).toBeLessThan(40)
    expect(sentIn(5000, 6000)).toBeGreaterThan(sentIn(0, 1000))
    expect(sentIn(5000, 6000)).toBeLessThan(50)
    expect(sentIn(35_000, 36_000)).toBeGreaterThan(50)
    expect(sentIn(35_000, 36_000)).toBeLessThanOrEqual(60)
  })

  test('does not fall to nothing', async () => {
    const clock = virtualClock()
    const pace = createRateLimiter(clock)
    for (let complaint = 0; complaint < 50; complaint++) {
      clock.advance(1000)
      pace.slowDown(clock.now(), 0)
    }
    const times = await sendTimes(pace, 3, clock.now())
    expect(times.at(-1)).toBeLessThanOrEqual(4000)
  })

  test('ends a wait with its signal', async () => {
    const clock = virtualClock()
    const started = clock.now()
    const pace = createRateLimiter(clock)
    pace.pause(60_000)
    const stop = new AbortController()
    const turn = pace.turn(stop.signal)
    stop.abort()
    expect(await turn).toBe(clock.now())
    expect(clock.now()).toBe(started)
  })
})

describe('the gate', () => {
  test('lets in as many as it should, in order', async () => {
    const gate = createGate(3)
    let inside = 0
    let most = 0
    const order: number[] = []
    const visit = async (name: number): Promise<void> => {
      await gate.enter()
      order.push(name)
      inside += 1
      most = Math.max(most, inside)
      await new Promise((resolve) => setImmediate(resolve))
      inside -= 1
      gate.leave()
    }
    const names = Array.from({ length: 500 }, (_, index) => index)
    await Promise.all(names.map(visit))
    expect(most).toBe(3)
    expect(order).toEqual(names)
    // And it is as empty as at the start.
    await Promise.all([gate.enter(), gate.enter(), gate.enter()])
  })
})
