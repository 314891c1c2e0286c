import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ENVIRONMENT } from '../../src/cli/session/environment.ts'
import { type Journey, startJourney } from '../support/journey.ts'
import { TOP_LISTS } from '../support/lists.ts'

// Throw-away keys, of this test alone.
const KEYS = Object.fromEntries(
  [1, 2].map((byte, index) => [`KEY_${index}`, Buffer.alloc(32, byte).toString('base64')]),
)
const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')
const TWO_LOCATIONS = `version: 1
stack: two-places
wireguardGateways:
${['de/fra', 'de/txl']
  .map(
    (location, index) => `  - name: hq
    location: ${location}
    gatewayIP: 203.0.113.1${index}
    interfaceIPv4CIDR: 10.99.${index}.1/24
    privateKey: { env: KEY_${index} }
    connections:
      - { datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "2", ipv4CIDR: 192.168.1.100/24 }
`,
  )
  .join('')}`

let journey: Journey
beforeEach(async () => {
  journey = await startJourney()
})
afterEach(() => journey.close())

describe('several locations', () => {
  test('apply and converge on one sandbox whose endpoint has {location} in it', async () => {
    journey.write(TWO_LOCATIONS)
    const env = { ...KEYS, VPNCTL_ENDPOINT: `${journey.sandbox.url}/{location}` }
    const apply = await journey.run(['apply', '--yes'], { env })
    expect(apply.stderr).not.toContain('error')
    expect(apply.code).toBe(0)
    expect(journey.sandbox.store.resources()).toHaveLength(1)
    expect(journey.sandbox.storeAt('de/txl').resources()).toHaveLength(1)
    expect((await journey.run(['plan', '--detailed-exitcode'], { env })).code).toBe(0)
  })

  test('apply and converge with --sandbox', async () => {
    journey.write(TWO_LOCATIONS)
    expect((await journey.run(['apply', '--yes', '--sandbox'], { env: KEYS })).code).toBe(0)
    const plan = await journey.run(['plan', '--sandbox', '--detailed-exitcode'], { env: KEYS })
    expect(plan.stdout).toMatch(/^No changes\./m)
    expect(plan.code).toBe(0)
  })

  test.each([
    [['plan']],
    [['plan', '--location', 'de/txl']],
  ])('on one endpoint are wrong usage: %j', async (argv) => {
    journey.write(argv.length > 1 ? QUICKSTART : TWO_LOCATIONS)
    const { code, stderr } = await journey.run(argv, { env: KEYS })
    expect(stderr).toContain('VPNCTL_ENDPOINT is one endpoint, but this run is about several locations')
    expect(code).toBe(64)
    expect(journey.sandbox.requests()).toEqual([])
  })

  test('that share an endpoint are read once', async () => {
    journey.write(QUICKSTART)
    expect((await journey.vpnctl('plan', '--location', 'de/fra/2')).code).toBe(0)
    expect(journey.sandbox.requests()).toHaveLength(TOP_LISTS.length)
  })

  test.each([[['--sandbox']], [[]]])('that nobody knows are wrong usage %j', async (more) => {
    journey.write(QUICKSTART)
    const { code, stderr } = await journey.vpnctl('plan', '--location', 'de/frq', ...more)
    expect(stderr).toContain('no location "de/frq" (did you mean "de/fra"?)')
    expect(code).toBe(64)
  })
})

describe('the environment', () => {
  test('VPNCTL_VAR_FILE names files with variables, is not a variable itself, and --var-file wins', async () => {
    const text = readFileSync('examples/quickstart.yaml', 'utf8')
    journey.write(text.replace('stack: quickstart', 'stack: $' + '{var.stack}'), 'a.yaml')
    journey.write('stack: dev\n', 'dev.yaml')
    journey.write('stack: prod\n', 'prod.yaml')
    const stackOf = async (...flags: string[]): Promise<unknown> => {
      const env = { VPNCTL_VAR_FILE: 'dev.yaml' }
      const run = await journey.run(['plan', '-f', 'a.yaml', '--format', 'json', ...flags], { env })
      return JSON.parse(run.stdout).stack
    }
    expect(await stackOf()).toBe('dev')
    expect(await stackOf('--var-file', 'prod.yaml')).toBe('prod')
    journey.write(text.replace('stack: quickstart', 'stack: $' + '{var.FILE}'), 'a.yaml')
    const unknown = await journey.run(['validate', '-f', 'a.yaml'], { env: { VPNCTL_VAR_FILE: 'dev.yaml' } })
    expect(unknown.stderr).toContain('unknown variable "FILE"')
  })

  test('VPNCTL_FILE names the file, and --file wins', async () => {
    journey.write(QUICKSTART, 'a.yaml')
    expect((await journey.run(['validate'], { env: { VPNCTL_FILE: 'a.yaml' } })).code).toBe(0)
    const both = await journey.run(['validate', '-f', 'b.yaml'], { env: { VPNCTL_FILE: 'a.yaml' } })
    expect(both.stderr).toContain('b.yaml')
    expect(both.code).toBe(3)
  })

  test('several files and locations have commas between them', async () => {
    journey.write(QUICKSTART, 'a.yaml')
    const run = await journey.run(['validate'], { env: { VPNCTL_FILE: 'a.yaml, c.yaml' } })
    expect(run.stderr).toContain('c.yaml does not exist')
    expect(run.stderr).not.toContain('a.yaml does not exist')
  })

  test('what is not usable is reported with the name of the variable', async () => {
    journey.write(QUICKSTART)
    const { code, stderr } = await journey.run(['plan'], { env: { VPNCTL_PARALLELISM: 'many' } })
    expect(stderr).toMatch(/VPNCTL_PARALLELISM is not valid: It must be a whole number above 0/)
    expect(code).toBe(64)
  })

  test('a flag wins over a variable', async () => {
    journey.write(QUICKSTART)
    const env = { VPNCTL_PARALLELISM: 'many' }
    expect((await journey.run(['plan', '--parallelism', '2'], { env })).code).toBe(0)
  })

  test('credentials may come from the file of the vendor', async () => {
    journey.write(QUICKSTART)
    mkdirSync(join(journey.folder, '.ionos'))
    writeFileSync(
      join(journey.folder, '.ionos', 'config'),
      `currentProfile: a
profiles: [{ name: a, environment: e, credentials: { token: from-the-file } }]
environments:
  - name: e
    products: [{ name: vpn, endpoints: [{ location: de/fra, name: "${journey.sandbox.url}" }] }]
`,
    )
    const env = { HOME: journey.folder, IONOS_TOKEN: undefined, VPNCTL_ENDPOINT: undefined }
    const { code, stdout, stderr } = await journey.run(['plan'], { env })
    expect(stderr + stdout).not.toContain('from-the-file')
    expect(code).toBe(0)
    expect(journey.sandbox.requests()).toHaveLength(TOP_LISTS.length)
  })

  test('no flag that loosens a safety rule has a variable', () => {
    const flags = ENVIRONMENT.map(({ flag }) => flag)
    for (const flag of ['--yes', '--prune', '--max-deletes', '--allow-plaintext-secrets', '--target'])
      expect(flags).not.toContain(flag)
  })
})
