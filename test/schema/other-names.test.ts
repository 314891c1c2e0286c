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

/** The hints about a field, in a file with that line in a gateway, a peer or a tunnel. */
async function hintAbout(
  where: 'file' | 'gateway' | 'peer' | 'ipsec' | 'tunnel',
  line: string,
): Promise<string | undefined> {
  const at = (place: string): string => (where === place ? line : 'description: x')
  const file = `version: 1
stack: names
${at('file').replace('description', 'x-note')}
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
    ${at('ipsec')}
    tunnels:
      - name: berlin
        ${at('tunnel')}
`
  writeFileSync(join(folder, 'vpn.yaml'), file)
  const { code, stdout } = await runCli(['validate', '--format', 'json'], { cwd: folder })
  expect(code).toBe(3)
  const row = file.split('\n').indexOf(file.split('\n').find((text) => text.trim() === line) ?? '') + 1
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly { hint?: string; line: number }[] }
  return diagnostics.flatMap(({ line: at, hint }) => (at === row ? [hint] : [])).join(' | ')
}

describe('a field that another tool has', () => {
  test.each([
    ['gateway', 'Address: 10.99.0.1/24', 'interfaceIPv4CIDR'],
    ['gateway', 'PostUp: iptables -A', 'runs no commands'],
    ['peer', 'presharedKey: x', 'no pre-shared key for WireGuard peers'],
    ['peer', 'PresharedKey: x', 'no pre-shared key for WireGuard peers'],
    ['peer', 'persistentKeepalive: 25', '--keepalive of peer-config'],
    ['peer', 'endpoint: 198.51.100.7:51820', '{ host: 198.51.100.20, port: 51820 }'],
    ['peer', 'endpoint: { address: 198.51.100.7 }', 'known here: host, port'],
    ['peer', 'preshared_key: x', 'no pre-shared key for WireGuard peers'],
    ['peer', 'psk: x', 'no pre-shared key for WireGuard peers'],
    ['gateway', 'presharedKey: x', 'belongs to an IPSec tunnel'],
    ['gateway', 'persistentKeepalive: 25', 'the API has no keepalive'],
    ['gateway', 'AllowedIPs: 10.99.0.2/32', 'a field of a WireGuard peer'],
    ['gateway', 'Endpoint: 198.51.100.7:51820', 'a field of a WireGuard peer'],
    ['ipsec', 'presharedKey: x', 'belongs to an IPSec tunnel'],
    ['ipsec', 'Address: 10.99.0.1/24', 'interfaceIPv4CIDR of the gateway'],
    ['ipsec', 'AllowedIPs: 10.99.0.2/32', 'cloudNetworkCIDRs'],
    ['tunnel', 'presharedKey: x', 'psk: { key: { env: NAME } }'],
    ['tunnel', 'pskKey: x', 'psk: { key: { env: NAME } }'],
    ['tunnel', 'pre_shared_key: x', 'psk: { key: { env: NAME } }'],
    ['tunnel', 'auth: { pskKey: x }', 'psk: { key: { env: NAME } }'],
    ['tunnel', 'AllowedIPs: 10.20.0.0/16', 'cloudNetworkCIDRs'],
    ['tunnel', 'persistentKeepalive: 25', 'the API has no keepalive'],
    ['file', 'presharedKey: x', 'belongs to an IPSec tunnel'],
    ['file', 'Address: 10.99.0.1/24', 'interfaceIPv4CIDR of the gateway'],
  ] as const)('of a %s: %s', async (where, line, words) => {
    expect(await hintAbout(where, line)).toContain(words)
  })

  test('a list in one string is shown as a list', async () => {
    expect(await hintAbout('peer', 'allowedIPs: 10.99.0.3/32, 10.20.0.0/16')).toBe(
      'write a list in brackets: [a, b]',
    )
  })

  test.each([
    'constructor: 1',
    'hasOwnProperty: 1',
  ])('that every JavaScript object has is unknown, not misplaced: %s', async (line) => {
    expect(await hintAbout('peer', line)).toMatch(/^neither vpnctl nor the API has it; known here: name, /)
  })
})
