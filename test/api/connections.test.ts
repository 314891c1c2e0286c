import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { LARGEST_ANSWER_BYTES } from '../../src/api/answer.ts'
import type { ApiRemote, RemoteOptions } from '../../src/api/options.ts'
import {
  aRemote,
  failureOf,
  GATEWAY_ID,
  gateway,
  gatewayBody,
  gateways,
  page,
  readAll,
  wire,
} from './a-remote.ts'
import { type Loopback, loopback } from './loopback.ts'

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

async function serve(listener: RequestListener): Promise<Loopback> {
  const server = await loopback(listener)
  cleanups.push(() => server.close())
  return server
}

function remoteTo(server: Loopback, options: Partial<RemoteOptions> = {}): ApiRemote {
  const remote = aRemote({ baseUrl: () => server.origin, ...options })
  cleanups.unshift(() => remote.close())
  return remote
}

const answer = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

const gone = async (server: Loopback): Promise<void> => {
  for (let turn = 0; turn < 200 && server.open() > 0; turn++)
    await new Promise((resolve) => setTimeout(resolve, 5))
  expect(server.open()).toBe(0)
}

describe('connections', () => {
  test.each([1, 3, 10])('are at most %i, and used again', async (parallelism) => {
    let inside: ServerResponse[] = []
    let requests = 0
    let most = 0
    // Answers only once as many requests are here as may be, so that less than that many would hang.
    const server = await serve((_request, response) => {
      requests += 1
      inside.push(response)
      most = Math.max(most, inside.length)
      if (inside.length < parallelism && requests < 100) return
      for (const waiting of inside) answer(waiting, wire(GATEWAY_ID))
      inside = []
    })
    const remote = remoteTo(server, { parallelism })
    await Promise.all(Array.from({ length: 100 }, () => remote.get(gateway)))
    expect(most).toBe(parallelism)
    expect(server.opened()).toBe(parallelism)
    remote.close()
    await gone(server)
  })

  test('may be many without a warning on stderr', async () => {
    const warnings: Error[] = []
    const note = (warning: Error): void => void warnings.push(warning)
    process.on('warning', note)
    cleanups.push(() => void process.off('warning', note))
    const server = await serve(
      (_request, response) => void setTimeout(() => answer(response, wire(GATEWAY_ID)), 5),
    )
    const stop = new AbortController()
    const remote = remoteTo(server, { parallelism: 40, signal: stop.signal })
    await Promise.all(Array.from({ length: 80 }, () => remote.get(gateway)))
    await new Promise((resolve) => setImmediate(resolve))
    expect(warnings).toEqual([])
  })

  test('are used again after refusals and for writes', async () => {
    const statuses = [404, 200, 404, 422, 202, 200]
    const server = await serve((request, response) => {
      request.resume()
      answer(response, wire(GATEWAY_ID), statuses.shift() ?? 200)
    })
    const remote = remoteTo(server, { parallelism: 1 })
    await remote.get(gateway)
    await remote.put(gateway, gatewayBody())
    await remote.delete(gateway)
    await failureOf(remote.put(gateway, gatewayBody()))
    await remote.delete(gateway)
    await remote.get(gateway)
    expect(server.opened()).toBe(1)
  })

  test('to all locations together are at most as many', async () => {
    let most = 0
    // Counted a moment later, when a connection that was closed on the other side is known to be.
    const listener: RequestListener = (_request, response) =>
      void setTimeout(() => {
        most = Math.max(
          most,
          servers.reduce((sum, server) => sum + server.open(), 0),
        )
        answer(response, wire(GATEWAY_ID))
      }, 5)
    const servers = [await serve(listener), await serve(listener), await serve(listener)]
    const remote = aRemote({ parallelism: 4, baseUrl: (location) => servers[Number(location)]?.origin ?? '' })
    cleanups.unshift(() => remote.close())
    const read = (location: number): Promise<unknown> =>
      remote.get({ ...gateway, location: String(location) })
    await Promise.all(Array.from({ length: 30 }, (_, index) => read(index % 3)))
    for (const location of [0, 1, 2, 0]) await Promise.all(Array.from({ length: 12 }, () => read(location)))
    expect(most).toBe(4)
  })

  test('of a request that waits for its next attempt are free for others', async () => {
    let first = true
    const server = await serve((request, response) => {
      const busy = request.method === 'DELETE' && first
      if (busy) first = false
      answer(response, wire(GATEWAY_ID), busy ? 503 : 200)
    })
    const order: string[] = []
    // The DELETE sleeps until the GETs have woken it.
    let wake = (): void => undefined
    const remote = remoteTo(server, {
      parallelism: 1,
      clock: {
        now: () => 0,
        sleep: () =>
          new Promise((resolve) => {
            wake = resolve
          }),
      },
    })
    const write = remote.delete(gateway).then(() => order.push('delete'))
    await Promise.all([1, 2, 3].map(() => remote.get(gateway).then(() => order.push('get'))))
    wake()
    await write
    expect(order).toEqual(['get', 'get', 'get', 'delete'])
  })
})

