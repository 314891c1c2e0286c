import { expect, test } from 'vitest'
import type { Exchange } from '../../src/api/answer.ts'
import type { Transport } from '../../src/api/options.ts'
import { aRemote, failureOf, gateways, page, readAll, wire } from './a-remote.ts'

const answer = (status: number, body: unknown): Exchange => ({
  type: 'answer',
  status,
  text: JSON.stringify(body),
  bytes: 1,
  headers: { contentType: 'application/json' },
})

/** A transport that gives these statuses in turn, then lists. */
function transportOf(statuses: readonly number[]): Transport & { readonly sent: string[] } {
  const left = [...statuses]
  const sent: string[] = []
  return {
    sent,
    close: () => undefined,
    exchange: async (method, url) => {
      sent.push(`${method} ${url.host}`)
      const status = left.shift() ?? 200
      return answer(status, status === 200 ? page([wire('a')]) : { messages: [] })
    },
  }
}

const asideIds = async (remote: ReturnType<typeof aRemote>) => {
  const ids: string[] = []
  for await (const resources of remote.aside.list(gateways)) ids.push(...resources.map(({ id }) => id))
  return ids
}

test.each([
  429, 500, 503,
])('a read aside that is answered %i is not sent again, and slows nothing', async (status) => {
  const transport = transportOf([status])
  const remote = aRemote({ transport })
  expect((await failureOf(asideIds(remote))).status).toBe(status)
  expect(transport.sent).toHaveLength(1)
  expect(await readAll(remote, gateways)).toEqual(['a'])
  expect(remote.counts()).toMatchObject({ total: 2, retries: 0 })
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
