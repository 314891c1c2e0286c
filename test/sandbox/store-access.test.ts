import { expect, test } from 'vitest'
import { KINDS } from '../../src/kinds/index.ts'
import type { ResourceKind } from '../../src/model/resource.ts'
import { call, exampleOf, handClock, ID, sandboxFor } from './calling.ts'

const [gatewayKind, childKind] = KINDS as readonly [ResourceKind, ResourceKind, ...ResourceKind[]]
const top = `/${gatewayKind.collection}`

test('a seeded resource is live for the API, made by someone else', async () => {
  const sandbox = await sandboxFor()
  const id = sandbox.store.seed(gatewayKind, exampleOf(gatewayKind), { id: ID })
  const child = sandbox.store.seed(childKind, exampleOf(childKind), { parentId: id })
  expect(id).toBe(ID)
  const mine = (
    await call(sandbox, 'POST', `${top}/${ID}/${childKind.collection}`, {
      properties: exampleOf(childKind),
    })
  ).body.metadata
  const theirs = (await call(sandbox, 'GET', `${top}/${ID}/${childKind.collection}/${child}`)).body.metadata
  expect(theirs.status).toBe('AVAILABLE')
  expect(theirs.createdBy).not.toBe(mine.createdBy)
})

test.each([
  'PROVISIONING',
  'DESTROYING',
  'FAILED',
  'AVAILABLE',
] as const)('a resource that is seeded as %s goes on as one of the service does', async (status) => {
  const clock = handClock()
  const sandbox = await sandboxFor({ now: clock.now })
  const id = sandbox.store.seed(gatewayKind, exampleOf(gatewayKind), { status, forMs: 1000 })
  expect((await call(sandbox, 'GET', `${top}/${id}`)).body.metadata.status).toBe(status)
  clock.advance(1000)
  const after = await call(sandbox, 'GET', `${top}/${id}`)
  const expected = {
    PROVISIONING: 'AVAILABLE',
    DESTROYING: undefined,
    FAILED: 'FAILED',
    AVAILABLE: 'AVAILABLE',
  }
  expect(after.body.metadata?.status).toBe(expected[status])
})

test('seeding twice under one id, or under no parent, is a mistake of the test', async () => {
  const { store } = await sandboxFor()
  store.seed(gatewayKind, exampleOf(gatewayKind), { id: ID })
  expect(() => store.seed(gatewayKind, {}, { id: ID })).toThrow(RangeError)
  expect(() => store.seed(childKind, {})).toThrow(RangeError)
  expect(() => store.seed(gatewayKind, {}, { parentId: ID })).toThrow(RangeError)
  expect(() => store.edit('x', (properties) => properties)).toThrow(RangeError)
})

test('an edit by hand is seen by the next read, whatever was read before', async () => {
  const sandbox = await sandboxFor()
  const id = sandbox.store.seed(gatewayKind, exampleOf(gatewayKind))
  const before = (await call(sandbox, 'GET', top)).body.items[0]
  sandbox.store.edit(
    id,
    (properties) => ({ ...properties, description: 'by hand', brandNew: true }),
    'someone',
  )
  for (const path of [`${top}/${id}`, top]) {
    const { body } = await call(sandbox, 'GET', path)
    const after = body.items?.[0] ?? body
    expect(after.properties).toEqual({ ...before.properties, description: 'by hand', brandNew: true })
    expect(after.metadata.lastModifiedByUserId).toBe('someone')
  }
})

test('two edits by one person in one millisecond are both seen', async () => {
  const sandbox = await sandboxFor({ now: handClock().now })
  const id = sandbox.store.seed(gatewayKind, exampleOf(gatewayKind))
  for (const description of ['first', 'second']) {
    sandbox.store.edit(id, (properties) => ({ ...properties, description }))
    expect((await call(sandbox, 'GET', `${top}/${id}`)).body.properties.description).toBe(description)
  }
})

test('a removal by hand takes the children along', async () => {
  const sandbox = await sandboxFor()
  const id = sandbox.store.seed(gatewayKind, exampleOf(gatewayKind))
  sandbox.store.seed(childKind, exampleOf(childKind), { parentId: id })
  sandbox.store.remove(id)
  expect(sandbox.store.resources()).toEqual([])
  expect((await call(sandbox, 'GET', top)).body.items).toEqual([])
})

test('the same seed gives the same ids and choices, whatever the faults', async () => {
  const run = async (faults: string) => {
    const sandbox = await sandboxFor({ seed: 3, faults })
    sandbox.store.seed(gatewayKind, exampleOf(gatewayKind))
    await call(sandbox, 'GET', top)
    return sandbox.store.resources().map(({ id, properties }) => ({ id, properties }))
  }
  expect(await run('500:0.5')).toEqual(await run(''))
})
