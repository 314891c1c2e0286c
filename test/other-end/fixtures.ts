import { derivePublicKey } from '../../src/kinds/wireguard/keys.ts'
import { Secret } from '../../src/model/secret.ts'
import type { OtherEnd, OtherEndInput } from '../../src/peer-config/index.ts'

// Throw-away keys, made for these tests.
export const PEER_PRIVATE_KEY = Buffer.alloc(32, 7).toString('base64')
export const PEER_PUBLIC_KEY = publicKeyOf(PEER_PRIVATE_KEY)
export const GATEWAY_PUBLIC_KEY = publicKeyOf(Buffer.alloc(32, 9).toString('base64'))

/** A peer of a gateway with one LAN. */
export function peerInput(change: Partial<OtherEndInput> = {}): OtherEndInput {
  return {
    gateway: {
      name: 'hq',
      publicKey: GATEWAY_PUBLIC_KEY,
      spec: {
        gatewayIP: '203.0.113.10',
        listenPort: 51820,
        interfaceIPv4CIDR: '10.99.0.1/24',
        connections: [{ lanId: '2', ipv4CIDR: '192.168.1.100/24', ipv6CIDR: '2001:db8:1::10/64' }],
      },
    },
    child: { name: 'anna-laptop', spec: { publicKey: PEER_PUBLIC_KEY, allowedIPs: ['10.99.0.2/32'] } },
    ...change,
  }
}

/** A tunnel with every algorithm said. */
export function tunnelInput(change: Partial<OtherEndInput> = {}): OtherEndInput {
  return {
    gateway: { name: 'branch', spec: { gatewayIP: '203.0.113.11' } },
    child: {
      name: 'berlin',
      spec: {
        remoteHost: 'vpn.berlin.example.com',
        ike: phase('AES256-GCM-16', 'SHA256', '19-ECP256', 86400),
        esp: phase('AES256', 'SHA512', '16-MODP4096', 3600),
        cloudNetworkCIDRs: ['192.168.1.0/24'],
        peerNetworkCIDRs: ['10.20.0.0/16', '2001:db8:20::/48'],
      },
    },
    ...change,
  }
}

/** The settings of one phase. */
export function phase(cipher: string, integrity: string, group: string, lifetime: number) {
  return { encryptionAlgorithm: cipher, integrityAlgorithm: integrity, diffieHellmanGroup: group, lifetime }
}

/** The text, secrets revealed; fails on a refusal. */
export function textOf(otherEnd: OtherEnd): string {
  if (otherEnd.type === 'refused') throw new Error(otherEnd.problems.join('; '))
  return otherEnd.parts.map((part) => (part instanceof Secret ? part.reveal() : part)).join('')
}

/** What keeps it from being written. */
export function problemsOf(otherEnd: OtherEnd): readonly string[] {
  return otherEnd.type === 'refused' ? otherEnd.problems : []
}

function publicKeyOf(privateKey: string): string {
  const key = derivePublicKey(privateKey)
  if (key === undefined) throw new Error('no key')
  return key
}
