import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import parsePrometheus from 'parse-prometheus-text-format'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { monotonicClock } from '../../src/api/clock.ts'
import { wireguardGateway } from '../../src/kinds/wireguard/gateway.ts'
import { wireguardPeer } from '../../src/kinds/wireguard/peer.ts'
import {
  addRogue,
  CULPRIT,
  edit,
  idOf,
  OTHER_PRIVATE_KEY,
  OTHER_PUBLIC_KEY,
  startWorld,
  type World,
} from '../support/drift-world.ts'
import { EXAMPLE_ENV, EXAMPLE_SECRETS, formsOf } from '../support/examples.ts'
import { listsFor } from '../support/lists.ts'
import { faultsOf } from '../support/report-schemas.ts'
import { type RunResult, runCli } from '../support/run-cli.ts'

const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')
const TOKEN = 'throw-away-token'
const HOUR = 3_600_000

let world: World
let folder: string

beforeEach(async () => {
  world = await startWorld('2026-06-10T08:00:00Z')
  folder = mkdtempSync(join(tmpdir(), 'vpnctl-'))
  write(QUICKSTART)
  expect((await vpnctl('apply', '--yes')).code).toBe(0)
  world.pass(24 * HOUR)
})

afterEach(async () => {
  await world.sandbox.close()
  rmSync(folder, { recursive: true, force: true })
})

function write(text: string): void {
  writeFileSync(join(folder, 'vpn.yaml'), text)
}

function read(name: string): string {
  return readFileSync(join(folder, name), 'utf8')
}

