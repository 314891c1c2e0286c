import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { apply } from '../../src/apply/apply.ts'
import { InternalError } from '../../src/model/errors.ts'
import type { Plan } from '../../src/plan/types.ts'
import { ends, requested, scene } from '../support/applying.ts'
import { change, gatewayTarget, peerTarget, planOf } from '../support/changes.ts'
import { apiError } from '../support/fake-remote.ts'

const hq = gatewayTarget('hq')
const branch = gatewayTarget('branch')
const anna = peerTarget('hq', 'anna')
const ben = peerTarget('branch', 'ben')
const hqTree = [change('create', hq), change('create', anna, { needs: [hq] })]
const branchTree = [change('create', branch), change('create', ben, { needs: [branch] })]

describe('a failure', () => {
  test('blocks what depends on it, naming it, and nothing else', async () => {
    const { run, events } = scene({
      before: ({ name }) => {
        if (name === 'hq') throw apiError('rejected', 'PUT', 400, 2)
      },
    })
    const result = await run([...hqTree, ...branchTree])
    expect(ends(result)).toEqual({
      hq: 'failed: rejected',
      anna: 'blocked by wireguardgateways/hq',
      branch: 'applied',
      ben: 'applied',
    })
    expect(result.summary).toEqual({ applied: 2, failed: 1, blocked: 1, cancelled: 0, kept: 0 })
    expect(result.outcomes[0]?.outcome).toMatchObject({
      error: { message: 'PUT /x: rejected', method: 'PUT', path: '/x', status: 400, attempts: 2 },
    })
    expect(events.filter(({ type }) => type === 'finished')).toHaveLength(4)
    expect(events.filter(({ type }) => type === 'started').map((event) => event.change.name)).not.toContain(
      'anna',
    )
  })

  test('leaves what is unchanged as it is, and blocks what depends on that', async () => {
    const below = peerTarget('hq', 'ben')
    const { run, remote } = scene({
      before: ({ name }) => {
        if (name === 'hq') throw apiError('rejected')
      },
    })
    for (const target of [hq, anna]) remote.seed(target, { name: target.id })
    const kept = change('keep', anna, { needs: [hq] })
    const result = await run([change('update', hq), kept, change('create', below, { needs: [anna] })])
    expect(ends(result)).toEqual({
      hq: 'failed: rejected',
      anna: 'kept',
      ben: 'blocked by wireguardgateways/hq',
    })
    expect(result.summary).toMatchObject({ failed: 1, blocked: 1, kept: 1 })
  })

  test('names the root of the trouble all the way down', async () => {
    const third = gatewayTarget('third')
    const { run } = scene({
      before: ({ name }) => {
        if (name === 'hq') throw apiError('rejected')
      },
    })
    const result = await run([...hqTree, change('create', third, { needs: [anna] })])
    expect(ends(result)).toMatchObject({ third: 'blocked by wireguardgateways/hq' })
  })

  test('404 to the PUT that should create is reported as what it is', async () => {
    const { run } = scene({
      before: ({ method }) => {
        if (method === 'PUT') throw apiError('not-found', 'PUT', 404)
      },
    })
    const result = await run([change('create', hq)])
    expect(result.outcomes[0]?.outcome).toMatchObject({
      error: {
        reason: 'not-found',
        message: expect.stringContaining('404'),
        hint: expect.stringContaining('create with PUT'),
      },
    })
  })

  test.each(['unauthenticated', 'forbidden'] as const)('%s stops the run at once', async (reason) => {
    const { remote, run } = scene({
      latencyMs: 50,
      before: ({ name }) => {
        if (name === 'hq') throw apiError(reason, 'PUT', 401)
      },
    })
    const result = await run([...hqTree, ...branchTree, change('create', gatewayTarget('late'))], {
      parallelism: 2,
    })
    expect(ends(result)).toEqual({
      hq: `failed: ${reason}`,
      anna: 'blocked by wireguardgateways/hq',
      branch: 'applied',
      ben: 'cancelled',
      late: 'cancelled',
    })
    expect(requested(remote)).toEqual(['PUT hq', 'PUT branch'])
    expect(result.stopped).toMatchObject({ type: 'error', error: { reason, hint: expect.any(String) } })
  })

  test('the cause of a stop is reported, not the requests that it aborted', async () => {
    const { run } = scene({
      before: ({ name }) => {
        throw name === 'hq'
          ? apiError('aborted', 'PUT', undefined, 0)
          : apiError('unauthenticated', 'PUT', 401)
      },
    })
    const result = await run([change('create', hq), change('create', branch)])
    expect(ends(result)).toEqual({ hq: 'cancelled', branch: 'failed: unauthenticated' })
    expect(result.stopped).toMatchObject({ error: { reason: 'unauthenticated' } })
  })

  test('a fault of ours is thrown, not made an outcome', async () => {
    const { run } = scene({
      before: () => {
        throw new InternalError('ours')
      },
    })
    await expect(run([change('create', hq)])).rejects.toThrow('ours')
  })
})

