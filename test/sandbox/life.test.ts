import { describe, expect, test } from 'vitest'
import { KINDS } from '../../src/kinds/index.ts'
import type { ResourceKind } from '../../src/model/resource.ts'
import type { RunningSandbox } from '../../src/sandbox/server.ts'
import { call, exampleOf, handClock, ID, OTHER_ID, sandboxFor } from './calling.ts'

const [gatewayKind, childKind] = KINDS as readonly [ResourceKind, ResourceKind, ...ResourceKind[]]
const top = `/${gatewayKind.collection}`
const gateway = { id: ID, properties: exampleOf(gatewayKind) }
const child = { id: OTHER_ID, properties: exampleOf(childKind) }

async function statusOf(sandbox: RunningSandbox, path: string) {
  const { status, body } = await call(sandbox, 'GET', path)
  return status === 200 ? body.metadata.status : status
}

test('a write is PROVISIONING for its time and then AVAILABLE, a delete DESTROYING and then 404', async () => {
  const clock = handClock()
  const sandbox = await sandboxFor({ now: clock.now, provisionMs: 500, destroyMs: 300 })
  const path = `${top}/${ID}`
  expect((await call(sandbox, 'PUT', path, gateway)).body.metadata.status).toBe('PROVISIONING')
  clock.advance(499)
  expect(await statusOf(sandbox, path)).toBe('PROVISIONING')
  clock.advance(1)
  expect(await statusOf(sandbox, path)).toBe('AVAILABLE')
  expect((await call(sandbox, 'PUT', path, gateway)).body.metadata.status).toBe('PROVISIONING')
  expect((await call(sandbox, 'DELETE', path)).status).toBe(202)
  expect(await statusOf(sandbox, path)).toBe('DESTROYING')
  expect((await call(sandbox, 'GET', top)).body.items[0].metadata.status).toBe('DESTROYING')
  clock.advance(300)
  expect(await statusOf(sandbox, path)).toBe(404)
})

test('what is being destroyed takes no PUT and no children, keeps its address, and a second DELETE is accepted', async () => {
  const clock = handClock()
  const sandbox = await sandboxFor({ now: clock.now, destroyMs: 300 })
  await call(sandbox, 'PUT', `${top}/${ID}`, gateway)
  await call(sandbox, 'DELETE', `${top}/${ID}`)
  clock.advance(200)
  expect((await call(sandbox, 'PUT', `${top}/${ID}`, gateway)).status).toBe(409)
  const below = `${top}/${ID}/${childKind.collection}/${OTHER_ID}`
  expect((await call(sandbox, 'PUT', below, child)).status).toBe(409)
  const rival = { id: OTHER_ID, properties: gateway.properties }
  expect((await call(sandbox, 'PUT', `${top}/${OTHER_ID}`, rival)).status).toBe(409)
  expect((await call(sandbox, 'DELETE', `${top}/${ID}`)).status).toBe(202)
  clock.advance(100)
  expect((await call(sandbox, 'PUT', `${top}/${OTHER_ID}`, rival)).status).toBe(200)
})

test('dates follow the clock and only a write moves them', async () => {
  const clock = handClock(Date.parse('2026-02-03T04:05:06Z'))
  const sandbox = await sandboxFor({ now: clock.now })
  await call(sandbox, 'PUT', `${top}/${ID}`, gateway)
  clock.advance(1000)
  await call(sandbox, 'GET', `${top}/${ID}`)
  const { metadata } = (await call(sandbox, 'PUT', `${top}/${ID}`, gateway)).body
  expect(metadata.createdDate).toBe('2026-02-03T04:05:06.000Z')
  expect(metadata.lastModifiedDate).toBe('2026-02-03T04:05:07.000Z')
})

