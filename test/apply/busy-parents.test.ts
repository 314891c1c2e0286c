import { describe, expect, test } from 'vitest'
import { ends, requested, scene } from '../support/applying.ts'
import { change, gatewayTarget, peerTarget } from '../support/changes.ts'
import { apiError } from '../support/fake-remote.ts'

const hq = gatewayTarget('hq')
const peers = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => peerTarget('hq', id))
const [a] = peers as [ReturnType<typeof peerTarget>]

describe('a gateway that is busy with each of its children', () => {
  test('gets all its peers, one at a time, once that has shown', async () => {
    const { remote, run, events } = scene({ strictParent: true, provisionMs: 500, latencyMs: 50 })
    const result = await run([
      change('create', hq),
      ...peers.map((peer) => change('create', peer, { needs: [hq] })),
    ])
    expect(result.summary).toMatchObject({ applied: 7, failed: 0 })
    expect(peers.every((peer) => remote.has(peer))).toBe(true)
    expect(events.some((event) => event.type === 'retrying' && event.change.name === 'b')).toBe(true)
    const puts = remote.writes().map(({ at }) => at)
    // The gateway, one accepted and five refused in company, five alone: no write is refused twice.
    expect(puts).toHaveLength(1 + 6 + 5)
    const alone = puts.slice(7)
    for (const [index, at] of alone.slice(1).entries()) {
      expect(at - (alone[index] ?? 0)).toBeGreaterThanOrEqual(500)
    }
  })

  test('loses them one at a time as well, and then goes itself', async () => {
    const { remote, run } = scene({ strictParent: true, provisionMs: 500, destroyMs: 300, latencyMs: 50 })
    remote.seed(hq, { name: 'hq' })
    for (const peer of peers) remote.seed(peer, { name: peer.id })
    const result = await run([
      change('delete', hq, { needs: peers }),
      ...peers.map((peer) => change('delete', peer)),
    ])
    expect(result.summary).toMatchObject({ applied: 7, failed: 0 })
    expect(remote.has(hq)).toBe(false)
  })

  test('does not slow down the peers of another gateway', async () => {
    const branch = gatewayTarget('branch')
    const others = ['v', 'w', 'x'].map((id) => peerTarget('branch', id))
    const { remote, run } = scene({
      latencyMs: 50,
      before: ({ name, key, at, method }) => {
        if (method === 'PUT' && key.includes('hq/') && name !== 'a' && at < 100)
          throw apiError('conflict', 'PUT', 409)
      },
    })
    remote.seed(hq, { name: 'hq' })
    remote.seed(branch, { name: 'branch' })
    await run([
      change('keep', hq),
      change('keep', branch),
      ...peers.slice(0, 3).map((peer) => change('create', peer, { needs: [hq] })),
      ...others.map((peer) => change('create', peer, { needs: [branch] })),
    ])
    const atOf = (name: string) =>
      remote
        .writes()
        .filter((write) => write.name === name)
        .at(-1)?.at
    expect(others.map(({ id }) => atOf(id))).toEqual([0, 0, 0])
    expect(atOf('b')).not.toBe(atOf('c'))
  })
})

