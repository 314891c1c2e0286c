import { describe, expect, test } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { ends, requested, scene } from '../support/applying.ts'
import { change, gatewayTarget, peerTarget } from '../support/changes.ts'
import { apiError } from '../support/fake-remote.ts'

const hq = gatewayTarget('hq')
const anna = peerTarget('hq', 'anna')
const ben = peerTarget('hq', 'ben')

describe('creating and updating', () => {
  test('a peer is written once its gateway is AVAILABLE, and both are waited for', async () => {
    const { remote, run, clock } = scene({ provisionMs: 1000 })
    const result = await run([change('create', hq), change('create', anna, { needs: [hq] })])
    expect(ends(result)).toEqual({ hq: 'applied', anna: 'applied' })
    expect(remote.status(anna)).toBe('AVAILABLE')
    const peerWrite = remote.writes().find(({ name }) => name === 'anna')
    expect(peerWrite?.at).toBeGreaterThanOrEqual(1000)
    expect(clock.now()).toBeLessThan(2 * 1500)
    expect(result.writes).toBe(2)
  })

  test('a new resource that is AVAILABLE in the answer costs no look', async () => {
    const { remote, run } = scene()
    await run([change('create', hq), change('create', anna, { needs: [hq] })])
    expect(requested(remote)).toEqual(['PUT hq', 'PUT anna'])
  })

  test('the answer to an update may be older than the update, so it is looked at once', async () => {
    const { remote, run } = scene()
    remote.seed(hq, { name: 'hq' })
    await run([change('update', hq)])
    expect(requested(remote)).toEqual(['PUT hq', 'GET hq'])
  })

  test('what is kept and AVAILABLE costs no request', async () => {
    const { remote, run } = scene()
    const result = await run([change('keep', hq), change('keep', anna, { needs: [hq] })])
    expect(requested(remote)).toEqual([])
    expect(result.summary).toEqual({ applied: 0, failed: 0, blocked: 0, cancelled: 0, kept: 2 })
    expect(result.writes).toBe(0)
  })

  test('what is unmanaged is not touched and has no outcome', async () => {
    const { remote, run, events } = scene()
    const result = await run([change('unmanaged', hq)])
    expect(result.outcomes).toEqual([])
    expect(events).toEqual([])
    expect(requested(remote)).toEqual([])
  })

  test('a secret without a value fails its resource before anything is sent', async () => {
    const { remote, run } = scene()
    const result = await run([
      change('create', hq, { secret: null }),
      change('create', anna, { needs: [hq] }),
      change('create', gatewayTarget('branch'), { secret: new Secret('throw-away') }),
    ])
    expect(ends(result)).toEqual({
      hq: 'failed: secret',
      anna: 'blocked by wireguardgateways/hq',
      branch: 'applied',
    })
    expect(requested(remote)).toEqual(['PUT branch'])
    expect(JSON.stringify(result.outcomes[0]?.outcome)).toContain('privateKey (env HQ_KEY)')
  })

  test('without --wait gateways are still awaited before their peers, and nothing else is', async () => {
    const { remote, run } = scene({ provisionMs: 1000 })
    const result = await run(
      [
        change('create', hq),
        change('create', anna, { needs: [hq] }),
        change('create', gatewayTarget('lonely')),
      ],
      { wait: false },
    )
    expect(ends(result)).toEqual({ hq: 'applied', anna: 'applied, no-wait', lonely: 'applied, no-wait' })
    expect(remote.requests.at(-1)?.name).toBe('anna')
  })
})

