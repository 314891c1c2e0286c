import { describe, expect, test } from 'vitest'
import { createGate } from '../../src/api/gate.ts'
import { createRateLimiter, type RateLimiter } from '../../src/api/rate-limiter.ts'
import { hastyClock } from '../support/virtual-clock.ts'

/** Sends `count` requests one after the other and shows when each was sent, in ms from the start. */
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
    const clock = hastyClock()
    const times = await sendTimes(createRateLimiter(clock), 1000, clock.now())
    expect(times.at(-1)).toBe(0)
    expect(clock.slept).toEqual([])
  })

  test('never exceeds the bound that was asked for', async () => {
    const clock = hastyClock()
    const times = await sendTimes(createRateLimiter(clock, 5), 26, clock.now())
    expect(times.at(-1)).toBe(5000)
    for (const [index, time] of times.entries()) expect(time).toBeGreaterThanOrEqual(index * 200)
  })

  test('is what was accepted lately once a limit shows, for all requests, after the pause that it asks for', async () => {
    const clock = hastyClock()
    const pace = createRateLimiter(clock, 40)
    const start = clock.now()
    // 40 in the first second, and then complaints about a fourth of them: 30 a second were accepted.
    await sendTimes(pace, 40, start)
    for (let complaint = 0; complaint < 9; complaint++) pace.slowDown(start, undefined)
    pace.slowDown(clock.now(), 2000)
    const resumed = clock.now() + 2000 - start
    const times = await sendTimes(pace, 16, start)
    expect(times[0]).toBe(resumed)
    const seconds = ((times.at(-1) ?? 0) - resumed) / 1000
    expect(15 / seconds).toBeGreaterThan(24)
    expect(15 / seconds).toBeLessThan(31)
  })

  test('hardly changes by a stray 429', async () => {
    const clock = hastyClock()
    const pace = createRateLimiter(clock, 40)
    await sendTimes(pace, 41, clock.now())
    pace.slowDown(clock.now(), undefined)
    const start = clock.now()
    const times = await sendTimes(pace, 41, start)
    expect(times.at(-1)).toBeLessThan(1100)
  })

  test('is cut once by requests that were on the wire together', async () => {
    const clock = hastyClock()
    const pace = createRateLimiter(clock, 40)
    const start = clock.now()
    await sendTimes(pace, 41, start)
    clock.advance(50)
    for (let complaint = 0; complaint < 20; complaint++) pace.slowDown(start, 0)
    const times = await sendTimes(pace, 11, clock.now())
    expect(times.at(-1)).toBeLessThan(400)
  })

  test('comes back faster and faster, and never above the bound', async () => {
    const clock = hastyClock()
    const pace = createRateLimiter(clock, 60)
    await sendTimes(pace, 121, clock.now())
    for (let complaint = 0; complaint < 30; complaint++) pace.slowDown(clock.now(), 0)
    const start = clock.now()
    const times = await sendTimes(pace, 1000, start)
    const sentIn = (from: number, to: number): number =>
      times.filter((time) => time >= from && time < to).length
    expect(sentIn(0, 1000)).toBeLessThan(60)
    expect(sentIn(8000, 9000)).toBeGreaterThan(55)
    expect(sentIn(8000, 9000)).toBeLessThanOrEqual(60)
  })

  test('gives turns in the order in which they were asked for, though others keep coming', async () => {
    const clock = hastyClock()
    const pace = createRateLimiter(clock, 1)
    const order: number[] = []
    let asked = 0
    const ask = async (): Promise<void> => {
      const number = asked++
      await pace.turn()
      order.push(number)
      if (asked < 20) await ask()
    }
    await Promise.all([ask(), ask(), ask(), ask()])
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(order.length).toBeGreaterThanOrEqual(20)
  })

  test('lets go of one in the line whose signal fires, and of nobody else', async () => {
    const clock = hastyClock()
    const pace = createRateLimiter(clock)
    const start = clock.now()
    pace.pause(60_000)
    const stop = new AbortController()
    const head = pace.turn()
    const second = pace.turn(stop.signal)
    const third = pace.turn()
    stop.abort()
    expect((await second) - start).toBe(0)
    expect((await head) - start).toBe(60_000)
    expect((await third) - start).toBe(60_000)
  })

  test('gives a turn to a checked write before all that wait', async () => {
    const clock = hastyClock()
    const pace = createRateLimiter(clock, 1)
    await pace.turn()
    const order: string[] = []
    const others = ['a', 'b', 'c'].map((name) => pace.turn().then(() => order.push(name)))
    const write = pace.turn(undefined, true).then(() => order.push('write'))
    await Promise.all([...others, write])
    // After the one that was next when it came.
    expect(order.indexOf('write')).toBe(1)
    expect(order).toHaveLength(4)
  })

  test('does not fall to nothing', async () => {
    const clock = hastyClock()
    const pace = createRateLimiter(clock)
    for (let complaint = 0; complaint < 50; complaint++) {
      clock.advance(1000)
      pace.slowDown(clock.now(), 0)
    }
    const times = await sendTimes(pace, 3, clock.now())
    expect(times.at(-1)).toBeLessThanOrEqual(4000)
  })

  test('ends a wait with its signal', async () => {
    const clock = hastyClock()
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

test('the gate lets a checked write in before those that wait', async () => {
  const gate = createGate(1)
  await gate.enter()
  const order: string[] = []
  const visit = (name: string, first: boolean) =>
    gate.enter(first).then(() => {
      order.push(name)
      gate.leave()
    })
  const visits = [visit('a', false), visit('b', false), visit('write', true)]
  gate.leave()
  await Promise.all(visits)
  expect(order).toEqual(['write', 'a', 'b'])
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
