import { describe, expect, it } from 'vitest'
import { gatewaySummary, peerSummary, tunnelSummary } from '../../src/kinds/summaries.ts'
import { texts } from '../../src/kinds/texts.ts'

const DATACENTER = '5a029f4a-72e5-11ec-90d6-0242ac120003'
const NOTHING = { facts: [], attached: [], shares: [], reaches: [] }

describe('the diagram of a gateway', () => {
  it('has its address with the port, its interfaces, and the LANs that it is in', () => {
    const spec = {
      tier: 'STANDARD_HA',
      gatewayIP: '203.0.113.10',
      listenPort: 51820,
      interfaceIPv4CIDR: '10.99.0.1/24',
      interfaceIPv6CIDR: '2001:db8:99::1/64',
      connections: [
        { datacenterId: DATACENTER, lanId: '2', ipv4CIDR: '192.168.1.100/24', ipv6CIDR: '2001:db8:1::9/64' },
        { datacenterId: DATACENTER, lanId: '3', ipv4CIDR: 'TODO' },
      ],
    }
    expect(gatewaySummary(spec)).toEqual({
      tier: 'STANDARD_HA',
      facts: ['203.0.113.10:51820', '10.99.0.1/24', '2001:db8:99::1/64'],
      attached: [
        {
          key: `["${DATACENTER}","2"]`,
          title: 'LAN 2',
          place: 'data center 5a029f4a',
          networks: ['192.168.1.0/24', '2001:db8:1::/64'],
        },
        { key: `["${DATACENTER}","3"]`, title: 'LAN 3', place: 'data center 5a029f4a', networks: ['TODO'] },
      ],
      shares: [],
      reaches: [],
    })
  })

  it('leaves out what is not there, or is not what it should be', () => {
    expect(gatewaySummary({ gatewayIP: '203.0.113.10' })).toStrictEqual({
      ...NOTHING,
      facts: ['203.0.113.10'],
    })
    expect(gatewaySummary({ listenPort: 51820, tier: 1, connections: 'TODO' })).toStrictEqual(NOTHING)
    expect(gatewaySummary({ connections: ['TODO', null] }).attached).toEqual([])
  })
})

describe('the diagram of a peer', () => {
  it('has where it is reached, with the port where there is one, and its networks', () => {
    const allowedIPs = ['10.99.0.2/32']
    expect(peerSummary({ endpoint: { host: 'vpn.example.com', port: 51820 }, allowedIPs })).toEqual({
      ...NOTHING,
      facts: ['vpn.example.com:51820'],
      reaches: allowedIPs,
    })
    expect(peerSummary({ endpoint: { host: 'vpn.example.com' } })).toEqual({
      ...NOTHING,
      facts: ['vpn.example.com'],
    })
    expect(peerSummary({ endpoint: { port: 51820 } })).toEqual(NOTHING)
  })
})

describe('the diagram of a tunnel', () => {
  it('has the other end and the networks of both sides', () => {
    const [cloudNetworkCIDRs, peerNetworkCIDRs] = [['192.168.1.0/24'], ['10.20.0.0/16']]
    expect(tunnelSummary({ remoteHost: 'vpn.example.com', cloudNetworkCIDRs, peerNetworkCIDRs })).toEqual({
      facts: ['vpn.example.com'],
      attached: [],
      shares: cloudNetworkCIDRs,
      reaches: peerNetworkCIDRs,
    })
    expect(tunnelSummary({})).toEqual(NOTHING)
  })
})

it('the texts of a list are those of its members that are texts', () => {
  expect(texts(['a', 1, null, undefined, 'b', ['c']])).toEqual(['a', 'b'])
  expect(texts('a')).toEqual([])
  expect(texts(undefined)).toEqual([])
})
