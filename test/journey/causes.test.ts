import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { digestOf } from '../../src/plan/saved/digest.ts'
import { openStage, type Stage } from '../support/stage.ts'

let stage: Stage
let server: Server | undefined

beforeEach(async () => {
  stage = await openStage()
})

afterEach(async () => {
  server?.closeAllConnections()
  server?.close()
  await stage.close()
})

async function listen(created: Server): Promise<number> {
  server = created
  await new Promise<void>((resolve) => created.listen(0, '127.0.0.1', resolve))
  return (created.address() as AddressInfo).port
}

const BUG = 'fault of vpnctl itself'

describe('a proxy', () => {
  const planThrough = (proxy: string) => {
    const env = { ...stage.env, HTTPS_PROXY: proxy, VPNCTL_ENDPOINT: 'https://vpn.example.com' }
    return stage.vpnctl(['plan', '--timeout', '20s'], { env })
  }

  test('that is down is named, with its variable and without its password', async () => {
    const { code, stderr } = await planThrough('http://user:hidden@127.0.0.1:1')
    expect(stderr).toContain('connection refused by the proxy 127.0.0.1:1 (HTTPS_PROXY)')
    expect(stderr).not.toContain('hidden')
    expect(code).toBe(5)
  })

  test.each([
    [407, 'requires authentication (status 407)'],
    [403, 'refused to connect (status 403)'],
  ])('that answers %i to CONNECT is named, and asked once', async (status, says) => {
    let asked = 0
    const proxy = createServer().on('connect', (_, socket) => {
      asked += 1
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Type: text/html\r\n\r\n<p>denied</p>`)
    })
    const { code, stderr } = await planThrough(`http://127.0.0.1:${await listen(proxy)}`)
    expect(stderr).toContain(says)
    expect(stderr).not.toContain('accessAndManageVpn')
    expect(code).toBe(5)
    expect(asked).toBeLessThanOrEqual(10)
  })
})

const answering = (status: number, headers: Record<string, string>, body: string): Server =>
  createServer((_, response) => response.writeHead(status, headers).end(body))

const planAt = async (made: Server, ...more: string[]) =>
  stage.vpnctl(['plan', '--endpoint', `http://127.0.0.1:${await listen(made)}`, ...more])

test('a web page with 403 is not the API that forbids', async () => {
  const { code, stderr } = await planAt(answering(403, { 'content-type': 'text/html' }, '<p>blocked</p>'))
  expect(stderr).toContain('a web page, not the API')
  expect(stderr).not.toContain('accessAndManageVpn')
  expect(code).toBe(5)
})

test('a long pause that the API asks for is reported at once, and at the time limit', async () => {
  const busy = answering(429, { 'retry-after': '25' }, '{}')
  const { code, stderr } = await planAt(busy, '--timeout', '800ms')
  expect(stderr).toContain('The API asks for a pause of 25 s (429)')
  expect(stderr).toMatch(/since the API asked for a pause of 25\s+s/)
  expect(code).toBe(9)
})

test("an answer that is nested 6,000 deep is not the API's", async () => {
  const deep = `{"items":${'['.repeat(6000)}${']'.repeat(6000)}}`
  const { code, stderr } = await planAt(answering(200, { 'content-type': 'application/json' }, deep))
  expect(stderr).toContain('JSON that is nested too deep')
  expect(code).toBe(5)
})

describe('empty names and lists are wrong usage', () => {
  test.each([
    [['validate', '-f', '']],
    [['validate', '--var-file', '']],
    [['plan', '--config', '']],
    [['plan', '--profile', ' ']],
    [['plan', '--endpoint', '']],
    [['plan', '--log-file', '']],
    [['plan', '--out', '']],
    [['plan', '--location', '']],
    [['plan', '--base', '']],
    [['drift', '--metrics-file', '']],
    [['apply', '']],
    [['export', '--gateway', '']],
  ])('%j', async (argv) => {
    const { code, stderr } = await stage.vpnctl(argv)
    expect(stderr).toContain('empty')
    expect(code).toBe(64)
  })

  test.each(['VPNCTL_FILE', 'VPNCTL_LOCATION'])('%s=,', async (name) => {
    const { code, stderr } = await stage.vpnctl(['plan'], { env: { [name]: ' , ' } })
    expect(stderr).toContain(`${name} lists nothing`)
    expect(code).toBe(64)
  })
})

describe('a saved plan of another shape', () => {
  const forge = (change: (saved: Record<string, unknown>) => Record<string, unknown>): void => {
    const { seal: _, ...content } = JSON.parse(stage.read('p.json'))
    const forged = change(content)
    stage.write(JSON.stringify({ ...forged, seal: digestOf(forged as never) }), 'p.json')
  }
  const members = ['stack', 'endpoints', 'source', 'locations', 'options', 'seen', 'fileWarnings', 'plan']
  const values = [undefined, null, 1, 'x', [1], [null], { a: 1 }]
  test.each(members)('whose %s is wrong is not a fault of vpnctl', async (member) => {
    await stage.vpnctl(['plan', '--out', 'p.json'])
    expect((await stage.vpnctl(['show', 'p.json'])).code).toBe(0)
    const whole = stage.read('p.json')
    for (const value of values) {
      stage.write(whole, 'p.json')
      const { [member]: original } = JSON.parse(whole)
      if (typeof value === typeof original && JSON.stringify(value) !== 'null') continue
      forge(({ [member]: __, ...rest }) => (value === undefined ? rest : { ...rest, [member]: value }))
      for (const command of ['show', 'apply']) {
        const { code, stderr, stdout } = await stage.vpnctl([command, 'p.json'])
        expect(stderr + stdout, `${member} ${JSON.stringify(value)}`).not.toContain(BUG)
        expect(code).toBe(1)
      }
    }
  })

  test('that is nested 100,000 deep', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000)
    stage.write(`{"format":"vpnctl/saved-plan","version":1,"x":${deep}}`, 'p.json')
    const { code, stderr } = await stage.vpnctl(['show', 'p.json'])
    expect(stderr).not.toContain(BUG)
    expect(code).toBe(1)
  })
})

test('state of the sandbox that cannot be saved is named', async () => {
  mkdirSync(join(stage.folder, 'state.json.tmp'))
  writeFileSync(join(stage.folder, 'state.json.tmp', 'x'), '')
  const { code, stderr } = await stage.vpnctl(['apply', '--yes', '--sandbox', '--data', 'state.json'])
  expect(stderr).not.toContain(BUG)
  expect(code).not.toBe(0)
})
