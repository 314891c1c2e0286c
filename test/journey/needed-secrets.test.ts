import { readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { KINDS } from '../../src/kinds/index.ts'
import { ALONE, openStage, QUICKSTART, type Stage } from '../support/stage.ts'

// Two gateways: hq with its peers, whose key is QUICKSTART_PRIVATE_KEY, and lab, whose key nobody has.
const LAB = ALONE.slice(ALONE.indexOf('  - name: hq'))
  .replace('name: hq', 'name: lab')
  .replace('203.0.113.10', '203.0.113.20')
  .replace('10.99.0.1/24', '10.98.0.1/24')
  .replace('192.168.1.100/24', '192.168.1.120/24')
  .replace('QUICKSTART_PRIVATE_KEY', 'LAB_PRIVATE_KEY')
const WITH_LAB = `${QUICKSTART.trimEnd()}\n${LAB}`
const KEY = { LAB_PRIVATE_KEY: Buffer.from('throw-away key for tests only!!!').toString('base64') }

let stage: Stage

afterEach(() => stage.close())

async function both(): Promise<void> {
  stage = await openStage({}, WITH_LAB)
  const first = await stage.vpnctl(['apply', '--yes'], { env: KEY })
  expect(first.stderr).not.toContain('error')
  expect(first.code).toBe(0)
  stage.sandbox.resetRequests()
}

test('a job that changes one peer needs no key of any gateway', async () => {
  await both()
  stage.write(WITH_LAB.replace('10.99.0.3/32', '10.99.0.33/32'))
  const env = { ...stage.env, QUICKSTART_PRIVATE_KEY: undefined }
  const { code, stderr } = await stage.vpnctl(['apply', '--yes'], { env })
  expect(stderr).toMatch(/warning\[VPN403\].*LAB_PRIVATE_KEY/)
  expect(code).toBe(0)
  expect(stage.writes()).toEqual(['PUT /wireguardgateways/ID/peers/ID'])
})

test('the key that a change sends has to be there before the first write, whatever else could be done', async () => {
  await both()
  stage.write(WITH_LAB.replace('10.99.0.3/32', '10.99.0.33/32').replace('10.98.0.1/24', '10.98.0.2/24'))
  const { code, stderr } = await stage.vpnctl(['apply', '--yes'])
  expect(stderr).toMatch(
    /error\[VPN403\]: vpn\.yaml:\d+:\d+ this plan changes wireguardgateways\/lab and sends its privateKey, but the environment variable LAB_PRIVATE_KEY has no value/,
  )
  expect(stderr).toContain('export LAB_PRIVATE_KEY=...')
  expect(stderr).toContain('secrets that this plan sends have no value, nothing was changed')
  expect(code).toBe(3)
  expect(stage.writes()).toEqual([])
  const peers = await stage.vpnctl(['apply', '--yes', '--target', 'wireguardgateways/hq'])
  expect(peers.code).toBe(0)
  expect(stage.writes()).toEqual(['PUT /wireguardgateways/ID/peers/ID'])
})

test('a gateway whose key nobody has blocks no apply after its adoption', async () => {
  stage = await openStage()
  const kind = KINDS.find(({ name }) => name === 'wireguard-gateway')
  if (kind === undefined) throw new Error('no such kind')
  const portal = {
    name: 'portal',
    gatewayIP: '203.0.113.30',
    interfaceIPv4CIDR: '10.97.0.1/24',
    connections: [
      {
        datacenterId: '5a029f4a-72e5-11ec-90d6-0242ac120003',
        lanId: '2',
        ipv4CIDR: '192.168.1.130/24',
      },
    ],
  }
  stage.sandbox.store.seed(kind, portal)
  stage.write(
    `${QUICKSTART.trimEnd()}
  - name: portal
    gatewayIP: 203.0.113.30
    interfaceIPv4CIDR: 10.97.0.1/24
    privateKey: { env: PORTAL_PRIVATE_KEY }
    connections:
      - { datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "2", ipv4CIDR: 192.168.1.130/24 }
`,
  )
  const adopted = await stage.vpnctl(['adopt', '--write'])
  expect(adopted.code).toBe(0)
  expect(stage.read('vpn.yaml')).toMatch(/id: [0-9a-f-]{36}/)
  const apply = await stage.vpnctl(['apply', '--yes'])
  expect(apply.code).toBe(0)
  expect(apply.stdout).toContain('Apply complete! Resources: 3 added, 0 changed, 0 destroyed.')
})

test('a plan that was saved without secrets keeps what --resend-secrets asked for', async () => {
  const tunnel = readFileSync('examples/site-to-site.yaml', 'utf8')
  stage = await openStage({}, tunnel)
  expect((await stage.vpnctl(['apply', '--yes'])).code).toBe(0)
  const keys = Object.keys(stage.env).filter((name) => name.startsWith('SITE_'))
  const none = Object.fromEntries(keys.map((name) => [name, undefined]))
  const resend = ['--resend-secrets', 'ipsecgateways/*/tunnels/berlin']
  const plan = await stage.vpnctl(['plan', '--out', 'p.json', ...resend], { env: none })
  expect(plan.code).toBe(0)
  stage.sandbox.resetRequests()
  const without = await stage.vpnctl(['apply', 'p.json'], { env: none })
  expect(without.code).toBe(3)
  expect(without.stderr).toContain('VPN403')
  expect(stage.writes()).toEqual([])
  expect((await stage.vpnctl(['apply', 'p.json'])).code).toBe(0)
  expect(stage.writes()).toEqual(['PUT /ipsecgateways/ID/tunnels/ID'])
})
