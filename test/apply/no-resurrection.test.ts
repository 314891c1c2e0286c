import { describe, expect, test } from 'vitest'
import { ends, requested, scene } from '../support/applying.ts'
import { change, gatewayTarget, peerTarget } from '../support/changes.ts'
import { apiError } from '../support/fake-remote.ts'

const hq = gatewayTarget('hq')
const anna = peerTarget('hq', 'anna')
const peers = Array.from({ length: 20 }, (_, index) => peerTarget('hq', `p${index}`))
const born = { createdDate: 'before the plan', lastModifiedDate: 'before the plan' }
const edited = { name: 'hq', description: 'new' }
/** A read that is too old to write after. */
const old = { readAt: -11_000 }

const update = (target = hq, spec: Record<string, unknown> = edited) =>
  change('update', target, { metadata: born, spec })
const reads = (remote: ReturnType<typeof scene>['remote']) =>
  remote.requests.filter(({ method }) => method === 'GET' || method === 'LIST')

describe('reads before writes', () => {
  test('are not sent while the read of the plan is at most 10 s old', async () => {
    const { remote, run } = scene()
    remote.seed(hq, { name: 'hq' }, born)
    await run([update(), change('create', anna, { needs: [hq] })], { readAt: -9000, wait: false })
    expect(requested(remote)).toEqual(['PUT hq', 'GET hq', 'PUT anna'])
  })

  test('are one list for all siblings', async () => {
    const { remote, run } = scene()
    remote.seed(hq, { name: 'hq' })
    for (const peer of peers) remote.seed(peer, { name: peer.id }, born)
    const changes = peers.map((peer) => update(peer, { name: peer.id, description: 'new' }))
    const result = await run(changes, { ...old, wait: false })
    expect(result.summary.applied).toBe(20)
    expect(requested(remote).slice(0, 2)).toEqual(['LIST wireguard-peer', 'PUT p0'])
    expect(reads(remote)).toHaveLength(1)
  })

  test('are repeated every 10 s, however many writes there are', async () => {
    const { remote, run, clock } = scene({ latencyMs: 2000 })
    remote.seed(hq, { name: 'hq' })
    for (const peer of peers) remote.seed(peer, { name: peer.id }, born)
    const changes = peers.map((peer) => update(peer, { name: peer.id, description: 'new' }))
    await run(changes, { parallelism: 1, wait: false })
    expect(reads(remote).length).toBeGreaterThan(2)
    expect(reads(remote).length).toBeLessThanOrEqual(Math.ceil(clock.now() / 10_000))
    for (const write of remote.writes()) {
      const ages = reads(remote).map(({ at }) => write.at - (at + 2000))
      const age = Math.min(write.at, ...ages.filter((age) => age >= 0))
      expect(age).toBeLessThanOrEqual(10_000)
    }
  })

  test('count from the page that showed the resource, however late the last page comes', async () => {
    const { remote, run, clock } = scene()
    remote.seed(hq, { name: 'hq' })
    const some = peers.slice(0, 2)
    for (const peer of some) remote.seed(peer, { name: peer.id }, born)
    const list = remote.list.bind(remote)
    remote.list = async function* (collection) {
      for await (const [first, ...rest] of list(collection)) {
        if (first !== undefined) yield [first]
        await clock.sleep(11_000)
        yield rest
      }
    }
    const changes = some.map((peer) => update(peer, { name: peer.id, description: 'new' }))
    await run(changes, { ...old, wait: false })
    expect(requested(remote)).toEqual(['LIST wireguard-peer', 'GET p0', 'PUT p1', 'PUT p0'])
  })

  test('show what is missing only where the whole list is recent', async () => {
    const { remote, run, clock } = scene()
    remote.seed(hq, { name: 'hq' })
    const list = remote.list.bind(remote)
    remote.list = async function* (collection) {
      yield* list(collection)
      await clock.sleep(11_000)
      yield []
    }
    const changes = peers.slice(0, 2).map((peer) => change('create', peer))
    await run(changes, { ...old, wait: false })
    expect(requested(remote)).toEqual(['LIST wireguard-peer', 'GET p0', 'GET p1', 'PUT p0', 'PUT p1'])
  })

  test('are a GET where no sibling is to be written', async () => {
    const { remote, run } = scene()
    remote.seed(hq, { name: 'hq' }, born)
    await run([update()], { ...old, wait: false })
    expect(requested(remote)).toEqual(['GET hq', 'PUT hq'])
  })

  test('are what a wait for the resource has read last', async () => {
    const { remote, run } = scene()
    remote.seed(hq, { name: 'hq' }, { ...born, status: 'PROVISIONING' })
    remote.becomes(hq, 60_000, 'AVAILABLE')
    const busy = change('update', hq, { metadata: born, status: 'PROVISIONING', spec: edited })
    await run([busy], { wait: false })
    const last = requested(remote).slice(-2)
    expect(last).toEqual(['GET hq', 'PUT hq'])
    expect(reads(remote).at(-1)?.at).toBeLessThan(70_000)
    expect(requested(remote).filter((request) => request === 'PUT hq')).toHaveLength(1)
  })

  test('count the time for which the run did not know when the plan was read', async () => {
    const { remote, run } = scene()
    remote.seed(hq, { name: 'hq' }, born)
    await run([update()], { readAt: 5000, wait: false })
    expect(requested(remote)).toEqual(['GET hq', 'PUT hq'])
  })
})

