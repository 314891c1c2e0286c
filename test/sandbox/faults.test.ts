import { connect } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { KINDS } from '../../src/kinds/index.ts'
import type { ResourceKind } from '../../src/model/resource.ts'
import { drawFault, faultName, parseFaults } from '../../src/sandbox/faults.ts'
import { seededRandom } from '../../src/sandbox/random.ts'
import { parseRate } from '../../src/sandbox/rate-limit.ts'
import { SandboxError } from '../../src/sandbox/sandbox-error.ts'
import { type RunningSandbox, startSandbox } from '../../src/sandbox/server.ts'
import { call, exampleOf, handClock, ID, sandboxFor } from './calling.ts'

const [gatewayKind] = KINDS as readonly [ResourceKind, ...ResourceKind[]]
const top = `/${gatewayKind.collection}`
const gateway = { id: ID, properties: exampleOf(gatewayKind) }

const put = (sandbox: RunningSandbox) => call(sandbox, 'PUT', `${top}/${ID}`, gateway)
const exists = (sandbox: RunningSandbox) => sandbox.store.get(ID) !== undefined

function thrownBy(act: () => unknown): SandboxError {
  try {
    act()
  } catch (error) {
    if (error instanceof SandboxError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('what each fault does to a PUT', () => {
  test('a status: an error in the shape of the API, nothing done', async () => {
    const sandbox = await sandboxFor({ faults: '503:1' })
    const { status, body, headers } = await put(sandbox)
    expect([status, body.httpStatus, headers.get('retry-after')]).toEqual([503, 503, null])
    expect(exists(sandbox)).toBe(false)
  })

  test.each(['7', 'Wed, 21 Oct 2026 07:28:00 GMT', '-1'])('429 with Retry-After %s', async (retryAfter) => {
    const sandbox = await sandboxFor({ faults: '429:1', retryAfter })
    const { status, headers } = await put(sandbox)
    expect([status, headers.get('retry-after')]).toEqual([429, retryAfter])
  })

  test('reset-before: the connection is reset, nothing done', async () => {
    const sandbox = await sandboxFor({ faults: 'reset-before:1' })
    await expect(put(sandbox)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
    expect(exists(sandbox)).toBe(false)
    expect(sandbox.requests()).toMatchObject([{ method: 'PUT', status: null, fault: 'reset-before' }])
  })

  test('reset-after: the connection is reset, all is done', async () => {
    const sandbox = await sandboxFor({ faults: 'reset-after:1' })
    await expect(put(sandbox)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
    expect(exists(sandbox)).toBe(true)
    expect(sandbox.requests()).toMatchObject([{ status: null, fault: 'reset-after' }])
  })

  test('truncate: the head promises the whole body, half of it comes, all is done', async () => {
    const sandbox = await sandboxFor({ faults: 'truncate:1' })
    const response = await fetch(`${sandbox.url}${top}/${ID}`, {
      method: 'PUT',
      headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
      body: JSON.stringify(gateway),
    })
    const promised = Number(response.headers.get('content-length'))
    let came = 0
    const reading = async () => {
      for await (const chunk of response.body ?? []) came += (chunk as Uint8Array).byteLength
    }
    await expect(reading()).rejects.toThrow()
    expect(response.status).toBe(200)
    expect(promised).toBeGreaterThan(500)
    expect(came).toBe(promised >> 1)
    expect(exists(sandbox)).toBe(true)
  })

  test('truncate of an answer without a body: the connection is reset', async () => {
    const sandbox = await sandboxFor({
      inject: ({ method }) => (method === 'DELETE' ? 'truncate' : undefined),
    })
    await put(sandbox)
    await expect(call(sandbox, 'DELETE', `${top}/${ID}`)).rejects.toThrow()
    expect(exists(sandbox)).toBe(false)
  })

  test('hang: no answer until the client gives up, nothing done', async () => {
    const sandbox = await sandboxFor({ faults: 'hang:1' })
    const patience = new AbortController()
    const waiting = expect(fetch(sandbox.url + top, { signal: patience.signal })).rejects.toThrow()
    await expect.poll(() => sandbox.requests().length).toBe(1)
    patience.abort()
    await waiting
    await expect
      .poll(() => sandbox.requests())
      .toMatchObject([{ status: null, fault: 'hang', durationMs: expect.any(Number) }])
    expect(exists(sandbox)).toBe(false)
  })

  test('hang ends when the sandbox closes', async () => {
    const sandbox = await startSandbox({ faults: 'hang:1' })
    const waiting = expect(fetch(sandbox.url + top)).rejects.toThrow()
    await expect.poll(() => sandbox.requests().length).toBe(1)
    await sandbox.close()
    await waiting
  })

  test('html: the page of a proxy, nothing done', async () => {
    const sandbox = await sandboxFor({ faults: 'html:1' })
    const { status, text, headers } = await put(sandbox)
    expect([status, headers.get('content-type')]).toEqual([502, 'text/html'])
    expect(text).toContain('<html>')
    expect(exists(sandbox)).toBe(false)
  })

  test('empty: 200 without a body, all is done', async () => {
    const sandbox = await sandboxFor({ faults: 'empty:1' })
    const { status, text } = await put(sandbox)
    expect([status, text]).toEqual([200, ''])
    expect(exists(sandbox)).toBe(true)
  })
})

describe('how faults are written', () => {
  test('names, statuses, spaces and a list that ends at certainty', () => {
    const probabilities = parseFaults(
      ' 429:0.1, 500:.05,reset-before:0.02,reset-after:0,truncate:0.02,hang:0.01,html:0.4,empty:0.4',
    )
    expect(probabilities.map(({ fault, probability }) => [faultName(fault), probability])).toEqual([
      ['429', 0.1],
      ['500', 0.05],
      ['reset-before', 0.02],
      ['reset-after', 0],
      ['truncate', 0.02],
      ['hang', 0.01],
      ['html', 0.4],
      ['empty', 0.4],
    ])
    expect(parseFaults('')).toEqual([])
    expect(parseFaults(Array.from({ length: 10 }, (_, index) => `50${index}:0.1`).join(','))).toHaveLength(10)
  })

  test('every entry that is wrong is reported at once, with all that is possible', () => {
    const { diagnostics } = thrownBy(() =>
      parseFaults('420x:0.1,500:0.1,hang,reset:1,truncate:2,200:0.1,429:-1,,'),
    )
    expect(diagnostics.map(({ message }) => message.split('"')[1])).toEqual([
      '420x:0.1',
      'hang',
      'reset:1',
      'truncate:2',
      '200:0.1',
      '429:-1',
      '',
      '',
    ])
    for (const { code, severity, hint } of diagnostics) {
      expect([code, severity]).toEqual(['VPN701', 'error'])
      for (const name of ['reset-before', 'reset-after', 'truncate', 'hang', 'html', 'empty', '400 to 599'])
        expect(hint).toContain(name)
    }
  })

  test('probabilities of more than 1 together are refused', () => {
    expect(thrownBy(() => parseFaults('500:0.6,429:0.5')).message).toContain('1.1')
  })

  test('a sandbox with faults or a rate that cannot be read does not start', async () => {
    await expect(startSandbox({ faults: 'x:1' })).rejects.toThrow(SandboxError)
    await expect(startSandbox({ rate: 'fast' })).rejects.toThrow(SandboxError)
  })
})

test('the same seed gives the same faults, another seed others, as often as was asked', () => {
  const probabilities = parseFaults('429:0.1,500:0.05')
  const drawn = (seed: number) => {
    const random = seededRandom(seed)
    return Array.from({ length: 10_000 }, () => {
      const fault = drawFault(probabilities, random)
      return fault === undefined ? 'none' : faultName(fault)
    })
  }
  expect(drawn(7)).toEqual(drawn(7))
  expect(drawn(7)).not.toEqual(drawn(8))
  const share = (name: string) => drawn(7).filter((each) => each === name).length / 10_000
  expect(share('429')).toBeCloseTo(0.1, 1)
  expect(share('500')).toBeCloseTo(0.05, 1)
  expect(share('none')).toBeCloseTo(0.85, 1)
})

test('a seeded sandbox meets the same requests with the same faults', async () => {
  const run = async () => {
    const sandbox = await sandboxFor({ faults: '500:0.5', seed: 7 })
    for (let count = 0; count < 20; count++) await call(sandbox, 'GET', top)
    return sandbox.requests().map(({ status }) => status)
  }
  const first = await run()
  expect(new Set(first)).toEqual(new Set([200, 500]))
  expect(await run()).toEqual(first)
})

test('the rate limit lets a burst through, then answers 429 with Retry-After, then fills again', async () => {
  const clock = handClock()
  const sandbox = await sandboxFor({ rate: '2/s', now: clock.now })
  const get = async () => (await call(sandbox, 'GET', top)).status
  expect([await get(), await get(), await get()]).toEqual([200, 200, 429])
  expect((await call(sandbox, 'GET', top)).headers.get('retry-after')).toBe('1')
  clock.advance(500)
  expect([await get(), await get()]).toEqual([200, 429])
  clock.advance(60_000)
  expect([await get(), await get(), await get()]).toEqual([200, 200, 429])
  expect(sandbox.requests().filter(({ fault }) => fault === 'rate')).toHaveLength(4)
})

test('a rate is a number and a unit', () => {
  expect(parseRate('50/s')).toEqual({ requests: 50, perMs: 1000 })
  expect(parseRate(' 6 / m ')).toEqual({ requests: 6, perMs: 60_000 })
  expect(parseRate('7/h')).toEqual({ requests: 7, perMs: 3_600_000 })
  for (const unexpected of ['', '50', '0/s', '-1/s', '1/d', '1.5/s', 's/1'])
    expect(thrownBy(() => parseRate(unexpected)).diagnostics).toMatchObject([{ code: 'VPN702' }])
})

test('latency comes before the work: nothing is done as long as it lasts', async () => {
  const sandbox = await sandboxFor({ latencyMs: 60 })
  const answer = put(sandbox)
  await expect.poll(() => sandbox.requests().length).toBe(1)
  expect(exists(sandbox)).toBe(false)
  expect((await answer).status).toBe(200)
  expect(exists(sandbox)).toBe(true)
})

test('inject chooses the fault of one request, faults the rest', async () => {
  let times = 0
  const inject = ({ method, path }: { method: string; path: string }) =>
    method === 'PUT' && path === `${top}/${ID}` && times++ === 0 ? 'reset-after' : undefined
  const sandbox = await sandboxFor({ inject })
  await expect(put(sandbox)).rejects.toThrow()
  expect((await put(sandbox)).status).toBe(200)
})

test("the sandbox's own paths know no faults, no rate and no credentials", async () => {
  const sandbox = await sandboxFor({ faults: '500:1', rate: '1/h', token: 'good' })
  for (let count = 0; count < 3; count++)
    expect((await fetch(`${sandbox.url}/_sandbox/requests`)).status).toBe(200)
})

test('a client that vanishes in the middle of its body changes nothing, and nothing is printed', async () => {
  const printed = (['info', 'error', 'log', 'warn'] as const).map((method) => vi.spyOn(console, method))
  const sandbox = await sandboxFor()
  const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1')
  const body = JSON.stringify(gateway)
  const head = `PUT ${top}/${ID} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer x\r\ncontent-type: application/json\r\n`
  socket.write(`${head}content-length: ${body.length}\r\n\r\n${body.slice(0, 50)}`)
  await expect.poll(() => sandbox.requests().length).toBe(1)
  socket.destroy()
  await expect.poll(() => sandbox.requests()[0]?.durationMs).not.toBeNull()
  expect((await call(sandbox, 'GET', top)).body.items).toEqual([])
  expect(sandbox.requests()[0]?.status).toBeNull()
  for (const spy of printed) expect(spy).not.toHaveBeenCalled()
})
