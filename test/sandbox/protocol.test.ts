import { expect, test } from 'vitest'
import { KINDS } from '../../src/kinds/index.ts'
import type { ResourceKind } from '../../src/model/resource.ts'
import type { RunningSandbox } from '../../src/sandbox/server.ts'
import { call, exampleOf, handClock, ID, OTHER_ID, sandboxFor, THROWAWAY_KEY } from './calling.ts'

const [gatewayKind, childKind] = KINDS as readonly [ResourceKind, ResourceKind, ...ResourceKind[]]
const top = `/${gatewayKind.collection}`

function seedGateway(sandbox: RunningSandbox, gatewayIP = '203.0.113.10'): string {
  return sandbox.store.seed(gatewayKind, exampleOf(gatewayKind, { gatewayIP }))
}

async function answerTo(sandbox: RunningSandbox, authorization: string | undefined) {
  const response = await fetch(sandbox.url + top, {
    headers: authorization === undefined ? {} : { authorization },
  })
  return { status: response.status, body: await response.json() }
}

test('a request without a usable credential is 401 in the shape of the API', async () => {
  const sandbox = await sandboxFor()
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
  for (const header of [
    undefined,
    'Bearer',
    'Bearer ',
    'Token x',
    basic('user'),
    basic('user:'),
    basic(':p'),
  ]) {
    const { status, body } = await answerTo(sandbox, header)
    expect(status).toBe(401)
    expect(body).toEqual({ httpStatus: 401, messages: [{ errorCode: '315', message: 'Unauthorized' }] })
  }
  expect((await answerTo(sandbox, 'Bearer anything')).status).toBe(200)
  expect((await answerTo(sandbox, basic('user@example.com:pass'))).status).toBe(200)
})

test('with an expected token every other credential is 401, and the forbidden one 403', async () => {
  const sandbox = await sandboxFor({ token: 'good', forbiddenToken: 'poor' })
  expect((await answerTo(sandbox, 'Bearer good')).status).toBe(200)
  expect((await answerTo(sandbox, 'Bearer bad')).status).toBe(401)
  expect((await answerTo(sandbox, `Basic ${btoa('user:pass')}`)).status).toBe(401)
  const { status, body } = await answerTo(sandbox, 'Bearer poor')
  expect(status).toBe(403)
  expect(body).toMatchObject({ httpStatus: 403 })
})

test('the writer of a resource is reported, and different callers are different users', async () => {
  const sandbox = await sandboxFor()
  const put = (authorization: string) =>
    call(sandbox, 'PUT', `${top}/${ID}`, { id: ID, properties: exampleOf(gatewayKind) }, { authorization })
  const first = (await put('Bearer one')).body.metadata
  const second = (await put('Bearer two')).body.metadata
  expect(second.createdBy).toBe(first.createdBy)
  expect(second.lastModifiedBy).not.toBe(first.lastModifiedBy)
  expect(JSON.stringify(second)).not.toContain('two')
})

test('broken JSON is 400, without a word of the body', async () => {
  const sandbox = await sandboxFor()
  const { status, body, text } = await call(sandbox, 'POST', top, `{"properties": "${THROWAWAY_KEY}`)
  expect(status).toBe(400)
  expect(body.httpStatus).toBe(400)
  expect(text).not.toContain(THROWAWAY_KEY)
})

test('a body of another media type is 415, one of another shape 422', async () => {
  const sandbox = await sandboxFor()
  const good = { properties: exampleOf(gatewayKind) }
  const as = (type: string) => call(sandbox, 'POST', top, good, { 'content-type': type })
  expect((await as('text/plain')).status).toBe(415)
  expect((await as('application/json; charset=utf-8')).status).toBe(201)
  for (const unexpected of ['[]', 'null', '"text"', '{}', '{"properties":[]}'])
    expect((await call(sandbox, 'POST', top, unexpected)).status).toBe(422)
})

test('a PUT whose body has another id, or none, is 422 vpn-common-0021', async () => {
  const sandbox = await sandboxFor()
  for (const id of [OTHER_ID, undefined, 7]) {
    const { status, body } = await call(sandbox, 'PUT', `${top}/${ID}`, {
      id,
      properties: exampleOf(gatewayKind),
    })
    expect(status).toBe(422)
    expect(body.messages[0].errorCode).toBe('vpn-common-0021')
  }
  const upper = { id: ID.toUpperCase(), properties: exampleOf(gatewayKind) }
  expect((await call(sandbox, 'PUT', `${top}/${ID}`, upper)).status).toBe(200)
})

