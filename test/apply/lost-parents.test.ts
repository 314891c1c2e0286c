import { describe, expect, test } from 'vitest'
import type { Target } from '../../src/model/resource.ts'
import { ends, requested, scene } from '../support/applying.ts'
import { change, gatewayTarget, peerTarget } from '../support/changes.ts'
import { apiError } from '../support/fake-remote.ts'

const hq = gatewayTarget('hq')
const peers = Array.from({ length: 20 }, (_, index) => peerTarget('hq', `p${index}`))
const creates = peers.map((peer) => change('create', peer, { needs: [hq] }))
const by = { lastModifiedBy: 'ionos:identity:::users/7d1e', lastModifiedDate: '2026-07-02T03:00:00Z' }
const isFailed = (outcomes: Record<string, string>) =>
  Object.values(outcomes).every((outcome) => outcome === 'failed: changed')

describe('a gateway that others delete during the run', () => {
  test('before its 20 peers are created ends all of them with one reason and a few requests', async () => {
    const { remote, run, clock } = scene({ parentsMatter: true, latencyMs: 50 })
    remote.seed(hq, { name: 'hq' }, { ...by, status: 'DESTROYING' })
    const result = await run(creates)
    const failures = result.outcomes.map(({ outcome }) => outcome)
    expect(isFailed(ends(result))).toBe(true)
    expect(new Set(failures.map((outcome) => JSON.stringify(outcome)))).toHaveLength(1)
    expect(failures[0]).toMatchObject({
      error: {
        message:
          'its gateway is being destroyed (last change by 7d1e on 2026-07-02 03:00 UTC) since the plan was made',
      },
    })
    // As many as were sent at once, and one read of the gateway.
    expect(remote.writes().length).toBeLessThanOrEqual(11)
    expect(remote.requests.length).toBeLessThanOrEqual(13)
    expect(clock.now()).toBeLessThan(1000)
  })

  test('and that is gone already is read once, by the first 404', async () => {
    const { remote, run } = scene({ parentsMatter: true, latencyMs: 50 })
    const result = await run(creates)
    expect(isFailed(ends(result))).toBe(true)
    expect(JSON.stringify(result.outcomes[0]?.outcome)).toContain(
      'its gateway was deleted since the plan was made',
    )
    expect(remote.writes().length).toBeLessThanOrEqual(11)
    expect(requested(remote).filter((request) => request === 'GET hq')).toHaveLength(1)
  })

  test('ends the waits for children that were accepted before', async () => {
    const { remote, run, clock } = scene({ parentsMatter: true, provisionMs: 300_000, latencyMs: 50 })
    remote.seed(hq, { name: 'hq' })
    clock.at(20_000, () => remote.remove(hq))
    const result = await run([change('keep', hq), ...creates])
    expect(result.summary).toMatchObject({ failed: 20, kept: 1 })
    expect(clock.now()).toBeLessThan(35_000)
    expect(JSON.stringify(result.outcomes[1]?.outcome)).toContain('its gateway was deleted')
  })

  test('ends the wait for a single child as well', async () => {
    const { remote, run, clock } = scene({ parentsMatter: true, provisionMs: 300_000, latencyMs: 50 })
    remote.seed(hq, { name: 'hq' })
    clock.at(20_000, () => remote.remove(hq))
    const result = await run(creates.slice(0, 1))
    expect(ends(result)).toEqual({ p0: 'failed: changed' })
    expect(clock.now()).toBeLessThan(35_000)
  })

  test('includes the children that were to be deleted: they are done when they are gone', async () => {
    const { remote, run } = scene({ parentsMatter: true, latencyMs: 50 })
    remote.seed(hq, { name: 'hq' }, { status: 'DESTROYING' })
    remote.becomes(hq, 20_000, 'gone')
    for (const peer of peers) remote.seed(peer, { name: peer.id })
    const result = await run(peers.map((peer) => change('delete', peer)))
    expect(result.summary).toMatchObject({ applied: 20, failed: 0 })
    expect(remote.writes().length).toBeLessThanOrEqual(11)
    expect(remote.requests.length).toBeLessThan(80)
  })

  test('does not end the children of another gateway', async () => {
    const { remote, run } = scene({ parentsMatter: true, latencyMs: 50 })
    const branch = gatewayTarget('branch')
    remote.seed(branch, { name: 'branch' })
    const others = ['x', 'y'].map((id) => change('create', peerTarget('branch', id)))
    const result = await run([...creates.slice(0, 2), ...others])
    expect(ends(result)).toEqual({
      p0: 'failed: changed',
      p1: 'failed: changed',
      x: 'applied',
      y: 'applied',
    })
  })

  test('is noticed by the list that comes before late writes', async () => {
    const { remote, run } = scene({ parentsMatter: true })
    const result = await run(creates, { readAt: -20_000 })
    expect(isFailed(ends(result))).toBe(true)
    expect(requested(remote)).toEqual(['LIST wireguard-peer', 'GET hq'])
  })
})

test('a gateway of this run that a read does not show yet is not taken for deleted', async () => {
  const { remote, run } = scene({
    latencyMs: 50,
    provisionMs: 200,
    parentsMatter: true,
    before: ({ method, name, at }) => (method === 'GET' && name === 'hq' && at < 600 ? null : undefined),
  })
  let isLate = true
  const put = remote.put.bind(remote)
  remote.put = async (target, body) => {
    if (target.id === 'p0' && isLate) {
      isLate = false
      throw apiError('conflict', 'PUT', 409)
    }
    return put(target, body)
  }
  const result = await run([change('create', hq), ...creates.slice(0, 1)])
  expect(ends(result)).toEqual({ hq: 'applied', p0: 'applied' })
})

test('a gateway whose former self is still being destroyed under its id gets its children', async () => {
  const { remote, run } = scene({ latencyMs: 50, parentsMatter: true })
  remote.seed(hq, { name: 'hq' }, { status: 'DESTROYING' })
  remote.becomes(hq, 20_000, 'gone')
  const result = await run([change('create', hq, { leaving: true }), ...creates])
  expect(result.summary).toMatchObject({ applied: 21, failed: 0 })
})

test('a gateway of this run that one read does not show, after it was AVAILABLE, is not taken for deleted', async () => {
  const { remote, run } = scene({ latencyMs: 50, strictParent: true, provisionMs: 300, parentsMatter: true })
  const get = remote.get.bind(remote)
  let reads = 0
  remote.get = async (target, signal) => {
    const found = await get(target, signal)
    if (target.id !== 'hq' || found?.metadata.status !== 'PROVISIONING' || !remote.has(peers[0] as Target))
      return found
    reads += 1
    return reads === 2 ? null : found
  }
  const result = await run([change('create', hq), ...creates.slice(0, 4)])
  expect(result.summary).toMatchObject({ applied: 5, failed: 0 })
  expect(reads).toBeGreaterThan(2)
})

test('several changes that wait for one gateway read it by its own path', async () => {
  const { remote, run } = scene({ latencyMs: 50 })
  remote.seed(hq, { name: 'hq' }, { status: 'PROVISIONING' })
  remote.becomes(hq, 5000, 'AVAILABLE')
  for (const peer of peers) remote.seed(peer, { name: peer.id })
  await run(
    [change('keep', hq, { status: 'PROVISIONING' }), ...peers.map((peer) => change('delete', peer))],
    { wait: false },
  )
  expect(requested(remote).filter((request) => request.startsWith('LIST'))).toEqual([])
  expect(requested(remote)).toContain('GET hq')
})