describe('an update of what others have deleted', () => {
  test('is not sent once a read has shown it', async () => {
    const { remote, run } = scene()
    const result = await run([update(), change('create', anna, { needs: [hq] })], old)
    expect(ends(result)).toEqual({ hq: 'failed: changed', anna: 'blocked by wireguardgateways/hq' })
    expect(remote.writes()).toEqual([])
    expect(result.outcomes[0]?.outcome).toMatchObject({
      error: { message: 'not written: it is gone since the plan was made' },
    })
    expect(result.stopped).toBeUndefined()
  })

  test('is not tried again after a refusal', async () => {
    const { remote, run, clock } = scene({
      strictParent: true,
      before: ({ method }) => {
        if (method === 'PUT') throw apiError('conflict', 'PUT', 409)
      },
    })
    remote.seed(hq, { name: 'hq' }, { status: 'PROVISIONING' })
    remote.becomes(hq, 15_000, 'AVAILABLE')
    remote.seed(anna, { name: 'anna' }, born)
    clock.at(5000, () => remote.remove(anna))
    const result = await run([update(anna, { name: 'anna', description: 'new' })])
    expect(ends(result)).toEqual({ anna: 'failed: changed' })
    expect(remote.writes()).toHaveLength(1)
    expect(remote.has(anna)).toBe(false)
  })

  test('is checked again before each attempt that the remote makes', async () => {
    const { remote, run, clock } = scene()
    remote.seed(hq, { name: 'hq' }, born)
    let attempts = 0
    remote.put = async (_target, _body, _signal, check) => {
      for (let attempt = 1; ; attempt += 1) {
        for (let reading = check?.(attempt); reading !== undefined; reading = check?.(attempt)) await reading
        attempts += 1
        await clock.sleep(6000)
        if (attempt === 1) remote.remove(hq)
      }
    }
    expect(ends(await run([update()]))).toEqual({ hq: 'failed: changed' })
    expect(attempts).toBe(2)
    expect(requested(remote)).toEqual(['GET hq'])
  })

  test('that has created it again is undone', async () => {
    const { remote, run, clock } = scene({ latencyMs: 100 })
    remote.seed(hq, { name: 'hq' }, born)
    clock.at(50, () => remote.remove(hq))
    const result = await run([update(), change('create', anna, { needs: [hq] })])
    expect(ends(result)).toEqual({ hq: 'failed: changed', anna: 'blocked by wireguardgateways/hq' })
    expect(requested(remote)).toEqual(['PUT hq', 'DELETE hq'])
    expect(remote.has(hq)).toBe(false)
    expect(JSON.stringify(result.outcomes[0]?.outcome)).toContain('it is deleted again')
  })

  test('is undone also where only the status 201 shows it', async () => {
    const { remote, run } = scene()
    remote.seed(hq, { name: 'hq' })
    const put = remote.put.bind(remote)
    remote.put = async (target, body) => ({ ...(await put(target, body)), created: true })
    expect(ends(await run([update()]))).toEqual({ hq: 'failed: changed' })
    expect(requested(remote)).toEqual(['PUT hq', 'DELETE hq'])
  })

  test('is undone also where the answer has no dates and the first read shows it', async () => {
    const { remote, run, clock } = scene({ latencyMs: 100 })
    remote.seed(hq, { name: 'hq' }, born)
    clock.at(50, () => remote.remove(hq))
    const put = remote.put.bind(remote)
    remote.put = async (target, body) => ({ ...(await put(target, body)), metadata: {} })
    expect(ends(await run([update()]))).toEqual({ hq: 'failed: changed' })
    expect(requested(remote)).toEqual(['PUT hq', 'GET hq', 'DELETE hq'])
  })

  test('leaves alone what others created after it, where the answer has no dates', async () => {
    const { remote, run } = scene({ latencyMs: 100 })
    remote.seed(hq, { name: 'hq' }, born)
    const put = remote.put.bind(remote)
    remote.put = async (target, body) => {
      const answer = { ...(await put(target, body)), metadata: {} }
      remote.seed(hq, { name: 'hq', description: 'theirs' }, { createdDate: 'later', createdBy: 'ben' })
      return answer
    }
    const result = await run([update()])
    expect(requested(remote)).toEqual(['PUT hq', 'GET hq'])
    expect(result.outcomes[0]?.outcome).toMatchObject({
      status: 'failed',
      error: { message: 'it was deleted and created again by ben on later after this run updated it' },
    })
  })

  test('is undone also when its gateway is busy for a while', async () => {
    let refusals = 0
    const { remote, run, clock } = scene({
      latencyMs: 100,
      before: ({ method }) => {
        if (method === 'DELETE' && refusals++ < 3) throw apiError('conflict', 'DELETE', 409)
      },
    })
    remote.seed(hq, { name: 'hq' })
    remote.seed(anna, { name: 'anna' }, born)
    clock.at(50, () => remote.remove(anna))
    expect(ends(await run([update(anna, { name: 'anna', description: 'new' })]))).toEqual({
      anna: 'failed: changed',
    })
    expect(remote.has(anna)).toBe(false)
  })

  test('that cannot be undone is reported with the reason and the next step', async () => {
    const { remote, run, clock } = scene({
      latencyMs: 100,
      before: ({ method }) => {
        if (method === 'DELETE') throw apiError('rejected', 'DELETE', 400)
      },
    })
    remote.seed(hq, { name: 'hq' }, born)
    clock.at(50, () => remote.remove(hq))
    const result = await run([update()])
    expect(ends(result)).toEqual({ hq: 'failed: rejected' })
    expect(JSON.stringify(result.outcomes[0]?.outcome)).toContain('the update created it again')
  })

  test('is undone also when its answer was lost and a later read shows it', async () => {
    const { remote, run, clock } = scene()
    remote.seed(hq, { name: 'hq' }, born)
    const put = remote.put.bind(remote)
    remote.put = async (target, body, _signal, check) => {
      remote.remove(hq)
      await put(target, body)
      await clock.sleep(11_000)
      for (let reading = check?.(2); reading !== undefined; reading = check?.(2)) await reading
      throw new Error('the second attempt must not be sent')
    }
    expect(ends(await run([update()]))).toEqual({ hq: 'failed: changed' })
    expect(requested(remote)).toEqual(['PUT hq', 'GET hq', 'DELETE hq'])
  })
})

