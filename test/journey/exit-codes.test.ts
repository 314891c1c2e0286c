import { afterEach, describe, expect, test } from 'vitest'
import { KINDS } from '../../src/kinds/index.ts'
import { TOP_LISTS } from '../support/lists.ts'
import { ALONE, openStage, QUICKSTART, type Stage } from '../support/stage.ts'
import { hastyClock } from '../support/virtual-clock.ts'

// 0, 1 and 64 are in main-job.test.ts too; 130 and 143 in interruption.test.ts.

let stage: Stage

afterEach(() => stage.close())

const APPLY = ['apply', '--yes'] as const
const wireguardGateway = KINDS.find(({ name }) => name === 'wireguard-gateway')
/** Someone else holds the public address of the quick start. */
const RIVAL = { name: 'rival', gatewayIP: '203.0.113.10' }
const FREE_GATEWAY = `ipsecGateways:
  - name: free
    gatewayIP: 203.0.113.99
    connections:
      - { datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "4", ipv4CIDR: 192.168.40.6/24 }
`

// The first list after the gateway was written and seen AVAILABLE.
function isVerification(method: string, path: string): boolean {
  return method === 'GET' && path === '/wireguardgateways' && stage.writes().length === 1
}

function seedRival(properties: { name: string; gatewayIP: string }): void {
  if (wireguardGateway === undefined) throw new Error('no such kind')
  stage.sandbox.store.seed(wireguardGateway, properties)
}

describe('0 and 2', () => {
  test('a plan with changes ends with 0, with --detailed-exitcode with 2', async () => {
    stage = await openStage()
    expect((await stage.vpnctl(['plan'])).code).toBe(0)
    expect((await stage.vpnctl(['plan', '--detailed-exitcode'])).code).toBe(2)
  })

  test('nothing to do is 0', async () => {
    stage = await openStage()
    expect((await stage.vpnctl(APPLY)).code).toBe(0)
    expect((await stage.vpnctl(APPLY)).code).toBe(0)
    expect((await stage.vpnctl(['plan', '--detailed-exitcode'])).code).toBe(0)
  })
})

test('1: the API does not accept the one change, and the account says in its words why', async () => {
  stage = await openStage({ exclusiveStatus: 422 }, ALONE)
  seedRival(RIVAL)
  const { code, stdout } = await stage.vpnctl(APPLY)
  expect(code).toBe(1)
  expect(stdout).toMatch(/^Failed \(1\):\n {2}\+ wireguardgateways\/hq\n.*gatewayIP is in use by/m)
  expect(stdout).toMatch(/^ {6}PUT \/wireguardgateways\/\S+ answered 422/m)
})

test('3: the file is invalid, and nothing is sent', async () => {
  stage = await openStage({}, QUICKSTART.replace('gatewayIP', 'gatewayIp'))
  const { code, stderr } = await stage.vpnctl(APPLY)
  expect(code).toBe(3)
  expect(stderr).toContain('gatewayIp')
  expect(stage.requests()).toEqual([])
})

describe('4', () => {
  test('a token that the service does not know stops the run at its first answer', async () => {
    stage = await openStage({ token: 'another-token' })
    const { code, stderr } = await stage.vpnctl([...APPLY, '--parallelism', '1'])
    expect(code).toBe(4)
    expect(stderr).toMatch(/answered 401: the token is not valid here; it may have been revoked/)
    expect(stage.requests()).toHaveLength(1)
  })

  test('a missing privilege is reported by its name', async () => {
    stage = await openStage({ token: 'another-token', forbiddenToken: 'throw-away-token' })
    const { code, stderr } = await stage.vpnctl([...APPLY, '--parallelism', '1'])
    expect(code).toBe(4)
    expect(stderr).toContain('needs the privilege "accessAndManageVpn"')
    expect(stage.requests()).toHaveLength(1)
  })

  test.each(['401', '403'])('%s to a write: nothing more is sent', async (status) => {
    stage = await openStage(
      { inject: ({ method }) => (method === 'PUT' ? status : undefined) },
      `${ALONE}${FREE_GATEWAY}`,
    )
    const { code, stdout } = await stage.vpnctl([...APPLY, '--parallelism', '1'])
    expect(code).toBe(4)
    expect(stage.writes()).toHaveLength(1)
    expect(stage.requests().at(-1)).toMatch(/^PUT /)
    expect(stdout).toMatch(/^Stopped: /m)
    expect(stdout).toMatch(/^Not started \(1\):/m)
  })
})

