import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { KINDS } from '../../src/kinds/index.ts'
import type { ResourceKind } from '../../src/model/resource.ts'
import { call, exampleOf, ID, sandboxFor } from './calling.ts'

const [gatewayKind] = KINDS as readonly [ResourceKind, ...ResourceKind[]]
const top = `/${gatewayKind.collection}`
const gateway = { id: ID, properties: exampleOf(gatewayKind) }

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const ids = (list: { body: unknown }) => (list.body as { items: { id: string }[] }).items.map(({ id }) => id)

describe('a first segment of the path', () => {
  test('is the endpoint of that location, with resources of its own', async () => {
    const sandbox = await sandboxFor({})
    expect((await call(sandbox, 'PUT', `/de-txl${top}/${ID}`, gateway)).status).toBe(200)
    expect(ids(await call(sandbox, 'GET', `/de-txl${top}`))).toEqual([ID])
    expect(ids(await call(sandbox, 'GET', top))).toEqual([])
    expect((await call(sandbox, 'GET', `/us-ewr${top}/${ID}`)).status).toBe(404)
    expect(sandbox.store.resources()).toEqual([])
    expect(
      sandbox
        .storeAt('de/txl')
        .resources()
        .map(({ id }) => id),
    ).toEqual([ID])
    const shown = await call(sandbox, 'GET', `/de-txl${top}/${ID}`)
    expect(JSON.stringify(shown.body)).toContain('ionos:vpn:de/txl:')
  })

  test('of the default location, and of those that share its endpoint, is the same as none', async () => {
    const sandbox = await sandboxFor({})
    await call(sandbox, 'PUT', `/de-fra-2${top}/${ID}`, gateway)
    expect(ids(await call(sandbox, 'GET', top))).toEqual([ID])
    expect(ids(await call(sandbox, 'GET', `/de-fra${top}`))).toEqual([ID])
  })

  test('that is not a location leads nowhere', async () => {
    const sandbox = await sandboxFor({})
    expect((await call(sandbox, 'GET', `/de-xxx${top}`)).status).toBe(404)
  })

  test('one public address may be in use in two locations', async () => {
    const sandbox = await sandboxFor({})
    await call(sandbox, 'PUT', `/de-txl${top}/${ID}`, gateway)
    expect((await call(sandbox, 'PUT', `/de-fra${top}/${ID}`, gateway)).status).toBe(200)
  })

  test('survives a restart, in the same file', async () => {
    const data = join(folder, 'state.json')
    const first = await sandboxFor({ data })
    await call(first, 'PUT', `/de-txl${top}/${ID}`, gateway)
    await first.close()
    expect(JSON.parse(readFileSync(data, 'utf8')).resources).toMatchObject([{ id: ID, location: 'de/txl' }])
    const second = await sandboxFor({ data })
    expect(ids(await call(second, 'GET', `/de-txl${top}`))).toEqual([ID])
    expect(ids(await call(second, 'GET', top))).toEqual([])
  })

  test('links of a list keep it', async () => {
    const sandbox = await sandboxFor({})
    const list = await call(sandbox, 'GET', `/de-txl${top}`)
    expect(JSON.stringify(list.body)).toContain(`${sandbox.url}/de-txl${top}?offset=0`)
  })
})