describe('a connection that breaks', () => {
  const breakers: readonly [string, (request: IncomingMessage, response: ServerResponse) => void][] = [
    ['before the answer', (request) => request.socket.destroy()],
    [
      'in the middle of the body',
      (request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
        response.write('{"id":"')
        setTimeout(() => request.socket.destroy(), 5)
      },
    ],
    [
      'in the middle of a chunked body',
      (request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.write('{"id":"')
        setTimeout(() => request.socket.destroy(), 5)
      },
    ],
    [
      'with a body that looks whole but is shorter than promised',
      (request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
        response.write(JSON.stringify(wire('11111111-1111-4111-8111-111111111111')))
        setTimeout(() => request.socket.end(), 5)
      },
    ],
    [
      'in the middle of an answer that says no',
      (request, response) => {
        response.writeHead(422, { 'content-type': 'application/json', 'content-length': '1000' })
        response.write('{"messages":[')
        setTimeout(() => request.socket.destroy(), 5)
      },
    ],
    ['with something that is not HTTP', (request) => request.socket.end('SSH-2.0-OpenSSH_9.6\r\n')],
  ]

  test.each(breakers)('%s: is tried again', async (_what, breaker) => {
    let broken = 0
    const server = await serve((request, response) => {
      request.resume()
      if (broken < 2) {
        broken += 1
        breaker(request, response)
      } else answer(response, wire(GATEWAY_ID))
    })
    const remote = remoteTo(server)
    await expect(remote.put(gateway, gatewayBody())).resolves.toMatchObject({ id: GATEWAY_ID })
    expect(remote.counts()).toMatchObject({ total: 3, retries: 2 })
  })

  test.each(breakers)('%s, for good: is a fault of the network', async (_what, breaker) => {
    const server = await serve((request, response) => {
      request.resume()
      breaker(request, response)
    })
    const error = await failureOf(remoteTo(server, { attempts: 3 }).put(gateway, gatewayBody()))
    expect(error).toMatchObject({ reason: 'network', method: 'PUT', attempts: 3, status: undefined })
  })

  test('where the port is closed: says so', async () => {
    const server = await serve(() => undefined)
    await server.close()
    const error = await failureOf(remoteTo(server).get(gateway))
    expect(error.reason).toBe('network')
    expect(error.message).toContain(`connection refused by ${new URL(server.origin).host}`)
  })

  test.each([
    ['a server that never answers', () => undefined],
    [
      'a body that never ends',
      (_request: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.write('{"id":"')
      },
    ],
  ])('%s: is given up after the time for a request', async (_what, listener) => {
    const server = await serve(listener)
    const remote = remoteTo(server, { requestTimeoutMs: 40, attempts: 2 })
    const error = await failureOf(remote.get(gateway))
    expect(error).toMatchObject({ reason: 'network', attempts: 2 })
    expect(error.message).toContain('no complete answer within 0.04 s')
    await gone(server)
  })

  test('an answer without end: is cut off and not tried again', async () => {
    const chunk = Buffer.alloc(4 * 1024 * 1024, ' ')
    let sent = 0
    const server = await serve((_request, response) => {
      response.writeHead(200)
      const more = (): void => {
        sent += chunk.length
        if (!response.destroyed) response.write(chunk, more)
      }
      more()
    })
    const error = await failureOf(remoteTo(server).get(gateway))
    expect(error).toMatchObject({ reason: 'protocol', attempts: 1 })
    expect(error.message).toContain('too large')
    expect(sent).toBeLessThan(LARGEST_ANSWER_BYTES * 2)
  })
})

