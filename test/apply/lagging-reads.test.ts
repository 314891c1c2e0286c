import { describe, expect, test } from 'vitest'
import { ends, requested, scene } from '../support/applying.ts'
import { change, gatewayTarget, peerTarget } from '../support/changes.ts'
import { apiError } from '../support/fake-remote.ts'

const hq = gatewayTarget('hq')
const anna = peerTarget('hq', 'anna')
const old = { lastModifiedDate: 'before the plan' }
const edited = { name: 'hq', description: 'new' }

describe('reads that lag behind a write', () => {
  test('do not make the repair of a FAILED gateway fail', async () => {
    const { remote, run, clock } = scene({ provisionMs: 4000, readLagMs: 3000 })
    remote.seed(hq, { name: 'hq' }, { ...old, status: 'FAILED' })
    const repair = change('update', hq, { metadata: old, status: 'FAILED', spec: { name: 'hq' } })
    expect(ends(await run([repair, change('create', anna, { needs: [hq] })]))).toEqual({
      hq: 'applied',
      anna: 'applied',
    })
    expect(remote.writes().at(-1)?.at).toBeGreaterThanOrEqual(4000)
    expect(clock.now()).toBeLessThan(12_000)
  })

  test('do not confirm an update', async () => {
    const { remote, run } = scene({ provisionMs: 4000, readLagMs: 3000 })
    remote.seed(hq, { name: 'hq' }, old)
    await run([
      change('update', hq, { metadata: old, spec: edited }),
      change('create', anna, { needs: [hq] }),
    ])
    expect(remote.writes().at(-1)?.at).toBeGreaterThanOrEqual(4000)
  })

  test('are recognised by their content where the service gives no dates', async () => {
    const { remote, run } = scene({ provisionMs: 4000, readLagMs: 3000 })
    const put = remote.put.bind(remote)
    remote.put = async (target, body) => {
      const answer = await put(target, body)
      return { ...answer, metadata: { status: answer.metadata.status } }
    }
    remote.seed(hq, { name: 'hq' })
    await run([change('update', hq, { spec: edited }), change('create', anna, { needs: [hq] })])
    expect(remote.writes().at(-1)?.at).toBeGreaterThanOrEqual(4000)
  })

  test('that show what the write wants are believed, dates or not', async () => {
    const { remote, run } = scene()
    remote.seed(hq, { name: 'hq' }, old)
    await run([change('update', hq, { metadata: old, spec: edited })])
    expect(requested(remote)).toEqual(['PUT hq', 'GET hq'])
  })

  test('are passed over for a minute, not for ever', async () => {
    const { remote, run, clock } = scene({ readLagMs: 3_600_000 })
    remote.seed(hq, { name: 'hq' }, { ...old, status: 'FAILED', statusMessage: 'no capacity' })
    const repair = change('update', hq, { metadata: old, status: 'FAILED', spec: { name: 'hq' } })
    expect(ends(await run([repair]))).toEqual({ hq: 'failed: failed-status' })
    expect(clock.now()).toBeGreaterThanOrEqual(60_000)
    expect(clock.now()).toBeLessThan(80_000)
  })

  test('do not end a child that its gateway refuses while it is busy with a sibling', async () => {
    const bob = peerTarget('hq', 'bob')
    let writtenAt: number | undefined
    const { remote, run, clock } = scene({
      before: ({ method }) => {
        if (method !== 'PUT') return undefined
        const isBusy = writtenAt !== undefined && clock.now() - writtenAt < 3000
        writtenAt ??= clock.now()
        if (isBusy) throw apiError('conflict', 'PUT', 409)
        return undefined
      },
    })
    remote.seed(hq, { name: 'hq' }, old)
    expect(ends(await run([change('create', anna), change('create', bob)]))).toEqual({
      anna: 'applied',
      bob: 'applied',
    })
  })

  test('do not end a deletion below a gateway that is busy with its own update', async () => {
    const { remote, run, clock } = scene({
      before: ({ method }) => {
        if (method === 'DELETE' && clock.now() < 3000) throw apiError('conflict', 'DELETE', 409)
      },
    })
    remote.seed(hq, { name: 'hq' }, old)
    remote.seed(anna, { name: 'anna' }, old)
    const changes = [
      change('update', hq, { metadata: old, spec: edited }),
      change('delete', anna, { metadata: old }),
    ]
    expect(ends(await run(changes))).toEqual({ hq: 'applied', anna: 'applied' })
  })

  test('do not hide that a repair without dates in its answer has created what others had deleted', async () => {
    const born = { ...old, createdDate: 'before the plan' }
    let reads = 0
    const { remote, run } = scene({
      before: ({ method }) => {
        if (method === 'PUT') return { id: 'hq', metadata: {}, properties: { name: 'hq' } }
        if (method !== 'GET') return undefined
        reads += 1
        const [leaves, lives] = [
          { ...born, status: 'DESTROYING' },
          { createdDate: 'later', status: 'AVAILABLE' },
        ]
        return { id: 'hq', metadata: reads === 1 ? leaves : lives, properties: { name: 'hq' } }
      },
    })
    remote.seed(hq, { name: 'hq' }, { ...born, status: 'FAILED' })
    const repair = change('update', hq, { metadata: born, status: 'FAILED', spec: { name: 'hq' } })
    expect(ends(await run([repair]))).toEqual({ hq: 'failed: changed' })
    expect(remote.writes().map(({ method }) => method)).toEqual(['PUT', 'DELETE'])
  })

  test('do not make a creation vanish', async () => {
    const { run } = scene({ provisionMs: 1000, readLagMs: 20_000 })
    expect(ends(await run([change('create', hq)]))).toEqual({ hq: 'applied' })
  })
})

