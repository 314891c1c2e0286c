import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { KINDS } from '../../src/kinds/index.ts'
import { exampleOf } from '../sandbox/calling.ts'
import type { Running } from '../support/cli-process.ts'
import { openStage, type Stage } from '../support/stage.ts'

let stage: Stage | undefined
const started: Running[] = []

afterEach(async () => {
  for (const running of started.splice(0)) {
    running.child.kill('SIGKILL')
    await running.ended
  }
  await stage?.close()
  stage = undefined
})

const GATEWAY = '0b5e7f6c-4f0e-5c1d-8a44-2b6f3f1d9e01'
const PEER = '0b5e7f6c-4f0e-5c1d-8a44-2b6f3f1d9e02'

/** A sandbox as users start it; calls go to it and give status and body. */
async function serve(...flags: string[]) {
  stage ??= await openStage()
  const running = stage.process(['sandbox', '--port', '0', ...flags])
  started.push(running)
  const [, url] = await running.says(/listens on (\S+)/)
  return async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : text }
  }
}

function gateway(name = 'hq') {
  const kind = KINDS.find((each) => each.name === 'wireguard-gateway')
  if (kind === undefined) throw new Error('no such kind')
  return { id: GATEWAY, properties: { ...exampleOf(kind), name } }
}

const PATH = `/wireguardgateways/${GATEWAY}`

describe('each flag of the sandbox does what it says', () => {
  test.each([
    ['429', 429],
    ['500', 500],
    ['503', 503],
    ['html', 502],
  ])('--fault %s:1', async (name, status) => {
    const call = await serve('--memory', '--fault', `${name}:1`)
    expect((await call('GET', '/wireguardgateways')).status).toBe(status)
  })

  test.each([
    'reset-before',
    'reset-after',
    'truncate',
  ])('--fault %s:1 breaks the connection', async (name) => {
    const call = await serve('--memory', '--fault', `${name}:1`)
    await expect(call('GET', '/wireguardgateways')).rejects.toThrow()
    const log = await call('GET', '/_sandbox/requests')
    expect(log.body.counters).toMatchObject({ requests: 1, byFault: { [name]: 1 } })
  })

  test('--seed repeats the same faults', async () => {
    const day = async (seed: string): Promise<number[]> => {
      const call = await serve('--memory', '--fault', '500:0.5', '--seed', seed)
      const statuses: number[] = []
      for (let asked = 0; asked < 20; asked++) statuses.push((await call('GET', '/wireguardgateways')).status)
      return statuses
    }
    const once = await day('7')
    expect(new Set(once)).toEqual(new Set([200, 500]))
    expect(await day('7')).toEqual(once)
    expect(await day('8')).not.toEqual(once)
  })

  test('--provision and --destroy-time keep a resource busy', async () => {
    const call = await serve('--memory', '--provision', '1h', '--destroy-time', '1h')
    expect((await call('PUT', PATH, gateway())).body.metadata.status).toBe('PROVISIONING')
    expect((await call('DELETE', PATH)).status).toBe(202)
    expect((await call('GET', PATH)).body.metadata.status).toBe('DESTROYING')
  })

  test('--rate answers 429 beyond it', async () => {
    const call = await serve('--memory', '--rate', '2/h')
    const answers = [1, 2, 3].map(() => call('GET', '/wireguardgateways'))
    expect((await Promise.all(answers)).map(({ status }) => status).sort()).toEqual([200, 200, 429])
  })

  test('--fail lets resources of that name end FAILED', async () => {
    const call = await serve('--memory', '--fail', 'lisbon', '--fail', 'hq')
    const { status, statusMessage } = (await call('PUT', PATH, gateway())).body.metadata
    expect({ status, statusMessage }).toEqual({
      status: 'FAILED',
      statusMessage: expect.stringContaining('hq'),
    })
  })

  test('--fail-first-get-after-delete', async () => {
    const call = await serve('--memory', '--fail-first-get-after-delete')
    await call('PUT', PATH, gateway())
    await call('DELETE', PATH)
    expect([(await call('GET', PATH)).status, (await call('GET', PATH)).status]).toEqual([500, 404])
  })

  test('--strict-parent', async () => {
    const call = await serve('--memory', '--strict-parent', '--provision', '1h')
    await call('PUT', PATH, gateway())
    const kind = KINDS.find((each) => each.name === 'wireguard-peer')
    const peer = { id: PEER, properties: kind === undefined ? {} : exampleOf(kind) }
    expect((await call('PUT', `${PATH}/peers/${PEER}`, peer)).status).toBe(409)
  })

  test('--latency takes a bare number for milliseconds', async () => {
    const call = await serve('--memory', '--latency', '20', '--provision', '1')
    await call('GET', '/wireguardgateways')
    const { requests } = (await call('GET', '/_sandbox/requests')).body
    expect(requests[0].durationMs).toBeGreaterThanOrEqual(19)
    expect(requests[0].durationMs).toBeLessThan(15_000)
  })

  test('--data keeps the state, --memory does not', async () => {
    const call = await serve('--data', 'kept.json')
    await call('PUT', PATH, gateway())
    expect(existsSync(join(stage?.folder ?? '', 'kept.json'))).toBe(true)
    const forgetful = await serve('--memory')
    await forgetful('PUT', PATH, gateway())
    expect(existsSync(join(stage?.folder ?? '', '.vpnctl'))).toBe(false)
  })
})

describe('a flag that cannot be read is wrong usage, and the error says what to write', () => {
  test.each([
    [['--fault', 'nope:0.1'], 64, /VPN701.*"nope:0.1" is not a fault that the sandbox knows/],
    [['--rate', 'fast'], 64, /VPN702.*"fast" is not a rate/],
    [['--latency', 'long'], 64, /must look like 500ms/],
    [['--seed', '-1'], 64, /--seed/],
  ])('%j', async (flags, code, why) => {
    stage = await openStage()
    const result = await stage.vpnctl(['sandbox', '--memory', '--port', '0', ...flags])
    expect(result.code).toBe(code)
    expect(result.stderr).toMatch(why)
  })

  test('a port that is taken is reported', async () => {
    stage = await openStage()
    const { port } = new URL(stage.sandbox.url)
    const result = await stage.vpnctl(['sandbox', '--memory', '--port', port])
    expect(result.code).toBe(1)
    expect(result.stderr).toContain(`port ${port} on 127.0.0.1 is in use`)
  })
})