describe('the end of a run', () => {
  test('cuts reads, lets writes finish, and sends nothing more', async () => {
    const stop = new AbortController()
    let arrived = 0
    let release = (): void => undefined
    const server = await serve((request, response) => {
      request.resume()
      // The write is answered only after the run was stopped; the read never.
      if (request.method === 'PUT') release = () => answer(response, wire(GATEWAY_ID))
      arrived += 1
      if (arrived === 2) stop.abort()
    })
    const remote = remoteTo(server, { parallelism: 2, signal: stop.signal })
    const write = remote.put(gateway, gatewayBody())
    const read = failureOf(remote.get(gateway))
    const queued = failureOf(remote.delete(gateway))
    const list = failureOf(readAll(remote, gateways))
    await expect(read).resolves.toMatchObject({ reason: 'aborted', method: 'GET', attempts: 1 })
    release()
    await expect(write).resolves.toMatchObject({ id: GATEWAY_ID })
    await expect(queued).resolves.toMatchObject({ reason: 'aborted', method: 'DELETE', attempts: 0 })
    await expect(list).resolves.toMatchObject({ reason: 'aborted', attempts: 0 })
    expect(remote.counts().total).toBe(2)
  })

  test('ends the wait for the next attempt', async () => {
    const stop = new AbortController()
    const server = await serve((request, response) => {
      request.resume()
      answer(response, {}, 503)
    })
    const remote = remoteTo(server, {
      signal: stop.signal,
      clock: {
        now: () => 0,
        sleep: (_ms, signal) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve())),
      },
      onRetry: () => setImmediate(() => stop.abort()),
    })
    const error = await failureOf(remote.put(gateway, gatewayBody()))
    expect(error).toMatchObject({ reason: 'aborted', attempts: 1 })
  })

  test('by the signal of one call leaves the others alone', async () => {
    const stop = new AbortController()
    const server = await serve((request, response) => {
      if (request.url?.startsWith('/wireguardgateways?')) stop.abort()
      else answer(response, wire(GATEWAY_ID))
    })
    const remote = remoteTo(server)
    await expect(failureOf(readAll(remote, gateways, stop.signal))).resolves.toMatchObject({
      reason: 'aborted',
    })
    await expect(remote.get(gateway)).resolves.toMatchObject({ id: GATEWAY_ID })
  })

  test('by close leaves no connection, and later requests are not sent', async () => {
    const server = await serve((_request, response) => answer(response, page([])))
    const remote = remoteTo(server)
    await readAll(remote, gateways)
    expect(server.open()).toBe(1)
    remote.close()
    await gone(server)
    await expect(failureOf(remote.get(gateway))).resolves.toMatchObject({ reason: 'aborted', attempts: 0 })
  })

  test('before it began sends nothing', async () => {
    const server = await serve((_request, response) => answer(response, page([])))
    const remote = remoteTo(server, { signal: AbortSignal.abort() })
    await expect(failureOf(readAll(remote, gateways))).resolves.toMatchObject({
      reason: 'aborted',
      attempts: 0,
    })
    expect(server.opened()).toBe(0)
  })
})
