import { describe, expect, it } from 'vitest'
import { loadText } from '../setup/load-text.ts'
import { sample, toYaml } from '../setup/sample-files.ts'

const GATEWAY = `version: 1
stack: acme-prod
location: de/txl
wireguardGateways:
  - name: hq
    id: 0B1F6E1C-3C0A-4C57-9E0B-1C5D2F3A4B5C
    gatewayIP: 203.0.113.10
    interfaceIPv4CIDR: 10.99.0.1/24
    privateKey: { env: HQ_KEY }
    connections:
      - { datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: 2, ipv4CIDR: 192.168.1.100/24 }
    peers:
      - { name: a/b, publicKey: HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=, allowedIPs: [10.99.0.2/32] }
`

describe('a valid file', () => {
  it('becomes a desired state: canonical, with documented defaults, and without secrets', async () => {
    const { desired, diagnostics } = await loadText(GATEWAY)
    expect(diagnostics).toEqual([])
    const [gateway, peer] = desired?.resources ?? []
    expect(gateway).toMatchObject({
      address: 'wireguardgateways/hq',
      id: '0b1f6e1c-3c0a-4c57-9e0b-1c5d2f3a4b5c',
      location: 'de/txl',
      protect: false,
      ensure: 'present',
      parent: null,
      spec: {
        name: 'hq',
        gatewayIP: '203.0.113.10',
        interfaceIPv4CIDR: '10.99.0.1/24',
        listenPort: 51820,
        tier: 'STANDARD',
        connections: [
          { datacenterId: '5a029f4a-72e5-11ec-90d6-0242ac120003', lanId: '2', ipv4CIDR: '192.168.1.100/24' },
        ],
      },
      secrets: [{ path: ['privateKey'], reference: { from: 'env', name: 'HQ_KEY' }, value: null }],
    })
    expect(Object.keys(gateway?.spec ?? {})).not.toContain('peers')
    expect(peer).toMatchObject({ address: 'wireguardgateways/hq/peers/a%2Fb', parent: gateway })
    expect(desired).toMatchObject({ stack: 'acme-prod', locations: ['de/txl'] })
  })

  it('knows the place of every field', async () => {
    const { desired } = await loadText(GATEWAY)
    const [gateway, peer] = desired?.resources ?? []
    expect(gateway?.locate(['gatewayIP'], 'key')?.start).toMatchObject({ line: 7, column: 5 })
    expect(gateway?.locate(['connections', '0', 'lanId'])?.start).toMatchObject({ line: 11, column: 70 })
    expect(peer?.locate()?.start).toMatchObject({ line: 13, column: 17 })
  })
})

describe('what is left out', () => {
  it('has its documented default, also next to a secret in an object of its own', async () => {
    const file = sample()
    delete file.ipsecGateways[0].tunnels[0].auth.method
    const { desired } = await loadText(toYaml(file))
    const tunnel = desired?.resources.find(({ name }) => name === 'berlin')
    expect(tunnel?.spec).toMatchObject({
      auth: { method: 'PSK' },
      ike: { lifetime: 86400 },
      esp: { lifetime: 3600 },
    })
    expect(JSON.stringify(tunnel?.spec)).not.toContain('psk')
  })

  it('and is needed is reported once', async () => {
    const file = sample()
    delete file.wireguardGateways[0].peers[0].publicKey
    const { diagnostics } = await loadText(toYaml(file))
    expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ['VPN202', 'missing field "publicKey" of "anna"'],
    ])
  })

  it('and is misspelled is reported once, by the name that was written', async () => {
    const text = toYaml(sample())
      .replace('interfaceIPv4CIDR', 'interfaceIpv4Cidr')
      .replace('gatewayIP', 'gatewayIp')
    const { diagnostics } = await loadText(text)
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'unknown field "gatewayIp" (did you mean "gatewayIP"?)',
      'unknown field "interfaceIpv4Cidr" (did you mean "interfaceIPv4CIDR"?)',
    ])
  })
})
