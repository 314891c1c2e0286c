import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { derivePublicKey } from '../../src/kinds/wireguard/keys.ts'
import type { Resolved } from '../../src/probe/network.ts'
import { faultsOf } from '../support/report-schemas.ts'
import { runCli } from '../support/run-cli.ts'
import { VirtualClock } from '../support/virtual-clock.ts'
import { FakeNetwork } from './fake-network.ts'

const folder = mkdtempSync(join(tmpdir(), 'vpnctl-probe-'))
afterAll(() => rmSync(folder, { recursive: true }))
// Throw-away keys.
const keyOf = (seed: number): string => Buffer.alloc(32, seed).toString('base64')
const publicOf = (seed: number): string => derivePublicKey(keyOf(seed)) ?? ''
const ENV = { HQ_KEY: keyOf(99), CANARY_KEY: keyOf(7) }

const gateway = (peers: string): string => `version: 1
stack: acme-prod
wireguardGateways:
  - name: hq
    gatewayIP: 203.0.113.10
    interfaceIPv4CIDR: 10.99.0.1/24
    privateKey: { env: HQ_KEY }
    connections:
      - { datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "2", ipv4CIDR: 192.168.1.100/24 }
    peers:
${peers}`
const PERSON = `      - { name: anna-laptop, publicKey: HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=, allowedIPs: [10.99.0.2/32] }
`
const canary = (fields = '', key = publicOf(7)): string =>
  `      - { name: canary, publicKey: ${key}, allowedIPs: [10.99.0.250/32], probe: { privateKey: { env: CANARY_KEY } }${fields} }
`

let files = 0
async function run(
  text: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = ENV,
  names: Readonly<Record<string, Resolved>> = {},
) {
  const file = join(folder, `${files++}.yaml`)
  writeFileSync(file, text)
  const clock = new VirtualClock()
  const network = new FakeNetwork(() => [], names)
  const options = { env, cwd: folder, clock, probeNetwork: network }
  const work = runCli([...args, '-f', file], options)
  let isOver = false
  // Reading files takes no virtual time: something else has to wait meanwhile.
  const tick = async (): Promise<void> => {
    while (!isOver) await clock.sleep(1)
  }
  void tick()
  const result = await clock.run(work)
  isOver = true
  return { ...result, sent: network.sent.length }
}

