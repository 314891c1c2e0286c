import { DATACENTER, publicKey, type Sample } from '../setup/sample-files.ts'
import type { RuleCase } from './rule-case.ts'

const hq = (file: Sample) => file.wireguardGateways[0]
const lab = (file: Sample) => file.wireguardGateways[1]
const anna = (file: Sample) => hq(file).peers[0]
const berlin = (file: Sample) => file.ipsecGateways[0].tunnels[0]
const paris = (file: Sample) => file.ipsecGateways[0].tunnels[1]
const warning = (
  code: string,
  triggers: (file: Sample) => unknown,
  justDoesNot: (file: Sample) => unknown,
): RuleCase => ({
  code,
  severity: 'warning',
  triggers: (file) => void triggers(file),
  justDoesNot: (file) => void justDoesNot(file),
})
const set = (target: object, fields: object): unknown => Object.assign(target, fields)
const connect = (gateway: Sample, lanId: string, ipv4CIDR: string): unknown =>
  set(gateway, { connections: [{ datacenterId: DATACENTER, lanId, ipv4CIDR }] })
const real = (file: Sample): unknown => set(hq(file), { gatewayIP: '198.51.101.1' })
const windows = (file: Sample, first: string, second: string) => {
  connect(lab(file), '10', '192.168.10.101/24')
  set(lab(file).peers[0], { publicKey: publicKey(2) })
  const [one, other] = [first, second].map((time) => ({ dayOfTheWeek: 'Sunday', time }))
  set(hq(file), { maintenanceWindow: one })
  set(lab(file), { maintenanceWindow: other })
}

