import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runCli } from '../support/run-cli.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnctl-names-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** The hint of the first diagnostic about a field, in a file with that line in a gateway, a peer or a tunnel. */
async function hintAbout(where: 'gateway' | 'peer' | 'tunnel', line: string): Promise<string | undefined> {
  const at = (place: string): string => (where === place ? line : 'description: x')
  const file = `version: 1
stack: names
wireguardGateways:
  - name: hq
    gatewayIP: 203.0.113.10
    ${at('gateway')}
    peers:
      - name: anna
        ${at('peer')}
ipsecGateways:
  - name: branch
    gatewayIP: 203.0.113.11
    tunnels:
      - name: berlin
        ${at('tunnel')}
`
  writeFileSync(join(folder, 'vpn.yaml'), file)
  const { code, stdout } = await runCli(['validate', '--format', 'json'], { cwd: folder })
  expect(code).toBe(3)
  const row = file.split('\n').indexOf(file.split('\n').find((text) => text.trim() === line) ?? '') + 1
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly { hint?: string; line: number }[] }
  return diagnostics.find((diagnostic) => diagnostic.line === row)?.hint
}

describe('a field that another tool has', () => {
  test.each([
    ['gateway', 'Address: 10.99.0.1/24', 'interfaceIPv4CIDR'],
    ['gateway', 'PostUp: iptables -A', 'runs no commands'],
    ['peer', 'presharedKey: x', 'no pre-shared key for WireGuard peers'],
    ['peer', 'PresharedKey: x', 'no pre-shared key for WireGuard peers'],
    ['peer', 'persistentKeepalive: 25', '--keepalive of peer-config'],
    ['peer', 'endpoint: 198.51.100.7:51820', '{ host: 198.51.100.20, port: 51820 }'],
    ['tunnel', 'presharedKey: x', 'psk: { key: { env: NAME } }'],
  ] as const)('of a %s: %s', async (where, line, words) => {
    expect(await hintAbout(where, line)).toContain(words)
  })

  test.each([
    'constructor: 1',
    'hasOwnProperty: 1',
  ])('that every JavaScript object has is unknown, not misplaced: %s', async (line) => {
    expect(await hintAbout('peer', line)).toMatch(/^known here: name, /)
  })
})