describe('a write of what others have changed since the read', () => {
  test('is reported with who changed it and when, and not sent', async () => {
    const { remote, run } = scene()
    const later = {
      ...born,
      lastModifiedDate: '2026-07-02T03:00:00Z',
      lastModifiedBy: 'ionos:identity:::users/7d1e',
    }
    remote.seed(hq, { name: 'hq', description: 'by hand' }, later)
    const result = await run([update()], old)
    expect(ends(result)).toEqual({ hq: 'failed: changed' })
    expect(JSON.stringify(result.outcomes[0]?.outcome)).toContain(
      'it was changed by 7d1e on 2026-07-02 03:00 UTC since the plan was made',
    )
    expect(remote.writes()).toEqual([])
  })

  test('is not sent where others created something under the id that it creates', async () => {
    const { remote, run } = scene()
    remote.seed(hq, { name: 'hq', description: 'by hand' }, { lastModifiedBy: 'ben' })
    const result = await run([change('create', hq, { spec: edited })], old)
    expect(ends(result)).toEqual({ hq: 'failed: changed' })
    expect(JSON.stringify(result.outcomes[0]?.outcome)).toContain(
      'it was created with other content by ben since the plan was made',
    )
    expect(remote.writes()).toEqual([])
  })

  test.each([
    'update',
    'delete',
  ] as const)('is not sent where it was deleted and created again: %s', async (action) => {
    const { remote, run } = scene()
    remote.seed(hq, { name: 'hq' }, { ...born, createdDate: 'later' })
    expect(ends(await run([change(action, hq, { metadata: born, spec: edited })], old))).toEqual({
      hq: 'failed: changed',
    })
    expect(remote.writes()).toEqual([])
  })

  test('is sent where another run has made the same edit', async () => {
    const { remote, run } = scene()
    remote.seed(hq, edited, { ...born, lastModifiedDate: 'later' })
    expect(ends(await run([update()], { ...old, wait: false }))).toEqual({ hq: 'applied, no-wait' })
  })

  test('is not sent where only a secret is to be written, and its resource has a new date', async () => {
    const { remote, run } = scene()
    remote.seed(hq, { name: 'hq' }, { ...born, lastModifiedDate: 'later' })
    expect(ends(await run([update(hq, { name: 'hq' })], old))).toEqual({ hq: 'failed: changed' })
  })

  test('fails alone: what does not depend on it goes on', async () => {
    const { remote, run } = scene()
    const branch = gatewayTarget('branch')
    remote.seed(hq, { name: 'hq', description: 'by hand' }, born)
    const result = await run([update(), change('create', branch)], old)
    expect(ends(result)).toEqual({ hq: 'failed: changed', branch: 'applied' })
  })

  test('is sent where a list leaves out what is there', async () => {
    const { remote, run } = scene({ before: ({ method }) => (method === 'LIST' ? [] : undefined) })
    remote.seed(hq, { name: 'hq' }, born)
    const branch = gatewayTarget('branch')
    remote.seed(branch, { name: 'branch' }, born)
    await run([update(), change('delete', branch, { metadata: born })], { ...old, wait: false })
    expect(requested(remote).sort()).toEqual(
      ['LIST wireguard-gateway', 'GET hq', 'GET branch', 'PUT hq', 'DELETE branch'].sort(),
    )
  })

  test('is not taken for changed where the service fills in fields while it provisions', async () => {
    const { remote, run } = scene()
    remote.seed(hq, { name: 'hq', tier: 'STANDARD' }, { ...born, lastModifiedDate: 'later' })
    const busy = change('update', hq, { metadata: born, status: 'PROVISIONING', spec: edited })
    expect(ends(await run([busy], { ...old, wait: false }))).toEqual({ hq: 'applied, no-wait' })
  })
})

