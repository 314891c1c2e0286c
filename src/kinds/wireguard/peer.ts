import type { PlainObject } from '../../model/json.ts'
import type { ResourceKind } from '../../model/resource.ts'
import { host, integer, network, objectWith, optionalText, publicKey, setOf, specOf } from '../canonical.ts'
import { COSMETIC } from '../cosmetic-fields.ts'
import { parsePlainIp, wholeFamily } from '../ip.ts'
import { peerRole } from '../network-roles.ts'
import { descriptionSchema, nameSchema, networksSchema } from '../schema-parts.ts'
import { peerFields, peerSummary } from '../summaries.ts'
import { texts } from '../texts.ts'
import { wireguardGateway } from './gateway.ts'
import { peerProbing } from './probing.ts'

const DEFAULT_PORT = 51820

const NO_PSK =
  'the API has no pre-shared key for WireGuard peers: remove it, here and in the configuration of the peer'

export const wireguardPeer: ResourceKind = {
  name: 'wireguard-peer',
  title: 'WireGuard peer',
  noun: 'peer',
  yamlKey: 'peers',
  collection: 'peers',
  parent: wireguardGateway,
  schema: {
    type: 'object',
    description: 'A WireGuard peer: someone, or something, that may connect to the gateway.',
    required: ['name', 'publicKey', 'allowedIPs'],
    additionalProperties: false,
    properties: {
      name: nameSchema('peer', 'anna-laptop'),
      description: descriptionSchema('peer', 'Laptop of the on-call engineer'),
      endpoint: {
        type: 'object',
        description: 'Where the gateway can reach the peer. Left out for peers that only dial in.',
        required: ['host'],
        additionalProperties: false,
        properties: {
          host: {
            type: 'string',
            minLength: 1,
            maxLength: 255,
            description: 'Host name or IPv4 address of the peer.',
            examples: ['198.51.100.20'],
          },
          port: {
            type: 'integer',
            minimum: 0,
            maximum: 65535,
            default: DEFAULT_PORT,
            description: 'UDP port of the peer.',
            examples: [DEFAULT_PORT],
          },
        },
        examples: [{ host: '198.51.100.20', port: DEFAULT_PORT }],
      },
      allowedIPs: networksSchema(
        'Networks behind the peer, 1 to 20. A single address is a.b.c.d/32; 0.0.0.0/0 or ::/0 means everything. Their order means nothing.',
        ['10.99.0.2/32'],
      ),
      publicKey: {
        type: 'string',
        minLength: 1,
        description: 'WireGuard public key of the peer, 32 bytes of base64 as `wg pubkey` prints them.',
        examples: ['UkVQTEFDRS1XSVRILVRIRS1LRVktT0YtQS1ERVZJQ0U='],
      },
    },
  },
  otherNames: {
    presharedkey: NO_PSK,
    pskkey: NO_PSK,
    psk: NO_PSK,
    persistentkeepalive:
      'the API has no keepalive: write PersistentKeepalive in the configuration of the peer (--keepalive of peer-config)',
    address: 'write the address of the peer in allowedIPs, as a.b.c.d/32',
    dns: 'DNS belongs in the configuration of the peer (--dns of peer-config)',
    mtu: 'MTU belongs in the configuration of the peer',
    privatekey: 'the private key stays on the device of the peer: write only its publicKey',
  },
  defaults: { endpoint: { port: DEFAULT_PORT } },
  serverChosen: [],
  secrets: [],
  sets: [['allowedIPs']],
  claims: [
    { type: 'slot', scope: 'siblings', capacity: 20 },
    { type: 'value', path: ['publicKey'], scope: 'siblings', capacity: 1 },
  ],
  disruptive: [
    {
      path: ['publicKey'],
      effect: 'the peer cannot connect until it uses the matching private key: apply, then set it there',
      otherEnd: true,
    },
    {
      path: ['allowedIPs'],
      effect:
        'packets from addresses that are removed are dropped at once; to move a peer, add the new addresses, change the device, then remove the old ones',
      otherEnd: true,
      onRemoval: true,
    },
    {
      path: ['endpoint'],
      effect:
        'the gateway dials the peer at the new endpoint, or no longer: let the peer listen there, or dial in, first, then apply',
      otherEnd: true,
    },
  ],
  fingerprint: [['publicKey']],
  normalise: specOf({
    description: optionalText,
    endpoint: objectWith('host', { host, port: integer }, { port: DEFAULT_PORT }),
    allowedIPs: setOf(network),
    publicKey,
  }),
  risk: reachesEverything,
  drift: {
    unmanaged: 'critical',
    missing: 'warning',
    fields: [
      // Whoever has the other half of the key is in.
      { path: ['publicKey'], severity: 'critical' },
      ...COSMETIC,
    ],
  },
  terraform: {
    type: 'ionoscloud_vpn_wireguard_peer',
    parentId: 'gateway_id',
    computed: ['id', 'location', 'status', 'timeouts'],
  },
  probing: peerProbing,
  summary: peerSummary,
  network: peerRole,
  named: peerFields,
}

function reachesEverything(spec: PlainObject): string | undefined {
  const networks = texts(spec.allowedIPs).flatMap((text) => {
    const range = parsePlainIp(text)
    return range === undefined ? [] : [{ text, range }]
  })
  // One that covers everything says it all; halves of it do so together.
  const all = networks.filter(({ range }) => range.prefix === 0).slice(0, 1)
  const whole = all.length > 0 ? all : wholeFamily(networks)
  return whole === undefined
    ? undefined
    : `may send from every address (${whole.map(({ text }) => text).join(', ')})`
}