describe('5', () => {
  test('a host that refuses connections is named', async () => {
    stage = await openStage()
    const { code, stderr } = await stage.vpnctl([...APPLY, '--endpoint', 'http://127.0.0.1:1'])
    expect(code).toBe(5)
    expect(stderr).toContain('connection refused by 127.0.0.1:1')
  })

  test('the service keeps refusing: every attempt is counted and reported', async () => {
    stage = await openStage({ inject: ({ method }) => (method === 'PUT' ? '503' : undefined) }, ALONE)
    const { code, stdout } = await stage.vpnctl(APPLY, { clock: hastyClock() })
    expect(code).toBe(5)
    expect(stage.writes()).toHaveLength(8)
    expect(stdout).toMatch(/answered 503 after 8 attempts/)
    expect(stdout).toMatch(/^Requests: \d+, of which 7 retries\.$/m)
  })

  test('--request-timeout bounds one attempt', async () => {
    stage = await openStage({ inject: () => 'hang' })
    const { code, stderr } = await stage.vpnctl(['plan', '--request-timeout', '50ms'], {
      clock: hastyClock(),
    })
    expect(code).toBe(5)
    expect(stderr).toContain('no complete answer within 0.05 s (8 attempts)')
  })
})

test('6: a name that someone else has is refused before anything is written', async () => {
  stage = await openStage()
  seedRival({ ...RIVAL, name: 'hq' })
  const { code, stderr } = await stage.vpnctl(APPLY)
  expect(code).toBe(6)
  expect(stderr).toContain('the plan was refused, nothing was changed')
  expect(stage.writes()).toEqual([])
})

test('8: one part was done and another one refused', async () => {
  stage = await openStage({ exclusiveStatus: 422 }, `${QUICKSTART}${FREE_GATEWAY}`)
  seedRival(RIVAL)
  const { code, stdout } = await stage.vpnctl(APPLY)
  expect(code).toBe(8)
  expect(stdout).toMatch(/^Applied 1 of 4 changes:\n {2}\+ ipsecgateways\/free$/m)
  expect(stdout).toMatch(/peers\/\S+ {2}needs wireguardgateways\/hq$/m)
  expect(stdout).toMatch(/^To continue: vpnctl apply --yes$/m)
})