describe('vpnctl probe', () => {
  it('exits 9 for a silent gateway, and says what cannot be told apart', async () => {
    const { code, stdout, sent } = await run(gateway(PERSON + canary()), ['probe'])
    expect(code).toBe(9)
    expect(sent).toBe(3)
    expect(stdout).toContain(
      'wireguardgateways/hq/peers/canary  wireguard  203.0.113.10:51820  silent for 1800 ms',
    )
    expect(stdout).toContain('WireGuard does not answer what it does not accept')
    expect(stdout).not.toContain('anna-laptop')
  })

  it('writes a document that its published schema describes', async () => {
    const { code, stdout } = await run(gateway(canary()), ['probe', '--format', 'json'])
    const document = JSON.parse(stdout)
    expect(faultsOf('probe', document)).toEqual([])
    expect(document).toMatchObject({ failed: 1, results: [{ verdict: 'silent', failed: true }] })
    expect(code).toBe(9)
  })

  it('never sends a handshake with the key of a person', async () => {
    const address = 'wireguardgateways/hq/peers/anna-laptop'
    const { code, stderr, sent } = await run(gateway(PERSON + canary()), ['probe', address])
    expect({ code, sent }).toEqual({ code: 3, sent: 0 })
    expect(stderr).toContain('error[VPN415]: wireguardgateways/hq/peers/anna-laptop is not a canary')
    expect(stderr).toMatch(/: vpnctl probe -f \S+ wireguardgateways\/hq\n/)
  })

  it('suggests an address for one that names nothing', async () => {
    const { code, stderr } = await run(gateway(canary()), ['probe', 'wireguardgateways/hp'])
    expect(code).toBe(64)
    expect(stderr).toContain('did you mean "wireguardgateways/hq"?')
  })

  it('refuses to wait for no time, in which nothing can answer', async () => {
    const { code, stderr } = await run(gateway(canary()), ['probe', '--wait', '0'])
    expect(code).toBe(64)
    expect(stderr).toContain('It must be above 0.')
  })

  it('says that there is nothing to probe, as a success unless an address or an apply relies on it', async () => {
    const all = await run(gateway(PERSON), ['probe'])
    expect(all).toMatchObject({ code: 0, sent: 0 })
    expect(all.stdout).toContain('Nothing was probed: the files have no canary, no tunnel and no host name.')
    const named = await run(gateway(PERSON), ['probe', 'wireguardgateways/hq'])
    expect(named).toMatchObject({ code: 3, sent: 0 })
    expect(named.stderr).toContain('wireguardgateways/hq has nothing to probe')
    const applied = await run(gateway(PERSON), ['apply', '--probe', '--sandbox', '--yes'])
    expect(applied.code).toBe(3)
    expect(applied.stderr).toContain('the files have nothing to probe')
  })

  it('sends nothing where the key of a canary has no value, and names the variable', async () => {
    const { code, stderr, sent } = await run(gateway(canary()), ['probe'], { HQ_KEY: keyOf(99) })
    expect({ code, sent }).toEqual({ code: 3, sent: 0 })
    expect(stderr).toMatch(
      /VPN403.*canary wireguardgateways\/hq\/peers\/canary has no value \(env CANARY_KEY\)/,
    )
  })

  it('says how to make a key known that neither the files nor the API have', async () => {
    const args = ['probe', '--sandbox', '--data', join(folder, 'empty.json')]
    const { stdout, sent } = await run(gateway(canary()), args, { CANARY_KEY: keyOf(7) })
    expect(stdout).toContain("not probed: the gateway's public key is not known")
    expect(stdout).toContain('- give the private key of the gateway a value, or apply first')
    expect(sent).toBe(0)
  })

  it('resolves the host names of peers and tunnels', async () => {
    const peer = `      - { name: site, publicKey: ${publicOf(3)}, allowedIPs: [10.99.0.3/32], endpoint: { host: site.example.com } }
`
    const names = { 'site.example.com': { type: 'none' } } as const
    const none = await run(gateway(peer), ['probe'], ENV, names)
    expect(none.stdout).toMatch(/peers\/site +name +site\.example\.com +does not resolve/)
    expect(none.code).toBe(9)
    const found = { 'site.example.com': { type: 'addresses', addresses: ['198.51.100.20'] } } as const
    expect(await run(gateway(peer), ['probe'], ENV, found)).toMatchObject({ code: 0 })
  })

  it('prints no key', async () => {
    const { output } = await run(gateway(canary()), ['probe', '--verbose'])
    for (const key of Object.values(ENV)) expect(output).not.toContain(key)
  })
})

describe('a canary in the file', () => {
  it.each([
    ['VPN411', canary('', publicOf(8))],
    ['VPN412', `      - { name: anna, publicKey: ${publicOf(7)}, allowedIPs: [10.99.0.2/32] }\n${canary()}`],
    ['VPN413', canary(', endpoint: { host: 198.51.100.20 }')],
    ['VPN414', canary().replace('10.99.0.250/32', '10.20.0.0/16')],
  ])('is refused or warned of with %s', async (code, peers) => {
    // Only a command that reads secrets can compare the two halves of a key.
    const { stderr, stdout } = await run(gateway(peers), [code === 'VPN411' ? 'probe' : 'validate'])
    expect(stdout + stderr).toContain(`[${code}]`)
  })

  it('is valid without the value of its key, and its field is not sent', async () => {
    const valid = await run(gateway(canary()), ['validate'], { HQ_KEY: keyOf(99) })
    expect(valid).toMatchObject({ code: 0, stderr: '' })
    expect(valid.stdout).toContain('valid')
  })

  it('must be a reference', async () => {
    const text = gateway(canary().replace('{ env: CANARY_KEY }', keyOf(7)))
    const { code, stderr } = await run(text, ['validate'])
    expect(code).toBe(3)
    expect(stderr).toContain('VPN401')
    expect(stderr).not.toContain(keyOf(7))
  })
})
