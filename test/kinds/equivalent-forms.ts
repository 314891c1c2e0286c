import type { PlainObject } from '../../src/model/json.ts'

/** One form that is not drift: the file says one thing, the API another, and both mean the same. */
export interface Form {
  readonly kind: 'wireguard-gateway' | 'wireguard-peer' | 'ipsec-gateway' | 'ipsec-tunnel'
  /** What is spelt in two ways, for readers. */
  readonly what: string
  readonly file: PlainObject
  readonly live: PlainObject
}

const DATACENTER = '5a029f4a-72e5-11ec-90d6-0242ac120003'
const PUBLIC_KEY = 'HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw='
const PEM_KEY =
  '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VuAyEAHIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=\n-----END PUBLIC KEY-----\n'
const lan = (lanId: number | string, ipv4CIDR: string, more: PlainObject = {}): PlainObject => ({
  datacenterId: DATACENTER,
  lanId,
  ipv4CIDR,
  ...more,
})

/** Every form that is not drift. docs/no-drift.md is made from this table. */
export const FORMS: readonly Form[] = [
  // Text that may be left out
  { kind: 'wireguard-peer', what: 'description left out, or null', file: {}, live: { description: null } },
  { kind: 'wireguard-peer', what: 'description left out, or empty', file: {}, live: { description: '' } },
  { kind: 'wireguard-peer', what: 'description empty, or left out', file: { description: '' }, live: {} },
  { kind: 'ipsec-tunnel', what: 'description null, or left out', file: { description: null }, live: {} },
  {
    kind: 'ipsec-gateway',
    what: 'description empty, or null',
    file: { description: '' },
    live: { description: null },
  },
  {
    kind: 'wireguard-gateway',
    what: 'IPv6 interface address left out, or null',
    file: {},
    live: { interfaceIPv6CIDR: null },
  },
  {
    kind: 'wireguard-gateway',
    what: 'IPv6 interface address left out, or empty',
    file: {},
    live: { interfaceIPv6CIDR: '' },
  },
  // Documented defaults
  {
    kind: 'wireguard-gateway',
    what: 'listen port left out, or its default',
    file: {},
    live: { listenPort: 51820 },
  },
  {
    kind: 'wireguard-gateway',
    what: 'listen port its default, or left out',
    file: { listenPort: 51820 },
    live: {},
  },
  {
    kind: 'wireguard-gateway',
    what: 'listen port its default, or null',
    file: { listenPort: 51820 },
    live: { listenPort: null },
  },
  { kind: 'wireguard-gateway', what: 'tier left out, or its default', file: {}, live: { tier: 'STANDARD' } },
  { kind: 'ipsec-gateway', what: 'tier its default, or left out', file: { tier: 'STANDARD' }, live: {} },
  {
    kind: 'ipsec-gateway',
    what: 'IKE version left out, or its default',
    file: {},
    live: { version: 'IKEv2' },
  },
  {
    kind: 'ipsec-gateway',
    what: 'IKE version its default, or null',
    file: { version: 'IKEv2' },
    live: { version: null },
  },
  {
    kind: 'wireguard-peer',
    what: 'port of the endpoint left out, or its default',
    file: { endpoint: { host: 'vpn.example.com' } },
    live: { endpoint: { host: 'vpn.example.com', port: 51820 } },
  },
  { kind: 'wireguard-peer', what: 'no endpoint, or an empty one', file: {}, live: { endpoint: {} } },
  {
    kind: 'wireguard-peer',
    what: 'no endpoint, or one without a host',
    file: {},
    live: { endpoint: { host: '', port: 51820 } },
  },
  {
    kind: 'ipsec-tunnel',
    what: 'IKE lifetime left out, or its default',
    file: { ike: {} },
    live: { ike: { lifetime: 86400 } },
  },
  {
    kind: 'ipsec-tunnel',
    what: 'ESP lifetime its default, or left out',
    file: { esp: { lifetime: 3600 } },
    live: { esp: {} },
  },
  {
    kind: 'ipsec-tunnel',
    what: 'method of authentication, or an answer that withholds all of it',
    file: { auth: { method: 'PSK' } },
    live: { auth: null },
  },
  {
    kind: 'ipsec-tunnel',
    what: 'a pre-shared key that the answer withholds, empties or masks',
    file: { auth: { method: 'PSK' } },
    live: { auth: { method: 'PSK', psk: { key: '********' } } },
  },
  // What the service chooses
  {
    kind: 'wireguard-gateway',
    what: 'maintenance window left out, or chosen by the service',
    file: {},
    live: { maintenanceWindow: { dayOfTheWeek: 'Friday', time: '02:30:00' } },
  },
  {
    kind: 'ipsec-gateway',
    what: 'maintenance window left out, or empty',
    file: {},
    live: { maintenanceWindow: {} },
  },
  {
    kind: 'ipsec-tunnel',
    what: 'algorithms left out, or chosen by the service',
    file: { ike: {}, esp: {} },
    live: {
      ike: { diffieHellmanGroup: '16-MODP4096', encryptionAlgorithm: 'AES256', integrityAlgorithm: 'SHA256' },
      esp: { diffieHellmanGroup: '20-ECP384' },
    },
  },
  // Addresses
  {
    kind: 'wireguard-gateway',
    what: 'whitespace around an address',
    file: { gatewayIP: ' 203.0.113.10 ' },
    live: { gatewayIP: '203.0.113.10' },
  },
  {
    kind: 'wireguard-gateway',
    what: 'IPv6 in capitals',
    file: { interfaceIPv6CIDR: '2001:DB8::A/64' },
    live: { interfaceIPv6CIDR: '2001:db8::a/64' },
  },
  {
    kind: 'wireguard-gateway',
    what: 'IPv6 with zeros written out',
    file: { interfaceIPv6CIDR: '2001:db8:0:0:0:0:0:1/64' },
    live: { interfaceIPv6CIDR: '2001:db8::1/64' },
  },
  {
    kind: 'wireguard-gateway',
    what: 'IPv6 with leading zeros in its groups',
    file: { interfaceIPv6CIDR: '2001:0db8:0000:0000:0000:0000:0000:0001/64' },
    live: { interfaceIPv6CIDR: '2001:db8::1/64' },
  },
  {
    kind: 'wireguard-gateway',
    what: 'IPv6 shortened at another place',
    file: { interfaceIPv6CIDR: '2001:db8::1:0:0:1/64' },
    live: { interfaceIPv6CIDR: '2001:db8:0:0:1::1/64' },
  },
  {
    kind: 'wireguard-gateway',
    what: 'IPv6 that ends in dotted IPv4',
    file: { interfaceIPv6CIDR: '64:ff9b::192.0.2.1/96' },
    live: { interfaceIPv6CIDR: '64:ff9b::c000:201/96' },
  },
  {
    kind: 'wireguard-gateway',
    what: 'an interface address without its full prefix',
    file: { interfaceIPv4CIDR: '10.99.0.1' },
    live: { interfaceIPv4CIDR: '10.99.0.1/32' },
  },
  {
    kind: 'wireguard-gateway',
    what: 'IPv6 of a connection',
    file: { connections: [lan('2', '192.168.1.100/24', { ipv6CIDR: '2001:DB8:0::10/64' })] },
    live: { connections: [lan('2', '192.168.1.100/24', { ipv6CIDR: '2001:db8::10/64' })] },
  },
  // Networks
  {
    kind: 'wireguard-peer',
    what: 'a single address, or a network of one',
    file: { allowedIPs: ['10.99.0.2'] },
    live: { allowedIPs: ['10.99.0.2/32'] },
  },
  {
    kind: 'wireguard-peer',
    what: 'a single IPv6 address, or a network of one',
    file: { allowedIPs: ['2001:db8::2'] },
    live: { allowedIPs: ['2001:db8::2/128'] },
  },
  {
    kind: 'wireguard-peer',
    what: 'host bits in a network',
    file: { allowedIPs: ['10.99.0.77/24'] },
    live: { allowedIPs: ['10.99.0.0/24'] },
  },
  {
    kind: 'ipsec-tunnel',
    what: 'host bits in a network of a tunnel',
    file: { cloudNetworkCIDRs: ['192.168.1.100/24'] },
    live: { cloudNetworkCIDRs: ['192.168.1.0/24'] },
  },
  {
    kind: 'ipsec-tunnel',
    what: 'host bits in an IPv6 network',
    file: { peerNetworkCIDRs: ['2001:db8::1234/32'] },
    live: { peerNetworkCIDRs: ['2001:db8::/32'] },
  },
  {
    kind: 'wireguard-peer',
    what: 'an IPv4-mapped IPv6 address, in dots or in hex',
    file: { allowedIPs: ['::ffff:192.0.2.1/128'] },
    live: { allowedIPs: ['::FFFF:C000:0201/128'] },
  },
  {
    kind: 'wireguard-peer',
    what: 'an IPv4-mapped IPv6 network, or the IPv4 one',
    file: { allowedIPs: ['::ffff:192.0.2.0/120'] },
    live: { allowedIPs: ['192.0.2.0/24'] },
  },
  {
    kind: 'wireguard-peer',
    what: 'everything, with host bits',
    file: { allowedIPs: ['10.0.0.1/0', '2001:db8::/0'] },
    live: { allowedIPs: ['::/0', '0.0.0.0/0'] },
  },
  // Sets
  {
    kind: 'wireguard-peer',
    what: 'order of allowedIPs',
    file: { allowedIPs: ['10.0.0.0/24', '10.1.0.0/24'] },
    live: { allowedIPs: ['10.1.0.0/24', '10.0.0.0/24'] },
  },
  {
    kind: 'wireguard-peer',
    what: 'repetitions in allowedIPs',
    file: { allowedIPs: ['10.0.0.0/24', '10.0.0.0/24'] },
    live: { allowedIPs: ['10.0.0.0/24'] },
  },
  {
    kind: 'wireguard-peer',
    what: 'repetitions in two forms',
    file: { allowedIPs: ['10.0.0.5/24', '10.0.0.0/24'] },
    live: { allowedIPs: ['10.0.0.0/24'] },
  },
  {
    kind: 'ipsec-tunnel',
    what: 'order of cloudNetworkCIDRs',
    file: { cloudNetworkCIDRs: ['192.168.2.0/24', '192.168.1.0/24'] },
    live: { cloudNetworkCIDRs: ['192.168.1.0/24', '192.168.2.0/24'] },
  },
  {
    kind: 'ipsec-tunnel',
    what: 'order of peerNetworkCIDRs',
    file: { peerNetworkCIDRs: ['10.21.0.0/16', '10.20.0.0/16'] },
    live: { peerNetworkCIDRs: ['10.20.0.0/16', '10.21.0.0/16'] },
  },
  {
    kind: 'wireguard-gateway',
    what: 'order of connections',
    file: { connections: [lan('3', '10.1.0.9/24'), lan('2', '192.168.1.100/24')] },
    live: { connections: [lan('2', '192.168.1.100/24'), lan('3', '10.1.0.9/24')] },
  },
  {
    kind: 'ipsec-gateway',
    what: 'a connection given twice',
    file: { connections: [lan('2', '192.168.1.101/24'), lan(2, '192.168.1.101/24')] },
    live: { connections: [lan('2', '192.168.1.101/24')] },
  },
  {
    kind: 'wireguard-gateway',
    what: 'order of the fields of a connection',
    file: { connections: [{ ipv4CIDR: '192.168.1.100/24', lanId: '2', datacenterId: DATACENTER }] },
    live: { connections: [lan('2', '192.168.1.100/24')] },
  },
  // Numbers and names
  {
    kind: 'wireguard-gateway',
    what: 'a LAN as a number',
    file: { connections: [lan(2, '192.168.1.100/24')] },
    live: { connections: [lan('2', '192.168.1.100/24')] },
  },
  {
    kind: 'wireguard-gateway',
    what: 'a LAN with leading zeros',
    file: { connections: [lan('002', '192.168.1.100/24')] },
    live: { connections: [lan('2', '192.168.1.100/24')] },
  },
  {
    kind: 'wireguard-gateway',
    what: 'a data center in capitals',
    file: { connections: [{ ...lan('2', '192.168.1.100/24'), datacenterId: DATACENTER.toUpperCase() }] },
    live: { connections: [lan('2', '192.168.1.100/24')] },
  },
  {
    kind: 'wireguard-gateway',
    what: 'a port as text',
    file: { listenPort: 4500 },
    live: { listenPort: '4500' },
  },
  {
    kind: 'ipsec-tunnel',
    what: 'a lifetime as text',
    file: { ike: { lifetime: 7200 } },
    live: { ike: { lifetime: '7200' } },
  },
  {
    kind: 'ipsec-tunnel',
    what: 'a host name in capitals',
    file: { remoteHost: 'VPN.Berlin.Example.COM' },
    live: { remoteHost: 'vpn.berlin.example.com' },
  },
  {
    kind: 'ipsec-tunnel',
    what: 'a host name with the dot of the root',
    file: { remoteHost: 'vpn.berlin.example.com.' },
    live: { remoteHost: 'vpn.berlin.example.com' },
  },
  {
    kind: 'wireguard-peer',
    what: 'an international host name, or its ASCII form',
    file: { endpoint: { host: 'büro.example' } },
    live: { endpoint: { host: 'xn--bro-hoa.example' } },
  },
  {
    kind: 'wireguard-gateway',
    what: 'a time of day with single digits',
    file: { maintenanceWindow: { dayOfTheWeek: 'Monday', time: '9:5:0' } },
    live: { maintenanceWindow: { dayOfTheWeek: 'Monday', time: '09:05:00' } },
  },
  // Keys
  {
    kind: 'wireguard-peer',
    what: 'a public key in PEM',
    file: { publicKey: PUBLIC_KEY },
    live: { publicKey: PEM_KEY },
  },
  {
    kind: 'wireguard-peer',
    what: 'a public key in DER, as base64',
    file: { publicKey: PUBLIC_KEY },
    live: { publicKey: PEM_KEY.split('\n')[1] ?? '' },
  },
  {
    kind: 'wireguard-peer',
    what: 'a public key with the line end of its file',
    file: { publicKey: `${PUBLIC_KEY}\n` },
    live: { publicKey: PUBLIC_KEY },
  },
  {
    kind: 'wireguard-peer',
    what: 'a public key without its padding',
    file: { publicKey: PUBLIC_KEY.slice(0, -1) },
    live: { publicKey: PUBLIC_KEY },
  },
  {
    kind: 'wireguard-peer',
    what: 'a public key whose last character has stray bits',
    file: { publicKey: `${PUBLIC_KEY.slice(0, -2)}x=` },
    live: { publicKey: PUBLIC_KEY },
  },
]