describe('9', () => {
  test('--timeout ends the whole run, which says so', async () => {
    stage = await openStage({ provisionMs: 60_000 })
    const { code, stdout } = await stage.vpnctl([...APPLY, '--timeout', '2s'])
    expect(code).toBe(9)
    expect(stdout).toContain('Apply incomplete (timed out)')
    expect(stage.writes()).toEqual(['PUT /wireguardgateways/ID'])
  })

  test('--timeout while one gateway is waited for: nothing failed, and it is not a success', async () => {
    stage = await openStage({ provisionMs: 60_000 }, ALONE)
    const { code, stdout } = await stage.vpnctl([...APPLY, '--timeout', '2s'])
    expect(code).toBe(9)
    expect(stdout).toContain('Apply incomplete (timed out): 1 applied, 0 failed.')
    const json = await stage.vpnctl([...APPLY, '--timeout', '2s', '--format', 'json'])
    expect(json.code).toBe(9)
    expect(JSON.parse(json.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ ending: 'timed-out' })
  })

  test('--timeout of destroy and of a saved plan', async () => {
    stage = await openStage({ destroyMs: 60_000, provisionMs: 300 }, ALONE)
    expect((await stage.vpnctl(['plan', '--out', 'p.json'])).code).toBe(0)
    expect((await stage.vpnctl(['apply', 'p.json', '--timeout', '150ms'])).code).toBe(9)
    expect((await stage.vpnctl(APPLY)).code).toBe(0)
    const { code, stdout } = await stage.vpnctl(['destroy', '--yes', '--timeout', '2s'])
    expect(code).toBe(9)
    expect(stdout).toContain('(timed out)')
  })

  test('--timeout ends the verification', async () => {
    stage = await openStage(
      { inject: ({ method, path }) => (isVerification(method, path) ? 'hang' : undefined) },
      ALONE,
    )
    const { code, stdout } = await stage.vpnctl([...APPLY, '--timeout', '1s'])
    expect(code).toBe(9)
    expect(stdout).toContain('Apply incomplete (timed out): 1 applied, 0 failed.')
  })

  test('--no-wait and --no-verify say that nothing was verified, and are a success', async () => {
    for (const flag of ['--no-wait', '--no-verify']) {
      stage = await openStage({ provisionMs: flag === '--no-wait' ? 60_000 : 0 }, ALONE)
      const { code, stdout } = await stage.vpnctl([...APPLY, flag, '--format', 'json'])
      expect(code).toBe(0)
      const result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
      expect(result).toMatchObject({ verified: 'skipped', ending: 'applied' })
      await stage.close()
    }
    stage = await openStage()
  })

  test('--timeout ends the reads', async () => {
    stage = await openStage({ inject: () => 'hang' })
    const { code, stderr } = await stage.vpnctl(['plan', '--timeout', '100ms'])
    expect(code).toBe(9)
    expect(stderr).toContain('the time of the run (--timeout) was up')
  })

  test('--wait-timeout ends the wait for one resource, and its children are blocked', async () => {
    stage = await openStage({ provisionMs: 10 * 3_600_000 })
    const { code, stdout } = await stage.vpnctl([...APPLY, '--wait-timeout', '30s'], { clock: hastyClock() })
    // With the same limit, the next run would end here as well.
    expect(stdout).toMatch(/^To continue: vpnctl apply --yes$/m)
    expect(code).toBe(9)
    expect(stdout).toContain('not AVAILABLE within 30 s; its status is PROVISIONING')
    expect(stdout).toMatch(/^Skipped \(2\)/m)
  })

  test("FAILED: the service's reason, since when, and what next", async () => {
    stage = await openStage({ failNames: ['hq'] })
    const { code, stdout } = await stage.vpnctl(APPLY)
    expect(code).toBe(9)
    expect(stdout).toMatch(
      /status is FAILED: the sandbox was asked to let "hq" fail, last change \d{4}-\d\d-\d\d \d\d:\d\d UTC/,
    )
    expect(stdout).toContain('fix what the message names, then run the same command again')
    expect(stdout).toMatch(/^Skipped \(2\)/m)
  })

  test('what someone else changed meanwhile is found by the verification, with his name', async () => {
    let edited = false
    stage = await openStage({
      inject: ({ method, path }) => {
        if (method === 'GET' && path === '/wireguardgateways' && stage.writes().length === 3 && !edited) {
          edited = true
          const hq = stage.sandbox.store.resources()[0]
          stage.sandbox.store.edit(hq?.id ?? '', (properties) => ({ ...properties, listenPort: 4711 }), 'eve')
        }
        return undefined
      },
    })
    const { code, stdout, stderr } = await stage.vpnctl(APPLY)
    expect(code).toBe(9)
    expect(stdout).toMatch(
      /^Changed after this run \(1\):\n {2}wireguardgateways\/hq: has different content, last change \d{4}-\S+ \S+ UTC by eve$/m,
    )
    expect(stdout).toContain('Apply incomplete (not converged)')
    expect(stderr).toMatch(/listenPort +4711 -> 51820/)
  })

  test('--no-verify does not look again', async () => {
    stage = await openStage()
    const verified = await stage.vpnctl(APPLY)
    const lists = (): number => stage.requests().filter((line) => line === 'GET /wireguardgateways').length
    expect(verified.stdout).toContain('Verified')
    expect(lists()).toBe(2)
    stage.write(QUICKSTART.replace('10.99.0.3/32', '10.99.0.33/32'))
    const trusted = await stage.vpnctl([...APPLY, '--no-verify'])
    expect(trusted.code).toBe(0)
    expect(trusted.stdout).not.toContain('Verified')
    expect(lists()).toBe(3)
  })

  test('an apply whose verification cannot read live still gives its account', async () => {
    stage = await openStage({
      inject: ({ method }) => (method === 'GET' && stage.writes().length === 3 ? 'html' : undefined),
      provisionMs: 0,
    })
    const { code, stdout } = await stage.vpnctl(APPLY, { clock: hastyClock() })
    expect(code).toBe(5)
    expect(stdout).toContain('Everything was applied, but the verification failed')
    expect(stdout).toMatch(/3 applied, 0 failed/)
  })
})

test('--no-wait ends when the API has accepted everything', async () => {
  stage = await openStage({ provisionMs: 10 * 3_600_000 }, ALONE)
  const { code, stdout } = await stage.vpnctl([...APPLY, '--no-wait'])
  expect(code).toBe(0)
  expect(stdout).toContain('Not waited for: 1')
  expect(stage.requests().filter((line) => line === 'GET /wireguardgateways/ID')).toEqual([])
})

test('--max-rps spaces the requests of the whole run', async () => {
  stage = await openStage()
  const clock = hastyClock()
  await stage.vpnctl(['plan', '--max-rps', '2'], { clock })
  expect(stage.requests()).toHaveLength(TOP_LISTS.length)
  // The heartbeat of a log sleeps for 30 s.
  expect(clock.slept.filter((ms) => ms !== 30_000)).toEqual(TOP_LISTS.slice(1).map(() => 500))
})