describe('looking', () => {
  test('siblings share one list a round; one alone is asked for itself', async () => {
    const { remote, run } = scene({ provisionMs: 200 })
    await run([change('keep', hq), ...[anna, ben].map((peer) => change('create', peer, { needs: [hq] }))])
    expect(requested(remote)).toEqual(['PUT anna', 'PUT ben', 'LIST wireguard-peer', 'LIST wireguard-peer'])
  })

  test('rounds back off from 100 ms to 10 s', async () => {
    const { remote, run } = scene({ provisionMs: 120_000, latencyMs: 0 })
    await run([change('create', hq)])
    const looks = remote.requests.filter(({ method }) => method === 'GET').map(({ at }) => at)
    const pauses = looks.slice(1).map((at, index) => at - (looks[index] ?? 0))
    expect(looks[0]).toBe(100)
    expect(pauses[0]).toBe(100)
    expect(Math.max(...pauses)).toBe(10_000)
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b))
    expect(looks.length).toBeLessThan(40)
  })

  test('where one has become AVAILABLE the others are looked at soon, however long they have waited', async () => {
    const { remote, run } = scene({ latencyMs: 0 })
    for (const [target, readyMs] of [[hq, 60_000] as const, [gatewayTarget('branch'), 72_100] as const]) {
      remote.seed(target, { name: target.id }, { status: 'PROVISIONING' })
      remote.becomes(target, readyMs, 'AVAILABLE')
    }
    await run([
      change('keep', hq, { status: 'PROVISIONING' }),
      change('create', anna, { needs: [hq] }),
      change('keep', gatewayTarget('branch'), { status: 'PROVISIONING' }),
      change('create', peerTarget('branch', 'ben'), { needs: [gatewayTarget('branch')] }),
    ])
    const looks = remote.requests
      .filter(({ method, key }) => method !== 'PUT' && !key.includes('peer'))
      .map(({ at }) => at)
    const after = looks.filter((at) => at > 60_000)
    expect((after[1] ?? 0) - (after[0] ?? 0)).toBe(100)
    expect((after[2] ?? 0) - (after[1] ?? 0)).toBe(10_000)
  })

  test('a newcomer brings the next look forward', async () => {
    const { remote, run, clock } = scene({ provisionMs: 100_000, latencyMs: 0 })
    remote.seed(hq, { name: 'hq' }, { status: 'PROVISIONING' })
    remote.becomes(hq, 60_000, 'AVAILABLE')
    const branch = gatewayTarget('branch')
    remote.seed(branch, { name: 'branch' }, { status: 'DESTROYING' })
    remote.becomes(branch, 30_000, 'gone')
    await run([change('keep', hq), change('create', branch, { leaving: true })])
    const put = remote.writes()[0]?.at ?? 0
    const next = remote.requests.find(({ at, method }) => at > put && method !== 'PUT')
    expect((next?.at ?? 0) - put).toBe(100)
    expect(clock.now()).toBeGreaterThan(130_000)
  })

  test('also when it comes in the middle of a long pause', async () => {
    const { remote, run } = scene({ latencyMs: 3000, provisionMs: 1 })
    remote.seed(hq, { name: 'hq' }, { status: 'PROVISIONING' })
    remote.becomes(hq, 90_000, 'AVAILABLE')
    const other = gatewayTarget('other')
    remote.seed(other, { name: 'other' }, { status: 'PROVISIONING' })
    remote.becomes(other, 90_000, 'AVAILABLE')
    const branch = gatewayTarget('branch')
    const slow = peerTarget('elsewhere', 'slow')
    remote.seed(slow, { name: 'slow' }, { status: 'DESTROYING' })
    remote.becomes(slow, 40_000, 'gone')
    await run([
      change('keep', hq, { status: 'PROVISIONING' }),
      change('keep', other, { status: 'PROVISIONING' }),
      change('delete', slow, { reason: { code: 'destroying' } }),
      change('create', branch, { needs: [slow] }),
    ])
    const answered = (remote.writes()[0]?.at ?? 0) + 3000
    const next = remote.requests.find(({ at, method }) => at >= answered && method === 'LIST')
    expect((next?.at ?? 0) - answered).toBeLessThanOrEqual(200)
  })

  test('looks at different collections are spread', async () => {
    const { remote, run } = scene({ provisionMs: 1000, latencyMs: 0 })
    const branch = gatewayTarget('branch')
    let roll = 0
    await run(
      [hq, branch].flatMap((gateway) => [
        change('keep', gateway),
        change('create', peerTarget(gateway.id, `${gateway.id}1`), { needs: [gateway] }),
      ]),
      { random: () => (roll++ % 10) / 10 },
    )
    const firstLooks = new Map(
      remote.requests
        .filter(({ method }) => method === 'GET')
        .reverse()
        .map(({ name, at }) => [name, at]),
    )
    expect(firstLooks.get('hq1')).not.toBe(firstLooks.get('branch1'))
  })

  test('a wait holds no slot: with one slot, ten gateways provision side by side', async () => {
    const { run, clock } = scene({ provisionMs: 1000, latencyMs: 1 })
    const gateways = Array.from({ length: 10 }, (_, index) => gatewayTarget(`g${index}`))
    await run(
      gateways.map((gateway) => change('create', gateway)),
      { parallelism: 1 },
    )
    expect(clock.now()).toBeLessThan(1800)
  })

  test('a resource that is not shown yet after its PUT is passed over', async () => {
    let looks = 0
    const { run } = scene({
      provisionMs: 1,
      before: ({ method }) => (method === 'GET' && looks++ < 3 ? null : undefined),
    })
    expect(ends(await run([change('create', hq)]))).toEqual({ hq: 'applied' })
  })

  test('but not for ever', async () => {
    const { run, clock } = scene({
      provisionMs: 1,
      before: ({ method }) => (method === 'GET' ? null : undefined),
    })
    expect(ends(await run([change('create', hq)]))).toEqual({ hq: 'failed: not-found' })
    expect(clock.now()).toBeLessThan(90_000)
  })

  test('FAILED ends with the words of the API, and what depends on it is blocked', async () => {
    const { remote, run } = scene({ provisionMs: 1000 })
    remote.willFail(hq, 'no free address')
    const result = await run([change('create', hq), change('create', anna, { needs: [hq] })])
    expect(ends(result)).toEqual({
      hq: 'failed: failed-status',
      anna: 'blocked by wireguardgateways/hq',
    })
    const [first] = result.outcomes
    expect(first?.outcome).toMatchObject({
      error: { message: expect.stringMatching(/no free address.*last change t/), hint: expect.any(String) },
    })
  })

  test('what does not get ready in time is reported with its status', async () => {
    const { run, clock } = scene({ provisionMs: 10_000_000 })
    const result = await run([change('create', hq)], { waitTimeoutMs: 60_000 })
    expect(ends(result)).toEqual({ hq: 'failed: not-ready' })
    expect(JSON.stringify(result.outcomes[0]?.outcome)).toContain('PROVISIONING')
    expect(clock.now()).toBeGreaterThanOrEqual(60_000)
    expect(clock.now()).toBeLessThan(62_000)
  })

  test('someone else deleting it while we wait is reported', async () => {
    const { remote, run, clock } = scene({ provisionMs: 60_000, destroyMs: 20_000 })
    clock.at(5000, () => void remote.delete(hq))
    const result = await run([change('create', hq)])
    expect(JSON.stringify(result.outcomes[0]?.outcome)).toContain('being destroyed')
  })

  test('vanishing while we wait is reported, with the last status', async () => {
    const { remote, run, clock } = scene({ provisionMs: 60_000 })
    clock.at(5000, () => void remote.delete(hq))
    const result = await run([change('create', hq)])
    expect(JSON.stringify(result.outcomes[0]?.outcome)).toContain('vanished')
    expect(JSON.stringify(result.outcomes[0]?.outcome)).toContain('PROVISIONING')
  })

  test('waiting is reported when it begins, and then no more often than every five seconds', async () => {
    const { run, events } = scene({ provisionMs: 12_000, latencyMs: 0 })
    await run([change('create', hq)])
    const waiting = events.flatMap((event) => (event.type === 'waiting' ? [event.elapsedMs] : []))
    const gaps = waiting.slice(1).map((elapsed, index) => elapsed - (waiting[index] ?? 0))
    expect(waiting[0]).toBe(0)
    expect(gaps).toHaveLength(2)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5000)
    expect(events.map(({ type }) => type)).toEqual(['started', 'waiting', 'waiting', 'waiting', 'finished'])
  })
})

