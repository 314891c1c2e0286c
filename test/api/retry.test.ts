import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { backoffMs } from '../../src/api/retry.ts'
import { LONGEST_PAUSE_MS, retryAfterMs } from '../../src/model/http/retry.ts'
import { Reached, runs } from '../support/random-runs.ts'
import { hastyClock } from '../support/virtual-clock.ts'
import { aRemote, failureOf, GATEWAY_ID, gateway, gatewayBody, ORIGIN, peer, wire } from './a-remote.ts'
import { answerByNock, nock } from './nock.ts'

const PATH = `/wireguardgateways/${GATEWAY_ID}`

answerByNock()
afterEach(() => expect(nock.pendingMocks()).toEqual([]))

describe('what passes is sent again', () => {
  test.each([408, 425, 429, 500, 502, 503, 504])('%i, for each method', async (status) => {
    nock(ORIGIN).get(PATH).times(2).reply(status).get(PATH).reply(200, wire(GATEWAY_ID))
    nock(ORIGIN).put(PATH).times(2).reply(status).put(PATH).reply(200, wire(GATEWAY_ID))
    nock(ORIGIN).delete(/peers/).times(2).reply(status).delete(/peers/).reply(202)
    const remote = aRemote()
    await expect(remote.get(gateway)).resolves.toMatchObject({ id: GATEWAY_ID })
    await expect(remote.put(gateway, gatewayBody())).resolves.toMatchObject({ id: GATEWAY_ID })
    await expect(remote.delete(peer)).resolves.toBe('accepted')
    expect(remote.counts()).toMatchObject({ total: 9, retries: 6 })
  })

  test.each(['ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'EAI_AGAIN', 'ECONNREFUSED'])('%s', async (code) => {
    nock(ORIGIN)
      .put(PATH)
      .times(2)
      .replyWithError(Object.assign(new Error('secret? no'), { code }))
    nock(ORIGIN).put(PATH).reply(200, wire(GATEWAY_ID))
    await expect(aRemote().put(gateway, gatewayBody())).resolves.toMatchObject({ id: GATEWAY_ID })
  })

  test('an answer that was cut', async () => {
    nock(ORIGIN).put(PATH).times(2).reply(200, '{"id":"0b5e7f6c","prop')
    nock(ORIGIN).put(PATH).reply(200, wire(GATEWAY_ID))
    await expect(aRemote().put(gateway, gatewayBody())).resolves.toMatchObject({ id: GATEWAY_ID })
  })

  test('a DELETE whose answer was lost finds nothing, and that is success', async () => {
    nock(ORIGIN)
      .delete(/peers/)
      .replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))
    nock(ORIGIN).delete(/peers/).reply(404)
    await expect(aRemote().delete(peer)).resolves.toBe('absent')
  })
})

describe('the end of patience', () => {
  test.each([
    [429, 'throttled'],
    [408, 'throttled'],
    [503, 'unavailable'],
    [500, 'unavailable'],
  ])('%i after all attempts', async (status, reason) => {
    nock(ORIGIN).get(PATH).times(5).reply(status, 'not now')
    const error = await failureOf(aRemote({ attempts: 5 }).get(gateway))
    expect(error).toMatchObject({ reason, status, attempts: 5 })
    expect(error.message).toMatch(/not now \(5 attempts\)$/)
  })

  test('a host that never answered gets three attempts, one that did gets all', async () => {
    const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    nock(ORIGIN).get(PATH).times(3).replyWithError(refused)
    const remote = aRemote({ attempts: 6 })
    const early = await failureOf(remote.get(gateway))
    expect(early).toMatchObject({ reason: 'network', status: undefined, attempts: 3 })
    expect(early.message).toBe(`GET ${PATH}: connection refused by vpn.example.com (3 attempts)`)
    nock(ORIGIN).get(PATH).reply(200, wire(GATEWAY_ID))
    await remote.get(gateway)
    nock(ORIGIN).get(PATH).times(6).replyWithError(refused)
    await expect(failureOf(remote.get(gateway))).resolves.toMatchObject({ attempts: 6 })
  })

  test('a certificate that is not trusted is not tried again', async () => {
    const untrusted = Object.assign(new Error('self-signed'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    nock(ORIGIN).get(PATH).replyWithError(untrusted)
    const error = await failureOf(aRemote().get(gateway))
    expect(error).toMatchObject({ reason: 'network', attempts: 1 })
    expect(error.message).toContain('no trusted TLS connection to vpn.example.com')
  })

  test('the run has one budget for all', async () => {
    nock(ORIGIN).get(PATH).times(1000).reply(503)
    const remote = aRemote({ attempts: 8 })
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => remote.get(gateway)))
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
    // 50 requests and the 100 retries that a run starts with, instead of 400.
    expect(remote.counts()).toMatchObject({ total: 150, retries: 100 })
    nock.cleanAll()
  })
})

