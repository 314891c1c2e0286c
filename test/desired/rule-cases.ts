import { createPrivateKey, createPublicKey } from 'node:crypto'
import { DATACENTER, peer, publicKey, type Sample, tunnel } from '../setup/sample-files.ts'
import { ACCESS_RULE_CASES } from './access-rule-cases.ts'
import { NETWORK_RULE_CASES } from './network-rule-cases.ts'
import type { RuleCase } from './rule-case.ts'

/** Throw-away private keys, and what belongs to them. */
const PRIVATE_KEY = Buffer.alloc(32, 7).toString('base64')
const OTHER_PRIVATE_KEY = Buffer.alloc(32, 9).toString('base64')
const DERIVED = createPublicKey(
  createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), Buffer.alloc(32, 7)]),
    format: 'der',
    type: 'pkcs8',
  }),
)
  .export({ format: 'der', type: 'spki' })
  .subarray(12)
  .toString('base64')
const KEYS = { HQ_KEY: PRIVATE_KEY, LAB_KEY: OTHER_PRIVATE_KEY }
const STRONG = 'dGhyb3ctYXdheSBrZXkgZm9yIHRlc3RzIG9ubHk='

const hq = (file: Sample) => file.wireguardGateways[0]
const branch = (file: Sample) => file.ipsecGateways[0]
const secondConnection = (lanId: string, ipv4CIDR: string, datacenterId = DATACENTER) => ({
  datacenterId,
  lanId,
  ipv4CIDR,
})
const lowOrder = (hex: string) => Buffer.from(hex, 'hex').toString('base64')
/** Public addresses that are not for documentation, so that the file is not an example. */
const realAddresses = (file: Sample) => {
  const gateways = [...file.wireguardGateways, ...file.ipsecGateways]
  gateways.forEach((gateway: Sample, index: number) => {
    gateway.gatewayIP = `198.51.101.${index + 1}`
  })
}
const highlyAvailable = (file: Sample, days: readonly [string, string, string], time = '03:00:00') => {
  const gateways = [...file.wireguardGateways, ...file.ipsecGateways]
  gateways.forEach((gateway: Sample, index: number) => {
    gateway.tier = 'STANDARD_HA'
    gateway.maintenanceWindow = { dayOfTheWeek: days[index], time: index === 0 ? '23:00:00' : time }
  })
}