describe('behaviour', () => {
  test('failNames: such a resource ends FAILED with a reason until it has another name', async () => {
    const clock = handClock()
    const sandbox = await sandboxFor({ now: clock.now, provisionMs: 10, failNames: ['hq'] })
    const path = `${top}/${ID}`
    expect((await call(sandbox, 'PUT', path, gateway)).body.metadata).toMatchObject({
      status: 'PROVISIONING',
      statusMessage: null,
    })
    clock.advance(10)
    const failed = (await call(sandbox, 'GET', path)).body.metadata
    expect(failed.status).toBe('FAILED')
    expect(failed.statusMessage).toContain('hq')
    await call(sandbox, 'PUT', path, { id: ID, properties: exampleOf(gatewayKind, { name: 'other' }) })
    clock.advance(10)
    expect(await statusOf(sandbox, path)).toBe('AVAILABLE')
  })

  test('failFirstGetAfterDelete: one 500, then 404', async () => {
    const sandbox = await sandboxFor({ failFirstGetAfterDelete: true })
    await call(sandbox, 'PUT', `${top}/${ID}`, gateway)
    await call(sandbox, 'DELETE', `${top}/${ID}`)
    expect(await statusOf(sandbox, `${top}/${ID}`)).toBe(500)
    expect(await statusOf(sandbox, `${top}/${ID}`)).toBe(404)
  })

  test('strictParent: a child needs an AVAILABLE gateway and puts it back to PROVISIONING', async () => {
    const clock = handClock()
    const sandbox = await sandboxFor({ now: clock.now, strictParent: true, provisionMs: 500 })
    const below = `${top}/${ID}/${childKind.collection}/${OTHER_ID}`
    await call(sandbox, 'PUT', `${top}/${ID}`, gateway)
    const early = await call(sandbox, 'PUT', below, child)
    expect([early.status, early.body.httpStatus]).toEqual([409, 409])
    clock.advance(500)
    for (const [method, body] of [
      ['PUT', child],
      ['PUT', child],
      ['DELETE', undefined],
    ] as const) {
      expect((await call(sandbox, method, below, body)).status).toBeLessThan(300)
      expect(await statusOf(sandbox, `${top}/${ID}`)).toBe('PROVISIONING')
      expect((await call(sandbox, 'DELETE', below)).status).toBe(method === 'DELETE' ? 404 : 409)
      clock.advance(500)
      expect(await statusOf(sandbox, `${top}/${ID}`)).toBe('AVAILABLE')
    }
  })

  test('without it a child is taken while its gateway is PROVISIONING, and leaves its status alone', async () => {
    const clock = handClock()
    const sandbox = await sandboxFor({ now: clock.now, provisionMs: 500 })
    const below = `${top}/${ID}/${childKind.collection}/${OTHER_ID}`
    await call(sandbox, 'PUT', `${top}/${ID}`, gateway)
    expect((await call(sandbox, 'PUT', below, child)).status).toBe(200)
    clock.advance(500)
    expect((await call(sandbox, 'PUT', below, child)).status).toBe(200)
    expect(await statusOf(sandbox, `${top}/${ID}`)).toBe('AVAILABLE')
  })

  test('putNeverCreates: PUT replaces what is there and answers 404 for the rest', async () => {
    const sandbox = await sandboxFor({ putNeverCreates: true })
    expect((await call(sandbox, 'PUT', `${top}/${ID}`, gateway)).status).toBe(404)
    const id = sandbox.store.seed(gatewayKind, exampleOf(gatewayKind))
    const body = { id, properties: gateway.properties }
    expect((await call(sandbox, 'PUT', `${top}/${id}`, body)).status).toBe(200)
  })

  test('failLists: lists of that collection answer 500, others do not', async () => {
    const sandbox = await sandboxFor({ failLists: [childKind.collection] })
    const id = sandbox.store.seed(gatewayKind, exampleOf(gatewayKind))
    expect((await call(sandbox, 'GET', `${top}/${id}/${childKind.collection}`)).status).toBe(500)
    expect((await call(sandbox, 'GET', top)).status).toBe(200)
  })

  test('hideDestroying: lists leave out what is on its way out, GET does not', async () => {
    const sandbox = await sandboxFor({ hideDestroying: true, destroyMs: 60_000 })
    await call(sandbox, 'PUT', `${top}/${ID}`, gateway)
    await call(sandbox, 'DELETE', `${top}/${ID}`)
    expect((await call(sandbox, 'GET', top)).body.items).toEqual([])
    expect(await statusOf(sandbox, `${top}/${ID}`)).toBe('DESTROYING')
  })

  test('exclusiveStatus: a value that is taken can answer 422', async () => {
    const sandbox = await sandboxFor({ exclusiveStatus: 422 })
    sandbox.store.seed(gatewayKind, exampleOf(gatewayKind))
    const { status, body } = await call(sandbox, 'PUT', `${top}/${ID}`, gateway)
    expect([status, body.httpStatus]).toEqual([422, 422])
  })

  test('pageCap and endlessNext: a page is shorter than asked for, and next is always there', async () => {
    const sandbox = await sandboxFor({ pageCap: 1, endlessNext: true })
    sandbox.store.seed(gatewayKind, exampleOf(gatewayKind))
    const { body } = await call(sandbox, 'GET', `${top}?limit=1000`)
    expect(body.limit).toBe(1)
    expect(body._links.next).toBe(`${sandbox.url}${top}?offset=1&limit=1`)
  })
})
