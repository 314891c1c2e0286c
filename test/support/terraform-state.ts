import { EXAMPLE_ENV } from './examples.ts'

/** The ids of the resources of {@link terraformState}. */
export const STATE_IDS = {
  hq: '8b3e4d2a-5f61-4c07-9a1e-2d7c6f8b0a11',
  anna: '1f0c9a55-2d34-4e8b-b6a7-90c1d2e3f411',
  ben: '2a1d0b66-3e45-4f9c-87b8-a1d2e3f40522',
  branch: '3b2e1c77-4f56-4aad-98c9-b2e3f4051633',
  berlin: '4c3f2d88-5067-4bbe-a9da-c3f405162744',
} as const

/** Made for tests, used nowhere else. */
export const STATE_PSK = 'throw-away-psk-of-a-state-with-enough-bits-7'
const STATE_KEY = EXAMPLE_ENV.QUICKSTART_PRIVATE_KEY ?? ''

const connection = {
  datacenter_id: '5a029f4a-72e5-11ec-90d6-0242ac120003',
  lan_id: '2',
  ipv4_cidr: '192.168.1.100/24',
  ipv6_cidr: '',
}
const phase = {
  diffie_hellman_group: '19-ECP256',
  encryption_algorithm: 'AES256-GCM-16',
  integrity_algorithm: 'SHA256',
}

/** A state as Terraform 1.9 writes it for version 6.7 of the provider: what is not set is null, empty or 0. */
export function terraformState(): State {
  return {
    version: 4,
    terraform_version: '1.9.8',
    serial: 12,
    lineage: '6f1d2c3b-4a59-4687-8796-a5b4c3d2e1f0',
    outputs: {},
    resources: [
      managed('ionoscloud_vpn_wireguard_gateway', 'hq', [
        {
          id: STATE_IDS.hq,
          name: 'hq',
          description: 'Head office',
          location: 'de/fra',
          gateway_ip: '203.0.113.10',
          interface_ipv4_cidr: '10.99.0.1/24',
          interface_ipv6_cidr: '',
          connections: [connection],
          private_key: STATE_KEY,
          public_key: 'not-compared',
          listen_port: 51820,
          tier: 'STANDARD',
          maintenance_window: [{ time: '03:00:00', day_of_the_week: 'Sunday' }],
          status: 'AVAILABLE',
          timeouts: null,
        },
      ]),
      managed(
        'ionoscloud_vpn_wireguard_peer',
        'laptops',
        [
          {
            id: STATE_IDS.anna,
            gateway_id: STATE_IDS.hq,
            location: 'de/fra',
            name: 'anna-laptop',
            description: '',
            endpoint: [],
            allowed_ips: ['10.99.0.2/32'],
            public_key: 'SfwTrc5AWuqT5MS7wvXHB4hIVfCYzIOZ3oha4kt5cxs=',
            status: 'AVAILABLE',
            timeouts: null,
          },
          {
            id: STATE_IDS.ben,
            gateway_id: STATE_IDS.hq,
            location: 'de/fra',
            name: 'site-b',
            description: null,
            endpoint: [{ host: '198.51.100.20', port: 51820 }],
            allowed_ips: ['10.99.0.3/32', '10.20.0.0/16'],
            public_key: 'AUZamfNQEsqO/M8dQQikOYVVHO/6RRyf9ZXK/86l3mc=',
            status: 'AVAILABLE',
            timeouts: null,
          },
        ],
        ['anna-laptop', 'site-b'],
      ),
      {
        module: 'module.branch["one"]',
        ...managed('ionoscloud_vpn_ipsec_gateway', 'this', [
          {
            id: STATE_IDS.branch,
            name: 'branch',
            description: null,
            location: null,
            gateway_ip: '203.0.113.11',
            version: 'IKEv2',
            connections: [{ ...connection, lan_id: '3', ipv4_cidr: '192.168.3.100/24' }],
            tier: 'STANDARD',
            maintenance_window: [],
            timeouts: null,
          },
        ]),
      },
      {
        module: 'module.branch["one"]',
        ...managed(
          'ionoscloud_vpn_ipsec_tunnel',
          'office',
          [
            {
              id: STATE_IDS.berlin,
              gateway_id: STATE_IDS.branch,
              location: null,
              name: 'berlin',
              description: null,
              remote_host: 'vpn.berlin.example.com',
              auth: [{ method: 'PSK', psk_key: STATE_PSK }],
              ike: [{ ...phase, lifetime: 86400 }],
              esp: [{ ...phase, lifetime: 7200 }],
              cloud_network_cidrs: ['192.168.3.0/24'],
              peer_network_cidrs: ['10.30.0.0/16'],
              timeouts: null,
            },
          ],
          [0],
        ),
      },
      managed('ionoscloud_datacenter', 'main', [{ id: connection.datacenter_id, name: 'main' }]),
      { ...managed('ionoscloud_vpn_wireguard_gateway', 'other', [{ id: 'x', name: 'x' }]), mode: 'data' },
    ],
    check_results: null,
  }
}