test('an id that lives under another parent is 422, and is not moved', async () => {
  const sandbox = await sandboxFor()
  const [here, there] = [seedGateway(sandbox), seedGateway(sandbox, '203.0.113.11')]
  const body = { id: ID, properties: exampleOf(childKind) }
  const path = (parent: string) => `${top}/${parent}/${childKind.collection}/${ID}`
  await call(sandbox, 'PUT', path(here), body)
  const moved = await call(sandbox, 'PUT', path(there), body)
  expect(moved.status).toBe(422)
  expect(moved.body.messages[0].errorCode).toBe('vpn-common-0021')
  expect((await call(sandbox, 'GET', path(there))).status).toBe(404)
  expect((await call(sandbox, 'GET', path(here))).status).toBe(200)
})

test('children of a parent that does not exist are 404 for every method', async () => {
  const sandbox = await sandboxFor()
  const path = `${top}/${OTHER_ID}/${childKind.collection}`
  const body = { id: ID, properties: exampleOf(childKind) }
  for (const [method, url, sent] of [
    ['GET', path, undefined],
    ['POST', path, body],
    ['GET', `${path}/${ID}`, undefined],
    ['PUT', `${path}/${ID}`, body],
    ['DELETE', `${path}/${ID}`, undefined],
  ] as const)
    expect((await call(sandbox, method, url, sent)).status, method).toBe(404)
})

test('an unknown path is 404 and a method that a path has not is 405, in the shape of the API', async () => {
  const sandbox = await sandboxFor()
  expect((await call(sandbox, 'GET', '/nothing')).body.httpStatus).toBe(404)
  expect((await call(sandbox, 'PATCH', top, {})).body.httpStatus).toBe(405)
  expect((await call(sandbox, 'PUT', `${top}/no-uuid`, { id: 'no-uuid', properties: {} })).status).toBe(422)
})

test('pages have the offset and limit that were asked for, and links to their neighbours', async () => {
  const sandbox = await sandboxFor()
  const names = Array.from({ length: 5 }, (_, index) => `g${index}`)
  names.forEach((name, index) => {
    sandbox.store.seed(gatewayKind, exampleOf(gatewayKind, { name, gatewayIP: `203.0.113.${index}` }))
  })
  const page = async (query: string) => (await call(sandbox, 'GET', top + query)).body
  const middle = await page('?offset=2&limit=2&depth=1&order-by=name&pretty')
  expect(middle).toMatchObject({ offset: 2, limit: 2 })
  expect(middle.items.map((item: { properties: { name: string } }) => item.properties.name)).toEqual([
    'g2',
    'g3',
  ])
  expect(middle._links).toEqual({
    prev: `${sandbox.url}${top}?offset=0&limit=2`,
    self: `${sandbox.url}${top}?offset=2&limit=2`,
    next: `${sandbox.url}${top}?offset=4&limit=2`,
  })
  for (const last of ['?offset=4&limit=2', '?offset=3&limit=2'])
    expect((await page(last))._links).not.toHaveProperty('next')
  expect(await page('?offset=99&limit=1000')).toMatchObject({ offset: 99, limit: 1000, items: [] })
  expect((await page(''))._links).toEqual({ self: `${sandbox.url}${top}?offset=0&limit=100` })
})

test.each([
  'limit=0',
  'limit=1001',
  'limit=-1',
  'limit=x',
  'limit=',
  'limit=1.5',
  'offset=-1',
  'offset=x',
  'offset=99999999999',
])('?%s is 400', async (query) => {
  const sandbox = await sandboxFor()
  const { status, body } = await call(sandbox, 'GET', `${top}?${query}`)
  expect([status, body.httpStatus]).toEqual([400, 400])
})

test('names need not be unique', async () => {
  const sandbox = await sandboxFor()
  const parent = seedGateway(sandbox)
  const path = `${top}/${parent}/${childKind.collection}`
  for (const status of [201, 201])
    expect((await call(sandbox, 'POST', path, { properties: exampleOf(childKind) })).status).toBe(status)
  expect((await call(sandbox, 'GET', path)).body.items).toHaveLength(2)
})

test('a gateway takes its children with it', async () => {
  const clock = handClock()
  const sandbox = await sandboxFor({ now: clock.now, destroyMs: 100 })
  const parent = seedGateway(sandbox)
  const child = sandbox.store.seed(childKind, exampleOf(childKind), { parentId: parent })
  const path = `${top}/${parent}/${childKind.collection}`
  await call(sandbox, 'DELETE', `${top}/${parent}`)
  expect((await call(sandbox, 'GET', `${path}/${child}`)).body.metadata.status).toBe('DESTROYING')
  clock.advance(100)
  expect((await call(sandbox, 'GET', `${path}/${child}`)).status).toBe(404)
  expect(sandbox.store.resources()).toEqual([])
})
