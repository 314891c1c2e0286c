import { describe, expect, test } from 'vitest'
import type { Exchange } from '../../src/api/answer.ts'
import type { Transport } from '../../src/api/options.ts'
import { hastyClock } from '../support/virtual-clock.ts'
import { aRemote, failureOf, gateways, page, readAll, wire } from './a-remote.ts'

const answer = (status: number, body: unknown, retryAfter?: string): Exchange => ({
  type: 'answer',
  status,
  text: JSON.stringify(body),
  bytes: 1,
  headers: { contentType: 'application/json', ...(retryAfter === undefined ? {} : { retryAfter }) },
})

/** A transport that gives these statuses in turn, each with that pause, then lists. */
function transportOf(
  statuses: readonly number[],
  retryAfter?: string,
): Transport & { readonly sent: string[] } {
  const left = [...statuses]
  const sent: string[] = []
  return {
    sent,
    close: () => undefined,
    exchange: async (method, url) => {
      sent.push(`${method} ${url.host}`)
      const status = left.shift() ?? 200
      return status === 200 ? answer(200, page([wire('a')])) : answer(status, { messages: [] }, retryAfter)
    },
  }
}

const asideIds = async (remote: ReturnType<typeof aRemote>) => {
  const ids: string[] = []
  for await (const resources of remote.aside.list(gateways)) ids.push(...resources.map(({ id }) => id))
  return ids
}

test.each([
  500, 503,
])('a read aside that is answered %i is not sent again, and slows nothing', async (status) => {
  const transport = transportOf([status])
  const remote = aRemote({ transport })
  expect((await failureOf(asideIds(remote))).status).toBe(status)
  expect(transport.sent).toHaveLength(1)
  expect(await readAll(remote, gateways)).toEqual(['a'])
  expect(remote.counts()).toMatchObject({ total: 2, retries: 0 })
})

describe('a read aside that is answered 429', () => {
  test('is sent again, and slows nothing else', async () => {
    const clock = hastyClock()
    const transport = transportOf([429, 429], '1')
    const remote = aRemote({ transport, clock })
    expect(await asideIds(remote)).toEqual(['a'])
    expect(clock.slept).toEqual([1000, 1000])
    expect(await readAll(remote, gateways)).toEqual(['a'])
    expect(clock.slept).toEqual([1000, 1000])
  })

  test('is given up after three seconds', async () => {
    const clock = hastyClock()
    const transport = transportOf(
      Array.from({ length: 9 }, () => 429),
      '1',
    )
    expect((await failureOf(asideIds(aRemote({ transport, clock })))).status).toBe(429)
    expect(clock.slept).toEqual([1000, 1000, 1000])
  })

  test('is given up at once where the service asks for a longer pause', async () => {
    const clock = hastyClock()
    const transport = transportOf([429], '4')
    expect((await failureOf(asideIds(aRemote({ transport, clock })))).status).toBe(429)
    expect(clock.slept).toEqual([])
  })
})

test.each([401, 403])('a read aside that is answered %i does not end the run', async (status) => {
  const remote = aRemote({ transport: transportOf([status]) })
  expect((await failureOf(asideIds(remote))).status).toBe(status)
  expect(await readAll(remote, gateways)).toEqual(['a'])
  expect(await asideIds(remote)).toEqual(['a'])
})

test('the end of the run is the end of reads aside', async () => {
  const remote = aRemote({ transport: transportOf([401]) })
  await failureOf(readAll(remote, gateways))
  expect((await failureOf(asideIds(remote))).reason).toBe('aborted')
})

test('the pause that a read aside was asked for is not the reason of what is stopped later', async () => {
  const remote = aRemote({ transport: transportOf([429], '4'), clock: hastyClock() })
  await failureOf(asideIds(remote))
  remote.close()
  expect((await failureOf(readAll(remote, gateways))).message).toMatch(/the run was stopped$/)
})
