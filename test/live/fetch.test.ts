import { afterEach, describe, expect, test } from 'vitest'
import type { ApiRemote, RemoteOptions } from '../../src/api/options.ts'
import { ipsecGateway } from '../../src/kinds/ipsec/gateway.ts'
import { wireguardGateway } from '../../src/kinds/wireguard/gateway.ts'
import { wireguardPeer } from '../../src/kinds/wireguard/peer.ts'
import { fetchLive } from '../../src/live/fetch.ts'
import type { FetchProgress } from '../../src/live/reading.ts'
import { ApiError } from '../../src/model/errors.ts'
import type { Remote, WireResource } from '../../src/model/remote.ts'
import { type RunningSandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts'
import { aRemote, failureOf, wire } from '../api/a-remote.ts'
import { listsFor, TOP_LISTS } from '../support/lists.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

async function sandboxWith(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const sandbox = await startSandbox(options)
  cleanups.push(() => sandbox.close())
  return sandbox
}

function remoteTo(sandbox: RunningSandbox, options: Partial<RemoteOptions> = {}): ApiRemote {
  const remote = aRemote({ baseUrl: () => sandbox.url, ...options })
  cleanups.unshift(() => remote.close())
  return remote
}

const seedGateway = (sandbox: RunningSandbox, name: string): string =>
  sandbox.store.seed(wireguardGateway, { name, gatewayIP: '203.0.113.10' })

const seedPeers = (sandbox: RunningSandbox, parentId: string, count: number): void => {
  for (let index = 0; index < count; index++) {
    sandbox.store.seed(wireguardPeer, { name: `p${index}`, allowedIPs: ['10.99.0.2/32'] }, { parentId })
  }
}

const FRA = { locations: ['de/fra'] }

describe('a read of everything, over HTTP', () => {
  test.each([
    0, 1, 999, 1000, 1001, 1999,
  ])('takes one request for each 999 resources of a collection: %i peers of one gateway', async (n) => {
    const sandbox = await sandboxWith()
    const id = seedGateway(sandbox, 'hq')
    seedPeers(sandbox, id, n)
    const live = await fetchLive(remoteTo(sandbox), FRA)
    expect(live.resources).toHaveLength(1 + n)
    const asked = sandbox.requests().map(({ method, path, query }) => `${method} ${path}?${query}`)
    const pages = Array.from({ length: Math.max(1, Math.ceil(n / 999)) }, (_, page) => page * 999)
    expect(asked.toSorted()).toEqual(
      [
        ...TOP_LISTS.map((list) => `GET /${list}?limit=1000&offset=0`),
        ...pages.map((offset) => `GET /wireguardgateways/${id}/peers?limit=1000&offset=${offset}`),
      ].toSorted(),
    )
  })

  test('uses at most as many connections as it may, each again and again', async () => {
    const sandbox = await sandboxWith({ latencyMs: 2 })
    for (let index = 0; index < 40; index++) seedPeers(sandbox, seedGateway(sandbox, `g${index}`), 2)
    const live = await fetchLive(remoteTo(sandbox, { parallelism: 4 }), FRA)
    expect(live.resources).toHaveLength(120)
    expect(sandbox.requests()).toHaveLength(listsFor([wireguardGateway, 40], [wireguardPeer, 80]).length)
    expect(sandbox.connections().total).toBe(4)
  })

  test('is not misled by links, small pages and unknown fields', async () => {
    const sandbox = await sandboxWith({ endlessNext: true, pageCap: 7, nullsOnRead: true })
    seedPeers(sandbox, seedGateway(sandbox, 'hq'), 21)
    const live = await fetchLive(remoteTo(sandbox), FRA)
    expect(live.resources).toHaveLength(22)
    // One resource: its page, the overlap, what is behind it, the overlap again. Seven on a page: four, and the overlap.
    const empty = listsFor([wireguardGateway, 1], [wireguardPeer, 21]).length - 2
    expect(sandbox.requests()).toHaveLength(4 + empty + 5)
  })

  test('survives everything that passes', async () => {
    const faults = '429:0.1,500:0.05,503:0.05,reset-before:0.05,truncate:0.05,html:0.05,empty:0.02'
    const sandbox = await sandboxWith({ faults, seed: 7, retryAfter: '2' })
    for (let index = 0; index < 30; index++) seedPeers(sandbox, seedGateway(sandbox, `g${index}`), 3)
    const remote = remoteTo(sandbox)
    const live = await fetchLive(remote, FRA)
    expect(live.resources).toHaveLength(120)
    const { total, retries } = remote.counts()
    expect(retries).toBeGreaterThan(0)
    expect(total - retries).toBe(32)
  })

  test.each([
    ['before its children are listed', 0],
    ['between two pages of its children', 1],
  ])('leaves out a gateway that someone deletes %s', async (_when, page) => {
    let doomed = ''
    let pages = 0
    const sandbox = await sandboxWith({
      pageCap: 2,
      inject: ({ path }) => {
        if (path.includes(`${doomed}/peers`) && pages++ === page) sandbox.store.remove(doomed)
        return undefined
      },
    })
    doomed = seedGateway(sandbox, 'doomed')
    seedPeers(sandbox, doomed, 3)
    seedPeers(sandbox, seedGateway(sandbox, 'stays'), 2)
    const live = await fetchLive(remoteTo(sandbox), FRA)
    // Kept without its children, it would look like one whose children were all deleted.
    expect(live.resources.map(({ name }) => name)).toEqual(['stays', 'p0', 'p1'])
    const missing = sandbox.requests().filter(({ status }) => status === 404)
    expect(missing.map(({ path }) => path)).toEqual([
      `/wireguardgateways/${doomed}/peers`,
      `/wireguardgateways/${doomed}`,
    ])
  })

  test('shows the endpoint when there is no such API', async () => {
    const sandbox = await sandboxWith()
    const remote = remoteTo(sandbox, { baseUrl: () => `${sandbox.url}/elsewhere` })
    const error = await failureOf(fetchLive(remote, FRA))
    expect(error).toMatchObject({ reason: 'not-found', status: 404 })
    expect(error.message).toContain(`there is no VPN API at ${new URL(sandbox.url).host}`)
  })

  test('fails with the list that failed, and leaves nothing on the wire', async () => {
    const sandbox = await sandboxWith({ failLists: ['tunnels'], latencyMs: 1 })
    const id = sandbox.store.seed(ipsecGateway, { name: 'branch', gatewayIP: '203.0.113.11' })
    for (let index = 0; index < 50; index++) seedGateway(sandbox, `g${index}`)
    const remote = remoteTo(sandbox, { parallelism: 2, attempts: 2 })
    const error = await failureOf(fetchLive(remote, FRA))
    const path = `/ipsecgateways/${id}/tunnels`
    expect(error).toMatchObject({ reason: 'unavailable', status: 500, method: 'GET', path, attempts: 2 })
    const sent = remote.counts().total
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(remote.counts().total).toBe(sent)
  })

  test.each([
    ['forbidden', 'forbidden', 403],
    ['wrong', 'unauthenticated', 401],
  ])('with a token that is %s stops at the first answer', async (_what, reason, status) => {
    const { TOKEN } = await import('../api/a-remote.ts')
    const sandbox = await sandboxWith({
      token: 'another',
      ...(status === 403 ? { forbiddenToken: TOKEN } : {}),
    })
    const remote = remoteTo(sandbox, { parallelism: 1 })
    await expect(failureOf(fetchLive(remote, FRA))).resolves.toMatchObject({ reason, status })
    expect(sandbox.requests()).toHaveLength(1)
  })

  test('ends when it is reported to', async () => {
    const stop = new AbortController()
    const sandbox = await sandboxWith({ latencyMs: 1 })
    for (let index = 0; index < 30; index++) seedGateway(sandbox, `g${index}`)
    const remote = remoteTo(sandbox, { parallelism: 2 })
    const onProgress = ({ pages }: FetchProgress): void => {
      if (pages === 3) stop.abort()
    }
    const work = fetchLive(remote, { ...FRA, signal: stop.signal, onProgress })
    await expect(failureOf(work)).resolves.toMatchObject({ reason: 'aborted' })
    expect(remote.counts().total).toBeLessThan(10)
  })
})

/** A remote in memory: lists by path, pages as they come out of `list`. */
function remoteOf(list: (path: string) => AsyncGenerator<readonly WireResource[]>): Remote {
  const never = (): never => {
    throw new Error('a read lists, and nothing else')
  }
  return {
    list: ({ kind, parentIds }) => list([...parentIds, kind.collection].join('/')),
    get: never,
    put: never,
    delete: never,
  }
}

describe('a read of everything', () => {
  test('asks for children while their parents still arrive', async () => {
    let childAsked = (): void => undefined
    const firstChild = new Promise<void>((resolve) => {
      childAsked = resolve
    })
    const remote = remoteOf(async function* (path) {
      if (path === 'wireguardgateways') {
        yield [wire('a')]
        // Comes only after someone asked for the children of the first page.
        await firstChild
        yield [wire('b')]
      } else if (path.endsWith('/peers')) childAsked()
    })
    const live = await fetchLive(remote, FRA)
    expect(live.resources.map(({ id }) => id)).toEqual(['a', 'b'])
  })

  test('gives the same order whatever comes first: kind, name, id, parents before children', async () => {
    const read = async (reversed: boolean): Promise<string[]> => {
      const turn = (resources: WireResource[]): WireResource[] => (reversed ? resources.reverse() : resources)
      const remote = remoteOf(async function* (path) {
        const late = path.startsWith(reversed ? 'a' : 'b')
        for (let tick = 0; tick < (late ? 5 : 1); tick++)
          await new Promise((resolve) => setImmediate(resolve))
        if (path === 'wireguardgateways') yield turn([wire('b', 'x'), wire('c', 'x'), wire('a', 'y')])
        if (path === 'a/peers') yield turn([wire('a1', 'one'), wire('a2', 'two')])
        if (path === 'b/peers') yield turn([wire('b2', 'one'), wire('b1', 'one')])
        if (path === 'ipsecgateways') yield [wire('i')]
      })
      return (await fetchLive(remote, FRA)).resources.map(({ id }) => id)
    }
    expect(await read(false)).toEqual(['b', 'c', 'a', 'b1', 'b2', 'a1', 'a2', 'i'])
    expect(await read(true)).toEqual(await read(false))
  })

  test('shows how far it is, and reads a location that is named twice once', async () => {
    const progress: FetchProgress[] = []
    const remote = remoteOf(async function* (path) {
      if (path === 'wireguardgateways') yield [wire('a'), wire('b')]
      if (path === 'a/peers') yield [wire('p')]
    })
    const live = await fetchLive(remote, {
      locations: ['de/fra', 'de/fra'],
      onProgress: (seen) => progress.push(seen),
    })
    expect(live.locations).toEqual(['de/fra'])
    expect(progress).toEqual([
      { pages: 1, resources: 2 },
      { pages: 2, resources: 3 },
    ])
  })

  /** A gateway whose lists of children answer 404 until its GET was answered so many times. */
  const leaving = (answers: readonly (WireResource | null)[]) => {
    const asked: string[] = []
    const left = [...answers]
    const remote: Remote = {
      ...remoteOf(async function* (path) {
        if (path === 'wireguardgateways') yield [wire('a')]
        if (!path.endsWith('/peers')) return
        asked.push('LIST')
        if (left.length > 0)
          throw new ApiError({ reason: 'not-found', message: 'gone', method: 'GET', path, status: 404 })
        yield [wire('p')]
      }),
      async get({ id }) {
        asked.push(`GET ${id}`)
        return left.shift() ?? null
      },
    }
    return { remote, asked }
  }
  const idsOf = async (remote: Remote, clock = new VirtualClock()): Promise<string[]> =>
    (await clock.run(fetchLive(remote, { ...FRA, clock }))).resources.map(({ id }) => id)

  test('asks a gateway whose children are not found whether it is still there', async () => {
    const { remote, asked } = leaving([null])
    expect(await idsOf(remote)).toEqual([])
    expect(asked).toEqual(['LIST', 'GET a'])
  })

  test('keeps a gateway that is being destroyed as such', async () => {
    const { remote, asked } = leaving([{ ...wire('a'), metadata: { status: 'DESTROYING' } }])
    const { resources } = await fetchLive(remote, FRA)
    expect(resources).toMatchObject([{ id: 'a', status: 'DESTROYING' }])
    expect(asked).toEqual(['LIST', 'GET a'])
  })

  test('reads the children of a gateway that was created again meanwhile', async () => {
    const { remote, asked } = leaving([{ ...wire('a'), metadata: { createdDate: 'later' } }])
    const clock = new VirtualClock()
    const { resources } = await clock.run(fetchLive(remote, { ...FRA, clock }))
    expect(resources).toMatchObject([{ id: 'a', metadata: { createdDate: 'later' } }, { id: 'p' }])
    expect(asked).toEqual(['LIST', 'GET a', 'LIST'])
    expect(clock.now()).toBe(500)
  })

  test('fails after four times when a gateway is there and its children are not found', async () => {
    const { remote, asked } = leaving(Array.from({ length: 9 }, () => wire('a')))
    const clock = new VirtualClock()
    await expect(idsOf(remote, clock)).rejects.toMatchObject({
      reason: 'protocol',
      message: expect.stringContaining(
        'shows the gateway "hq", and the lists of what is below it answer 404',
      ),
    })
    expect(asked).toEqual(Array.from({ length: 4 }, () => ['LIST', 'GET a']).flat())
    expect(clock.now()).toBe(5000)
  })

  test('fails with what went wrong, not with what was cut short by it, and ends all the rest', async () => {
    const asked: string[] = []
    const failing = (reason: ApiError['reason']): ApiError =>
      new ApiError({ reason, message: reason, method: 'GET', path: '/' })
    const remote: Remote = {
      ...remoteOf(async function* () {}),
      async *list({ kind, parentIds }, signal) {
        asked.push(kind.collection)
        if (kind === ipsecGateway) throw failing('aborted')
        if (parentIds.length === 0) {
          yield [wire('a')]
          throw failing('unauthenticated')
        }
        // Children that would never be answered: only the end of the read ends them.
        await new Promise((_resolve, reject) => {
          const end = (): void => reject(failing('aborted'))
          if (signal?.aborted) end()
          signal?.addEventListener('abort', end)
        })
      },
    }
    await expect(fetchLive(remote, FRA)).rejects.toMatchObject({ reason: 'unauthenticated' })
    expect(asked).toEqual(['wireguardgateways', 'ipsecgateways', 'peers'])
  })

  test('fails with a fault of ours as it is', async () => {
    const remote = remoteOf(async function* () {
      yield [wire('a')]
      throw new TypeError('a bug')
    })
    await expect(fetchLive(remote, FRA)).rejects.toThrow(TypeError)
  })
})