describe('found busy', () => {
  test('a kept gateway that is PROVISIONING is waited for before its peers are written', async () => {
    const { remote, run } = scene()
    remote.seed(hq, { name: 'hq' }, { status: 'PROVISIONING' })
    remote.becomes(hq, 5000, 'AVAILABLE')
    const result = await run([
      change('keep', hq, { status: 'PROVISIONING' }),
      change('create', anna, { needs: [hq] }),
    ])
    expect(ends(result)).toEqual({ hq: 'kept', anna: 'applied' })
    expect(remote.writes()[0]?.at).toBeGreaterThanOrEqual(5000)
  })

  test('also when what is written hangs below something that is kept', async () => {
    const { remote, run } = scene()
    remote.seed(hq, { name: 'hq' }, { status: 'PROVISIONING' })
    remote.becomes(hq, 5000, 'AVAILABLE')
    await run(
      [
        change('keep', hq, { status: 'PROVISIONING' }),
        change('keep', anna, { needs: [hq] }),
        change('create', gatewayTarget('below'), { needs: [anna] }),
      ],
      { wait: false },
    )
    expect(remote.writes()[0]?.at).toBeGreaterThanOrEqual(5000)
  })

  test('also before its peers are deleted, which do not need it', async () => {
    const { remote, run } = scene()
    remote.seed(hq, { name: 'hq' }, { status: 'PROVISIONING' })
    remote.seed(anna, { name: 'anna' })
    remote.becomes(hq, 5000, 'AVAILABLE')
    await run([change('delete', anna), change('keep', hq, { status: 'PROVISIONING' })])
    expect(remote.writes()[0]?.at).toBeGreaterThanOrEqual(5000)
  })

  test('an update of what is PROVISIONING waits until it is ready, FAILED included', async () => {
    for (const status of ['AVAILABLE', 'FAILED']) {
      const { remote, run } = scene()
      remote.seed(hq, { name: 'hq' }, { status: 'PROVISIONING' })
      remote.becomes(hq, 5000, status)
      expect(ends(await run([change('update', hq, { status: 'PROVISIONING' })]))).toEqual({ hq: 'applied' })
      expect(remote.writes()[0]?.at).toBeGreaterThanOrEqual(5000)
    }
  })

  test('an update of what has vanished meanwhile does not bring it back to life', async () => {
    const { remote, run } = scene()
    const result = await run([change('update', hq, { status: 'PROVISIONING' })])
    expect(ends(result)).toEqual({ hq: 'failed: not-found' })
    expect(JSON.stringify(result.outcomes)).toContain('gone since the plan was made')
    expect(remote.writes()).toEqual([])
  })

  test('a create waits until what has its id is really gone', async () => {
    const { remote, run } = scene()
    remote.seed(hq, { name: 'hq' }, { status: 'DESTROYING' })
    remote.becomes(hq, 5000, 'gone')
    expect(ends(await run([change('create', hq, { leaving: true })]))).toEqual({ hq: 'applied' })
    expect(remote.writes()[0]?.at).toBeGreaterThanOrEqual(5000)
  })

  test("someone else's deletion is waited for and not sent again", async () => {
    const { remote, run } = scene()
    const old = gatewayTarget('old')
    remote.seed(old, { name: 'old' }, { status: 'DESTROYING' })
    remote.becomes(old, 5000, 'gone')
    const result = await run([
      change('delete', old, { status: 'DESTROYING', reason: { code: 'destroying' } }),
      change('create', hq, { needs: [old] }),
    ])
    expect(ends(result)).toEqual({ old: 'applied', hq: 'applied' })
    expect(remote.writes().map(({ method, name }) => `${method} ${name}`)).toEqual(['PUT hq'])
    expect(remote.writes()[0]?.at).toBeGreaterThanOrEqual(5000)
  })
})