/** A state in parts that a test can change. */
export interface State {
  [key: string]: unknown
  resources: StateResource[]
}

interface StateResource {
  [key: string]: unknown
  instances: { [key: string]: unknown; attributes: Record<string, unknown> }[]
}

function managed(
  type: string,
  name: string,
  all: readonly Record<string, unknown>[],
  keys: readonly (string | number)[] = [],
): StateResource {
  return {
    mode: 'managed',
    type,
    name,
    provider: 'provider["registry.terraform.io/ionos-cloud/ionoscloud"]',
    instances: all.map((attributes, index) => ({
      ...(keys[index] === undefined ? {} : { index_key: keys[index] }),
      schema_version: 0,
      attributes,
      sensitive_attributes: [],
      private: 'bnVsbA==',
    })),
  }
}

/** The resources of {@link terraformState} as requests: path below the endpoint, and properties. */
export const STATE_REQUESTS: readonly (readonly [string, Record<string, unknown>])[] = [
  [
    `wireguardgateways/${STATE_IDS.hq}`,
    {
      name: 'hq',
      description: 'Head office',
      gatewayIP: '203.0.113.10',
      interfaceIPv4CIDR: '10.99.0.1/24',
      connections: [{ datacenterId: connection.datacenter_id, lanId: '2', ipv4CIDR: '192.168.1.100/24' }],
      privateKey: STATE_KEY,
      maintenanceWindow: { time: '03:00:00', dayOfTheWeek: 'Sunday' },
    },
  ],
  [
    `wireguardgateways/${STATE_IDS.hq}/peers/${STATE_IDS.anna}`,
    {
      name: 'anna-laptop',
      allowedIPs: ['10.99.0.2/32'],
      publicKey: 'SfwTrc5AWuqT5MS7wvXHB4hIVfCYzIOZ3oha4kt5cxs=',
    },
  ],
  [
    `wireguardgateways/${STATE_IDS.hq}/peers/${STATE_IDS.ben}`,
    {
      name: 'site-b',
      endpoint: { host: '198.51.100.20', port: 51820 },
      allowedIPs: ['10.99.0.3/32', '10.20.0.0/16'],
      publicKey: 'AUZamfNQEsqO/M8dQQikOYVVHO/6RRyf9ZXK/86l3mc=',
    },
  ],
  [
    `ipsecgateways/${STATE_IDS.branch}`,
    {
      name: 'branch',
      gatewayIP: '203.0.113.11',
      connections: [{ datacenterId: connection.datacenter_id, lanId: '3', ipv4CIDR: '192.168.3.100/24' }],
    },
  ],
  [
    `ipsecgateways/${STATE_IDS.branch}/tunnels/${STATE_IDS.berlin}`,
    {
      name: 'berlin',
      remoteHost: 'vpn.berlin.example.com',
      auth: { method: 'PSK', psk: { key: STATE_PSK } },
      ike: phaseOf(86400),
      esp: phaseOf(7200),
      cloudNetworkCIDRs: ['192.168.3.0/24'],
      peerNetworkCIDRs: ['10.30.0.0/16'],
    },
  ],
]

function phaseOf(lifetime: number): Record<string, unknown> {
  return {
    diffieHellmanGroup: phase.diffie_hellman_group,
    encryptionAlgorithm: phase.encryption_algorithm,
    integrityAlgorithm: phase.integrity_algorithm,
    lifetime,
  }
}
