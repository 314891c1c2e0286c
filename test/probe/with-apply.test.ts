import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { faultsOf } from '../support/report-schemas.ts'
import { runCli } from '../support/run-cli.ts'
import { FakeNetwork } from './fake-network.ts'

const root = mkdtempSync(join(tmpdir(), 'vpnctl-probe-'))
afterAll(() => rmSync(root, { recursive: true }))

const phase =
  '{ diffieHellmanGroup: 19-ECP256, encryptionAlgorithm: AES256-GCM-16, integrityAlgorithm: SHA256 }'
const FILE = `version: 1
stack: acme-prod
ipsecGateways:
  - name: branch
    gatewayIP: 203.0.113.10
    connections:
      - { datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "2", ipv4CIDR: 192.168.1.100/24 }
    tunnels:
      - name: berlin
        remoteHost: 203.0.113.20
        auth: { method: PSK, psk: { key: { env: BERLIN_PSK } } }
        ike: ${phase}
        esp: ${phase}
        cloudNetworkCIDRs: [192.168.1.0/24]
        peerNetworkCIDRs: [10.20.0.0/16]
`
// What follows the SPI of the initiator: an empty SA payload, and NO_PROPOSAL_CHOSEN.
const ACCEPTED = Buffer.from('000000000000000121202220000000000000002000000004', 'hex')
const REFUSED = Buffer.from('0000000000000000292022200000000000000024000000080000000e', 'hex')
const accepts = (sent: Buffer): Buffer[] => [Buffer.concat([sent.subarray(0, 8), ACCEPTED])]
const refuses = (sent: Buffer): Buffer[] => [Buffer.concat([sent.subarray(0, 8), REFUSED])]

const NAMES = ['one', 'two', 'three']
/** Three gateways like that of the file, with one field more each. */
function three(more: string, names: readonly string[] = NAMES): string {
  const [head = '', gateway = ''] = FILE.split('ipsecGateways:\n')
  const gateways = names.map((name, at) =>
    gateway
      .replace('name: branch', `name: ${name}\n    ${more}`)
      .replace('203.0.113.10', `203.0.113.${at + 10}`)
      .replace('192.168.1.100/24', `192.168.${at + 1}.100/24`)
      .replace('[192.168.1.0/24]', `[192.168.${at + 1}.0/24]`)
      .replace('[10.20.0.0/16]', `[10.${at + 20}.0.0/16]`)
      .replace('lanId: "2"', `lanId: "${at + 2}"`),
  )
  return `${head}ipsecGateways:\n${gateways.join('')}`
}

async function world(text = FILE) {
  const cwd = mkdtempSync(join(root, 'run-'))
  writeFileSync(join(cwd, 'vpn.yaml'), text)
  const env = { BERLIN_PSK: 'throw-away-key-of-this-test-0123456789' }
  const run = (args: readonly string[], answer: (sent: Buffer) => Buffer[]) => {
    const network = new FakeNetwork(answer)
    return runCli([...args, '--sandbox'], { cwd, env, probeNetwork: network })
  }
  return Object.assign(run, { write: (later: string) => writeFileSync(join(cwd, 'vpn.yaml'), later) })
}

describe('apply --probe', () => {
  it('exits 0 where what was applied answers, and shows the probes', async () => {
    const run = await world()
    const { code, stdout } = await run(['apply', '--yes', '--probe'], accepts)
    expect(stdout).toMatch(/tunnels\/berlin +ike +203\.0\.113\.10:500 +answers in/)
    expect(code).toBe(0)
  })

  it('says that it waits, for as long as a gateway may take to start, where something was written alone', async () => {
    const run = await world()
    const wrote = await run(['apply', '--yes', '--probe'], accepts)
    expect(wrote.stderr).toContain('Probing, up to 30s for each answer\n')
    const { output, code } = await run(['apply', '--yes', '--probe'], () => [])
    expect(output).not.toContain('Probing')
    expect(output).toMatch(/silent for \d{4} ms/)
    expect(code).toBe(9)
  })

  it('asks nothing and changes nothing where the files have nothing to probe', async () => {
    const run = await world('version: 1\nstack: acme-prod\nwireguardGateways: []\n')
    const { output, code } = await run(['apply', '--probe'], accepts)
    expect(output).toContain('the files have nothing to probe')
    expect(output).toContain('nothing was changed')
    expect(code).toBe(3)
  })

  it('exits 9 where it does not, after the same changes', async () => {
    const run = await world()
    const { code, stdout } = await run(['apply', '--yes', '--probe', '--format', 'json'], refuses)
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.flatMap((line) => faultsOf('apply', line))).toEqual([])
    expect(lines.at(-2)).toMatchObject({ type: 'probe', failed: 1 })
    expect(lines.at(-1)).toMatchObject({ type: 'result', ending: 'converged' })
    expect(code).toBe(9)
  })
})