test('a description that someone adds while the resource is provisioned is not overwritten', async () => {
  const { remote, run } = scene()
  // The fake shows the edit as soon as it is asked.
  remote.seed(hq, { name: 'hq', description: 'of someone else' }, { ...born, status: 'PROVISIONING' })
  remote.becomes(hq, 60_000, 'AVAILABLE')
  const busy = change('update', hq, { metadata: born, status: 'PROVISIONING', spec: edited })
  const result = await run([busy], { wait: false })
  expect(remote.writes()).toEqual([])
  expect(result.outcomes[0]?.outcome).toMatchObject({ status: 'failed', error: { reason: 'changed' } })
})

test('what the service chooses while it provisions a resource is no change by others', async () => {
  const { remote, run } = scene()
  const maintenanceWindow = { dayOfTheWeek: 'Sunday', time: '03:00:00' }
  remote.seed(hq, { name: 'hq', maintenanceWindow }, { ...born, status: 'PROVISIONING' })
  remote.becomes(hq, 60_000, 'AVAILABLE')
  const busy = change('update', hq, { metadata: born, status: 'PROVISIONING', spec: edited })
  await run([busy], { wait: false })
  expect(requested(remote).at(-1)).toBe('PUT hq')
})

test('what others created again before the update is not deleted', async () => {
  const dates = { createdDate: '2026-01-01T00:00:10.000Z', lastModifiedDate: '2026-01-01T00:00:20.000Z' }
  const { remote, run } = scene({
    before: ({ method }) =>
      method === 'PUT'
        ? { id: hq.id, metadata: { ...dates, status: 'AVAILABLE' }, properties: edited }
        : undefined,
  })
  remote.seed(hq, { name: 'hq' }, born)
  expect(ends(await run([update()], { wait: false }))).toEqual({ hq: 'failed: changed' })
  expect(requested(remote)).toEqual(['PUT hq'])
})

