import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadFiles } from '../../src/engine/load-files.ts'
import { ipsecGateway } from '../../src/kinds/ipsec/gateway.ts'
import { ipsecTunnel } from '../../src/kinds/ipsec/tunnel.ts'
import { wireguardGateway } from '../../src/kinds/wireguard/gateway.ts'
import { wireguardPeer } from '../../src/kinds/wireguard/peer.ts'
import { decodeLive } from '../../src/model/decode.ts'
import { deriveId } from '../../src/model/identity.ts'
import type { PlainObject } from '../../src/model/json.ts'
import type { LiveResource, LiveState, ResourceKind } from '../../src/model/resource.ts'
import { plan } from '../../src/plan/plan.ts'
import { exportYaml } from '../../src/rewrite/export.ts'
import { formatText } from '../../src/rewrite/format.ts'
import { CONNECTION, PUBLIC_KEY } from '../support/plan-builder.ts'
import { RANDOM_TIMEOUT_MS, runs } from '../support/random-runs.ts'

const BY = '00000000-0000-4000-8000-000000000001'
const METADATA = { status: 'AVAILABLE', createdDate: '2026-01-02T03:04:05Z', createdBy: BY }

let last = 0
function live(
  kind: ResourceKind,
  parent: LiveResource | null,
  properties: PlainObject,
  more: { id?: string; location?: string; metadata?: PlainObject } = {},
): LiveResource {
  last += 1
  const id = more.id ?? `${String(last).padStart(8, '0')}-3c0a-4c57-9e0b-1c5d2f3a4b5c`
  const collection = {
    kind,
    location: parent?.location ?? more.location ?? 'de/fra',
    parentIds: parent === null ? [] : [...parent.parentIds, parent.id],
  }
  return decodeLive(collection, {
    id,
    properties: properties as Record<string, unknown>,
    metadata: { ...METADATA, ...more.metadata },
  })
}

const WINDOW = { time: '03:00:00', dayOfTheWeek: 'Sunday' }
const hqSpec = {
  name: 'hq',
  description: 'Head office',
  gatewayIP: '203.0.113.10',
  interfaceIPv4CIDR: '10.99.0.1/24',
  connections: [CONNECTION],
  tier: 'STANDARD',
  listenPort: 51820,
  maintenanceWindow: WINDOW,
}
const annaSpec = { name: 'anna', publicKey: PUBLIC_KEY, allowedIPs: ['10.99.0.2/32'], description: null }
const PHASE = { diffieHellmanGroup: '19-ECP256', encryptionAlgorithm: 'AES256', integrityAlgorithm: 'SHA256' }
const berlinSpec = {
  name: 'berlin',
  remoteHost: 'vpn.berlin.example.com',
  auth: { method: 'PSK', psk: { key: '' } },
  ike: { ...PHASE, lifetime: 86400 },
  esp: { ...PHASE, lifetime: 7200 },
  cloudNetworkCIDRs: ['192.168.1.0/24'],
  peerNetworkCIDRs: ['10.20.0.0/16'],
}

function state(...resources: readonly LiveResource[]): LiveState {
  return { locations: [...new Set(['de/fra', ...resources.map(({ location }) => location)])], resources }
}

function estate(): LiveState {
  const hq = live(wireguardGateway, null, hqSpec)
  const anna = live(wireguardPeer, hq, annaSpec)
  const branch = live(ipsecGateway, null, {
    name: 'branch',
    gatewayIP: '203.0.113.11',
    connections: [CONNECTION],
    tier: 'STANDARD_HA',
    version: 'IKEv2',
    maintenanceWindow: WINDOW,
  })
  return state(hq, anna, branch, live(ipsecTunnel, branch, berlinSpec))
}

