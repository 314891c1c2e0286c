import { describe, expect, test } from 'vitest'
import type { RemoteOptions } from '../../src/api/options.ts'
import { hastyClock } from '../support/virtual-clock.ts'
import { aRemote, GATEWAY_ID, gateway, gatewayBody, gateways, page, peer, readAll, wire } from './a-remote.ts'

/** A transport that answers each request with the next status, and with the last one for ever. */
function answering(...statuses: number[]) {
  const sent: string[] = []
  const transport: NonNullable<RemoteOptions['transport']> = {
    exchange(method, url) {
      sent.push(`${method} ${url.pathname.split('/').at(-1)}`)
      const isList = url.search !== ''
      const status = method === 'GET' ? 200 : (statuses.shift() ?? 200)
      const text = JSON.stringify(isList ? page([wire(GATEWAY_ID)]) : wire(GATEWAY_ID))
      return Promise.resolve({ type: 'answer', status, headers: {}, text, bytes: text.length })
    },
    close: () => undefined,
  }
  return { sent, transport }
}

describe('the check of a write', () => {
  test('is asked before each attempt, with its number', async () => {
    const { sent, transport } = answering(503, 429, 200)
    const attempts = new Set<number>()
    await aRemote({ transport }).put(gateway, gatewayBody(), undefined, (attempt) => {
      expect(sent.length).toBe(attempt - 1)
      attempts.add(attempt)
      return undefined
    })
    expect([...attempts]).toEqual([1, 2, 3])
  })

  test('that throws ends the write without another attempt, with its own error', async () => {
    for (const how of ['throw', 'reject'] as const) {
      const { sent, transport } = answering(503)
      const refused = new Error('refused')
      const deleting = aRemote({ transport }).delete(peer, undefined, (attempt) => {
        if (attempt === 1) return undefined
        if (how === 'throw') throw refused
        return Promise.reject(refused)
      })
      await expect(deleting).rejects.toBe(refused)
      expect(sent).toHaveLength(1)
    }
  })

  test('may read by the same remote, even where one request at a time is allowed', async () => {
    const { sent, transport } = answering(503, 200)
    const remote = aRemote({ transport, parallelism: 1 })
    let isFresh = true
    await remote.put(gateway, gatewayBody(), undefined, (attempt) => {
      if (attempt === 1 || !isFresh) return undefined
      isFresh = false
      return readAll(remote, gateways).then(() => undefined)
    })
    expect(sent).toEqual([`PUT ${GATEWAY_ID}`, 'GET wireguardgateways', `PUT ${GATEWAY_ID}`])
    // The place is free again.
    await remote.get(gateway)
  })

  test.each([
    1, 6,
  ])('is asked again when the turn has come late, and the write then goes before those that wait: %i at a time', async (parallelism) => {
    const clock = hastyClock()
    const service = answering()
    const ages: number[] = []
    let readAt = clock.now()
    const transport: typeof service.transport = {
      exchange(method, ...rest) {
        if (method === 'PUT') ages.push(clock.now() - readAt)
        return service.transport.exchange(method, ...rest)
      },
      close: () => undefined,
    }
    // A turn every two seconds, so the one of the write comes when its first read is older than it may be.
    const remote = aRemote({ transport, clock, maxRps: 0.5, parallelism })
    let isDone = false
    const others = Array.from({ length: 6 }, async () => {
      for (let count = 0; count < 30 && !isDone; count += 1) await remote.get(gateway)
    })
    const put = remote.put(gateway, gatewayBody(), undefined, () => {
      if (clock.now() - readAt <= 7000) return undefined
      return remote.get(gateway).then(() => {
        readAt = clock.now()
      })
    })
    await put
    isDone = true
    expect(ages).toHaveLength(1)
    expect(ages[0]).toBeLessThanOrEqual(7000)
    await Promise.all(others)
    // With less than that it went when nobody else was there any more.
    expect(service.sent.length).toBeLessThan(60)
  })

  test('shows that a PUT created the resource, by the status 201 alone', async () => {
    const { transport } = answering(201, 200)
    const remote = aRemote({ transport })
    expect(await remote.put(gateway, gatewayBody())).toMatchObject({ created: true })
    expect(await remote.put(gateway, gatewayBody())).not.toHaveProperty('created')
  })
})