describe('a status that is not known', () => {
  test.each(['UPDATING', 'MAINTENANCE'])('%s is waited for, before a write and after it', async (status) => {
    const { remote, run } = scene()
    remote.seed(hq, { name: 'hq' }, { ...old, status })
    remote.becomes(hq, 20_000, 'AVAILABLE')
    const busy = change('update', hq, { metadata: old, status, spec: edited })
    expect(ends(await run([busy]))).toEqual({ hq: 'applied' })
    expect(remote.writes()[0]?.at).toBeGreaterThanOrEqual(20_000)
  })
})

describe('a deletion', () => {
  test('whose 404 comes late, after reads that still show it AVAILABLE, is waited for', async () => {
    const { remote, run } = scene({
      destroyMs: 30_000,
      before: ({ method, at }) =>
        method === 'GET' && at < 10_000
          ? { id: 'hq', metadata: { status: 'AVAILABLE' }, properties: { name: 'hq' } }
          : undefined,
    })
    remote.seed(hq, { name: 'hq' }, old)
    expect(ends(await run([change('delete', hq, { metadata: old })]))).toEqual({ hq: 'applied' })
    expect(remote.has(hq)).toBe(false)
    expect(remote.writes()).toHaveLength(1)
  })

  test('of all children of a gateway is seen to its end before the gateway goes, though lists hide them', async () => {
    const peers = ['a', 'b', 'c'].map((id) => peerTarget('hq', id))
    const { remote, run } = scene({
      destroyMs: 20_000,
      before: ({ method, name }) => (method === 'LIST' && name === 'wireguard-peer' ? [] : undefined),
    })
    remote.seed(hq, { name: 'hq' })
    for (const peer of peers) remote.seed(peer, { name: peer.id })
    await run([change('delete', hq, { needs: peers }), ...peers.map((peer) => change('delete', peer))])
    const last = remote.writes().at(-1)
    expect(last).toMatchObject({ method: 'DELETE', name: 'hq' })
    expect(last?.at).toBeGreaterThanOrEqual(20_000)
  })
})
