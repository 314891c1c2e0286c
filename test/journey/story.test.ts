import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import parsePrometheus from 'parse-prometheus-text-format'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { monotonicClock } from '../../src/api/clock.ts'
import { addRogue, CULPRIT, edit, OTHER_PUBLIC_KEY, startWorld, type World } from '../support/drift-world.ts'
import { EXAMPLE_ENV, EXAMPLE_SECRETS, formsOf } from '../support/examples.ts'
import { faultsOf } from '../support/report-schemas.ts'
import { type RunResult, runCli } from '../support/run-cli.ts'

// One story in order: each test continues where the one before ended.
const HOUR = 3_600_000
const TOKEN = 'throw-away-token'
const BEFORE = readFileSync('examples/quickstart.yaml', 'utf8')
/** What the pull request wants: a new laptop, one gone, and a clearer description. */
const AFTER = `${BEFORE.slice(0, BEFORE.indexOf('      - name: ben-laptop'))}      - name: carol-laptop
        publicKey: ${Buffer.from('THROW-AWAY-PUBLIC-KEY-TESTS-ONLY').toString('base64')}
        allowedIPs: [10.99.0.4/32]
`.replace('Head office', 'Head office, Frankfurt')
const CAROL = 'wireguardgateways/hq/peers/carol-laptop'
const BEN = 'wireguardgateways/hq/peers/ben-laptop'
const ANNA = 'wireguardgateways/hq/peers/anna-laptop'
const ROGUE = 'wireguardgateways/hq/peers/rogue'
// The sabotage is on the night of 10 June.
const WHO = `2026-06-10 23:00 UTC by ${CULPRIT}`

let world: World
let folder: string

beforeAll(async () => {
  world = await startWorld('2026-06-10T08:00:00Z')
  folder = mkdtempSync(join(tmpdir(), 'vpnctl-story-'))
  mkdirSync(join(folder, 'vpn'))
  git('init', '--quiet', '--initial-branch=main')
  write(BEFORE)
  commit('The VPN as it is')
  expect((await vpnctl('apply', '-f', 'vpn', '--yes')).code).toBe(0)
  git('switch', '--quiet', '--create', 'change')
  write(AFTER)
  commit('Carol comes, Ben goes')
})

afterAll(async () => {
  await world.sandbox.close()
  rmSync(folder, { recursive: true, force: true })
})

function git(...argv: string[]): void {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false']
  execFileSync('git', [...identity, ...argv], { cwd: folder, stdio: 'pipe' })
}

function commit(message: string): void {
  git('add', '.')
  git('commit', '--quiet', '--message', message)
}

function write(text: string): void {
  writeFileSync(join(folder, 'vpn/vpn.yaml'), text)
}

function read(name: string): string {
  const text = readFileSync(join(folder, name), 'utf8')
  expectNoSecret(text)
  return text
}

function expectNoSecret(text: string): void {
  for (const secret of [...EXAMPLE_SECRETS, ...formsOf(TOKEN)]) expect(text).not.toContain(secret)
}

async function vpnctl(...argv: string[]): Promise<RunResult> {
  const ticking = setInterval(() => world.pass(1000), 10)
  try {
    const { PATH } = process.env
    const result = await runCli(argv, {
      cwd: folder,
      env: { ...EXAMPLE_ENV, IONOS_TOKEN: TOKEN, VPNCTL_ENDPOINT: world.sandbox.url, PATH, HOME: folder },
      clock: { now: world.now, sleep: monotonicClock.sleep },
    })
    expectNoSecret(result.stdout + result.stderr)
    return result
  } finally {
    clearInterval(ticking)
  }
}

function writes(): string[] {
  const seen = world.sandbox.requests().filter(({ method }) => method !== 'GET')
  world.sandbox.resetRequests()
  return seen.map(({ method }) => method).sort()
}

test('the pull request: the files are valid, and without a warning', async () => {
  expect(await vpnctl('validate', '-f', 'vpn', '--strict')).toMatchObject({
    code: 0,
    stdout: 'vpn: valid, 3 resources.\n',
    stderr: '',
  })
})

test('the pull request: the plan says what it wants, is saved, and writes nothing', async () => {
  world.sandbox.resetRequests()
  const forms = ['json', 'markdown', 'gitlab', 'tfjson', 'dotenv']
  const { code, stdout } = await vpnctl(
    ...['plan', '-f', 'vpn', '--base', 'git:main', '--out', 'saved.json'],
    ...forms.flatMap((form) => ['--report', `${form}=plan.${form}`]),
  )
  expect(code).toBe(0)
  expect(stdout).toMatch(/^Plan: 1 to add, 1 to change, 1 to destroy\.$/m)
  expect(stdout).toContain('Compared with git:main: 3 intent.')
  expect(writes()).toEqual([])

  expect(faultsOf('saved-plan', JSON.parse(read('saved.json')))).toEqual([])
  const plan = JSON.parse(read('plan.json')) as { changes: { action: string; address: string }[] }
  expect(faultsOf('plan', plan)).toEqual([])
  expect(plan.changes.map(({ action, address }) => `${action} ${address}`).sort()).toEqual([
    `create ${CAROL}`,
    `delete ${BEN}`,
    'update wireguardgateways/hq',
  ])
  expect(JSON.parse(read('plan.gitlab'))).toEqual({ create: 1, update: 1, delete: 1 })
  expect(read('plan.dotenv')).toContain('VPNCTL_TO_DESTROY=1')
  const tfjson = JSON.parse(read('plan.tfjson')) as { resource_changes: { change: { actions: string[] } }[] }
  expect(tfjson.resource_changes.flatMap(({ change }) => change.actions).sort()).toEqual([
    'create',
    'delete',
    'no-op',
    'update',
  ])
})