test('what the update created itself is deleted again', async () => {
  const dates = { createdDate: '2026-01-01T00:00:10.000Z', lastModifiedDate: '2026-01-01T00:00:10.100Z' }
  const { remote, run } = scene({
    before: ({ method }) =>
      method === 'PUT'
        ? { id: hq.id, metadata: { ...dates, status: 'AVAILABLE' }, properties: edited }
        : undefined,
  })
  remote.seed(hq, { name: 'hq' }, born)
  expect(ends(await run([update()], { wait: false }))).toEqual({ hq: 'failed: changed' })
  expect(requested(remote)).toEqual(['PUT hq', 'DELETE hq'])
})

test.each([
  ['made itself is deleted again', 'ana', ['PUT hq', 'DELETE hq']],
  ['did not make stays', 'ben', ['PUT hq']],
])('what an attempt without an answer %s', async (_what, creator, sent) => {
  const { remote, run } = scene()
  remote.seed(hq, { name: 'hq' }, born)
  const put = remote.put.bind(remote)
  remote.put = async (target, body, _signal, check) => {
    await check?.(2)
    const metadata = {
      createdDate: '2026-01-01T00:00:10.000Z',
      createdBy: creator,
      lastModifiedDate: '2026-01-01T00:00:20.000Z',
      lastModifiedBy: 'ana',
    }
    return { ...(await put(target, body)), metadata }
  }
  expect(ends(await run([update()], { wait: false }))).toEqual({ hq: 'failed: changed' })
  expect(requested(remote)).toEqual(sent)
})

test('a creation that re-creates what it read and others deleted in that moment is undone', async () => {
  const { remote, run, clock } = scene({ latencyMs: 100 })
  remote.seed(hq, { name: 'hq' }, born)
  clock.at(150, () => remote.remove(hq))
  const result = await run([change('create', hq, { spec: { name: 'hq' } })], old)
  expect(ends(result)).toEqual({ hq: 'failed: changed' })
  expect(requested(remote)).toEqual(['GET hq', 'PUT hq', 'DELETE hq'])
})

test('an edit by others that a list of a wait shows is not overwritten', async () => {
  const [ben, carol] = [peerTarget('hq', 'ben'), peerTarget('hq', 'carol')]
  const { remote, run, clock } = scene({ provisionMs: 2000 })
  remote.seed(hq, { name: 'hq' })
  remote.seed(anna, { name: 'anna' }, born)
  clock.at(500, () =>
    remote.seed(anna, { name: 'anna', description: 'theirs' }, { ...born, lastModifiedDate: 'later' }),
  )
  const changes = [
    change('create', ben),
    change('create', carol),
    { ...update(anna, { name: 'anna', description: 'ours' }), needs: [change('create', ben).key] },
  ]
  expect(ends(await run(changes))).toMatchObject({ anna: 'failed: changed', ben: 'applied' })
})