async function planOf(text: string, seen: LiveState) {
  const loaded = await loadFiles({
    files: ['-'],
    cwd: '/',
    env: {},
    readStdin: async () => Buffer.from(text),
    secrets: 'optional',
  })
  expect(loaded.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  if (loaded.desired === null) throw new Error('not valid')
  return plan(loaded.desired, seen)
}

describe('exporting what is live', () => {
  it('writes a file that reads well, ids pinned, defaults left out', () => {
    last = 0
    expect(
      exportYaml(estate(), { stack: 'acme' }).text,
    ).toBe(`# yaml-language-server: $schema=./vpn.schema.json
# What is live in de/fra, as vpnctl export found it. Each id says which resource an entry means.
version: 1
stack: acme
location: de/fra

wireguardGateways:
  # created 2026-01-02T03:04:05Z by ${BY}
  - name: hq
    id: 00000001-3c0a-4c57-9e0b-1c5d2f3a4b5c
    description: Head office
    gatewayIP: 203.0.113.10
    connections:
      - { datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "2", ipv4CIDR: 192.168.1.100/24 }
    maintenanceWindow: { time: 03:00:00, dayOfTheWeek: Sunday }
    interfaceIPv4CIDR: 10.99.0.1/24
    privateKey: { env: HQ_WIREGUARD_PRIVATE_KEY }
    peers:
      # created 2026-01-02T03:04:05Z by ${BY}
      - name: anna
        id: 00000002-3c0a-4c57-9e0b-1c5d2f3a4b5c
        allowedIPs: [10.99.0.2/32]
        publicKey: ${PUBLIC_KEY}

ipsecGateways:
  # created 2026-01-02T03:04:05Z by ${BY}
  - name: branch
    id: 00000003-3c0a-4c57-9e0b-1c5d2f3a4b5c
    gatewayIP: 203.0.113.11
    connections:
      - { datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "2", ipv4CIDR: 192.168.1.100/24 }
    tier: STANDARD_HA
    maintenanceWindow: { time: 03:00:00, dayOfTheWeek: Sunday }
    tunnels:
      # created 2026-01-02T03:04:05Z by ${BY}
      - name: berlin
        id: 00000004-3c0a-4c57-9e0b-1c5d2f3a4b5c
        remoteHost: vpn.berlin.example.com
        auth: { psk: { key: { env: BRANCH_BERLIN_PSK } } }
        ike: { diffieHellmanGroup: 19-ECP256, encryptionAlgorithm: AES256, integrityAlgorithm: SHA256 }
        esp:
          diffieHellmanGroup: 19-ECP256
          encryptionAlgorithm: AES256
          integrityAlgorithm: SHA256
          lifetime: 7200
        cloudNetworkCIDRs: [192.168.1.0/24]
        peerNetworkCIDRs: [10.20.0.0/16]
`)
  })

  it('lists the secrets that the file refers to', () => {
    expect(exportYaml(estate(), { stack: 'acme' }).secrets).toMatchObject([
      {
        variable: 'HQ_WIREGUARD_PRIVATE_KEY',
        address: 'wireguardgateways/hq',
        field: 'privateKey',
      },
      {
        variable: 'BRANCH_BERLIN_PSK',
        address: 'ipsecgateways/branch/tunnels/berlin',
        field: 'auth.psk.key',
      },
    ])
  })

  it('is followed by a plan that finds nothing to do', async () => {
    const seen = estate()
    const { changes, refusals, warnings, uncompared } = await planOf(
      exportYaml(seen, { stack: 'acme' }).text,
      seen,
    )
    expect(changes.map(({ action }) => action)).toEqual(['keep', 'keep', 'keep', 'keep'])
    expect([...refusals, ...warnings]).toEqual([])
    expect(uncompared).toHaveLength(2)
  })

  it('never writes a secret that the API returned', () => {
    const key = Buffer.alloc(32, 'throw-away key for tests').toString('base64')
    const { text } = exportYaml(state(live(wireguardGateway, null, { ...hqSpec, privateKey: key })), {
      stack: 'acme',
    })
    expect(text).not.toContain(key)
    expect(text).toContain('privateKey: { env: HQ_WIREGUARD_PRIVATE_KEY }')
  })

  it('writes a document for each location', async () => {
    const seen = state(
      live(wireguardGateway, null, hqSpec),
      live(wireguardGateway, null, { ...hqSpec, gatewayIP: '203.0.113.12' }, { location: 'de/txl' }),
    )
    const { text, secrets } = exportYaml(seen, { stack: 'acme' })
    expect(text.match(/^location: .*$/gm)).toEqual(['location: de/fra', 'location: de/txl'])
    expect(secrets.map(({ variable }) => variable)).toEqual([
      'DE_FRA_HQ_WIREGUARD_PRIVATE_KEY',
      'DE_TXL_HQ_WIREGUARD_PRIVATE_KEY',
    ])
    expect((await planOf(text, seen)).changes.map(({ action }) => action)).toEqual(['keep', 'keep'])
  })

  it('says so when nothing is live, in a file that is valid', async () => {
    const { text, resources } = exportYaml(state(), { stack: 'acme' })
    expect(text).toContain('# Nothing is live in de/fra.')
    expect(resources).toBe(0)
    expect((await planOf(text, state())).changes).toEqual([])
  })

  it('leaves out what is being destroyed, with its children', () => {
    const hq = live(wireguardGateway, null, hqSpec, { metadata: { status: 'DESTROYING' } })
    expect(exportYaml(state(hq, live(wireguardPeer, hq, annaSpec)), { stack: 'acme' }).resources).toBe(0)
  })

  it('shows the state of what is not available', () => {
    const failed = live(wireguardGateway, null, hqSpec, {
      metadata: { status: 'FAILED', statusMessage: 'no\nIP' },
    })
    expect(exportYaml(state(failed), { stack: 'acme' }).text).toContain('  # FAILED: no IP\n')
  })
})

describe('what no file can say', () => {
  it('keeps the oldest of two siblings of one name and shows of the other', async () => {
    const hq = live(wireguardGateway, null, hqSpec)
    const young = live(wireguardPeer, hq, annaSpec, {
      metadata: { createdDate: '2026-05-01T00:00:00+02:00' },
    })
    const old = live(wireguardPeer, hq, annaSpec)
    const seen = state(hq, young, old)
    const { text, diagnostics } = exportYaml(seen, { stack: 'acme' })
    expect(diagnostics).toMatchObject([
      { code: 'VPN604', message: expect.stringMatching(new RegExp(`${young.id}.*stays unmanaged`)) },
    ])
    expect(text).toContain(`# left out: another one of this name, id ${young.id}`)
    const after = await planOf(text, seen)
    expect(after.changes.map(({ action }) => action)).toEqual(['keep', 'keep', 'unmanaged'])
    expect(after.refusals).toEqual([])
  })

  it('warns that the stack would delete a twin of its own', () => {
    const hq = live(wireguardGateway, null, hqSpec)
    const twin = live(wireguardPeer, hq, annaSpec, {
      id: deriveId('acme', 'de/fra', 'wireguardgateways/hq/peers/former'),
      metadata: { createdDate: '2026-05-01T00:00:00Z' },
    })
    const { diagnostics } = exportYaml(state(hq, live(wireguardPeer, hq, annaSpec), twin), { stack: 'acme' })
    expect(diagnostics).toMatchObject([
      { code: 'VPN604', message: expect.stringContaining('apply would delete it') },
    ])
  })

  it('leaves out what has no name', () => {
    const hq = live(wireguardGateway, null, hqSpec)
    const { diagnostics, resources } = exportYaml(
      state(hq, live(wireguardPeer, hq, { ...annaSpec, name: null })),
      {
        stack: 'acme',
      },
    )
    expect(resources).toBe(1)
    expect(diagnostics).toMatchObject([{ code: 'VPN605', address: 'wireguardgateways/hq' }])
  })

  it('writes a value that a file may not hold, with a comment', () => {
    const { text, diagnostics } = exportYaml(
      state(live(wireguardGateway, null, { ...hqSpec, tier: 'ULTRA' })),
      {
        stack: 'acme',
      },
    )
    expect(text).toMatch(/# not valid: tier must be one of .*, not "ULTRA"/)
    expect(text).toContain('    tier: ULTRA\n')
    expect(diagnostics).toMatchObject([{ code: 'VPN606', address: 'wireguardgateways/hq' }])
  })

  it('leaves out an algorithm that it does not know, since the service keeps it', async () => {
    const branch = live(ipsecGateway, null, {
      name: 'branch',
      gatewayIP: '203.0.113.11',
      connections: [CONNECTION],
    })
    const tunnel = live(ipsecTunnel, branch, {
      ...berlinSpec,
      ike: { encryptionAlgorithm: 'CHACHA20' },
    })
    const seen = state(branch, tunnel)
    const { text, diagnostics } = exportYaml(seen, { stack: 'acme' })
    expect(text).toMatch(/# left out, so that it stays as it is: ike\.encryptionAlgorithm; .*"CHACHA20"/)
    expect(diagnostics).toEqual([])
    expect((await planOf(text, seen)).changes.map(({ action }) => action)).toEqual(['keep', 'keep'])
  })

  it('leaves out a field that it does not know, and never its value', () => {
    const { text, diagnostics } = exportYaml(
      state(
        live(wireguardGateway, null, {
          ...hqSpec,
          connections: [{ ...CONNECTION, mtu: 1380 }],
          quantumKey: 'abc',
        }),
      ),
      { stack: 'acme' },
    )
    expect(text).toContain('# left out, since the file format does not know it: quantumKey')
    expect(text).not.toContain('abc')
    expect(
      diagnostics.map(({ code, message }) => `${code} ${message.includes('connections.0.mtu')}`),
    ).toEqual(['VPN607 true', 'VPN607 false'])
  })
})

const hostile = fc.oneof(
  fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
  fc.string({
    minLength: 1,
    maxLength: 12,
    unit: fc.constantFrom('$', '{', '}', 'v', ':', ' ', '#', '\n', '-', '"', "'", '[', ',', '\t', '\\'),
  }),
  fc.constantFrom(
    'yes',
    'null',
    '~',
    '1.0',
    '0x1F',
    `\${var.x}`,
    `$\${x}`,
    '- a',
    'a: b',
    '# c',
    '<<',
    '*a',
    '&a',
    '!t',
    '%YAML',
    '...',
    '---',
    '\u2028x',
    '\u0000',
    '2026-01-01',
  ),
)

describe('any live estate', () => {
  it('is exported as a file that a plan finds nothing to change with, and that is formatted', {
    timeout: RANDOM_TIMEOUT_MS,
  }, async () => {
    const names = fc.uniqueArray(hostile, { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(names, hostile, hostile, async (all, description, by) => {
        const hq = live(
          wireguardGateway,
          null,
          { ...hqSpec, name: all[0], description },
          { metadata: { createdBy: by } },
        )
        const peers = all.map((name, index) =>
          live(wireguardPeer, hq, {
            ...annaSpec,
            name,
            description: index === 0 ? null : description,
            allowedIPs: [`10.99.0.${index + 2}/32`],
            publicKey: Buffer.alloc(32, `throw-away ${index}`).toString('base64'),
          }),
        )
        const seen = state(hq, ...peers)
        const { text, diagnostics, secrets } = exportYaml(seen, { stack: 'acme' })
        expect(diagnostics).toEqual([])
        expect(secrets[0]?.variable).toMatch(/^[A-Z_][A-Z0-9_]*$/)
        expect((await planOf(text, seen)).changes.map(({ action }) => action)).toEqual([
          'keep',
          ...all.map(() => 'keep'),
        ])
        expect(formatText(text, { file: 'vpn.yaml' })).toEqual({ text, changed: false })
      }),
      { numRuns: runs(100, 5000) },
    )
  })
})