describe('a refusal of a peer', () => {
  test('is final after one read when the gateway is AVAILABLE and no sibling was written', async () => {
    const { remote, run, events } = scene({
      before: ({ method }) => {
        if (method === 'PUT') throw apiError('conflict', 'PUT', 422)
      },
    })
    remote.seed(hq, { name: 'hq' })
    const result = await run([change('keep', hq), change('create', a, { needs: [hq] })])
    expect(ends(result)).toEqual({ hq: 'kept', a: 'failed: conflict' })
    expect(requested(remote)).toEqual(['PUT a', 'GET hq', 'GET a'])
    expect(events.filter(({ type }) => type === 'retrying')).toEqual([])
  })

  test('in company is tried once more alone; the others do not become slow for it', async () => {
    const { remote, run } = scene({
      latencyMs: 50,
      before: ({ method, name }) => {
        if (method === 'PUT' && name === 'a') throw apiError('conflict', 'PUT', 422)
      },
    })
    remote.seed(hq, { name: 'hq' })
    const result = await run([
      change('keep', hq),
      ...peers.map((peer) => change('create', peer, { needs: [hq] })),
    ])
    expect(result.summary).toMatchObject({ kept: 1, applied: 5, failed: 1 })
    expect(remote.writes().map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'a'])
  })

  test('by a gateway that someone else has put to work waits for it', async () => {
    const { remote, run } = scene({ strictParent: true })
    remote.seed(hq, { name: 'hq' }, { status: 'PROVISIONING' })
    remote.becomes(hq, 20_000, 'AVAILABLE')
    const result = await run([change('keep', hq), change('create', a, { needs: [hq] })])
    expect(ends(result)).toEqual({ hq: 'kept', a: 'applied' })
    expect(remote.writes()).toHaveLength(2)
    expect(remote.writes()[1]?.at).toBeGreaterThanOrEqual(20_000)
  })

  test('ends when its gateway ends FAILED', async () => {
    const { remote, run } = scene({ strictParent: true })
    remote.seed(hq, { name: 'hq' }, { status: 'PROVISIONING', statusMessage: 'no capacity' })
    remote.becomes(hq, 20_000, 'FAILED')
    const result = await run([change('keep', hq), change('create', a, { needs: [hq] })])
    expect(JSON.stringify(result.outcomes[1]?.outcome)).toContain(
      'its gateway: status is FAILED: no capacity',
    )
  })

  test('by 409 with nothing busy in sight is tried a few times, not for ever', async () => {
    const { remote, run } = scene({
      before: ({ method }) => {
        if (method === 'PUT') throw apiError('conflict', 'PUT', 409)
      },
    })
    remote.seed(hq, { name: 'hq' })
    const result = await run([change('keep', hq), change('create', a, { needs: [hq] })])
    expect(ends(result)).toMatchObject({ a: 'failed: conflict' })
    expect(remote.writes()).toHaveLength(3)
  })

  test('that never ends is bounded in number', async () => {
    let looks = 0
    const { remote, run } = scene({
      before: ({ method, name }) => {
        if (method === 'PUT') throw apiError('conflict', 'PUT', 409)
        if (method !== 'GET' || name !== 'hq') return undefined
        // The first look of each pair says busy, the next says ready: nothing can be learnt from it.
        looks += 1
        return {
          id: 'hq',
          metadata: { status: looks % 2 === 1 ? 'PROVISIONING' : 'AVAILABLE' },
          properties: {},
        }
      },
    })
    const result = await run([change('keep', hq), change('create', a, { needs: [hq] })])
    expect(ends(result)).toMatchObject({ a: 'failed: conflict' })
    expect(remote.writes()).toHaveLength(20)
  })
})

describe('a gateway that answers 422 to company', () => {
  test('is known for it after a peer went through alone', async () => {
    const [first, second, third, fourth] = peers as [typeof a, typeof a, typeof a, typeof a]
    let running = 0
    const { remote, run, clock } = scene({ latencyMs: 50 })
    const put = remote.put.bind(remote)
    remote.put = async (target, body) => {
      running += 1
      try {
        if (running > 1) {
          await clock.sleep(50)
          throw apiError('conflict', 'PUT', 422)
        }
        return await put(target, body)
      } finally {
        running -= 1
      }
    }
    remote.seed(hq, { name: 'hq' })
    const result = await run([
      change('keep', hq),
      change('create', first, { needs: [hq] }),
      change('create', second, { needs: [hq] }),
      change('create', third, { needs: [hq, second] }),
      change('create', fourth, { needs: [hq, second] }),
    ])
    expect(result.summary.applied).toBe(4)
    // One refusal for the four of them.
    expect(result.writes).toBe(5)
  })
})

describe('a refusal of a gateway', () => {
  test('whose address was just freed is tried again for a while', async () => {
    const old = gatewayTarget('old')
    const { remote, run } = scene({
      before: ({ method, at }) => {
        if (method === 'PUT' && at < 10_000) throw apiError('conflict', 'PUT', 422)
      },
    })
    remote.seed(old, { name: 'old' })
    const result = await run([change('delete', old), change('create', hq, { needs: [old] })])
    expect(ends(result)).toEqual({ old: 'applied', hq: 'applied' })
  })

  test('whose id was just freed is tried again for a while', async () => {
    const { remote, run } = scene({
      before: ({ method, at }) => {
        if (method === 'PUT' && at < 10_000) throw apiError('conflict', 'PUT', 422)
      },
    })
    remote.seed(hq, { name: 'hq' }, { status: 'DESTROYING' })
    remote.becomes(hq, 3000, 'gone')
    expect(ends(await run([change('create', hq, { leaving: true })]))).toEqual({ hq: 'applied' })
  })

  test('that is itself busy waits until it is ready', async () => {
    const { remote, run } = scene({
      before: ({ method, at }) => {
        if (method === 'DELETE' && at < 5000) throw apiError('conflict', 'DELETE', 409)
      },
    })
    remote.seed(hq, { name: 'hq' }, { status: 'PROVISIONING' })
    remote.becomes(hq, 5000, 'AVAILABLE')
    expect(ends(await run([change('delete', hq)]))).toEqual({ hq: 'applied' })
    expect(remote.writes()).toHaveLength(2)
  })

  test('without any such reason is final', async () => {
    const { remote, run } = scene({
      before: ({ method }) => {
        if (method === 'PUT') throw apiError('conflict', 'PUT', 422)
      },
    })
    expect(ends(await run([change('create', hq)]))).toEqual({ hq: 'failed: conflict' })
    expect(remote.writes()).toHaveLength(1)
  })
})