describe('interruption', () => {
  test('starts nothing new, lets running writes finish, and shows each outcome', async () => {
    const { remote, run, clock } = scene({ latencyMs: 100, provisionMs: 60_000 })
    const stop = new AbortController()
    clock.at(150, () => stop.abort('SIGINT'))
    const gateways = Array.from({ length: 6 }, (_, index) => gatewayTarget(`g${index}`))
    const result = await run(
      gateways.map((gateway) => change('create', gateway)),
      { signal: stop.signal, parallelism: 2 },
    )
    expect(result.summary).toEqual({ applied: 4, failed: 0, blocked: 0, cancelled: 2, kept: 0 })
    expect(Object.values(ends(result)).filter((end) => end === 'applied, interrupted')).toHaveLength(4)
    expect(remote.requests.every(({ at }) => at < 150)).toBe(true)
    expect(result).toMatchObject({ interrupted: 'SIGINT', stopped: { type: 'signal' } })
    expect(clock.now()).toBe(200)
    expect(clock.pending).toBe(0)
  })

  test('ends waits without another read; what was written counts as applied but unconfirmed', async () => {
    const { remote, run, clock } = scene({ provisionMs: 60_000, latencyMs: 10 })
    const stop = new AbortController()
    clock.at(3000, () => stop.abort('SIGTERM'))
    const result = await run(hqTree, { signal: stop.signal })
    expect(ends(result)).toEqual({ hq: 'applied, interrupted', anna: 'cancelled' })
    expect(clock.now()).toBeLessThan(3020)
    expect(remote.writes()).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  test('between a refusal and the next try cancels the change', async () => {
    const { run, clock } = scene({
      before: ({ method }) => {
        if (method === 'PUT') throw apiError('conflict', 'PUT', 409)
      },
    })
    const stop = new AbortController()
    clock.at(50, () => stop.abort())
    expect(ends(await run([change('create', hq)], { signal: stop.signal }))).toEqual({ hq: 'cancelled' })
  })

  test('before the start sends nothing', async () => {
    const { remote, run } = scene()
    const result = await run([...hqTree, change('keep', branch)], { signal: AbortSignal.abort() })
    expect(ends(result)).toEqual({ hq: 'cancelled', anna: 'cancelled', branch: 'kept' })
    expect(remote.requests).toEqual([])
  })
})

test('an apply lets go of the signal that it was given', async () => {
  const { run } = scene()
  const { signal } = new AbortController()
  await run(hqTree, { signal })
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

describe('a plan that must not be applied', () => {
  test('since it was refused is not applied', async () => {
    const { clock, remote } = scene()
    const refused: Plan = {
      ...planOf(hqTree),
      refusals: [{ severity: 'error', code: 'VPN000', message: 'too many deletions' }],
    }
    const applying = apply(refused, remote, {
      wait: true,
      waitTimeoutMs: 1000,
      clock,
      random: () => 0.5,
    })
    await expect(applying).rejects.toThrow(InternalError)
    expect(remote.requests).toEqual([])
  })

  test('is refused before anything is sent', async () => {
    const { remote, run } = scene()
    const circle = [change('create', hq, { needs: [branch] }), change('create', branch, { needs: [hq] })]
    await expect(run(circle)).rejects.toThrow(InternalError)
    expect(remote.requests).toEqual([])
  })
})

describe('a remote that throws what is not an error of the API', () => {
  test('ends the apply with it, whoever waits', async () => {
    const { remote, run, clock } = scene({
      provisionMs: 600_000,
      before: ({ method }) => {
        if (method === 'LIST') throw new TypeError('a fault of the remote')
      },
    })
    const branchWait = change('create', peerTarget('branch', 'slow'))
    await expect(run([change('create', hq), change('create', branch), branchWait])).rejects.toThrow(
      'a fault of the remote',
    )
    expect(remote.writes()).toHaveLength(3)
    expect(clock.now()).toBeLessThan(60_000)
  })
})