describe('apply --probe of a saved plan', () => {
  it('probes what it applied, and exits 9 where that does not answer', async () => {
    for (const [answer, expected] of [
      [accepts, 0],
      [refuses, 9],
    ] as const) {
      const run = await world()
      await run(['plan', '--out', 'plan.json'], answer)
      const { code, stdout, stderr } = await run(['apply', 'plan.json', '--probe'], answer)
      expect(code, stderr).toBe(expected)
      expect(stdout).toMatch(/tunnels\/berlin +ike +203\.0\.113\.10:500 /)
    }
  })
})

describe('a disruptive change of several gateways', () => {
  const order = (stdout: string): readonly string[] =>
    [...stdout.matchAll(/ipsecgateways\/(\w+): (?:updating|deleting|creating)$/gm)].map(
      ([, name = '']) => name,
    )

  it('goes on to the next gateway where the one before answers its probe', async () => {
    const run = await world(three('tier: STANDARD'))
    await run(['apply', '--yes'], accepts)
    run.write(three('tier: STANDARD_HA'))
    const { code, output } = await run(['apply', '--yes', '--probe'], accepts)
    expect(code, output).toBe(0)
    expect(order(output)).toEqual(NAMES)
  })

  it('stops at the gateway that does not answer: the others keep their settings', async () => {
    const run = await world(three('tier: STANDARD'))
    await run(['apply', '--yes'], accepts)
    run.write(three('tier: STANDARD_HA'))
    const { code, output } = await run(['apply', '--yes', '--probe'], refuses)
    expect(code).not.toBe(0)
    expect(order(output)).toEqual(['one'])
    expect(output).toContain('it is AVAILABLE, and the probe of ipsecgateways/one/tunnels/berlin fails')
    // What is unchanged is no change: the tunnels are not counted.
    expect(output).toContain('Applied 0 of 3 changes.')
    expect(output).toContain('Skipped (2) because a dependency failed:')
    const left = await run(['plan'], accepts)
    expect(left.stdout).toContain('Plan: 0 to add, 2 to change, 0 to destroy.')
  })

  it('replaces one gateway after the other, where each gets another name', async () => {
    const run = await world(three('tier: STANDARD', ['one', 'two']))
    await run(['apply', '--yes'], accepts)
    run.write(three('tier: STANDARD', ['uno', 'due']))
    const { code, output } = await run(
      ['apply', '--yes', '--max-deletes', '100%', '--format', 'json'],
      accepts,
    )
    expect(code, output).toBe(0)
    const events = output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { type: string; address?: string })
    const at = (type: string, name: string): number =>
      events.findIndex((event) => event.type === type && event.address === `ipsecgateways/${name}`)
    const [first, second] = at('started', 'uno') < at('started', 'due') ? ['uno', 'due'] : ['due', 'uno']
    const gone = { uno: 'one', due: 'two' } as const
    expect(at('started', first)).toBeGreaterThan(at('finished', gone[first as 'uno' | 'due']))
    expect(at('started', gone[second as 'uno' | 'due'])).toBeGreaterThan(at('finished', first))
  })
})

describe('status --probe', () => {
  it('adds the probes to the table and to the document', async () => {
    const run = await world()
    await run(['apply', '--yes'], accepts)
    const text = await run(['status', '--probe'], refuses)
    expect(text.stdout).toContain('refuses the proposal (NO_PROPOSAL_CHOSEN)')
    expect(text.code).toBe(9)
    const json = await run(['status', '--probe', '--format', 'json'], accepts)
    const document = JSON.parse(json.stdout)
    expect(faultsOf('status', document)).toEqual([])
    expect(document).toMatchObject({ probes: [{ verdict: 'answers' }] })
    expect(json.code).toBe(0)
  })
})
