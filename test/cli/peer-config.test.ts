import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chooseOtherEnd } from '../../src/cli/commands/peer-config/choice.ts'
import { derivePublicKey } from '../../src/kinds/wireguard/keys.ts'
import type { PlainObject } from '../../src/model/json.ts'
import { proposalOf } from '../../src/peer-config/proposals.ts'
import { type RunningSandbox, startSandbox } from '../../src/sandbox/server.ts'
import { desiredState, ipsec, tunnel } from '../support/desired-builder.ts'
import { type RunResult, runCli } from '../support/run-cli.ts'

// Throw-away keys, made for these tests.
const GATEWAY_KEY = Buffer.alloc(32, 9).toString('base64')
const PEER_KEY = Buffer.alloc(32, 7).toString('base64')
const PSK = 'throw-away-psk-for-this-test'
const CONNECTION =
  '{ datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "2", ipv4CIDR: 192.168.1.100/24 }'
const FILE = `version: 1
stack: other-end
location: de/fra
wireguardGateways:
  - name: hq
    gatewayIP: 203.0.113.10
    interfaceIPv4CIDR: 10.99.0.1/24
    privateKey: { env: HQ_KEY }
    connections: [${CONNECTION}]
    peers:
      - { name: anna-laptop, publicKey: ${derivePublicKey(PEER_KEY)}, allowedIPs: [10.99.0.2/32] }
ipsecGateways:
  - name: branch
    gatewayIP: 203.0.113.11
    connections: [${CONNECTION.replace('.100/', '.101/')}]
    tunnels:
      - name: berlin
        remoteHost: vpn.berlin.example.com
        auth: { method: PSK, psk: { key: { env: BERLIN_PSK } } }
        ike: { diffieHellmanGroup: 19-ECP256, encryptionAlgorithm: AES256, integrityAlgorithm: SHA256 }
        esp: {}
        cloudNetworkCIDRs: [192.168.1.0/24]
        peerNetworkCIDRs: [10.20.0.0/16]
`

let folder: string
let sandbox: RunningSandbox

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'other-end-'))
  writeFileSync(join(folder, 'vpn.yaml'), FILE)
  writeFileSync(join(folder, 'anna.key'), `${PEER_KEY}\n`)
  sandbox = await startSandbox({ provisionMs: 0, destroyMs: 0 })
})
afterEach(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true })
})

type Env = Readonly<Record<string, string>>
const SECRETS: Env = {
  HQ_KEY: GATEWAY_KEY,
  HQ2_KEY: Buffer.alloc(32, 11).toString('base64'),
  BERLIN_PSK: PSK,
}

/** A run that cannot reach any API. */
const offline = (
  argv: readonly string[],
  env: Env = SECRETS,
  tty?: { columns: number },
): Promise<RunResult> =>
  runCli(['peer-config', ...argv], { cwd: folder, env, ...(tty === undefined ? {} : { tty }) })
const online = (argv: readonly string[], env: Env = SECRETS): Promise<RunResult> =>
  runCli(argv, { cwd: folder, env: { ...env, IONOS_TOKEN: 'throw-away', VPNCTL_ENDPOINT: sandbox.url } })

async function liveTunnel(): Promise<unknown> {
  const read = async (path: string) => {
    const answer = await fetch(`${sandbox.url}${path}`, { headers: { authorization: 'Bearer throw-away' } })
    return (await answer.json()) as { readonly items: readonly { id: string; properties: unknown }[] }
  }
  const gateway = (await read('/ipsecgateways')).items[0]
  return (await read(`/ipsecgateways/${gateway?.id}/tunnels`)).items[0]?.properties
}

