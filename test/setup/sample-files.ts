import { stringify } from 'yaml'

/** Values of a file that tests bend; everything in it is valid and free of warnings. */
// biome-ignore lint/suspicious/noExplicitAny: tests write into it what no type would allow
export type Sample = any

export const DATACENTER = '5a029f4a-72e5-11ec-90d6-0242ac120003'

// Throw-away public keys: 32 bytes that count up from `seed`.
export function publicKey(seed: number): string {
  return Buffer.from(Array.from({ length: 32 }, (_, index) => (seed * 7 + index) & 0xff)).toString('base64')
}

export function peer(name: string, seed: number): Sample {
  return { name, publicKey: publicKey(seed), allowedIPs: [`10.99.0.${seed}/32`] }
}

function wireguardGateway(name: string, seed: number): Sample {
  return {
    name,
    gatewayIP: `203.0.113.${seed}`,
    interfaceIPv4CIDR: '10.99.0.1/24',
    privateKey: { env: `${name.toUpperCase()}_KEY` },
    connections: [{ datacenterId: DATACENTER, lanId: String(seed), ipv4CIDR: `192.168.${seed}.100/24` }],
    peers: [peer('anna', 2), peer('ben', 3)],
  }
}

const phase = () => ({
  diffieHellmanGroup: '19-ECP256',
  encryptionAlgorithm: 'AES256-GCM-16',
  integrityAlgorithm: 'SHA256',
})

export function tunnel(name: string, seed: number): Sample {
  return {
    name,
    remoteHost: `vpn.${name}.example.com`,
    auth: { method: 'PSK', psk: { key: { env: `${name.toUpperCase()}_PSK` } } },
    ike: phase(),
    esp: phase(),
    cloudNetworkCIDRs: ['192.168.1.0/24'],
    peerNetworkCIDRs: [`10.${seed}.0.0/16`],
  }
}

function ipsecGateway(name: string, seed: number): Sample {
  return {
    name,
    gatewayIP: `203.0.113.${seed}`,
    connections: [{ datacenterId: DATACENTER, lanId: String(seed), ipv4CIDR: '192.168.1.100/24' }],
    tunnels: [tunnel('berlin', 20), tunnel('paris', 21)],
  }
}

/** Two WireGuard gateways and one IPSec gateway. */
export function sample(): Sample {
  return {
    version: 1,
    stack: 'acme-prod',
    location: 'de/fra',
    wireguardGateways: [wireguardGateway('hq', 10), wireguardGateway('lab', 11)],
    ipsecGateways: [ipsecGateway('branch', 12)],
  }
}

/** A sample as the text of a file. */
export function toYaml(value: Sample): string {
  return stringify(value)
}
