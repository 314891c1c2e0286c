import type { PlainObject } from '../../model/json.ts'
import type { KeyForm, LiveResource, ResourceKind, SecretVerdict } from '../../model/resource.ts'
import type { Secret } from '../../model/secret.ts'
import { integer, interfaceAddress, interfaceAddress6, specOf } from '../canonical.ts'
import {
  gatewayCanonical,
  gatewayDefaults,
  gatewayDisruptions,
  gatewayDrift,
  gatewayProperties,
  gatewayTraits,
} from '../gateway-fields.ts'
import { gatewayRole } from '../network-roles.ts'
import { YAML_OVERLAY } from '../schema-parts.ts'
import { gatewayFields, gatewaySummary } from '../summaries.ts'
import { derivePublicKey, keyBytes, pemPublicKey, rawPublicKey } from './keys.ts'
import { privateKeyProblem } from './private-key.ts'

const defaults = { ...gatewayDefaults, listenPort: 51820 }

export const wireguardGateway: ResourceKind = {
  ...gatewayTraits,
  name: 'wireguard-gateway',
  title: 'WireGuard gateway',
  noun: 'gateway',
  short: 'wg gateway',
  yamlKey: 'wireguardGateways',
  collection: 'wireguardgateways',
  schema: {
    type: 'object',
    description: 'A WireGuard gateway with its peers.',
    required: ['name', 'gatewayIP', 'connections', 'privateKey'],
    anyOf: [{ required: ['interfaceIPv4CIDR'] }, { required: ['interfaceIPv6CIDR'] }],
    additionalProperties: false,
    properties: {
      ...gatewayProperties('WireGuard gateway', 'hq'),
      interfaceIPv4CIDR: {
        type: 'string',
        format: 'interface-ipv4',
        description:
          'Address of the WireGuard interface with its prefix length. Needed unless interfaceIPv6CIDR is set.',
        examples: ['10.99.0.1/24'],
        [YAML_OVERLAY]: { type: ['string', 'null'] },
      },
      interfaceIPv6CIDR: {
        type: 'string',
        format: 'interface-ipv6',
        description:
          'IPv6 address of the WireGuard interface with its prefix length. The vendor remarks that it does not work yet.',
        examples: ['2001:db8:99::1/64'],
        [YAML_OVERLAY]: { type: ['string', 'null'] },
      },
      privateKey: {
        type: 'string',
        format: 'password',
        minLength: 1,
        writeOnly: true,
        description:
          'Private key of the gateway, 32 bytes of base64 as `wg genkey` prints them. A reference: { env: NAME } or { file: path }.',
        examples: [{ env: 'HQ_WIREGUARD_PRIVATE_KEY' }],
        [YAML_OVERLAY]: { $ref: '#/$defs/secret' },
      },
      listenPort: {
        type: 'integer',
        minimum: 0,
        maximum: 65535,
        default: defaults.listenPort,
        description: 'UDP port that the gateway listens on.',
        examples: [51820],
      },
    },
  },
  defaults,
  otherNames: {
    address: 'write the address of the interface in interfaceIPv4CIDR or interfaceIPv6CIDR',
    dns: 'DNS belongs in the configuration of each peer (--dns of peer-config)',
    mtu: 'the API has no MTU for gateways: remove it',
    table: 'the API has no routing table for gateways: remove it',
    preup: 'the API runs no commands on gateways: remove it',
    postup: 'the API runs no commands on gateways: remove it',
    predown: 'the API runs no commands on gateways: remove it',
    postdown: 'the API runs no commands on gateways: remove it',
    saveconfig: 'the service keeps the settings: remove it',
    publickey:
      'the public key follows from privateKey: remove it (vpnctl get ADDRESS --field publicKey shows it)',
  },
  secrets: [
    {
      path: ['privateKey'],
      verifiedBy: 'publicKey',
      verdict: comparePrivateKey,
      isReal: (returned) => keyBytes(returned.trim())?.some((byte) => byte !== 0) === true,
      problem: privateKeyProblem,
      trim: true,
      whenShared: {
        severity: 'error',
        effect: 'anyone who has the key can impersonate both gateways',
      },
      example: 'wg genkey',
      variable: 'WIREGUARD_PRIVATE_KEY',
    },
  ],
  sets: [['connections']],
  disruptive: [
    // The networks that a peer sends through the tunnel are those of the LANs.
    ...gatewayDisruptions.map((field) =>
      field.path[0] === 'connections' ? { ...field, otherEnd: true as const } : field,
    ),
    {
      path: ['privateKey'],
      effect:
        "peers are cut off until their configuration has the gateway's public key: apply, then update it where it differs",
      otherEnd: true,
    },
    {
      path: ['listenPort'],
      effect:
        "peers are cut off until their configuration has the gateway's port: apply, then update it where it differs",
      otherEnd: true,
    },
    ...['interfaceIPv4CIDR', 'interfaceIPv6CIDR'].map((field) => ({
      path: [field],
      effect:
        'traffic of all peers is interrupted: apply, then make addresses and networks of every peer match',
      otherEnd: true as const,
    })),
  ],
  normalise: specOf(
    {
      ...gatewayCanonical,
      interfaceIPv4CIDR: interfaceAddress,
      interfaceIPv6CIDR: interfaceAddress6,
      listenPort: integer,
    },
    defaults,
  ),
  drift: {
    ...gatewayDrift,
    fields: [{ path: ['privateKey'], severity: 'critical' }, ...gatewayDrift.fields],
  },
  terraform: {
    type: 'ionoscloud_vpn_wireguard_gateway',
    computed: ['id', 'location', 'public_key', 'status', 'timeouts'],
  },
  readBack: showPublicKey,
  summary: gatewaySummary,
  network: gatewayRole,
  named: gatewayFields,
}

// The API returns the public key in place of the private one: PEM in the example of the API documentation, perhaps raw base64.
// A form that is not known must not count as a difference, or every run would send the key again.
function comparePrivateKey(desired: Secret, live: LiveResource): SecretVerdict {
  const seen = live.metadata.publicKey === undefined ? undefined : rawPublicKey(live.metadata.publicKey)
  const wanted = seen === undefined ? undefined : publicKeyOf(desired, desired.reveal())
  if (seen === undefined || wanted === undefined) return 'unknown'
  return seen === wanted ? 'same' : 'changed'
}

const publicKeys = new WeakMap<Secret | PlainObject, { readonly key: string | undefined }>()

// Each plan of a run compares the same secrets, and each change of a status shows the same properties. Neither ever changes.
function publicKeyOf(holder: Secret | PlainObject, privateKey: string): string | undefined {
  const known = publicKeys.get(holder)
  if (known !== undefined) return known.key
  const key = derivePublicKey(privateKey)
  publicKeys.set(holder, { key })
  return key
}

function showPublicKey(properties: PlainObject, keyForm: KeyForm): PlainObject {
  const { privateKey } = properties
  const raw = typeof privateKey === 'string' ? publicKeyOf(properties, privateKey) : undefined
  if (raw === undefined) return {}
  return { publicKey: keyForm === 'pem' ? pemPublicKey(raw) : raw }
}