/** Cases of the rules about how addresses, networks, hosts and windows go together. */
export const NETWORK_RULE_CASES: Readonly<Record<string, RuleCase>> = {
  "a peer claims a part of its gateway's LAN": warning(
    'VPN354',
    (file) => set(anna(file), { allowedIPs: ['10.99.0.2/32', '192.168.10.128/25'] }),
    (file) => set(anna(file), { allowedIPs: ['10.99.0.2/32', '192.168.0.0/16', '192.168.11.0/24'] }),
  ),
  "a tunnel's network is the LAN": warning(
    'VPN355',
    (file) => set(hq(file), { interfaceIPv4CIDR: '192.168.10.1/24', peers: [] }),
    (file) => set(hq(file), { interfaceIPv4CIDR: '192.168.10.1/32', peers: [] }),
  ),
  'a gateway listens on port 0': warning(
    'VPN356',
    (file) => set(hq(file), { listenPort: 0 }),
    (file) => set(hq(file), { listenPort: 1 }),
  ),
  'an endpoint has port 0': warning(
    'VPN356',
    (file) => set(anna(file), { endpoint: { host: 'a.example.com', port: 0 } }),
    (file) => set(anna(file), { endpoint: { host: 'a.example.com' } }),
  ),
  'an interface has the address of its network': warning(
    'VPN357',
    (file) => set(hq(file), { interfaceIPv4CIDR: '10.99.0.0/24' }),
    (file) => set(hq(file), { interfaceIPv4CIDR: '10.99.0.0/31', peers: [] }),
  ),
  'a peer has the broadcast address': warning(
    'VPN357',
    (file) => set(anna(file), { allowedIPs: ['10.99.0.255/32'] }),
    (file) => set(anna(file), { allowedIPs: ['10.99.0.254/32'] }),
  ),
  "a range of a peer contains the gateway's address": warning(
    'VPN358',
    (file) => set(anna(file), { allowedIPs: ['10.99.0.0/30'] }),
    (file) => set(anna(file), { allowedIPs: ['10.99.0.4/30', '10.0.0.0/8'] }),
  ),
  'two peers have one endpoint': warning(
    'VPN359',
    (file) => {
      set(anna(file), { endpoint: { host: 'NAT.example.com.' } })
      set(hq(file).peers[1], { endpoint: { host: 'nat.example.com', port: 51820 } })
    },
    (file) => {
      set(anna(file), { endpoint: { host: 'nat.example.com' } })
      set(hq(file).peers[1], { endpoint: { host: 'nat.example.com', port: 51821 } })
    },
  ),
  'two tunnels have one remote host and different networks': warning(
    'VPN365',
    (file) => set(paris(file), { remoteHost: 'vpn.berlin.example.com' }),
    (file) => set(paris(file), { remoteHost: 'vpn2.berlin.example.com' }),
  ),
  'one network is behind two remote hosts': warning(
    'VPN366',
    (file) => set(paris(file), { peerNetworkCIDRs: ['10.20.9.0/24'] }),
    (file) => set(paris(file), { peerNetworkCIDRs: ['0.0.0.0/0'] }),
  ),
  'no connection reaches the cloud networks': warning(
    'VPN367',
    (file) => set(berlin(file), { cloudNetworkCIDRs: ['192.168.2.0/24'] }),
    (file) => set(berlin(file), { cloudNetworkCIDRs: ['192.168.2.0/24', '192.168.1.64/26'] }),
  ),
  'a remote network is part of the LAN': warning(
    'VPN368',
    (file) => set(berlin(file), { peerNetworkCIDRs: ['192.168.1.128/25'] }),
    (file) => set(berlin(file), { peerNetworkCIDRs: ['192.168.0.0/16'] }),
  ),
  'an ESP lifetime is longer than all sources accept': warning(
    'VPN369',
    (file) => set(berlin(file).esp, { lifetime: 14401 }),
    (file) => set(berlin(file).esp, { lifetime: 14400 }),
  ),
  'an ESP lifetime is shorter than all sources accept': warning(
    'VPN369',
    (file) => set(berlin(file).esp, { lifetime: 3599 }),
    (file) => set(berlin(file).esp, { lifetime: 3600 }),
  ),
  'a tunnel goes to its own gateway': warning(
    'VPN380',
    (file) => set(berlin(file), { remoteHost: '203.0.113.12' }),
    (file) => set(berlin(file), { remoteHost: '203.0.113.11' }),
  ),
  'an endpoint is its own gateway': warning(
    'VPN380',
    (file) => set(anna(file), { endpoint: { host: '203.0.113.10' } }),
    (file) => set(anna(file), { endpoint: { host: '203.0.113.11' } }),
  ),
  'a network is loopback': warning(
    'VPN381',
    (file) => set(berlin(file), { peerNetworkCIDRs: ['127.0.0.0/8'] }),
    (file) => set(berlin(file), { peerNetworkCIDRs: ['126.0.0.0/8'] }),
  ),
  'a network is link-local': warning(
    'VPN381',
    (file) => set(berlin(file), { peerNetworkCIDRs: ['169.254.0.0/16'] }),
    (file) => set(anna(file), { allowedIPs: ['10.99.0.2/32', '169.254.0.0/16', 'fe80::/64', '224.0.0.0/4'] }),
  ),
  'a network is for documentation, in a file with real addresses': warning(
    'VPN381',
    (file) => {
      real(file)
      set(berlin(file), { peerNetworkCIDRs: ['192.0.2.0/25'] })
    },
    (file) => set(berlin(file), { peerNetworkCIDRs: ['192.0.2.0/25'] }),
  ),
  'two gateways have one address in a LAN': warning(
    'VPN382',
    (file) => connect(lab(file), '10', '192.168.10.100/24'),
    (file) => connect(lab(file), '10', '192.168.10.101/24'),
  ),
  'one LAN has two subnets': warning(
    'VPN383',
    (file) => connect(lab(file), '10', '192.168.10.101/25'),
    (file) => connect(lab(file), '11', '192.168.10.101/25'),
  ),
  'both gateways of a pair are maintained at once': warning(
    'VPN384',
    (file) => windows(file, '01:00:00', '04:59:59'),
    (file) => windows(file, '01:00:00', '05:00:00'),
  ),
}
