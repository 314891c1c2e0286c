import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { kindsUnder } from '../../src/kinds/index.ts'
import { wireguardGateway } from '../../src/kinds/wireguard/gateway.ts'
import { type RunningSandbox, startSandbox } from '../../src/sandbox/server.ts'
import { sampleKey } from '../support/desired-builder.ts'
import { EXAMPLE_ENV, EXAMPLE_SECRETS, formsOf } from '../support/examples.ts'
import { TOP_LISTS } from '../support/lists.ts'
import { type RunResult, runCli } from '../support/run-cli.ts'

const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')

let sandbox: RunningSandbox
let folder: string

beforeEach(async () => {
  sandbox = await startSandbox({ provisionMs: 30, destroyMs: 30 })
  folder = mkdtempSync(join(tmpdir(), 'vpnctl-'))
})

afterEach(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true, force: true })
})

async function vpnctl(...argv: string[]): Promise<RunResult> {
  const result = await runCli(argv, {
    cwd: folder,
    env: { ...EXAMPLE_ENV, IONOS_TOKEN: 'throw-away-token', VPNCTL_ENDPOINT: sandbox.url },
  })
  for (const secret of [...EXAMPLE_SECRETS, ...formsOf('throw-away-token')]) {
    expect(result.stdout + result.stderr).not.toContain(secret)
  }
  return result
}

function write(text: string): void {
  writeFileSync(join(folder, 'vpn.yaml'), text)
}

