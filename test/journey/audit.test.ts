import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { EXAMPLE_SECRETS, formsOf } from '../support/examples.ts'
import { openStage, type Stage, TOKEN } from '../support/stage.ts'

let stage: Stage

afterEach(() => stage.close())

type Line = Readonly<Record<string, unknown>>

function log(): readonly Line[] {
  return stage
    .read('audit.log')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

const LOGGED = ['apply', '--yes', '--log-file', 'audit.log'] as const
/** The first PUT meets a 503. */
const oneRefusal = () => {
  let refused = false
  return ({ method }: { method: string }): string | undefined => {
    if (method !== 'PUT' || refused) return undefined
    refused = true
    return '503'
  }
}

describe('--log-file', () => {
  test('has one line for each request and each decision, in order', async () => {
    stage = await openStage({ inject: oneRefusal() })
    expect((await stage.vpnctl(LOGGED)).code).toBe(0)
    const lines = log()
    const requests = lines.filter(({ event }) => event === 'request')
    expect(requests.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(
      stage.sandbox
        .requests()
        .map(({ method, path }) => `${method} ${path}`)
        .sort(),
    )
    expect(requests.find(({ method, status }) => method === 'PUT' && status === 503)).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      event: 'request',
      method: 'PUT',
      path: expect.stringMatching(/^\/wireguardgateways\/[0-9a-f-]{36}$/),
      address: 'wireguardgateways/hq',
      status: 503,
      attempt: 1,
      durationMs: expect.any(Number),
      bytes: expect.any(Number),
    })
    expect(lines.find(({ event }) => event === 'retry')).toMatchObject({
      because: '503',
      attempt: 1,
      address: 'wireguardgateways/hq',
    })
    const about = (event: string): Line[] =>
      lines.filter((line) => line.event === event && line.address === 'wireguardgateways/hq')
    expect(about('decided')).toMatchObject([{ action: 'create', reason: 'missing' }])
    expect(about('started')).toMatchObject([{ action: 'create' }])
    expect(about('finished')).toMatchObject([{ outcome: { status: 'applied' } }])
    expect(lines[0]).toMatchObject({ event: 'run', command: 'apply' })
    expect(lines.at(-2)).toMatchObject({ event: 'result', applied: 3, verified: 'yes', exitCode: 0 })
    expect(lines.at(-1)).toMatchObject({ event: 'end', requests: requests.length, retries: 1 })
  })

  test('is for its owner alone, appended to, and holds neither bodies, headers nor secrets', async () => {
    stage = await openStage({ secretsOnRead: 'real' })
    await stage.vpnctl(LOGGED)
    const before = stage.read('audit.log')
    await stage.vpnctl(LOGGED)
    const text = stage.read('audit.log')
    expect(text.startsWith(before)).toBe(true)
    expect(text.length).toBeGreaterThan(before.length)
    expect(statSync(join(stage.folder, 'audit.log')).mode & 0o777).toBe(0o600)
    for (const secret of [...EXAMPLE_SECRETS, ...formsOf(TOKEN)]) expect(text).not.toContain(secret)
    expect(text).not.toMatch(/properties|authorization|bearer|allowedIPs/i)
  })

  test('loses no line of a run that is killed', async () => {
    stage = await openStage({ provisionMs: 60_000 })
    const running = stage.process(LOGGED)
    await running.says(/hq: waiting/)
    running.child.kill('SIGKILL')
    await stage.end(running)
    expect(log().find(({ method }) => method === 'PUT')).toMatchObject({ status: 200 })
  })

  test('that cannot be written is reported before anything is sent', async () => {
    stage = await openStage()
    const { code, stderr } = await stage.vpnctl([...APPLY, '--log-file', 'no/such/folder/audit.log'])
    expect(code).toBe(1)
    expect(stderr).toContain('the log file no/such/folder/audit.log cannot be opened (ENOENT)')
    expect(stage.requests()).toEqual([])
  })
})

const APPLY = ['apply', '--yes'] as const

describe('for people', () => {
  test.each([
    ['--verbose', ['--verbose'], {}],
    ['VPNCTL_LOG=debug', [], { VPNCTL_LOG: 'debug' }],
  ])('%s shows every request and retry on stderr', async (_name, flags, env) => {
    stage = await openStage({ inject: oneRefusal() })
    const { stderr } = await stage.vpnctl([...APPLY, ...flags], { env })
    expect(stderr).toMatch(/^PUT \/wireguardgateways\/\S+ -> 503 in \d+ ms {2}wireguardgateways\/hq$/m)
    expect(stderr).toMatch(/^PUT \/wireguardgateways\/\S+: 503, again in \d+ ms {2}wireguardgateways\/hq$/m)
    expect(stderr).toMatch(/^PUT \/wireguardgateways\/\S+ -> 200 in \d+ ms \(attempt 2\)/m)
    expect(stderr.match(/ -> \d{3} in /g)).toHaveLength(stage.requests().length)
  })

  test('without it requests are not logged', async () => {
    stage = await openStage()
    expect((await stage.vpnctl(APPLY)).stderr).not.toMatch(/-> 200 in/)
  })
})