describe('vpnctl peer-config of a peer', () => {
  it('writes a whole configuration offline when the gateway key is at hand', async () => {
    const { code, stdout, stderr } = await offline(['hq', 'anna-laptop'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`PublicKey = ${derivePublicKey(GATEWAY_KEY)}\n`)
    expect(stdout).toContain('Endpoint = 203.0.113.10:51820\nAllowedIPs = 10.99.0.0/24, 192.168.1.0/24\n')
    expect(stdout).toContain('# PrivateKey = the private key that belongs to')
    expect(stdout).not.toContain(GATEWAY_KEY)
  })

  it('puts the private key into a file of the owner alone, and nothing on stdout', async () => {
    const flags = [
      '--private-key-file',
      'anna.key',
      '--dns',
      '10.99.0.53,corp.example.com',
      '--keepalive',
      '25',
    ]
    const { code, stdout, stderr } = await offline(['hq', 'anna-laptop', ...flags, '--out', 'wg0.conf'])
    expect([code, stdout, stderr]).toEqual([0, '', ''])
    expect(statSync(join(folder, 'wg0.conf')).mode & 0o777).toBe(0o600)
    const text = readFileSync(join(folder, 'wg0.conf'), 'utf8')
    expect(text).toContain(
      `PrivateKey = ${PEER_KEY}\nAddress = 10.99.0.2/32\nDNS = 10.99.0.53, corp.example.com\n`,
    )
    expect((await offline(['hq', 'anna-laptop', '--out', 'wg0.conf'])).code).toBe(6)
    expect(readFileSync(join(folder, 'wg0.conf'), 'utf8')).toBe(text)
  })

  it('takes the public key of the gateway from the API when the private key is not at hand', async () => {
    expect((await online(['apply', '--yes'])).code).toBe(0)
    sandbox.resetRequests()
    const { code, stdout } = await online(['peer-config', 'hq', 'anna-laptop'], {})
    expect(code).toBe(0)
    expect(stdout).toContain(`PublicKey = ${derivePublicKey(GATEWAY_KEY)}\n`)
    expect(new Set(sandbox.requests().map(({ method }) => method))).toEqual(new Set(['GET']))
  })

  it('says that nobody knows the public key when the gateway is not live either', async () => {
    const { code, stdout, stderr } = await online(['peer-config', 'hq', 'anna-laptop'], {})
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('the public key of gateway "hq" is not known')
  })

  it("refuses another one's private key without showing it", async () => {
    writeFileSync(join(folder, 'other.key'), GATEWAY_KEY)
    const { code, stdout, stderr } = await offline(['hq', 'anna-laptop', '--private-key-file', 'other.key'])
    expect(code).toBe(1)
    expect(stderr).toContain("the private key is another one's")
    expect(stdout + stderr).not.toContain(GATEWAY_KEY)
  })

  it('shows a QR code that fits, in its own colours on a terminal', async () => {
    const argv = ['hq', 'anna-laptop', '--private-key-file', 'anna.key', '--qr']
    const wide = await offline(argv, SECRETS, { columns: 100 })
    expect(wide.code).toBe(0)
    const lines = wide.stdout.trimEnd().split('\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours are what is looked for
    for (const line of lines) expect(line).toMatch(/^\u001b\[97(;40m[█▀▄ ]+|m▀+)\u001b\[0m$/)
    expect(lines[0]).toContain('█'.repeat(40))
    const narrow = await offline(argv, SECRETS, { columns: 40 })
    expect([narrow.code, narrow.stdout]).toEqual([1, ''])
    expect(narrow.stderr).toContain('columns wide')
    expect((await offline(argv)).stdout).toMatch(/^[█▀▄ \n]+$/)
  })
})

describe('vpnctl peer-config of a tunnel', () => {
  it('asks the API for the algorithms that the file leaves to the service', async () => {
    expect((await online(['apply', '--yes'])).code).toBe(0)
    const { code, stdout } = await online(['peer-config', 'branch', 'berlin'])
    expect(code).toBe(0)
    expect(stdout).toContain('proposals = aes256-sha256-ecp256\n')
    const chosen = proposalOf((await liveTunnel()) as PlainObject, 'esp')
    expect(chosen.type).toBe('proposal')
    expect(stdout).toContain(`esp_proposals = ${chosen.type === 'proposal' && chosen.text}\n`)
    expect(stdout).toContain('# secret = ')
    expect(stdout).not.toContain(PSK)
  })

  it('refuses to guess the algorithms of a tunnel that is not live', async () => {
    const { code, stderr } = await online(['peer-config', 'branch', 'berlin'])
    expect(code).toBe(1)
    expect(stderr).toContain('esp.encryptionAlgorithm is left to the service')
  })

  it('puts the pre-shared key in when asked, and says so when it is not at hand', async () => {
    writeFileSync(
      join(folder, 'vpn.yaml'),
      FILE.replace(
        /esp: \{\}/,
        'esp: { diffieHellmanGroup: 19-ECP256, encryptionAlgorithm: AES256-GCM-16, integrityAlgorithm: SHA256 }',
      ),
    )
    const { code, stdout } = await offline(['branch', 'berlin', '--show-secrets', '--start', 'trap'])
    expect(code).toBe(0)
    expect(stdout).toContain(`secret = 0s${Buffer.from(PSK).toString('base64')}\n`)
    expect(stdout).toContain('start_action = trap\n')
    const missing = await offline(['branch', 'berlin', '--show-secrets'], {})
    expect([missing.code, missing.stdout]).toEqual([1, ''])
    expect(missing.stderr).toContain('the pre-shared key of "berlin" is not at hand')
  })
})

describe('the peer or tunnel of vpnctl peer-config', () => {
  it('may be named by its address, or by its name alone', async () => {
    const byBoth = await offline(['hq', 'anna-laptop'])
    expect(byBoth.code).toBe(0)
    expect(await offline(['wireguardgateways/hq/peers/anna-laptop'])).toEqual(byBoth)
    expect(await offline(['anna-laptop'])).toEqual(byBoth)
    expect((await offline([])).code).toBe(64)
  })
})

describe('vpnctl peer-config, used wrongly', () => {
  it('says that a kind has no other end', () => {
    const state = desiredState({ ipsecGateways: [ipsec('branch', { tunnels: [tunnel('berlin')] })] })
    const resources = state.resources.map((each) =>
      each.name === 'berlin' ? { ...each, kind: { ...each.kind, title: 'made-up route' } } : each,
    )
    expect(() => chooseOtherEnd({ ...state, resources }, ['berlin', 'branch'], {})).toThrow(
      'made-up route "berlin" has no other end that needs a configuration',
    )
  })

  it.each([
    [['hq', 'anna-latop'], 'the files have no peer or tunnel "anna-latop" (did you mean "anna-laptop"?)'],
    [['hp', 'anna-laptop'], 'the files have no gateway "hp" (did you mean "hq"?)'],
    [['hq', 'berlin'], 'the files have no peer or tunnel "berlin"\n  = hint: known: anna-laptop'],
    [['hq', 'anna-laptop', '--as', 'strongswan'], '--as for WireGuard peer "anna-laptop" can be: wg-quick'],
    [['branch', 'berlin', '--dns', '192.0.2.1', '--mtu', '1400'], 'strongswan has no use for --dns, --mtu'],
    [['hq', 'anna-laptop', '--show-secrets'], 'a peer keeps its key to itself: --private-key-file'],
    [['hq', 'anna-laptop', '--qr'], '--qr needs --private-key-file'],
    [['hq', 'anna-laptop', '--dns', 'a,,b'], 'one value, or several with commas'],
  ])('%j says what is wrong', async (argv, message) => {
    const { code, stdout, stderr } = await offline(argv)
    expect([code, stdout]).toEqual([64, ''])
    expect(stderr).toContain(message)
  })

  it('says which ones a name could mean', async () => {
    const twin = FILE.slice(FILE.indexOf('  - name: hq'), FILE.indexOf('ipsecGateways'))
      .replace('203.0.113.10', '203.0.113.12')
      .replace('HQ_KEY', 'HQ2_KEY')
      .replace('gatewayIP', 'location: de/txl\n    gatewayIP')
    writeFileSync(join(folder, 'vpn.yaml'), FILE.replace('ipsecGateways', `${twin}ipsecGateways`))
    const { code, stderr } = await offline(['hq', 'anna-laptop'])
    expect(code).toBe(64)
    expect(stderr).toContain('de/fra:wireguardgateways/hq/peers/anna-laptop')
    expect(stderr).toContain('de/txl:wireguardgateways/hq/peers/anna-laptop')
    const reported = await offline(['de/txl:wireguardgateways/hq', 'anna-laptop'])
    expect(reported.stdout).toContain('Endpoint = 203.0.113.12:51820\n')
    // As plans print it.
    expect((await offline(['de/txl:hq', 'anna-laptop'])).stdout).toBe(reported.stdout)
    expect((await offline(['de/txl:hq/anna-laptop'])).stdout).toBe(reported.stdout)
    expect((await offline(['hp', 'anna-laptop'])).stderr).toContain(
      'known: de/fra:wireguardgateways/hq, de/txl:wireguardgateways/hq, branch',
    )
  })
})

describe('vpnctl peer-config of several ends', () => {
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  const ALGORITHMS =
    '{ diffieHellmanGroup: 19-ECP256, encryptionAlgorithm: AES256, integrityAlgorithm: SHA256 }'
  const whole = FILE.replace('esp: {}', `esp: ${ALGORITHMS}`)

  it('writes a file for each, for the owner alone, and names them', async () => {
    writeFileSync(join(folder, 'vpn.yaml'), whole)
    const { code, stdout, stderr } = await offline(['--all', '--out-dir', 'ends', '--keepalive', '25'])
    expect([code, stderr]).toEqual([0, '2 configurations written to ends.\n'])
    expect(stdout).toBe('ends/de-fra/hq/anna-laptop.conf\nends/de-fra/branch/berlin.conf\n')
    expect(statSync(join(folder, 'ends/de-fra/branch/berlin.conf')).mode & 0o777).toBe(0o600)
    expect(read('ends/de-fra/hq/anna-laptop.conf')).toContain('PersistentKeepalive = 25\n')
    expect(read('ends/de-fra/branch/berlin.conf')).toContain('start_action = trap|start\n')
    expect(read('ends/de-fra/branch/berlin.conf')).not.toContain(Buffer.from(PSK).toString('base64'))
    expect((await offline(['--all', '--out-dir', 'ends'])).code).toBe(6)
    expect((await offline(['--all', '--out-dir', 'ends', '--force', '--show-secrets'])).code).toBe(0)
    expect(read('ends/de-fra/branch/berlin.conf')).toContain(Buffer.from(PSK).toString('base64'))
  })

  it('writes those of one gateway, as sheets too', async () => {
    writeFileSync(join(folder, 'vpn.yaml'), whole)
    const flags = ['--all', '--out-dir', 'ends', '--gateway', 'branch', '--as', 'sheet']
    const { code, stdout } = await offline(flags)
    expect([code, stdout]).toEqual([0, 'ends/de-fra/branch/berlin.md\n'])
    expect((await offline(['--all', '--out-dir', 'ends', '--gateway', 'nowhere'])).code).toBe(64)
  })

  it.each([
    ['--mtu', '20', 'from 576 to 65535'],
    ['--keepalive', '0', 'from 1 to 65535'],
    ['--allowed-ips', '10.0.0.0/8,x', '"x" is not an IP address or network'],
  ])('refuses %s %s', async (flag, value, why) => {
    const { code, stderr } = await offline(['hq/anna-laptop', flag, value])
    expect(code).toBe(64)
    expect(stderr).toContain(why)
  })

  it('writes none for a peer whose last day is over', async () => {
    const expired = 'name: anna-laptop, expires: 2020-01-31'
    writeFileSync(join(folder, 'vpn.yaml'), whole.replace('name: anna-laptop', expired))
    const { code, stdout, stderr } = await offline(['--all', '--out-dir', 'ends'])
    expect([code, stdout]).toEqual([0, 'ends/de-fra/branch/berlin.conf\n'])
    expect(stderr).toBe('1 configuration written to ends.\n')
  })

  it('writes those that changed since a file, and no others', async () => {
    writeFileSync(join(folder, 'before.yaml'), whole)
    const now = whole.replace('peerNetworkCIDRs: [10.20.0.0/16]', 'peerNetworkCIDRs: [10.21.0.0/16]')
    writeFileSync(join(folder, 'vpn.yaml'), now.replace('hq\n', 'hq\n    description: only here\n'))
    const changed = await offline(['--changed-since', 'before.yaml', '--out-dir', 'ends'])
    expect([changed.code, changed.stdout]).toEqual([0, 'ends/de-fra/branch/berlin.conf\n'])
    writeFileSync(join(folder, 'vpn.yaml'), whole.replace('192.168.1.100/24', '192.168.7.100/24'))
    const lan = await offline(['--changed-since', 'before.yaml', '--out-dir', 'lan'])
    expect(lan.stdout).toBe('lan/de-fra/hq/anna-laptop.conf\n')
    writeFileSync(join(folder, 'vpn.yaml'), whole)
    const none = await offline(['--changed-since', 'before.yaml', '--out-dir', 'none'])
    expect(none).toMatchObject({ code: 0, stdout: '' })
    expect(none.stderr).toContain('Since before.yaml, the files change no other end.')
  })

  it('writes those that a saved plan makes outdated', async () => {
    writeFileSync(join(folder, 'vpn.yaml'), whole)
    expect((await online(['apply', '--yes'])).code).toBe(0)
    writeFileSync(join(folder, 'vpn.yaml'), whole.replace('203.0.113.10', '203.0.113.19'))
    const plan = await online(['plan', '--out', 'p.json'])
    expect(plan.stdout).toContain(
      '1 other end must be configured as in the files: wireguardgateways/hq/peers/anna-laptop',
    )
    const { stdout } = await online(['peer-config', '--changed-since', 'p.json', '--out-dir', 'ends'])
    expect(stdout).toBe('ends/de-fra/hq/anna-laptop.conf\n')
  })

  it('writes what it can, and reports the rest with exit code 1', async () => {
    writeFileSync(join(folder, 'vpn.yaml'), whole.replace('[10.99.0.2/32]', '[10.50.0.0/16]'))
    const { code, stdout, stderr } = await offline(['--all', '--out-dir', 'ends'])
    expect([code, stdout]).toEqual([1, 'ends/de-fra/branch/berlin.conf\n'])
    expect(stderr).toContain('1 end cannot be written: hq/anna-laptop: ')
  })

  it.each([
    [['--all']],
    [['hq', '--all', '--out-dir', 'x']],
    [['--all', '--out-dir', 'x', '--qr']],
    [['--all', '--out-dir', 'x', '--address', '10.99.0.7']],
    [['hq']],
    [[]],
    [['hq', 'anna-laptop', '--gateway', 'hq']],
  ])('refuses %j as wrong usage', async (argv) => {
    expect((await offline(argv)).code).toBe(64)
  })
})

describe('vpnctl peer-config', () => {
  it('says that wg-quick does not accept the name of the file', async () => {
    const { code, stderr } = await offline(['hq', 'anna-laptop', '--out', 'the-laptop-of-anna.conf'])
    expect(code).toBe(0)
    expect(stderr).toMatch(/at most 15 letters.*for instance the-laptop-[0-9a-f]{4}\.conf/)
  })

  it('says that a configuration is too large for a QR code, and what to do', async () => {
    const networks = Array.from({ length: 250 }, (_, index) => `10.${index}.0.0/16`).join(',')
    const flags = ['--private-key-file', 'anna.key', '--qr', '--allowed-ips', networks]
    const { code, stderr } = await offline(['hq', 'anna-laptop', ...flags])
    expect(code).toBe(1)
    expect(stderr).toContain('a QR code has room for 2953 at most')
    expect(stderr).toContain('--allowed-ips')
  })
})
