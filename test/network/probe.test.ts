import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { derivePublicKey } from '../../src/kinds/wireguard/keys.ts'
import type { ProbeResultDocument } from '../../src/report/probe/json.ts'
import { Charon } from './charon.ts'
import { Lab, within } from './lab.ts'
import { missing, skipMessage } from './tools.ts'

const why = missing('wg', 'wireguard-go', 'charon-systemd', 'swanctl', 'ip')
skipMessage('tests of probes', why)

// Throw-away keys, made for these tests.
const keyOf = (seed: number): string => Buffer.alloc(32, seed).toString('base64')
const publicOf = (seed: number): string => derivePublicKey(keyOf(seed)) ?? ''
const [GATEWAY, CANARY, OTHER] = [99, 7, 8]
const HANDSHAKES = Number(process.env.HANDSHAKES ?? 1000)
/** One batch fits into the time that the lab allows a command. */
const BATCH = 100
const LONGEST_MS = 2000
const AT = {
  gateway: '203.0.113.10',
  machine: '203.0.113.20',
  elsewhere: '203.0.113.30',
  nobody: '203.0.113.99',
}

interface Planted {
  readonly gatewayKey?: number
  readonly canaryKey?: number
  readonly port?: number
  readonly address?: string
}

describe.skipIf(why !== undefined)('vpnctl probe', () => {
  let lab: Lab
  let program: string
  beforeAll(() => {
    lab = new Lab()
    program = lab.file('probe.cjs', '')
    buildSync({
      entryPoints: ['test/network/probe-entry.ts'],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: program,
      logLevel: 'error',
    })
    lab.host('gateway', AT.gateway)
    lab.host('machine', AT.machine)
    lab.host('elsewhere', AT.elsewhere)
  })
  afterAll(() => lab.close())

  const node = (host: string, ...args: readonly string[]): string =>
    lab.in(host, process.execPath, program, ...args)

  const gatewayFile = (planted: Planted): string => {
    const file = join(lab.folder, 'vpn.yaml')
    writeFileSync(join(lab.folder, 'gateway.key'), keyOf(planted.gatewayKey ?? GATEWAY), { mode: 0o600 })
    writeFileSync(join(lab.folder, 'canary.key'), keyOf(planted.canaryKey ?? CANARY), { mode: 0o600 })
    writeFileSync(
      file,
      `version: 1
stack: acme-prod
wireguardGateways:
  - name: hq
    gatewayIP: ${planted.address ?? AT.gateway}
    interfaceIPv4CIDR: 10.99.0.1/24
    listenPort: ${planted.port ?? 51820}
    privateKey: { file: gateway.key }
    connections:
      - { datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "2", ipv4CIDR: 192.168.1.100/24 }
    peers:
      - name: canary
        publicKey: ${publicOf(planted.canaryKey ?? CANARY)}
        allowedIPs: [10.99.0.250/32]
        probe: { privateKey: { file: canary.key } }
`,
    )
    return file
  }
  const probe = (file: string, host = 'machine') => {
    const begun = Date.now()
    const [code, text] = JSON.parse(node(host, 'cli', 'probe', '--format', 'json', '-f', file)) as [
      number,
      string,
    ]
    const { results } = JSON.parse(text) as { results: readonly ProbeResultDocument[] }
    return { code, elapsedMs: Date.now() - begun, results }
  }

  describe('with wireguard-go', () => {
    beforeAll(async () => {
      lab.leave('gateway', 'wireguard-go', 'wgt')
      lab.atEnd(() => lab.leave('gateway', 'ip', 'link', 'del', 'wgt'))
      expect(await within(5, () => lab.in('gateway', 'wg', 'show').includes('wgt'))).toBe(true)
      const key = lab.file('wgt.key', keyOf(GATEWAY))
      const peer = ['peer', publicOf(CANARY), 'allowed-ips', '10.99.0.250/32']
      lab.in('gateway', 'wg', 'set', 'wgt', 'private-key', key, 'listen-port', '51820', ...peer)
      lab.in('gateway', 'ip', 'link', 'set', 'wgt', 'up')
    })

    it('is answered', () => {
      const { code, results } = probe(gatewayFile({}))
      expect(results).toMatchObject([{ check: 'wireguard', verdict: 'answers', failed: false }])
      expect(code).toBe(0)
    })

    it.each<[string, Planted, string]>([
      ['another key of the gateway', { gatewayKey: OTHER }, 'silent'],
      ['another key of the canary', { canaryKey: OTHER }, 'silent'],
      ['another port', { port: 51821 }, 'port-closed'],
      ['another address', { address: AT.nobody }, 'silent'],
    ])('finds %s within 2 s', (_, planted, verdict) => {
      const { code, results } = probe(gatewayFile(planted))
      expect(results).toMatchObject([{ verdict, failed: true }])
      expect(results[0]?.ms ?? 0).toBeLessThan(LONGEST_MS)
      expect(code).toBe(9)
    })

    it('finds a peer that the gateway does not have within 2 s, and is answered once it is back', () => {
      lab.in('gateway', 'wg', 'set', 'wgt', 'peer', publicOf(CANARY), 'remove')
      const { code, results } = probe(gatewayFile({}))
      expect(results).toMatchObject([{ verdict: 'silent', failed: true }])
      expect(results[0]?.ms).toBeLessThan(LONGEST_MS)
      expect(code).toBe(9)
      lab.in('gateway', 'wg', 'set', 'wgt', 'peer', publicOf(CANARY), 'allowed-ips', '10.99.0.250/32')
      expect(probe(gatewayFile({})).code).toBe(0)
    })

    it(`reports no false failure in ${HANDSHAKES} handshakes`, () => {
      const counts: Record<string, number> = {}
      for (let done = 0; done < HANDSHAKES; done += BATCH) {
        const args = [AT.gateway, '51820', publicOf(GATEWAY), keyOf(CANARY), String(BATCH)]
        const batch = JSON.parse(node('machine', 'handshakes', ...args)) as Record<string, number>
        for (const [verdict, count] of Object.entries(batch)) counts[verdict] = (counts[verdict] ?? 0) + count
      }
      expect(counts).toEqual({ answers: HANDSHAKES })
    })
  })

  describe('with charon', () => {
    let charon: Charon
    beforeAll(async () => {
      charon = new Charon(lab, 'gateway')
      await charon.start(`connections { berlin {
    version = 2
    local_addrs = ${AT.gateway}
    remote_addrs = ${AT.machine}
    proposals = aes256gcm16-prfsha256-ecp256
    local { auth = psk
      id = ${AT.gateway} }
    remote { auth = psk
      id = ${AT.machine} }
    children { berlin { local_ts = 192.168.1.0/24
      remote_ts = 10.20.0.0/16
      esp_proposals = aes256gcm16-ecp256 } } } }
secrets { ike-berlin { id-1 = ${AT.gateway}
    secret = throw-away-key-of-this-test } }
`)
    })

    const tunnelFile = (cipher: string): string => {
      const phase = `{ diffieHellmanGroup: 19-ECP256, encryptionAlgorithm: ${cipher}, integrityAlgorithm: SHA256 }`
      return lab.file(
        'ipsec.yaml',
        `version: 1
stack: acme-prod
ipsecGateways:
  - name: branch
    gatewayIP: ${AT.gateway}
    connections:
      - { datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "2", ipv4CIDR: 192.168.1.100/24 }
    tunnels:
      - name: berlin
        remoteHost: ${AT.machine}
        auth: { method: PSK, psk: { key: { env: BERLIN_PSK } } }
        ike: ${phase}
        esp: ${phase}
        cloudNetworkCIDRs: [192.168.1.0/24]
        peerNetworkCIDRs: [10.20.0.0/16]
`,
      )
    }

    it('is answered for the proposal of the gateway, without the pre-shared key', () => {
      const { code, results } = probe(tunnelFile('AES256-GCM-16'))
      expect(results).toMatchObject([{ check: 'ike', verdict: 'answers' }])
      expect(code).toBe(0)
    })

    it('finds another proposal, and is not certain of it from another address', () => {
      const here = probe(tunnelFile('AES256'))
      expect(here.results).toMatchObject([{ verdict: 'refuses', failed: true, reason: 'NO_PROPOSAL_CHOSEN' }])
      expect(here.code).toBe(9)
      const elsewhere = probe(tunnelFile('AES256-GCM-16'), 'elsewhere')
      expect(elsewhere.results).toMatchObject([{ verdict: 'refuses', failed: false }])
      expect(elsewhere.code).toBe(0)
    })

    it('finds that nothing answers within 2 s', async () => {
      await charon.stop()
      const { code, results } = probe(tunnelFile('AES256-GCM-16'))
      expect(results).toMatchObject([{ failed: true }])
      expect(['silent', 'port-closed']).toContain(results[0]?.verdict)
      expect(results[0]?.ms ?? 0).toBeLessThan(LONGEST_MS)
      expect(code).toBe(9)
    })
  })

  it('leaves no key in what it prints', () => {
    const file = gatewayFile({ address: AT.nobody })
    const said = node('machine', 'cli', 'probe', '--verbose', '-f', file)
    expect(readFileSync(join(lab.folder, 'canary.key'), 'utf8')).toBe(keyOf(CANARY))
    expect(said).not.toContain(keyOf(CANARY))
    expect(said).not.toContain(keyOf(GATEWAY))
  })
})