async function run(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<RunResult> {
  const result = await runCli(argv, {
    cwd: folder,
    env: { ...EXAMPLE_ENV, IONOS_TOKEN: TOKEN, VPNCTL_ENDPOINT: world.sandbox.url, ...env },
    clock: { now: world.now, sleep: monotonicClock.sleep },
  })
  expectNoSecret(result.stdout + result.stderr)
  return result
}

function expectNoSecret(text: string): void {
  for (const secret of [...EXAMPLE_SECRETS, ...[TOKEN, OTHER_PRIVATE_KEY].flatMap(formsOf)])
    expect(text).not.toContain(secret)
}

function vpnctl(...argv: string[]): Promise<RunResult> {
  return run(argv)
}

/** A rogue peer, changed networks, and a swapped key, by one person at one time. */
function sabotage(): void {
  addRogue(world, 'hq')
  edit(world, 'anna-laptop', { allowedIPs: ['10.99.0.2/32', '192.168.0.0/16'] })
  edit(world, 'ben-laptop', { publicKey: OTHER_PUBLIC_KEY })
}

interface Finding {
  readonly address: string
  readonly state: string
  readonly severity: string
  readonly live?: Readonly<Record<string, string>>
}

async function findings(...argv: string[]): Promise<readonly string[]> {
  const { stdout } = await vpnctl('drift', '--format', 'json', ...argv)
  const document = JSON.parse(stdout) as { findings: readonly Finding[] }
  expect(faultsOf('drift', document)).toEqual([])
  return document.findings.map(({ severity, state, address }) => `${severity} ${state} ${address}`)
}

const ROGUE = 'critical unmanaged wireguardgateways/hq/peers/rogue'
const SWAPPED = 'critical changed wireguardgateways/hq/peers/ben-laptop'
const WIDENED = 'warning changed wireguardgateways/hq/peers/anna-laptop'

describe('a night watch', () => {
  test('that finds nothing says so in one line, exits 0, and reads each list once', async () => {
    world.sandbox.resetRequests()
    const { code, stdout, stderr } = await vpnctl('drift')
    expect(stdout).toBe('No drift. Live state matches vpn.yaml (3 resources).\n')
    expect([code, stderr]).toEqual([0, ''])
    const requests = world.sandbox.requests().map(({ method, path }) => `${method} ${path.split('/').at(-1)}`)
    const lists = listsFor([wireguardGateway, 1], [wireguardPeer, 2])
    expect(requests.sort()).toEqual(lists.map((list) => `GET ${list}`))
  })

  test('finds a rogue peer, changed networks and a swapped key, each with who and when', async () => {
    sabotage()
    const { code, stdout } = await vpnctl('drift')
    expect(code).toBe(2)
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(
      'Drift: 2 critical, 1 warning, in 3 of 4 resources, 1 of them unmanaged.',
    )
    const who = `2026-06-11 08:00 UTC by ${CULPRIT}`
    expect(stdout).toContain(`created ${who}`)
    expect(stdout.split(`last change ${who}`)).toHaveLength(3)
    expect(await findings()).toEqual([SWAPPED, ROGUE, WIDENED])
  })

  test('finds a private key that was swapped, without ever seeing one', async () => {
    edit(world, 'hq', { privateKey: OTHER_PRIVATE_KEY })
    const { stdout, code } = await vpnctl('drift')
    expect(stdout).toContain('privateKey   (secret) is not the one of env QUICKSTART_PRIVATE_KEY')
    expect(code).toBe(2)
  })

  test('shows it in every form at once, all of them valid', async () => {
    sabotage()
    const forms = ['text', 'json', 'markdown', 'junit', 'github', 'gitlab', 'azure', 'dotenv']
    const result = await vpnctl(
      'drift',
      '--metrics-file',
      'vpnctl.prom',
      ...forms.flatMap((form) => ['--report', `${form}=r.${form}`]),
    )
    expect(result.code).toBe(2)
    expect(faultsOf('drift', JSON.parse(read('r.json')))).toEqual([])
    expect(XMLValidator.validate(read('r.junit'))).toBe(true)
    const suites = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(
      read('r.junit'),
    ).testsuites
    expect(suites).toMatchObject({ tests: '4', failures: '3' })
    expect(JSON.parse(read('r.gitlab'))).toEqual({ create: 0, update: 2, delete: 1 })
    expect(read('r.github').match(/^::(error|warning) /gm)).toHaveLength(3)
    expect(read('r.azure').match(/^##vso\[task\.logissue /gm)).toHaveLength(3)
    expect(read('r.dotenv')).toContain('VPNCTL_DRIFTED=true')
    expect(read('r.markdown')).toMatch(/^<!-- vpnctl:drift stack=quickstart version=1 -->\n/)
    expect(read('r.text')).toBe(result.stdout)
    const metrics = parsePrometheus(read('vpnctl.prom'))
    expect(metrics.find(({ name }) => name === 'vpnctl_api_requests')?.metrics[0]?.value).toBe('3')
    for (const form of forms) expectNoSecret(read(`r.${form}`))
    expectNoSecret(read('vpnctl.prom'))
  })

  test('what it finds, apply and a deletion repair', async () => {
    sabotage()
    const ticking = setInterval(() => world.pass(1000), 10)
    expect((await vpnctl('apply', '--yes', '--prune', 'all')).code).toBe(0)
    clearInterval(ticking)
    expect((await vpnctl('drift')).code).toBe(0)
  })
})

describe('what else is found', () => {
  test('a gateway that someone deleted, with all that was on it', async () => {
    world.sandbox.store.remove(idOf(world, 'hq'))
    world.pass(1000)
    expect(await findings()).toEqual([
      'critical missing wireguardgateways/hq',
      'warning missing wireguardgateways/hq/peers/anna-laptop',
      'warning missing wireguardgateways/hq/peers/ben-laptop',
    ])
  })

  test('what is left over of the file of yesterday, however much of it, and nothing is refused', async () => {
    write('version: 1\nstack: quickstart\nlocation: de/fra\n')
    const result = await vpnctl('drift')
    expect(result.code).toBe(2)
    expect(result.stdout).toContain('Drift: 3 warnings, in 3 of 3 resources.')
  })

  test('a gateway of the same name that is not ours', async () => {
    write(QUICKSTART.replace('stack: quickstart', 'stack: other'))
    const { code, stdout } = await vpnctl('drift')
    expect(code).toBe(2)
    expect(stdout).toContain('is in conflict: the WireGuard gateway "hq" already exists')
    expect(stdout).toContain(
      'Not compared, since their parent is in conflict: wireguardgateways/hq/peers/anna-laptop',
    )
  })

  test('what is stuck, once it is for long enough', async () => {
    const id = idOf(world, 'hq')
    const { properties } = world.sandbox.store.get(id) ?? { properties: {} }
    world.sandbox.store.remove(id)
    world.pass(1000)
    world.sandbox.store.seed(wireguardGateway, properties, { id, status: 'PROVISIONING' })
    const peersMissing = 2
    expect(await findings()).toHaveLength(peersMissing)
    world.pass(2 * HOUR)
    expect(await findings()).toContain('warning stuck wireguardgateways/hq')
    expect(await findings('--stuck-after', '3h')).toHaveLength(peersMissing)
  })

  test('FAILED, in the words of the service', async () => {
    const id = idOf(world, 'hq')
    const { properties } = world.sandbox.store.get(id) ?? { properties: {} }
    world.sandbox.store.remove(id)
    world.pass(1000)
    world.sandbox.store.seed(wireguardGateway, properties, { id, status: 'FAILED' })
    expect((await vpnctl('drift')).stdout).toContain('status is FAILED ("it was seeded as failed")')
  })
})

describe('what is accepted', () => {
  const ignoring = (entry: string): string => `${QUICKSTART}\ndrift:\n  ignore:\n    - ${entry}\n`

  test('by flag, field by field', async () => {
    sabotage()
    expect(await findings('--ignore', '*/rogue', '--ignore', '*/anna-laptop:allowedIPs')).toEqual([SWAPPED])
    const { code, stdout } = await vpnctl('drift', '--ignore', 'wireguardgateways/hq/peers/*')
    expect(code).toBe(0)
    expect(stdout).toBe('No drift. Live state matches vpn.yaml (4 resources, 3 ignored).\n')
  })

  test('by the file, with a reason that --verbose shows', async () => {
    sabotage()
    write(ignoring('{ address: wireguardgateways/hq/peers/rogue, reason: trial, until: 2026-06-11 }'))
    expect(await findings()).toEqual([SWAPPED, WIDENED])
    const { stdout } = await vpnctl('drift', '--verbose')
    expect(stdout).toMatch(
      /^ignored {2}wireguardgateways\/hq\/peers\/rogue .*\(trial, until 2026-06-11, by /m,
    )
  })

  test('until it expires: then it counts, and a warning says why', async () => {
    sabotage()
    write(ignoring('{ address: wireguardgateways/hq/peers/rogue, reason: trial, until: 2026-06-11 }'))
    world.pass(24 * HOUR)
    const { code, stdout } = await vpnctl('drift')
    expect(code).toBe(2)
    expect(stdout).toMatch(/warning\[VPN540\]: vpn\.yaml:\d+:7 drift of .*rogue was ignored until 2026-06-11/)
    expect(await findings()).toContain(ROGUE)
  })
})

describe('where something is missing', () => {
  test('a secret: not compared, reported, and no drift', async () => {
    const { code, stdout } = await run(['drift'], { QUICKSTART_PRIVATE_KEY: undefined })
    expect(code).toBe(0)
    expect(stdout).toContain('Secrets: 1 has no usable value here\n')
    const verbose = await run(['drift', '--verbose'], { QUICKSTART_PRIVATE_KEY: undefined })
    expect(verbose.stdout).toContain(
      'Not compared, since the value is not known here: wireguardgateways/hq privateKey\n',
    )
    expect(stdout.trimEnd().split('\n').at(-1)).toContain('1 cannot be compared')
  })

  test('the API: exit 5, the metrics keep the last success, and a JSON reader gets JSON', async () => {
    expect((await vpnctl('drift', '--metrics-file', 'vpnctl.prom')).code).toBe(0)
    await world.sandbox.close()
    const { code, stdout } = await vpnctl(
      'drift',
      '--metrics-file',
      'vpnctl.prom',
      '--format',
      'json',
      '--timeout',
      '1s',
    )
    expect(code).toBe(5)
    expect(JSON.parse(stdout)).toMatchObject({ format: 'vpnctl/error', exitCode: 5 })
    const value = (name: string): string | undefined =>
      parsePrometheus(read('vpnctl.prom')).find((family) => family.name === name)?.metrics[0]?.value
    expect(value('vpnctl_last_run_success')).toBe('0')
    expect(value('vpnctl_last_success_timestamp_seconds')).toBe(
      String(Date.parse('2026-06-11T08:00:00Z') / 1000),
    )
  })

  test('a target: refused', async () => {
    const { code, stderr } = await vpnctl('drift', '--target', 'wireguardgateways/nothing')
    expect(code).toBe(6)
    expect(stderr).toContain('VPN516')
  })
})

test('another exit code for those who need one', async () => {
  sabotage()
  expect((await vpnctl('drift', '--drift-exit-code', '0')).code).toBe(0)
  expect((await vpnctl('drift', '--drift-exit-code', '17')).code).toBe(17)
  expect((await vpnctl('drift', '--drift-exit-code', '256')).code).toBe(64)
})

describe('a webhook', () => {
  async function receiver(status: number): Promise<{ url: string; bodies: string[]; close: () => void }> {
    const bodies: string[] = []
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        bodies.push(body)
        response.writeHead(status).end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/T00/B00/hidden-in-the-path`
    return { url, bodies, close: () => server.close() }
  }

  test.each(['json', 'slack', 'teams'])('gets the report once, as %s', async (format) => {
    sabotage()
    const { url, bodies, close } = await receiver(200)
    const result = await vpnctl('drift', '--webhook', url, '--webhook-format', format)
    close()
    expect(result.code).toBe(2)
    expect(result.stderr).toBe('')
    expect(bodies).toHaveLength(1)
    expect(bodies[0]).toContain('wireguardgateways/hq/peers/rogue')
    expectNoSecret(bodies.join())
    if (format === 'json') expect(faultsOf('drift', JSON.parse(bodies.join()))).toEqual([])
  })

  test('gets nothing after a night without drift, unless it asks for that', async () => {
    const { url, bodies, close } = await receiver(200)
    await run(['drift'], { VPNCTL_WEBHOOK: url })
    expect(bodies).toEqual([])
    await run(['drift', '--webhook-on', 'always'], { VPNCTL_WEBHOOK: url })
    close()
    expect(bodies).toHaveLength(1)
    expect(JSON.parse(bodies.join())).toMatchObject({ drifted: false })
  })

  test('that refuses is a warning before the verdict; the exit code stays', async () => {
    sabotage()
    const { url, close } = await receiver(404)
    const result = await vpnctl('drift', '--webhook', url, '--log-file', 'run.log', '--verbose')
    close()
    expect(result.code).toBe(2)
    expect(result.stderr).toContain(
      'warning: the webhook did not receive the report: it answered 404 (tried once)',
    )
    expect(result.stdout + result.stderr + read('run.log')).not.toContain('hidden-in-the-path')
  })

  test('without encryption is refused before anything is read, and its address is not repeated', async () => {
    world.sandbox.resetRequests()
    const result = await vpnctl('drift', '--webhook', 'http://hooks.example.com/hidden-in-the-path')
    expect(result.code).toBe(64)
    expect(result.stderr).toContain('--webhook would send the report unencrypted: use https')
    expect(result.stderr).not.toContain('hidden-in-the-path')
    expect(world.sandbox.requests()).toEqual([])
    expect(existsSync(join(folder, 'vpnctl.prom'))).toBe(false)
  })

  test('with a mistyped flag is not repeated either', async () => {
    const { code, stderr } = await vpnctl('drift', '--webhok=https://hooks.example.com/hidden-in-the-path')
    expect(code).toBe(64)
    expect(stderr).toContain("unknown option '--webhok'")
    expect(stderr).not.toContain('hidden-in-the-path')
  })
})
