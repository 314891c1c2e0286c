import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { monotonicClock } from '../../src/api/clock.ts'
import { post } from '../../src/notify/post.ts'
import { webhookProblem } from '../../src/notify/webhook-url.ts'

const TOKEN = 'T00/B00/throw-away-token'
const DISTANT = 'Fri, 01 Jan 2100 00:00:00 GMT'
const BODY = '{"drifted":true}'

interface Seen {
  readonly method: string | undefined
  readonly type: string | undefined
  readonly body: string
}

let server: Server | undefined

afterEach(async () => {
  server?.closeAllConnections()
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)))
  server = undefined
})

/** A receiver that answers in turn; the last answer stays. */
async function receiver(
  ...answers: readonly ((response: ServerResponse, request: IncomingMessage) => void)[]
): Promise<{ readonly url: string; readonly seen: Seen[] }> {
  const seen: Seen[] = []
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const answer = answers[Math.min(seen.length, answers.length - 1)]
      seen.push({ method: request.method, type: request.headers['content-type'], body })
      answer?.(response, request)
    })
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${TOKEN}`, seen }
}

const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void =>
    void response.writeHead(code, headers).end('ok')

const cut = (response: ServerResponse): void => void response.destroy()

let pauses: number[] = []

beforeEach(() => {
  pauses = []
})

const quick = {
  body: BODY,
  userAgent: 'vpnctl/test',
  timeoutMs: 500,
  clock: {
    ...monotonicClock,
    sleep: async (ms: number) => {
      pauses.push(ms)
    },
  },
}

describe('a report is posted', () => {
  test('once, as JSON', async () => {
    const { url, seen } = await receiver(status(200))
    expect(await post({ ...quick, url })).toEqual({ sent: true, status: 200 })
    expect(seen).toEqual([{ method: 'POST', type: 'application/json; charset=utf-8', body: BODY }])
  })

  test('whose answer has no end: its status is all that is read', async () => {
    let sent = 0
    const { url } = await receiver((response) => {
      response.writeHead(200)
      const part = Buffer.alloc(64 * 1024)
      const more = (): void => {
        while (!response.destroyed && response.write(part)) sent += part.length
      }
      response.on('drain', more)
      more()
    })
    expect(await post({ ...quick, url })).toEqual({ sent: true, status: 200 })
    expect(sent).toBeLessThan(16 * 1024 * 1024)
  })

  test.each([
    ['a 503', status(503)],
    ['a 429 that says when', status(429, { 'retry-after': '0' })],
    ['a 503 until a date by its own clock', status(503, { date: DISTANT, 'retry-after': DISTANT })],
    ['a cut connection', cut],
  ])('again after %s', async (_, answer) => {
    const { url, seen } = await receiver(answer, status(202))
    expect(await post({ ...quick, url })).toEqual({ sent: true, status: 202 })
    expect(seen.map(({ body }) => body)).toEqual([BODY, BODY])
  })

  test('three times at most, after a second and after two more', async () => {
    const { url, seen } = await receiver(status(503))
    expect(await post({ ...quick, url })).toEqual({ sent: false, why: 'it answered 503', attempts: 3 })
    expect(seen).toHaveLength(3)
    expect(pauses).toEqual([1_000, 2_000])
  })

  test('not again where that helps nothing', async () => {
    const { url, seen } = await receiver(status(404))
    expect(await post({ ...quick, url })).toEqual({ sent: false, why: 'it answered 404', attempts: 1 })
    expect(seen).toHaveLength(1)
  })

  test('to nobody else: a redirect is not followed', async () => {
    const { url, seen } = await receiver((response, request) =>
      status(307, { location: `http://${request.headers.host}/elsewhere` })(response),
    )
    expect(await post({ ...quick, url })).toEqual({ sent: false, why: 'it answered 307', attempts: 1 })
    expect(seen).toHaveLength(1)
  })

  test('for a bounded time', async () => {
    const { url, seen } = await receiver(() => undefined)
    expect(await post({ ...quick, url })).toEqual({
      sent: false,
      why: 'it did not answer in time',
      attempts: 3,
    })
    expect(seen).toHaveLength(3)
  })

  test('no longer than until the run is stopped', async () => {
    const { url } = await receiver(() => undefined)
    const controller = new AbortController()
    const sending = post({ ...quick, url, timeoutMs: 20_000, signal: controller.signal })
    setTimeout(() => controller.abort(), 50)
    expect(await sending).toMatchObject({ sent: false, attempts: 1 })
  })

  test('and where it was sent is in no word about it', async () => {
    const { url } = await receiver(cut)
    const results = [
      await post({ ...quick, url }),
      await post({ ...quick, url: `http://127.0.0.1:1/${TOKEN}` }),
      await post({ ...quick, url: `https://127.0.0.1:1/${TOKEN}` }),
    ]
    for (const result of results) {
      expect(result.sent).toBe(false)
      expect(JSON.stringify(result)).not.toMatch(/throw-away|127\.0\.0\.1/)
    }
  })
})

describe('the address of a webhook', () => {
  test.each([
    ['https://hooks.example.com/T00/B00/x', undefined],
    ['http://127.0.0.1:8080/x', undefined],
    ['http://localhost/x', undefined],
    ['http://[::1]:9/x', undefined],
    ['http://hooks.example.com/secret', 'would send the report unencrypted: use https'],
    ['http://127.0.0.1.example.com/secret', 'would send the report unencrypted: use https'],
    ['ftp://hooks.example.com/secret', 'has to be an https URL'],
    ['file:///secret', 'has to be an https URL'],
    ['secret', 'is not a URL'],
  ])('is checked before anything is sent: %s', (url, problem) => {
    expect(webhookProblem(url)).toBe(problem)
  })
})