describe('between attempts', () => {
  test('the wait doubles, with full jitter, up to a bound', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, luck) => {
          const wait = backoffMs(attempt, () => luck)
          expect(wait).toBeGreaterThanOrEqual(0)
          expect(wait).toBeLessThanOrEqual(Math.min(20_000, 200 * 2 ** (attempt - 1)))
        },
      ),
      { numRuns: runs(100) },
    )
    expect([1, 2, 3, 4].map((attempt) => backoffMs(attempt, () => 0.5))).toEqual([100, 200, 400, 800])
  })

  test.each([429, 503])('Retry-After of a %i is obeyed', async (status) => {
    const clock = hastyClock()
    nock(ORIGIN).get(PATH).reply(status, '', { 'retry-after': '7' })
    nock(ORIGIN).get(PATH).reply(200, wire(GATEWAY_ID))
    const began = clock.now()
    await aRemote({ clock }).get(gateway)
    expect(clock.now() - began).toBeGreaterThanOrEqual(7000)
    expect(clock.now() - began).toBeLessThan(10_000)
  })
})

describe('one 429', () => {
  test('holds back every other request of the run', async () => {
    const clock = hastyClock()
    const began = clock.now()
    nock(ORIGIN).delete(/peers/).reply(429, '', { 'retry-after': '60' })
    nock(ORIGIN).delete(/peers/).reply(202)
    nock(ORIGIN).get(PATH).times(20).reply(200, wire(GATEWAY_ID))
    const sent: string[] = []
    const remote = aRemote({
      clock,
      parallelism: 1,
      onRequest: ({ method, at }) =>
        sent.push(`${method} ${at - began < 60_000 ? 'at once' : 'after the pause'}`),
    })
    await Promise.all([remote.delete(peer), ...Array.from({ length: 20 }, () => remote.get(gateway))])
    expect(sent.filter((line) => line.endsWith('at once'))).toEqual(['DELETE at once'])
    expect(sent).toHaveLength(22)
  })
})

describe('Retry-After', () => {
  const now = Date.UTC(2030, 0, 1)
  const date = (ms: number): string => new Date(ms).toUTCString()
  test.each([
    ['seconds', '7', undefined, 7000],
    ['zero', '0', undefined, 0],
    ['a date', date(now + 9000), undefined, 9000],
    [
      'a date by a server whose clock is an hour behind',
      date(now - 3_600_000 + 9000),
      date(now - 3_600_000),
      9000,
    ],
    [
      'a date by a server whose clock is a year ahead',
      date(now + 31_536_000_000),
      date(now + 31_536_000_000 - 5000),
      5000,
    ],
    ['a date with a senseless server clock', date(now + 9000), 'soon', 9000],
    ['a year', '31536000', undefined, LONGEST_PAUSE_MS],
    ['a date in a year', date(now + 31_536_000_000), date(now), LONGEST_PAUSE_MS],
    ['more than a number can hold', '9'.repeat(400), undefined, LONGEST_PAUSE_MS],
    ['a date that is past', date(now - 1000), date(now), undefined],
    ['negative seconds', '-5', undefined, undefined],
    ['a word', 'later', undefined, undefined],
    ['a number with a unit', '5s', undefined, undefined],
    ['nothing', '', undefined, undefined],
    ['no header', undefined, undefined, undefined],
  ])('is read as a wait: %s', (_what, header, serverDate, expected) => {
    expect(retryAfterMs(header, serverDate, now)).toBe(expected)
  })

  test('of any text is a bounded wait or none', () => {
    const text = fc.oneof(
      fc.string(),
      fc.bigInt().map(String),
      fc.date({ noInvalidDate: true }).map((each) => each.toUTCString()),
    )
    const understood = new Reached()
    fc.assert(
      fc.property(text, text, (header, serverDate) => {
        const wait = retryAfterMs(header, serverDate, now)
        understood.count(wait !== undefined)
        expect(wait === undefined || (wait >= 0 && wait <= LONGEST_PAUSE_MS)).toBe(true)
      }),
      { numRuns: runs(200) },
    )
    understood.expectShare(0.1)
  })
})