/** The requests since the last call, as `METHOD /path`, ids shortened. */
function requests(): string[] {
  const seen = sandbox
    .requests()
    .map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/g, 'ID')}`)
  sandbox.resetRequests()
  return seen
}

const TOP_READS = TOP_LISTS.map((list) => `GET /${list}`)
const READS = [
  ...TOP_READS,
  ...kindsUnder(wireguardGateway).map(({ collection }) => `GET /wireguardgateways/ID/${collection}`),
].sort()

describe('the main job', () => {
  test('plan, apply, and a plan that says there is nothing left', async () => {
    write(QUICKSTART)
    const before = await vpnctl('plan')
    expect(before.code).toBe(0)
    expect(before.stdout).toContain('Plan: 3 to add, 0 to change, 0 to destroy.')
    expect(before.stdout).toMatch(/^\+ {3}listenPort +51820 +\(default\)$/m)
    expect(requests().sort()).toEqual(TOP_READS.toSorted())

    const apply = await vpnctl('apply', '--yes')
    expect(apply.stderr + apply.stdout).not.toMatch(/failed [1-9]/)
    expect(apply.code).toBe(0)
    const sent = requests()
    expect(sent.filter((line) => line.startsWith('PUT'))).toEqual([
      'PUT /wireguardgateways/ID',
      'PUT /wireguardgateways/ID/peers/ID',
      'PUT /wireguardgateways/ID/peers/ID',
    ])
    expect(sent.filter((line) => !/^(GET|PUT) /.test(line))).toEqual([])

    const after = await vpnctl('plan', '--detailed-exitcode')
    expect(after.stdout).toMatch(/^No changes\./m)
    expect(after.code).toBe(0)
    expect(requests().sort()).toEqual(READS)
  })

  test('a second apply sends reads only', async () => {
    write(QUICKSTART)
    await vpnctl('apply', '--yes')
    requests()
    const again = await vpnctl('apply', '--yes')
    expect(again.code).toBe(0)
    expect(requests().sort()).toEqual(READS)
  })

  test('one changed entry is one update, and one PUT', async () => {
    write(QUICKSTART)
    await vpnctl('apply', '--yes')
    write(QUICKSTART.replace('10.99.0.3/32', '10.99.0.33/32'))
    const plan = await vpnctl('plan', '--detailed-exitcode')
    expect(plan.code).toBe(2)
    expect(plan.stdout).toContain('Plan: 0 to add, 1 to change, 0 to destroy.')
    requests()
    expect((await vpnctl('apply', '--yes')).code).toBe(0)
    expect(requests().filter((line) => !line.startsWith('GET'))).toEqual([
      'PUT /wireguardgateways/ID/peers/ID',
    ])
  })

  test('a removed peer is one deletion, and one DELETE', async () => {
    write(QUICKSTART)
    await vpnctl('apply', '--yes')
    write(QUICKSTART.slice(0, QUICKSTART.indexOf('      - name: ben-laptop')))
    const plan = await vpnctl('plan')
    expect(plan.stdout).toContain('Plan: 0 to add, 0 to change, 1 to destroy.')
    requests()
    expect((await vpnctl('apply', '--yes')).code).toBe(0)
    expect(requests().filter((line) => !line.startsWith('GET'))).toEqual([
      'DELETE /wireguardgateways/ID/peers/ID',
    ])
    expect((await vpnctl('plan')).stdout).toMatch(/^No changes\./m)
  })

  test('destroy takes away what the stack made, children first, and nothing else', async () => {
    write(QUICKSTART)
    await vpnctl('apply', '--yes')
    requests()
    const destroyed = await vpnctl('destroy', '--yes')
    expect(destroyed.code).toBe(0)
    expect(destroyed.stdout).toMatch(/^Destroy complete! Resources: \d+ destroyed\.$/m)
    expect(requests().filter((line) => !line.startsWith('GET'))).toEqual([
      'DELETE /wireguardgateways/ID/peers/ID',
      'DELETE /wireguardgateways/ID/peers/ID',
      'DELETE /wireguardgateways/ID',
    ])
    const again = await vpnctl('destroy', '--yes')
    expect(again.stdout).toContain('No changes. Nothing to do (0 resources,')
    expect(again.code).toBe(0)
  })

  test('destroy leaves a gateway that holds unmanaged resources, until it is reported that this may go', async () => {
    write(QUICKSTART)
    await vpnctl('apply', '--yes')
    await makePeerByHand('guest')
    requests()
    const refused = await vpnctl('destroy', '--yes')
    expect(refused.code).toBe(6)
    expect(refused.stdout).toContain('error[VPN515]')
    expect(refused.stdout).toContain('would also delete unmanaged children: wireguardgateways/hq/peers/guest')
    expect(requests().filter((line) => !line.startsWith('GET'))).toEqual([])
    const hint = /run the same command with (.*)$/m.exec(refused.stdout)?.[1]?.split(' ') ?? []
    expect(hint).toEqual(['--prune', 'all', '--target', 'wireguardgateways/hq'])
    expect((await vpnctl('destroy', '--yes', ...hint)).code).toBe(0)
    expect(requests().filter((line) => line === 'DELETE /wireguardgateways/ID/peers/ID')).toHaveLength(3)
  })
})

async function makePeerByHand(name: string): Promise<void> {
  const headers = { authorization: 'Bearer someone-else', 'content-type': 'application/json' }
  const list = await fetch(`${sandbox.url}/wireguardgateways`, { headers })
  const { items } = (await list.json()) as { items: { id: string }[] }
  const id = '00000000-0000-4000-8000-000000000001'
  const properties = { name, publicKey: sampleKey(77), allowedIPs: ['10.99.0.77/32'] }
  const answer = await fetch(`${sandbox.url}/wireguardgateways/${items[0]?.id}/peers/${id}`, {
    method: 'PUT',
    headers,
    body: JSON.stringify({ id, properties }),
  })
  expect(answer.status).toBeLessThan(300)
}

describe('wrong usage', () => {
  test.each([
    [['pln'], /unknown command 'pln' \(Did you mean plan\?\)/],
    [['plan', '--dry_run'], /unknown option '--dry_run'/],
    [['apply', '--prune', 'some'], /--prune/],
    [['plan', '--parallelism', '0'], /whole number above 0/],
    [['plan', 'extra'], /too many arguments/],
    [['plan', '--target', ''], /--target .*It is empty; it must be an address/],
    [['apply', '--yes', '--target', ' '], /--target .*It is empty/],
    [['apply', '--yes', '--resend-secrets='], /--resend-secrets .*It is empty/],
    [['destroy', '--yes', '--target', ''], /--target .*It is empty/],
    [['drift', '--target', ''], /--target .*It is empty/],
    [['drift', '--ignore', ''], /--ignore .*It is empty/],
    [['export', '--target', ''], /--target .*It is empty/],
    [['pln'], /= hint: see: vpnctl --help\n/],
    [['plan', '--dry_run'], /= hint: see: vpnctl plan --help\n/],
    [['--dry_run'], /= hint: see: vpnctl --help\n/],
    [[], /a command is missing/],
  ])('%j ends with 64, says why, and sends nothing', async (argv, why) => {
    write(QUICKSTART)
    const result = await vpnctl(...argv)
    expect(result.code).toBe(64)
    expect(result.stderr).toMatch(why)
    expect(result.stdout).toBe('')
    expect(requests()).toEqual([])
  })

  test('without credentials one sentence shows which variables to set', async () => {
    write(QUICKSTART)
    const result = await runCli(['plan'], {
      cwd: folder,
      env: { ...EXAMPLE_ENV, VPNCTL_ENDPOINT: sandbox.url },
    })
    expect(result.code).toBe(4)
    expect(result.stderr).toContain(
      'no credentials found: set IONOS_TOKEN, or IONOS_USERNAME and IONOS_PASSWORD',
    )
    expect(requests()).toEqual([])
  })

  test('apply asks nobody without a terminal: it needs --yes', async () => {
    write(QUICKSTART)
    const result = await vpnctl('apply')
    expect(result.code).toBe(64)
    expect(result.stderr).toContain('use --yes')
    expect(requests().filter((line) => !line.startsWith('GET'))).toEqual([])
  })

  test('at a terminal only "yes" applies', async () => {
    write(QUICKSTART)
    const env = { ...EXAMPLE_ENV, IONOS_TOKEN: 'throw-away-token', VPNCTL_ENDPOINT: sandbox.url }
    const ask = (answer: string): Promise<RunResult> =>
      runCli(['apply'], { cwd: folder, env, tty: { columns: 100, answers: [answer] } })
    expect((await ask('y')).code).toBe(1)
    expect(requests().filter((line) => !line.startsWith('GET'))).toEqual([])
    expect((await ask('yes')).code).toBe(0)
  })
})

describe.each([
  'quickstart',
  'road-warriors',
  'site-to-site',
  'hub-and-spoke',
])('examples/%s.yaml', (name) => {
  test('is valid without a warning, applies, and then says there is nothing left', async () => {
    write(readFileSync(`examples/${name}.yaml`, 'utf8'))
    const validate = await vpnctl('validate', '--strict', '--resolve-secrets')
    expect(validate.stderr).toBe('')
    expect(validate.code).toBe(0)
    expect((await vpnctl('apply', '--yes')).code).toBe(0)
    expect((await vpnctl('plan')).stdout).toMatch(/^No changes\./m)
  })
})
