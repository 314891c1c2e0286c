import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningSandbox, startSandbox } from '../../src/sandbox/server.ts'
import { throwAwayKey } from '../support/desired-builder.ts'
import { runCli } from '../support/run-cli.ts'

const GATEWAYS = 25
const PEERS = 19
const LIMIT = 60_000

let sandbox: RunningSandbox
let folder: string

beforeAll(async () => {
  sandbox = await startSandbox({ provisionMs: 0, destroyMs: 0 })
  folder = mkdtempSync(join(tmpdir(), 'vpnctl-large-'))
})
afterAll(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Twenty-five gateways; `peersOf` names the peers of each. */
function estate(description: string, peersOf: (gateway: number) => readonly string[]): string {
  const gateways = Array.from({ length: GATEWAYS }, (_, g) => {
    const peers = peersOf(g).map((name, p) => {
      const key = Buffer.from(`${g}/${name}`.padEnd(32, '.')).toString('base64')
      return `      - { name: ${name}, publicKey: ${key}, allowedIPs: [10.${g}.0.${p + 2}/32] }`
    })
    return [
      `  - name: gateway-of-site-${g}`,
      `    description: ${description}`,
      `    gatewayIP: 198.51.100.${g + 1}`,
      `    interfaceIPv4CIDR: 10.${g}.0.1/24`,
      `    privateKey: { env: KEY_${g} }`,
      '    connections:',
      `      - { datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "${g + 1}", ipv4CIDR: 192.168.${g}.100/24 }`,
      ...(peers.length === 0 ? [] : ['    peers:', ...peers]),
    ].join('\n')
  })
  return `version: 1\nstack: large\nlocation: de/fra\nwireguardGateways:\n${gateways.join('\n')}\n`
}

const laptops = (prefix: string): readonly string[] =>
  Array.from({ length: PEERS }, (_, p) => `${prefix}-laptop-${p}`)

async function vpnctl(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const keys = Array.from({ length: GATEWAYS }, (_, g) => [`KEY_${g}`, throwAwayKey(g).reveal()])
  return runCli(argv, {
    cwd: folder,
    env: { ...Object.fromEntries(keys), IONOS_TOKEN: 'throw-away-token', VPNCTL_ENDPOINT: sandbox.url },
  })
}

test('a plan of 500 resources fits a comment, and shows each of its deletions', async () => {
  const write = (text: string): void => writeFileSync(join(folder, 'vpn.yaml'), text)
  write(estate('before', () => laptops('old')))
  const applied = await vpnctl('apply', '--yes')
  expect([applied.code, applied.stderr.slice(-500)]).toEqual([0, expect.any(String)])

  // 323 peers go, 95 come, 152 get other networks, and every gateway another description.
  const peersOf = (g: number): readonly string[] => (g < 12 ? [] : laptops(g < 20 ? 'old' : 'new'))
  const moved = estate('after', peersOf).replace(
    /\.0\.(\d+)\/32/g,
    (_, host) => `.0.${Number(host) + 100}/32`,
  )
  write(moved)
  const { code, stderr } = await vpnctl('plan', '--max-deletes', '100%', '--report', 'markdown=plan.md')
  expect([code, stderr]).toEqual([0, expect.any(String)])

  const markdown = readFileSync(join(folder, 'plan.md'), 'utf8')
  expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(LIMIT)
  expect(markdown.length).toBeLessThan(65_536)
  expect(markdown.split('\n')[1]).toMatch(
    /^### vpnctl plan · `large`: 95 to create, 177 to update.*, 323 to \*\*delete\*\*/,
  )
  const missing = Array.from({ length: GATEWAYS }, (_, g) => g)
    .filter((g) => g < 12 || g >= 20)
    .flatMap((g) => laptops('old').map((name) => `wireguardgateways/gateway-of-site-${g}/peers/${name}`))
    .filter((address) => !markdown.includes(address))
  expect(missing).toEqual([])
  // What is left out is counted.
  expect(markdown).toMatch(/… \d+ more, left out for length/)
  expect(stderr).not.toContain('error')
  expect(markdown).toMatch(/^Plan: 95 to add, 177 to change, 323 to destroy\.$/m)
})
