import { wireguardGateway } from '../../src/kinds/wireguard/gateway.ts'
import { wireguardPeer } from '../../src/kinds/wireguard/peer.ts'
import type { PlainObject } from '../../src/model/json.ts'
import type { DesiredResource, DesiredState, ResourceKind } from '../../src/model/resource.ts'
import { Secret } from '../../src/model/secret.ts'

/** Gateways and the names of their peers. */
export type Estate = Readonly<Record<string, readonly string[]>>

/** A desired state of WireGuard gateways, as the YAML would give it. `revision` changes every peer's description. */
export function estateOf(estate: Estate, revision: Readonly<Record<string, string>> = {}): DesiredState {
  const resources: DesiredResource[] = []
  for (const [index, [name, peers]] of Object.entries(estate).entries()) {
    const gateway = resource(wireguardGateway, null, name, {
      gatewayIP: `203.0.113.${index + 1}`,
      interfaceIPv4CIDR: '10.99.0.1/24',
      connections: [
        {
          datacenterId: '5a029f4a-72e5-11ec-90d6-0242ac120003',
          lanId: '2',
          ipv4CIDR: `192.168.${index + 1}.100/24`,
        },
      ],
    })
    resources.push(gateway)
    for (const [peerIndex, peer] of peers.entries()) {
      resources.push(
        resource(wireguardPeer, gateway, peer, {
          publicKey: throwAwayKey(`${name}/${peer}`),
          allowedIPs: [`10.99.0.${peerIndex + 2}/32`],
          ...(revision[peer] === undefined ? {} : { description: revision[peer] }),
        }),
      )
    }
  }
  return { stack: 'test', locations: ['de/fra'], resources, protectedPatterns: [] }
}

function resource(
  kind: ResourceKind,
  parent: DesiredResource | null,
  name: string,
  spec: PlainObject,
): DesiredResource {
  const address = `${parent === null ? '' : `${parent.address}/`}${kind.collection}/${name}`
  return {
    kind,
    location: 'de/fra',
    name,
    address,
    protect: false,
    ensure: 'present',
    parent,
    spec: kind.normalise({ ...spec, name }),
    secrets: kind.secrets.map(({ path }) => ({
      path,
      reference: { from: 'env', name: 'KEY' },
      value: new Secret(throwAwayKey(address)),
    })),
    locate: () => undefined,
  }
}

/** 32 bytes of base64 that nobody uses. */
function throwAwayKey(seed: string): string {
  return Buffer.from(seed.padEnd(32, 'throw-away key for tests ')).subarray(0, 32).toString('base64')
}