test('the pull request: the comment says it all in its first line, and the deletion before the rest', () => {
  const lines = read('plan.markdown').split('\n')
  expect(lines[0]).toBe('<!-- vpnctl:plan stack=quickstart version=1 -->')
  expect(lines[1]).toBe('### vpnctl plan · `quickstart`: 1 to create, 1 to update, 1 to **delete**')
  const at = (text: string): number => lines.findIndex((line) => line.includes(text))
  expect(at('> **Deletes 1 resource:**')).toBeGreaterThan(0)
  expect(at(BEN)).toBeLessThan(at(CAROL))
})

test('the merge: exactly the plan that was reviewed is applied, and the next night is quiet', async () => {
  git('switch', '--quiet', 'main')
  git('merge', '--quiet', '--ff-only', 'change')
  world.sandbox.resetRequests()
  expect((await vpnctl('apply', 'saved.json')).code).toBe(0)
  expect(writes()).toEqual(['DELETE', 'PUT', 'PUT'])
  expect(await vpnctl('drift', '-f', 'vpn')).toMatchObject({
    code: 0,
    stdout: 'No drift. Live state matches vpn (3 resources).\n',
    stderr: '',
  })
})

test('the night: a rogue peer, changed networks and a swapped key are found, with name and time', async () => {
  world.pass(Date.parse('2026-06-10T23:00:00Z') - world.now())
  addRogue(world, 'hq')
  edit(world, 'anna-laptop', { allowedIPs: ['10.99.0.2/32', '192.168.0.0/16'] })
  edit(world, 'carol-laptop', { publicKey: OTHER_PUBLIC_KEY })
  world.pass(4 * HOUR)
  world.sandbox.resetRequests()
  const forms = ['text', 'json', 'markdown', 'junit', 'github', 'gitlab', 'azure', 'dotenv']
  const { code, stdout } = await vpnctl(
    ...['drift', '-f', 'vpn', '--metrics-file', 'vpnctl.prom'],
    ...forms.flatMap((form) => ['--report', `${form}=drift.${form}`]),
  )
  expect(code).toBe(2)
  expect(writes()).toEqual([])
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(
    'Drift: 2 critical, 1 warning, in 3 of 4 resources, 1 of them unmanaged.',
  )
  for (const [address, what] of [
    [ROGUE, `created ${WHO}`],
    [ANNA, `last change ${WHO}`],
    [CAROL, `last change ${WHO}`],
  ] as const) {
    const reported = stdout.split('\n\n').find((part) => part.includes(address))
    expect(reported).toContain(what)
  }
})

test('the night: every report is valid and shows all three', () => {
  const drift = JSON.parse(read('drift.json')) as { drifted: boolean; findings: { address: string }[] }
  expect(faultsOf('drift', drift)).toEqual([])
  expect(drift.findings.map(({ address }) => address).sort()).toEqual([ANNA, CAROL, ROGUE])
  for (const form of ['text', 'markdown', 'junit', 'github', 'azure']) {
    for (const address of [ANNA, CAROL, ROGUE]) expect(read(`drift.${form}`)).toContain(address)
    expect(read(`drift.${form}`)).toContain('2026-06-10 23:00')
  }
  expect(XMLValidator.validate(read('drift.junit'))).toBe(true)
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' })
  expect(parser.parse(read('drift.junit')).testsuites).toMatchObject({ tests: '4', failures: '3' })
  expect(JSON.parse(read('drift.gitlab'))).toEqual({ create: 0, update: 2, delete: 1 })
  expect(read('drift.github').match(/^::(error|warning) /gm)).toHaveLength(3)
  expect(read('drift.azure').match(/^##vso\[task\.logissue /gm)).toHaveLength(3)
  expect(read('drift.azure')).toContain('##vso[task.setvariable variable=drifted;isoutput=true]true')
  for (const line of read('drift.dotenv').trimEnd().split('\n')) expect(line).toMatch(/^[A-Z0-9_]+=[^\n"']*$/)
  expect(read('drift.markdown')).toMatch(/^<!-- vpnctl:drift stack=quickstart version=1 -->\n/)
  const drifted = parsePrometheus(read('vpnctl.prom')).find(({ name }) => name === 'vpnctl_drift_findings')
  const total = drifted?.metrics.reduce((sum, { value }) => sum + Number(value), 0)
  expect(total).toBe(3)
})

test('the morning: an apply takes back what is ours, and leaves the unmanaged resource, reported', async () => {
  const { code, stdout } = await vpnctl('apply', '-f', 'vpn', '--yes')
  expect(code).toBe(0)
  expect(writes()).toEqual(['PUT', 'PUT'])
  expect(stdout).toContain(ROGUE)
  const left = await vpnctl('drift', '-f', 'vpn', '--format', 'json')
  expect(left.code).toBe(2)
  const { findings } = JSON.parse(left.stdout) as { findings: { address: string; state: string }[] }
  expect(findings).toMatchObject([{ address: ROGUE, state: 'unmanaged' }])
})

test('the morning: only an order to prune all removes the unmanaged resource, and then there is no drift', async () => {
  expect((await vpnctl('apply', '-f', 'vpn', '--yes', '--prune', 'all')).code).toBe(0)
  expect(writes()).toEqual(['DELETE'])
  expect((await vpnctl('drift', '-f', 'vpn')).code).toBe(0)
})