describe('deleting', () => {
  test('peers are gone before their gateway is deleted, and the gateway is waited for', async () => {
    const { remote, run } = scene({ destroyMs: 1000 })
    remote.seed(hq, { name: 'hq' })
    remote.seed(anna, { name: 'anna' })
    remote.seed(ben, { name: 'ben' })
    const result = await run([
      change('delete', hq, { needs: [anna, ben] }),
      change('delete', anna),
      change('delete', ben),
    ])
    expect(ends(result)).toEqual({ hq: 'applied', anna: 'applied', ben: 'applied' })
    expect(remote.writes().map(({ name }) => name)).toEqual(['anna', 'ben', 'hq'])
    expect(remote.writes().at(-1)?.at).toBeGreaterThanOrEqual(1000)
    expect([hq, anna, ben].map((target) => remote.has(target))).toEqual([false, false, false])
  })

  test('what is gone already is done', async () => {
    const { remote, run } = scene()
    expect(ends(await run([change('delete', hq)]))).toEqual({ hq: 'applied' })
    expect(requested(remote)).toEqual(['DELETE hq'])
  })

  test('a 500 right after the DELETE is passed over', async () => {
    let looks = 0
    const { remote, run } = scene({
      destroyMs: 1000,
      before: ({ method }) => {
        if (method === 'GET' && looks++ < 3) throw apiError('unavailable', 'GET', 500)
      },
    })
    remote.seed(hq, { name: 'hq' })
    expect(ends(await run([change('delete', hq)]))).toEqual({ hq: 'applied' })
  })

  test('but not for ever', async () => {
    const { remote, run } = scene({
      destroyMs: 1000,
      before: ({ method }) => {
        if (method === 'GET') throw apiError('unavailable', 'GET', 500)
      },
    })
    remote.seed(hq, { name: 'hq' })
    expect(ends(await run([change('delete', hq)]))).toEqual({ hq: 'failed: unavailable' })
  })

  test('a list that leaves out what is being destroyed does not free its address', async () => {
    const others = [gatewayTarget('old1'), gatewayTarget('old2')]
    const { remote, run } = scene({
      destroyMs: 5000,
      before: ({ method }) => (method === 'LIST' ? [] : undefined),
    })
    for (const old of others) remote.seed(old, { name: old.id })
    await run([...others.map((old) => change('delete', old)), change('create', hq, { needs: others })])
    const put = remote.writes().find(({ name }) => name === 'hq')
    expect(put?.at).toBeGreaterThanOrEqual(5000)
  })

  test('FAILED may be the status of before; after DESTROYING it is the end', async () => {
    const old = { id: 'hq', metadata: { status: 'FAILED', statusMessage: 'old trouble' }, properties: {} }
    let looks = 0
    const stale = scene({
      destroyMs: 1000,
      before: ({ method }) => (method === 'GET' && looks++ === 0 ? old : undefined),
    })
    stale.remote.seed(hq, { name: 'hq' }, { status: 'FAILED' })
    expect(ends(await stale.run([change('delete', hq, { status: 'FAILED' })]))).toEqual({ hq: 'applied' })

    const ending = scene({
      destroyMs: 100_000,
      before: ({ method, at }) => (method === 'GET' && at > 5000 ? old : undefined),
    })
    ending.remote.seed(hq, { name: 'hq' })
    expect(ends(await ending.run([change('delete', hq)]))).toEqual({ hq: 'failed: failed-status' })
  })

  test('peers whose gateway has gone meanwhile are gone', async () => {
    const { remote, run } = scene({
      destroyMs: 100_000,
      before: ({ method }) => {
        if (method === 'LIST') throw apiError('not-found', 'LIST', 404)
      },
    })
    remote.seed(anna, { name: 'anna' })
    remote.seed(ben, { name: 'ben' })
    expect(ends(await run([change('delete', anna), change('delete', ben)]))).toEqual({
      anna: 'applied',
      ben: 'applied',
    })
  })
})
