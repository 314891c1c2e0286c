import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { publishedSchema } from '../../src/schema/published.ts'
import { type Journey, startJourney } from '../support/journey.ts'
import { faultsOf } from '../support/report-schemas.ts'
import type { RunOptions } from '../support/run-cli.ts'

const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8').replace('../vpn.schema', './vpn.schema')

let journey: Journey
beforeEach(async () => {
  journey = await startJourney()
  journey.write(QUICKSTART)
  journey.write(JSON.stringify(publishedSchema(), null, 2), 'vpn.schema.json')
})
afterEach(() => journey.close())

interface Document {
  readonly exitCode: number
  readonly checks: readonly { name: string; state: string; message: string; hint?: string }[]
}

async function doctor(options: RunOptions = {}, ...more: string[]) {
  const run = await journey.run(['doctor', '--format', 'json', ...more], options)
  const document = JSON.parse(run.stdout) as Document
  expect(document.exitCode).toBe(run.code)
  expect(faultsOf('doctor', document)).toEqual([])
  for (const { state, hint } of document.checks) if (state !== 'ok') expect(hint).toMatch(/\S/)
  return { ...run, check: (name: string) => document.checks.find((check) => check.name === name) }
}

function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none' })}.${part(claims)}.throw-away`
}

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds
const DAY = 86_400

describe('doctor', () => {
  test('says where everything comes from, and sends one list of one to each location', async () => {
    const { code, check } = await doctor()
    expect(code).toBe(0)
    expect(check('credentials')).toMatchObject({
      state: 'ok',
      message: expect.stringMatching(/^token, from IONOS_TOKEN/),
    })
    expect(check('endpoint de/fra')?.message).toBe(`${journey.sandbox.url} (VPNCTL_ENDPOINT)`)
    expect(check('reach de/fra')?.state).toBe('ok')
    expect(check('clock')?.state).toBe('ok')
    expect(check('stack')?.message).toMatch(
      /^quickstart; the ids of its resources begin with [0-9a-f]{8}-[0-9a-f]{4}$/,
    )
    expect(journey.sandbox.requests().map(({ method, query }) => `${method} ${query}`)).toEqual([
      'GET limit=1&offset=0',
    ])
  })

  test('is whoami too, and is read by people', async () => {
    const { stdout, code } = await journey.vpnctl('whoami')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ok {5}credentials/m)
    expect(stdout).toMatch(/\nAll checks passed\.\n$/)
  })

  test('reads from a token when it expires, and never shows it', async () => {
    const token = jwt({ exp: inSeconds(3 * DAY + 60), sub: 'not-to-be-seen' })
    const soon = await doctor({ env: { IONOS_TOKEN: token } })
    expect(soon.check('credentials')).toMatchObject({
      state: 'warning',
      message: expect.stringMatching(/in 3 days$/),
    })
    expect(soon.code).toBe(0)
    expect(soon.stdout).not.toContain(token)
    expect(soon.stdout).not.toContain('not-to-be-seen')
    const late = await doctor({ env: { IONOS_TOKEN: jwt({ exp: inSeconds(-60) }) } })
    expect(late.check('credentials')).toMatchObject({
      state: 'fail',
      message: expect.stringMatching(/expired on/),
    })
    expect(late.code).toBe(4)
  })

  test('without credentials is 4, with an API that is not there 5, and says what to do', async () => {
    const none = await doctor({ env: { IONOS_TOKEN: undefined } })
    expect(none.check('credentials')).toMatchObject({ state: 'fail', message: 'no credentials found' })
    expect(none.code).toBe(4)
    expect((await doctor({ env: { VPNCTL_ENDPOINT: 'http://127.0.0.1:9' } })).code).toBe(5)
  })

  test('refused credentials are 4', async () => {
    const server = createServer((_, response) => response.writeHead(401).end('{}'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const { code, check } = await doctor({ env: { VPNCTL_ENDPOINT: `http://127.0.0.1:${port}` } })
    server.close()
    expect(check('reach de/fra')?.state).toBe('fail')
    expect(code).toBe(4)
  })

  test('a clock that is off is reported with how much', async () => {
    const server = createServer((_, response) => {
      response.setHeader('date', new Date(Date.now() + 600_000).toUTCString())
      response.setHeader('content-type', 'application/json')
      response.end('{"items":[]}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const { check } = await doctor({ env: { VPNCTL_ENDPOINT: `http://127.0.0.1:${port}` } })
    server.close()
    expect(check('clock')).toMatchObject({
      state: 'warning',
      message: expect.stringMatching(/^is (10m 00s|9m 59s) behind that of the API/),
    })
  })

  test('a schema of another version, a misspelled variable, a broken file are warnings', async () => {
    journey.write('{}', 'vpn.schema.json')
    const { code, check } = await doctor({ env: { VPNCTL_PARALELISM: '3' } })
    expect(check('schema')).toMatchObject({
      state: 'warning',
      message: './vpn.schema.json is not that of this version',
    })
    expect(check('environment')?.message).toContain('did you mean "VPNCTL_PARALLELISM"?')
    expect(code).toBe(0)
    journey.write('version: 9\n')
    expect((await doctor()).check('files')).toMatchObject({ state: 'warning' })
  })

  test('wrong settings are one fault, with the exit code of wrong usage', async () => {
    const { code, check } = await doctor({ env: { VPNCTL_ENDPOINT: 'http://example.com' } })
    expect(check('settings')?.message).toContain('VPNCTL_ENDPOINT would send the credentials unencrypted')
    expect(code).toBe(64)
  })
})
