import { describe, expect, test } from 'vitest'
import { KINDS } from '../../src/kinds/index.ts'
import { claimedPaths } from '../../src/model/claims.ts'
import { getPath } from '../../src/model/json.ts'
import { call, exampleOf, ID, leastOf, OTHER_ID, sandboxFor, seedParents, THROWAWAY_KEY } from './calling.ts'

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe.each(KINDS.map((kind) => [kind.name, kind] as const))('%s', (_name, kind) => {
  test('POST makes it with a version 4 id, GET and the list show it', async () => {
    const sandbox = await sandboxFor()
    const { path } = seedParents(sandbox.store, kind)
    const posted = await call(sandbox, 'POST', path, { metadata: {}, properties: exampleOf(kind) })
    expect(posted.status).toBe(201)
    expect(posted.body.id).toMatch(UUID_V4)
    expect(posted.body).toMatchObject({
      type: kind.name.replace('-', ''),
      href: `${path}/${posted.body.id}`,
      metadata: { status: 'AVAILABLE', statusMessage: null },
      properties: { name: exampleOf(kind).name },
    })
    const got = await call(sandbox, 'GET', `${path}/${posted.body.id}`)
    expect(got.status).toBe(200)
    expect(got.body).toEqual(posted.body)
    const list = await call(sandbox, 'GET', path)
    expect(list.body).toMatchObject({ type: 'collection', href: path, offset: 0, limit: 100 })
    expect(list.body.items).toContainEqual(posted.body)
  })

  test('PUT creates with the id of the client, then replaces', async () => {
    const sandbox = await sandboxFor()
    const { path } = seedParents(sandbox.store, kind)
    const created = await call(sandbox, 'PUT', `${path}/${ID}`, { id: ID, properties: exampleOf(kind) })
    expect(created.status).toBe(200)
    expect(created.body.id).toBe(ID)
    const renamed = { ...leastOf(kind), name: 'renamed' }
    const replaced = await call(sandbox, 'PUT', `${path}/${ID}`, { id: ID, properties: renamed })
    expect(replaced.status).toBe(200)
    expect(replaced.body.properties.name).toBe('renamed')
    expect(replaced.body.properties).not.toHaveProperty('description')
    expect(replaced.body.metadata.createdDate).toBe(created.body.metadata.createdDate)
    expect((await call(sandbox, 'GET', path)).body.items).toHaveLength(1)
  })

  test('the least that is required is accepted, and documented defaults are filled', async () => {
    const sandbox = await sandboxFor()
    const { path } = seedParents(sandbox.store, kind)
    const { status, body } = await call(sandbox, 'POST', path, { properties: leastOf(kind) })
    expect(status).toBe(201)
    for (const [field, value] of Object.entries(kind.defaults)) {
      if (typeof value === 'object' && !(field in leastOf(kind)))
        expect(body.properties).not.toHaveProperty(field)
      else expect(body.properties).toMatchObject({ [field]: value })
    }
  })

  test('what the server chooses is chosen, and chosen anew by a PUT that leaves it out', async () => {
    const sandbox = await sandboxFor()
    const { path } = seedParents(sandbox.store, kind)
    const bare = { ...leastOf(kind) }
    for (const [outer] of kind.serverChosen) if (outer !== undefined && outer in bare) bare[outer] = {}
    const body = { id: ID, properties: bare }
    const first = await call(sandbox, 'PUT', `${path}/${ID}`, body)
    const second = await call(sandbox, 'PUT', `${path}/${ID}`, body)
    expect([first.status, second.status]).toEqual([200, 200])
    for (const field of kind.serverChosen) {
      expect(getPath(first.body.properties, field)).toBeDefined()
      expect(getPath(second.body.properties, field)).not.toEqual(getPath(first.body.properties, field))
    }
    const carried = await call(sandbox, 'PUT', `${path}/${ID}`, {
      id: ID,
      properties: { ...bare, ...pickOuter(second.body.properties, kind.serverChosen) },
    })
    for (const field of kind.serverChosen)
      expect(getPath(carried.body.properties, field)).toEqual(getPath(second.body.properties, field))
  })

  test('DELETE answers 202 and then everything answers 404', async () => {
    const sandbox = await sandboxFor()
    const { path } = seedParents(sandbox.store, kind)
    await call(sandbox, 'PUT', `${path}/${ID}`, { id: ID, properties: exampleOf(kind) })
    const deleted = await call(sandbox, 'DELETE', `${path}/${ID}`)
    expect([deleted.status, deleted.text]).toEqual([202, ''])
    expect((await call(sandbox, 'GET', `${path}/${ID}`)).status).toBe(404)
    expect((await call(sandbox, 'DELETE', `${path}/${ID}`)).status).toBe(404)
    expect((await call(sandbox, 'GET', path)).body.items).toEqual([])
  })

  test('a body that the schema refuses is 422 with every fault, and changes nothing', async () => {
    const sandbox = await sandboxFor()
    const { path } = seedParents(sandbox.store, kind)
    const properties = { ...exampleOf(kind), name: 7, colour: 'red' }
    for (const [method, url] of [
      ['POST', path],
      ['PUT', `${path}/${ID}`],
    ] as const) {
      const { status, body } = await call(sandbox, method, url, { id: ID, properties })
      expect(status).toBe(422)
      expect(body.httpStatus).toBe(422)
      const words = JSON.stringify(body.messages)
      expect(words).toContain('name')
      expect(words).toContain('colour')
    }
    expect((await call(sandbox, 'GET', path)).body.items).toEqual([])
  })

  test('no answer, log or state of the sandbox holds a secret', async () => {
    const sandbox = await sandboxFor()
    const { path } = seedParents(sandbox.store, kind)
    const put = await call(sandbox, 'PUT', `${path}/${ID}`, { id: ID, properties: exampleOf(kind) })
    const faulty = await call(sandbox, 'PUT', `${path}/${ID}`, {
      id: ID,
      properties: exampleOf(kind, { name: 7 }),
    })
    const answers = [
      put,
      faulty,
      await call(sandbox, 'GET', `${path}/${ID}`),
      await call(sandbox, 'GET', path),
      await call(sandbox, 'GET', '/_sandbox/state'),
      await call(sandbox, 'GET', '/_sandbox/requests'),
    ]
    expect(faulty.status).toBe(422)
    for (const { text } of answers) expect(text).not.toContain(THROWAWAY_KEY)
    expect(JSON.stringify(sandbox.requests())).not.toContain(THROWAWAY_KEY)
    expect(sandbox.requests().length).toBeGreaterThan(3)
  })

  test('a value that only one resource may hold is free again when its holder is gone', async () => {
    const sandbox = await sandboxFor()
    const { path } = seedParents(sandbox.store, kind)
    const properties = exampleOf(kind)
    await call(sandbox, 'PUT', `${path}/${ID}`, { id: ID, properties })
    const second = await call(sandbox, 'PUT', `${path}/${OTHER_ID}`, { id: OTHER_ID, properties })
    expect(second.status).toBe(claimedPaths(kind.claims, 'location').length > 0 ? 409 : 200)
    await call(sandbox, 'DELETE', `${path}/${ID}`)
    expect((await call(sandbox, 'PUT', `${path}/${OTHER_ID}`, { id: OTHER_ID, properties })).status).toBe(200)
  })
})

function pickOuter(properties: Record<string, unknown>, paths: readonly (readonly string[])[]) {
  return Object.fromEntries(
    paths.flatMap(([outer]) => (outer === undefined ? [] : [[outer, properties[outer]]])),
  )
}
