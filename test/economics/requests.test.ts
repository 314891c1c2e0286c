import { afterEach, describe, expect, test } from 'vitest'
import { createRemote } from '../../src/api/remote.ts'
import { KINDS } from '../../src/kinds/index.ts'
import { fetchLive } from '../../src/live/fetch.ts'
import { Secret } from '../../src/model/secret.ts'
import { plan } from '../../src/plan/plan.ts'
import { type RunningSandbox, startSandbox } from '../../src/sandbox/server.ts'
import { listsFor, TOP_LISTS } from '../support/lists.ts'

// Counts are a contract: bench/ measures time, which flickers; these do not.
let sandbox: RunningSandbox | undefined
afterEach(() => sandbox?.close())

const [gateway, peer, ipsec, tunnel] = KINDS

function remoteOf({ url }: RunningSandbox, parallelism: number) {
  return createRemote({
    baseUrl: () => url,
    credentials: { type: 'token', token: new Secret('any') },
    parallelism,
    userAgent: 'test',
  })
}

async function planOf(server: RunningSandbox, parallelism: number) {
  const remote = remoteOf(server, parallelism)
  try {
    const live = await fetchLive(remote, { locations: ['de/fra'] })
    plan({ stack: 'acme', locations: ['de/fra'], resources: [], protectedPatterns: [] }, live)
    return live.resources.length
  } finally {
    remote.close()
  }
}

const asked = (server: RunningSandbox) =>
  server.requests().map(({ method, path, query }) => `${method} ${path}?${query}`)

describe('a plan asks for each collection once for each 999 resources, and for nothing else', () => {
  test.each([0, 999, 1000, 1001, 2500])('%i children of one gateway', async (n) => {
    if (gateway === undefined || peer === undefined) throw new Error('kinds are missing')
    sandbox = await startSandbox()
    const { store } = sandbox
    const parent = store.seed(gateway, { name: 'hq' })
    for (let index = 0; index < n; index++) store.seed(peer, { name: `p-${index}` }, { parentId: parent })
    expect(await planOf(sandbox, 10)).toBe(n + 1)
    const pages = Array.from({ length: Math.max(1, Math.ceil(n / 999)) }, (_, page) => page * 999)
    expect(asked(sandbox).sort()).toEqual(
      [
        ...TOP_LISTS.map((list) => `GET /${list}?limit=1000&offset=0`),
        ...pages.map((offset) => `GET /wireguardgateways/${parent}/peers?limit=1000&offset=${offset}`),
      ].sort(),
    )
  })

  test('1001 gateways, each with children or without', async () => {
    if (ipsec === undefined || tunnel === undefined) throw new Error('kinds are missing')
    sandbox = await startSandbox()
    const { store } = sandbox
    for (let index = 0; index < 1001; index++) {
      const parentId = store.seed(ipsec, { name: `g-${index}` })
      if (index % 100 === 0) store.seed(tunnel, { name: 't' }, { parentId })
    }
    expect(await planOf(sandbox, 40)).toBe(1001 + 11)
    // The gateways take a second page.
    const lists = listsFor([ipsec, 1001], [tunnel, 11]).length + 1
    expect(asked(sandbox)).toHaveLength(lists)
    expect(new Set(asked(sandbox)).size).toBe(lists)
  })
})

describe('no more connections than the parallelism, and all of them used again', () => {
  test.each([1, 3, 10, 40])('%i', async (parallelism) => {
    if (gateway === undefined) throw new Error('kinds are missing')
    sandbox = await startSandbox({ latencyMs: 1 })
    for (let index = 0; index < 200; index++) sandbox.store.seed(gateway, { name: `g-${index}` })
    await planOf(sandbox, parallelism)
    expect(sandbox.requests()).toHaveLength(listsFor([gateway, 200]).length)
    expect(sandbox.connections().total).toBeLessThanOrEqual(parallelism)
    expect(sandbox.connections().total).toBeGreaterThan(parallelism === 1 ? 0 : 1)
  })
})