export const RULE_CASES: Readonly<Record<string, RuleCase>> = {
  'two siblings have one name': {
    code: 'VPN210',
    severity: 'error',
    triggers: (file) => hq(file).peers.push({ ...peer('anna', 4) }),
    justDoesNot: (file) => file.wireguardGateways[1].peers.push(peer('anna-2', 4)),
  },
  'a resource is declared and released': {
    code: 'VPN214',
    severity: 'error',
    triggers: (file) => Object.assign(file, { released: ['de/fra:wireguardgateways/hq'] }),
    justDoesNot: (file) =>
      Object.assign(file, { released: ['de/txl:wireguardgateways/hq', 'wireguardgateways/hq/peers/old'] }),
  },
  'a stack is its own neighbour': {
    code: 'VPN215',
    severity: 'error',
    triggers: (file) => Object.assign(file, { neighbours: [file.stack] }),
    justDoesNot: (file) => Object.assign(file, { neighbours: [`${file.stack}-2`] }),
  },
  'what expires is protected': {
    code: 'VPN216',
    severity: 'error',
    triggers: (file) => Object.assign(hq(file).peers[0], { expires: '2030-12-31', protect: true }),
    justDoesNot: (file) => Object.assign(hq(file).peers[0], { expires: '2030-12-31', protect: false }),
  },
  'what is to be absent holds something': {
    code: 'VPN213',
    severity: 'error',
    triggers: (file) =>
      Object.assign(hq(file), {
        ensure: 'absent',
        id: '0b1f6e1c-3c0a-4c57-9e0b-1c5d2f3a4b5c',
        peers: [peer('anna', 2)],
      }),
    justDoesNot: (file) =>
      Object.assign(hq(file), { ensure: 'absent', id: '0b1f6e1c-3c0a-4c57-9e0b-1c5d2f3a4b5c', peers: [] }),
  },
  'two peers of one gateway share a public key': {
    code: 'VPN301',
    severity: 'error',
    triggers: (file) => {
      hq(file).peers[1].publicKey = hq(file).peers[0].publicKey
    },
    justDoesNot: (file) => {
      hq(file).peers[1].publicKey = publicKey(200)
    },
  },
  'two peers have one range': {
    code: 'VPN302',
    severity: 'error',
    triggers: (file) => {
      hq(file).peers[1].allowedIPs = ['10.99.0.3/32', '10.99.0.2/32']
    },
    justDoesNot: (file) => {
      hq(file).peers[1].allowedIPs = ['10.99.0.3/32', '10.99.0.4/32']
    },
  },
  'a range lies in that of another peer': {
    code: 'VPN303',
    severity: 'warning',
    triggers: (file) => {
      hq(file).peers[1].allowedIPs = ['10.99.0.0/30']
    },
    justDoesNot: (file) => {
      hq(file).peers[1].allowedIPs = ['10.99.0.4/30']
    },
  },
  'a peer has the public key of its gateway': {
    code: 'VPN304',
    severity: 'error',
    env: KEYS,
    triggers: (file) => {
      hq(file).peers[0].publicKey = DERIVED
    },
    justDoesNot: (file) => {
      file.wireguardGateways[1].peers[0].publicKey = DERIVED
    },
  },
  'a peer is outside of the network of its gateway': {
    code: 'VPN305',
    severity: 'warning',
    triggers: (file) => {
      hq(file).peers[0].allowedIPs = ['10.98.0.2/32']
    },
    justDoesNot: (file) => {
      hq(file).peers[0].allowedIPs = ['10.98.0.2/32', '10.99.0.2/32']
    },
  },
  'a peer may use every address': {
    code: 'VPN306',
    severity: 'warning',
    triggers: (file) => {
      hq(file).peers[0].allowedIPs = ['10.99.0.2/32', '0.0.0.0/0']
    },
    justDoesNot: (file) => {
      hq(file).peers[0].allowedIPs = ['10.99.0.2/32', '128.0.0.0/1']
    },
  },
  'a peer may use every IPv6 address': {
    code: 'VPN306',
    severity: 'warning',
    triggers: (file) => {
      hq(file).peers[0].allowedIPs = ['10.99.0.2/32', '::/0']
    },
    justDoesNot: (file) => {
      hq(file).peers[0].allowedIPs = ['10.99.0.2/32', '8000::/1']
    },
  },
  'a peer has the address of its gateway': {
    code: 'VPN308',
    severity: 'error',
    triggers: (file) => {
      hq(file).peers[0].allowedIPs = ['10.99.0.1/32']
    },
    justDoesNot: (file) => {
      hq(file).peers[0].allowedIPs = ['10.99.0.4/32']
    },
  },
  'a peer has the IPv6 address of its gateway': {
    code: 'VPN308',
    severity: 'error',
    triggers: (file) => {
      hq(file).interfaceIPv6CIDR = '2001:db8:99::1/64'
      hq(file).peers[0].allowedIPs = ['10.99.0.2/32', '2001:DB8:99:0::1/128']
    },
    justDoesNot: (file) => {
      hq(file).interfaceIPv6CIDR = '2001:db8:99::1/64'
      hq(file).peers[0].allowedIPs = ['10.99.0.2/32', '2001:db8:99::2/128']
    },
  },
  'two gateways have one private key': {
    code: 'VPN309',
    severity: 'error',
    env: { HQ_KEY: PRIVATE_KEY, LAB_KEY: PRIVATE_KEY, OTHER_KEY: OTHER_PRIVATE_KEY },
    triggers: () => undefined,
    justDoesNot: (file) => {
      file.wireguardGateways[1].privateKey = { env: 'OTHER_KEY' }
    },
  },
  'two gateways refer to one private key': {
    code: 'VPN309',
    severity: 'error',
    triggers: (file) => {
      file.wireguardGateways[1].privateKey = { env: 'HQ_KEY' }
    },
    justDoesNot: (file) => {
      file.wireguardGateways[1].privateKey = { file: 'HQ_KEY' }
    },
  },
  'a private key is not a key': {
    code: 'VPN407',
    severity: 'error',
    env: { ...KEYS, HQ_KEY: PRIVATE_KEY.slice(0, -3) },
    triggers: () => undefined,
    justDoesNot: (file) => {
      hq(file).privateKey = { env: 'LAB_KEY' }
      file.wireguardGateways.pop()
    },
  },
  'a private key is all zero': {
    code: 'VPN407',
    severity: 'error',
    env: { ...KEYS, HQ_KEY: lowOrder('00'.repeat(32)) },
    triggers: () => undefined,
    justDoesNot: (file) => {
      hq(file).privateKey = { env: 'LAB_KEY' }
      file.wireguardGateways.pop()
    },
  },
  'a public key is not a key': {
    code: 'VPN310',
    severity: 'error',
    triggers: (file) => {
      hq(file).peers[0].publicKey = publicKey(2).slice(0, -2)
    },
    justDoesNot: (file) => {
      hq(file).peers[0].publicKey = publicKey(201)
    },
  },
  'a public key is all zero': {
    code: 'VPN310',
    severity: 'error',
    triggers: (file) => {
      hq(file).peers[0].publicKey = lowOrder('00'.repeat(32))
    },
    justDoesNot: (file) => {
      hq(file).peers[0].publicKey = lowOrder(`02${'00'.repeat(31)}`)
    },
  },
  'a public key is a point of low order': {
    code: 'VPN310',
    severity: 'error',
    triggers: (file) => {
      hq(file).peers[0].publicKey = lowOrder(
        '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7',
      )
    },
    justDoesNot: (file) => {
      hq(file).peers[0].publicKey = lowOrder(
        '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1156',
      )
    },
  },
  'a private key in place of a public key': {
    code: 'VPN311',
    severity: 'error',
    env: KEYS,
    triggers: (file) => {
      hq(file).peers[0].publicKey = PRIVATE_KEY
    },
    justDoesNot: (file) => {
      hq(file).peers[0].publicKey = publicKey(202)
    },
  },
  'two tunnels carry one traffic': {
    code: 'VPN320',
    severity: 'error',
    triggers: (file) => {
      Object.assign(branch(file).tunnels[1], {
        remoteHost: 'VPN.berlin.example.com.',
        peerNetworkCIDRs: ['10.20.7.0/24'],
      })
    },
    justDoesNot: (file) => {
      branch(file).tunnels[1].remoteHost = 'vpn.berlin.example.com'
    },
  },
  'one network is on both sides of a tunnel': {
    code: 'VPN321',
    severity: 'warning',
    triggers: (file) => {
      branch(file).tunnels[0].peerNetworkCIDRs = ['192.168.1.0/24']
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].peerNetworkCIDRs = ['192.168.0.0/16']
    },
  },
  'a tunnel mixes IPv4 and IPv6': {
    code: 'VPN322',
    severity: 'warning',
    triggers: (file) => {
      branch(file).tunnels[0].peerNetworkCIDRs = ['10.20.0.0/16', '2001:db8:20::/48']
    },
    justDoesNot: (file) => {
      Object.assign(branch(file).tunnels[0], {
        cloudNetworkCIDRs: ['2001:db8:1::/48'],
        peerNetworkCIDRs: ['2001:db8:20::/48'],
      })
    },
  },
  'ESP outlives IKE': {
    code: 'VPN323',
    severity: 'warning',
    triggers: (file) => {
      branch(file).tunnels[0].ike.lifetime = 3600
      branch(file).tunnels[0].esp.lifetime = 3601
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].ike.lifetime = 3600
    },
  },
  'IKE has a shorter key than ESP': {
    code: 'VPN324',
    severity: 'warning',
    triggers: (file) => {
      branch(file).tunnels[0].ike.encryptionAlgorithm = 'AES128'
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].ike.encryptionAlgorithm = 'AES256'
      branch(file).tunnels[0].esp.encryptionAlgorithm = 'AES128-CTR'
    },
  },
  'ESP names no group': {
    code: 'VPN325',
    severity: 'warning',
    triggers: (file) => {
      delete branch(file).tunnels[0].esp.diffieHellmanGroup
    },
    justDoesNot: (file) => {
      delete branch(file).tunnels[0].esp.diffieHellmanGroup
      delete branch(file).tunnels[0].ike.diffieHellmanGroup
    },
  },
  'ESP has a weaker group': {
    code: 'VPN325',
    severity: 'warning',
    triggers: (file) => {
      branch(file).tunnels[0].ike.diffieHellmanGroup = '20-ECP384'
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].esp.diffieHellmanGroup = '20-ECP384'
    },
  },
  'two tunnels have one key': {
    code: 'VPN326',
    severity: 'warning',
    env: { BERLIN_PSK: STRONG, PARIS_PSK: STRONG, OTHER_PSK: STRONG.toUpperCase() },
    triggers: () => undefined,
    justDoesNot: (file) => {
      branch(file).tunnels[1].auth.psk.key = { env: 'OTHER_PSK' }
    },
  },
  'two tunnels refer to one key': {
    code: 'VPN326',
    severity: 'warning',
    triggers: (file) => {
      branch(file).tunnels[1].auth.psk.key = { env: 'BERLIN_PSK' }
    },
    justDoesNot: (file) => {
      branch(file).tunnels[1].auth.psk.key = { file: 'BERLIN_PSK' }
    },
  },
  'a pre-shared key is short': {
    code: 'VPN327',
    severity: 'warning',
    env: { BERLIN_PSK: STRONG.slice(0, 19), PARIS_PSK: STRONG, OTHER_PSK: STRONG.slice(4, 24) },
    triggers: () => undefined,
    justDoesNot: (file) => {
      branch(file).tunnels[0].auth.psk.key = { env: 'OTHER_PSK' }
    },
  },
  'a pre-shared key repeats itself': {
    code: 'VPN328',
    severity: 'warning',
    env: {
      BERLIN_PSK: '1234567890123456789012345678901234567890',
      PARIS_PSK: STRONG,
      OTHER_PSK: 'fd7c1f2a9b3e5d60c84a',
    },
    triggers: () => undefined,
    justDoesNot: (file) => {
      branch(file).tunnels[0].auth.psk.key = { env: 'OTHER_PSK' }
    },
  },
  'a remote host is private': {
    code: 'VPN329',
    severity: 'warning',
    triggers: (file) => {
      branch(file).tunnels[0].remoteHost = '172.31.255.255'
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].remoteHost = '172.32.0.0'
    },
  },
  'a remote host is for documentation, in a file with real addresses': {
    code: 'VPN329',
    severity: 'warning',
    triggers: (file) => {
      realAddresses(file)
      branch(file).tunnels[0].remoteHost = '198.51.100.255'
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].remoteHost = '198.51.100.255'
    },
  },
  'an endpoint is private': {
    code: 'VPN329',
    severity: 'warning',
    triggers: (file) => {
      hq(file).peers[0].endpoint = { host: '192.168.11.20' }
    },
    justDoesNot: (file) => {
      hq(file).peers[0].endpoint = { host: '192.168.10.20' }
    },
  },
  'a remote host is loopback': {
    code: 'VPN329',
    severity: 'warning',
    triggers: (file) => {
      branch(file).tunnels[0].remoteHost = '127.0.0.1'
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].remoteHost = '126.0.0.1'
    },
  },
  'a remote host is IPv6': {
    code: 'VPN330',
    severity: 'error',
    triggers: (file) => {
      branch(file).tunnels[0].remoteHost = '2001:db8::1'
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].remoteHost = 'v6.example.com'
    },
  },
  'an endpoint is IPv6': {
    code: 'VPN330',
    severity: 'error',
    triggers: (file) => {
      hq(file).peers[0].endpoint = { host: '[2001:db8::1]' }
    },
    justDoesNot: (file) => {
      hq(file).peers[0].endpoint = { host: '198.51.100.20' }
    },
  },
  'a remote host is a URL': {
    code: 'VPN331',
    severity: 'error',
    triggers: (file) => {
      branch(file).tunnels[0].remoteHost = 'https://vpn.berlin.example.com/'
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].remoteHost = 'https.berlin.example.com'
    },
  },
  'a remote host has a port': {
    code: 'VPN331',
    severity: 'error',
    triggers: (file) => {
      branch(file).tunnels[0].remoteHost = 'vpn.berlin.example.com:500'
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].remoteHost = 'vpn500.berlin.example.com'
    },
  },
  'an endpoint has a port': {
    code: 'VPN331',
    severity: 'error',
    triggers: (file) => {
      hq(file).peers[0].endpoint = { host: '198.51.100.20:51820' }
    },
    justDoesNot: (file) => {
      hq(file).peers[0].endpoint = { host: '198.51.100.20' }
    },
  },
  'a remote host is a network': {
    code: 'VPN331',
    severity: 'error',
    triggers: (file) => {
      branch(file).tunnels[0].remoteHost = '198.51.101.0/24'
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].remoteHost = '198.51.101.0'
    },
  },
  'a remote host has a path': {
    code: 'VPN331',
    severity: 'error',
    triggers: (file) => {
      branch(file).tunnels[0].remoteHost = 'vpn.example.com/berlin'
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].remoteHost = 'vpn.example.com'
    },
  },
  'a remote host contains a space': {
    code: 'VPN331',
    severity: 'error',
    triggers: (file) => {
      branch(file).tunnels[0].remoteHost = 'vpn berlin.example.com'
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].remoteHost = ' vpn.berlin.example.com '
    },
  },
  'a remote host is empty': {
    code: 'VPN331',
    severity: 'error',
    triggers: (file) => {
      branch(file).tunnels[0].remoteHost = '  '
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].remoteHost = 'v.example.com'
    },
  },
  'a remote host is nearly an address': {
    code: 'VPN331',
    severity: 'error',
    triggers: (file) => {
      branch(file).tunnels[0].remoteHost = '198.51.100.256'
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].remoteHost = '198.51.100.256.example.com'
    },
  },
  'a remote host has an empty part': {
    code: 'VPN331',
    severity: 'error',
    triggers: (file) => {
      branch(file).tunnels[0].remoteHost = 'vpn..example.com'
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].remoteHost = 'vpn.example.com.'
    },
  },
  'a part of a remote host is too long': {
    code: 'VPN331',
    severity: 'error',
    triggers: (file) => {
      branch(file).tunnels[0].remoteHost =
        'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com'
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].remoteHost =
        'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com'
    },
  },
  'a part of a remote host starts with a hyphen': {
    code: 'VPN331',
    severity: 'error',
    triggers: (file) => {
      branch(file).tunnels[0].remoteHost = '-vpn.example.com'
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].remoteHost = 'v-pn.example.com'
    },
  },
  'a remote host has a wildcard': {
    code: 'VPN331',
    severity: 'error',
    triggers: (file) => {
      branch(file).tunnels[0].remoteHost = '*.example.com'
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].remoteHost = 'x.example.com'
    },
  },
  'a remote host is not a valid international name': {
    code: 'VPN331',
    severity: 'error',
    triggers: (file) => {
      branch(file).tunnels[0].remoteHost = 'büro\u0000.example.com'
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].remoteHost = 'büro.example.com'
    },
  },
  'a remote host has no domain': {
    code: 'VPN332',
    severity: 'warning',
    triggers: (file) => {
      branch(file).tunnels[0].remoteHost = 'berlin'
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].remoteHost = 'berlin.example'
    },
  },
  'an endpoint has an underscore': {
    code: 'VPN332',
    severity: 'warning',
    triggers: (file) => {
      hq(file).peers[0].endpoint = { host: 'anna_laptop.example.com' }
    },
    justDoesNot: (file) => {
      hq(file).peers[0].endpoint = { host: 'anna-laptop.example.com' }
    },
  },
  'a remote host is unspecified': {
    code: 'VPN329',
    severity: 'warning',
    triggers: (file) => {
      branch(file).tunnels[0].remoteHost = '0.0.0.0'
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].remoteHost = '1.0.0.1'
    },
  },
  'two gateways have one address': {
    code: 'VPN340',
    severity: 'error',
    triggers: (file) => {
      branch(file).gatewayIP = hq(file).gatewayIP
    },
    justDoesNot: (file) => {
      branch(file).gatewayIP = '203.0.113.99'
    },
  },
  'two gateways have one address in one location, and not in two': {
    code: 'VPN340',
    severity: 'error',
    triggers: (file) => {
      branch(file).gatewayIP = hq(file).gatewayIP
    },
    justDoesNot: (file) => {
      branch(file).gatewayIP = hq(file).gatewayIP
      branch(file).location = 'de/txl'
    },
  },
  'a gateway address is private': {
    code: 'VPN341',
    severity: 'warning',
    triggers: (file) => {
      hq(file).gatewayIP = '10.255.255.255'
    },
    justDoesNot: (file) => {
      realAddresses(file)
      hq(file).gatewayIP = '11.0.0.0'
    },
  },
  'a gateway address is multicast': {
    code: 'VPN341',
    severity: 'warning',
    triggers: (file) => {
      hq(file).gatewayIP = '224.0.0.1'
    },
    justDoesNot: (file) => {
      realAddresses(file)
      hq(file).gatewayIP = '223.255.255.1'
    },
  },
  'a gateway address is loopback': {
    code: 'VPN341',
    severity: 'warning',
    triggers: (file) => {
      hq(file).gatewayIP = '127.0.0.1'
    },
    justDoesNot: (file) => {
      realAddresses(file)
      hq(file).gatewayIP = '128.0.0.1'
    },
  },
  'connections are in two data centers': {
    code: 'VPN342',
    severity: 'error',
    triggers: (file) =>
      hq(file).connections.push(
        secondConnection('7', '192.168.7.100/24', '6b13a05b-72e5-11ec-90d6-0242ac120003'),
      ),
    justDoesNot: (file) =>
      hq(file).connections.push(secondConnection('7', '192.168.7.100/24', DATACENTER.toUpperCase())),
  },
  'a LAN is connected twice': {
    code: 'VPN343',
    severity: 'error',
    triggers: (file) => hq(file).connections.push(secondConnection('10', '192.168.7.100/24')),
    justDoesNot: (file) => hq(file).connections.push(secondConnection('7', '192.168.7.100/24')),
  },
  'the LANs of a gateway overlap': {
    code: 'VPN344',
    severity: 'error',
    triggers: (file) => hq(file).connections.push(secondConnection('7', '192.168.10.200/25')),
    justDoesNot: (file) => hq(file).connections.push(secondConnection('7', '192.168.11.100/24')),
  },
  'the LANs of a gateway overlap in IPv6': {
    code: 'VPN344',
    severity: 'error',
    triggers: (file) => {
      hq(file).connections[0].ipv6CIDR = '2001:db8:1::9/48'
      hq(file).connections.push({
        ...secondConnection('7', '192.168.7.100/24'),
        ipv6CIDR: '2001:db8:1:2::9/64',
      })
    },
    justDoesNot: (file) => {
      hq(file).connections[0].ipv6CIDR = '2001:db8:1::9/48'
      hq(file).connections.push({
        ...secondConnection('7', '192.168.7.100/24'),
        ipv6CIDR: '2001:db8:2::9/64',
      })
    },
  },
  'a connection has the address of the network': {
    code: 'VPN345',
    severity: 'warning',
    triggers: (file) => {
      hq(file).connections[0].ipv4CIDR = '192.168.10.0/24'
    },
    justDoesNot: (file) => {
      hq(file).connections[0].ipv4CIDR = '192.168.11.0/23'
    },
  },
  'a connection has the broadcast address': {
    code: 'VPN345',
    severity: 'warning',
    triggers: (file) => {
      hq(file).connections[0].ipv4CIDR = '192.168.10.255/24'
    },
    justDoesNot: (file) => {
      hq(file).connections[0].ipv4CIDR = '192.168.10.254/24'
    },
  },
  'a gateway has too many peers': {
    code: 'VPN346',
    severity: 'error',
    triggers: (file) => {
      hq(file).peers = Array.from({ length: 21 }, (_, index) => peer(`p${index}`, index + 2))
    },
    justDoesNot: (file) => {
      hq(file).peers = Array.from({ length: 20 }, (_, index) => peer(`p${index}`, index + 2))
    },
  },
  'a gateway has too many tunnels': {
    code: 'VPN346',
    severity: 'error',
    triggers: (file) => {
      branch(file).tunnels = Array.from({ length: 21 }, (_, index) => tunnel(`t${index}`, index))
    },
    justDoesNot: (file) => {
      branch(file).tunnels = Array.from({ length: 20 }, (_, index) => tunnel(`t${index}`, index))
    },
  },
  'a gateway has too many connections': {
    code: 'VPN208',
    severity: 'error',
    triggers: (file) => {
      hq(file).connections = Array.from({ length: 11 }, (_, index) =>
        secondConnection(String(index), `10.${index}.0.9/16`),
      )
    },
    justDoesNot: (file) => {
      hq(file).connections = Array.from({ length: 10 }, (_, index) =>
        secondConnection(String(index), `10.${index}.0.9/16`),
      )
    },
  },
  'a peer has too many networks': {
    code: 'VPN208',
    severity: 'error',
    triggers: (file) => {
      hq(file).peers = [
        { ...peer('anna', 2), allowedIPs: Array.from({ length: 21 }, (_, i) => `10.99.0.${i + 2}/32`) },
      ]
    },
    justDoesNot: (file) => {
      hq(file).peers = [
        { ...peer('anna', 2), allowedIPs: Array.from({ length: 20 }, (_, i) => `10.99.0.${i + 2}/32`) },
      ]
    },
  },
  'a tunnel has too many networks on the cloud side': {
    code: 'VPN208',
    severity: 'error',
    triggers: (file) => {
      branch(file).tunnels[0].cloudNetworkCIDRs = Array.from({ length: 21 }, (_, i) => `10.60.${i}.0/24`)
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].cloudNetworkCIDRs = Array.from({ length: 20 }, (_, i) => `10.60.${i}.0/24`)
    },
  },
  'a tunnel has too many networks on the remote side': {
    code: 'VPN208',
    severity: 'error',
    triggers: (file) => {
      branch(file).tunnels[0].peerNetworkCIDRs = Array.from({ length: 21 }, (_, i) => `10.60.${i}.0/24`)
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].peerNetworkCIDRs = Array.from({ length: 20 }, (_, i) => `10.60.${i}.0/24`)
    },
  },
  'names differ only in case': {
    code: 'VPN347',
    severity: 'warning',
    triggers: (file) => hq(file).peers.push(peer('ANNA', 4)),
    justDoesNot: (file) => hq(file).peers.push(peer('ANN', 4)),
  },
  'names differ only in spaces': {
    code: 'VPN347',
    severity: 'warning',
    triggers: (file) => hq(file).peers.push({ ...peer('x', 4), name: ' anna' }),
    justDoesNot: (file) => hq(file).peers.push({ ...peer('x', 4), name: 'an na' }),
  },
  'a name is too long': {
    code: 'VPN206',
    severity: 'error',
    triggers: (file) => {
      hq(file).name = 'x'.repeat(256)
    },
    justDoesNot: (file) => {
      hq(file).name = 'x'.repeat(255)
    },
  },
  'the name of a peer is too long': {
    code: 'VPN206',
    severity: 'error',
    triggers: (file) => {
      hq(file).peers[0].name = 'x'.repeat(256)
    },
    justDoesNot: (file) => {
      hq(file).peers[0].name = 'x'.repeat(255)
    },
  },
  'the name of a tunnel is too long': {
    code: 'VPN206',
    severity: 'error',
    triggers: (file) => {
      branch(file).tunnels[0].name = 'x'.repeat(256)
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].name = 'x'.repeat(255)
    },
  },
  'a gateway has no interface': {
    code: 'VPN209',
    severity: 'error',
    triggers: (file) => {
      delete hq(file).interfaceIPv4CIDR
    },
    justDoesNot: (file) => {
      delete hq(file).interfaceIPv4CIDR
      hq(file).interfaceIPv6CIDR = '2001:db8:99::1/64'
    },
  },
  'all highly available gateways are maintained at once, across the end of the week': {
    code: 'VPN349',
    severity: 'warning',
    triggers: (file) => highlyAvailable(file, ['Saturday', 'Sunday', 'Sunday'], '02:59:59'),
    justDoesNot: (file) => highlyAvailable(file, ['Saturday', 'Sunday', 'Sunday'], '03:00:00'),
  },
  'an id is used twice': {
    code: 'VPN350',
    severity: 'error',
    triggers: (file) => {
      hq(file).id = DATACENTER
      branch(file).id = DATACENTER.toUpperCase()
    },
    justDoesNot: (file) => {
      hq(file).id = DATACENTER
    },
  },
  'a gateway is in a location that the list of locations leaves out': {
    code: 'VPN352',
    severity: 'error',
    triggers: (file) => {
      file.locations = ['de/fra']
      branch(file).location = 'de/txl'
    },
    justDoesNot: (file) => {
      file.locations = ['de/fra', 'de/txl']
      branch(file).location = 'de/txl'
    },
  },
  'a network has host bits': {
    code: 'VPN351',
    severity: 'warning',
    triggers: (file) => {
      branch(file).tunnels[0].peerNetworkCIDRs = ['10.20.0.1/16']
    },
    justDoesNot: (file) => {
      branch(file).tunnels[0].peerNetworkCIDRs = ['10.20.0.1/32']
    },
  },
  ...NETWORK_RULE_CASES,
  ...ACCESS_RULE_CASES,
}
