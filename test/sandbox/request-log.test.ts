import http, { Agent } from 'node:http'
import { expect, test } from 'vitest'
import { KINDS } from '../../src/kinds/index.ts'
import type { ResourceKind } from '../../src/model/resource.ts'
import type { RequestLogEntry } from '../../src/sandbox/request-log.ts'
import type { RunningSandbox } from '../../src/sandbox/server.ts'
import { call, exampleOf, handClock, ID, sandboxFor } from './calling.ts'

const [gatewayKind] = KINDS as readonly [ResourceKind, ...ResourceKind[]]
const top = `/${gatewayKind.collection}`

function read(sandbox: RunningSandbox, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: 'Bearer x' }
    http
      .get(sandbox.url + top, { agent, headers }, (answer) => answer.resume().on('end', resolve))
      .on('error', reject)
  })
}

test('requests are kept in the order of their arrival, with query, status and time', async () => {
  const clock = handClock()
  const reported: RequestLogEntry[] = []
  const sandbox = await sandboxFor({ now: clock.now, log: (entry) => reported.push(entry) })
  await call(sandbox, 'GET', `${top}?limit=10&offset=0`)
  clock.advance(5)
  await call(sandbox, 'GET', `${top}/${ID}`)
  expect(sandbox.requests()).toEqual([
    {
      at: '2026-01-01T00:00:00.000Z',
      method: 'GET',
      path: top,
      query: 'limit=10&offset=0',
      status: 200,
      durationMs: 0,
      connection: expect.any(Number),
    },
    {
      at: '2026-01-01T00:00:00.005Z',
      method: 'GET',
      path: `${top}/${ID}`,
      query: '',
      status: 404,
      durationMs: 0,
      connection: expect.any(Number),
    },
  ])
  expect(reported).toEqual(sandbox.requests())
})

test('GET /_sandbox/requests gives log and counters, DELETE empties them, neither is part of them', async () => {
  const sandbox = await sandboxFor({ inject: ({ method }) => (method === 'POST' ? '503' : undefined) })
  await call(sandbox, 'GET', top)
  await call(sandbox, 'GET', `${top}/${ID}`)
  await call(sandbox, 'POST', top, {})
  const answer = await (await fetch(`${sandbox.url}/_sandbox/requests`)).json()
  expect(answer).toMatchObject({
    counters: {
      requests: 3,
      byMethod: { GET: 2, POST: 1 },
      byStatus: { 200: 1, 404: 1, 503: 1 },
      byFault: { 503: 1 },
    },
    connections: { total: expect.any(Number), open: expect.any(Number), peak: expect.any(Number) },
    requests: sandbox.requests(),
  })
  expect((await fetch(`${sandbox.url}/_sandbox/requests`, { method: 'DELETE' })).status).toBe(204)
  expect(sandbox.requests()).toEqual([])
})

test('GET /_sandbox/state shows all resources as reads do', async () => {
  const sandbox = await sandboxFor()
  const id = sandbox.store.seed(gatewayKind, exampleOf(gatewayKind))
  const shown = (await call(sandbox, 'GET', `${top}/${id}`)).body
  expect(await (await fetch(`${sandbox.url}/_sandbox/state`)).json()).toEqual({ resources: [shown] })
})

test('connections are told apart and their peak is known, without those that only look at the sandbox', async () => {
  const sandbox = await sandboxFor({ latencyMs: 20 })
  const agent = new Agent({ keepAlive: true, maxSockets: 3 })
  await Promise.all(Array.from({ length: 9 }, () => read(sandbox, agent)))
  expect(sandbox.connections()).toEqual({ total: 3, open: 3, peak: 3 })
  expect(new Set(sandbox.requests().map(({ connection }) => connection))).toEqual(new Set([1, 2, 3]))
  agent.destroy()
  await expect.poll(() => sandbox.connections().open).toBe(0)
  const single = new Agent()
  await read(sandbox, single)
  await (await fetch(`${sandbox.url}/_sandbox/requests`)).text()
  expect(sandbox.connections()).toMatchObject({ total: 4, peak: 3 })
  single.destroy()
})
