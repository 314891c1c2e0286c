import type { JsonSchema, ResourceKind } from '../../model/resource.ts'
import { emptyIsAbsent, host, integer, network, objectOf, optionalText, setOf, specOf } from '../canonical.ts'
import { COSMETIC } from '../cosmetic-fields.ts'
import { tunnelRole } from '../network-roles.ts'
import { PSK_NAMES } from '../other-names.ts'
import { descriptionSchema, nameSchema, networksSchema, YAML_OVERLAY } from '../schema-parts.ts'
import { tunnelFields, tunnelSummary } from '../summaries.ts'
import { ipsecGateway } from './gateway.ts'
import { tunnelProbing } from './probing.ts'
import { areTwoEnds } from './two-ends.ts'

const IKE_LIFETIME = 86400
const ESP_LIFETIME = 3600
const defaults = { auth: { method: 'PSK' }, ike: { lifetime: IKE_LIFETIME }, esp: { lifetime: ESP_LIFETIME } }
const PROPOSAL =
  'the tunnel is down until the other end offers the same algorithms: let it offer both first, then apply, then remove the old ones there'
const NETWORKS =
  'the tunnel is down, or lacks networks, until the other end mirrors them: apply, then make the other end match at once'

const phaseSchema = (phase: string, lifetime: JsonSchema): JsonSchema => ({
  type: 'object',
  description: `${phase} settings. Algorithms that are left out are chosen by the service, and kept.`,
  additionalProperties: false,
  properties: {
    diffieHellmanGroup: {
      type: 'string',
      enum: [
        '15-MODP3072',
        '16-MODP4096',
        '19-ECP256',
        '20-ECP384',
        '21-ECP521',
        '28-ECP256BP',
        '29-ECP384BP',
        '30-ECP512BP',
      ],
      description: 'Key exchange group.',
      examples: ['19-ECP256'],
    },
    encryptionAlgorithm: {
      type: 'string',
      enum: [
        'AES128-CTR',
        'AES256-CTR',
        'AES128-GCM-16',
        'AES256-GCM-16',
        'AES128-GCM-12',
        'AES256-GCM-12',
        'AES128-CCM-12',
        'AES256-CCM-12',
        'AES128',
        'AES256',
      ],
      description: 'Cipher.',
      examples: ['AES256'],
    },
    integrityAlgorithm: {
      type: 'string',
      enum: ['SHA256', 'SHA384', 'SHA512', 'AES-XCBC'],
      description: 'Integrity algorithm.',
      examples: ['SHA256'],
    },
    lifetime,
  },
  examples: [
    { diffieHellmanGroup: '19-ECP256', encryptionAlgorithm: 'AES256', integrityAlgorithm: 'SHA256' },
  ],
})

const keySchema: JsonSchema = {
  type: 'string',
  format: 'password',
  minLength: 1,
  writeOnly: true,
  description:
    'The key, the same on both ends. A reference: { env: NAME } or { file: path }. The API does not return it, so a change by someone else cannot be detected.',
  examples: [{ env: 'BERLIN_PSK' }],
  [YAML_OVERLAY]: { $ref: '#/$defs/secret' },
}

const rotatedAtSchema: JsonSchema = {
  type: 'string',
  format: 'date-time',
  description:
    'When the key was replaced, for instance 2026-11-27T10:00:00Z. The key is sent again while the last change of the tunnel is older than this. Must not be in the future.',
  examples: ['2026-11-27T10:00:00Z'],
}

const algorithms = ['diffieHellmanGroup', 'encryptionAlgorithm', 'integrityAlgorithm']

export const ipsecTunnel: ResourceKind = {
  name: 'ipsec-tunnel',
  title: 'IPSec tunnel',
  noun: 'tunnel',
  yamlKey: 'tunnels',
  collection: 'tunnels',
  parent: ipsecGateway,
  failsAfterDelete: true,
  schema: {
    type: 'object',
    description: 'An IPSec tunnel to a remote site.',
    required: ['name', 'remoteHost', 'auth', 'ike', 'esp', 'cloudNetworkCIDRs', 'peerNetworkCIDRs'],
    additionalProperties: false,
    properties: {
      name: nameSchema('tunnel', 'berlin'),
      description: descriptionSchema('tunnel', 'Office in Berlin'),
      remoteHost: {
        type: 'string',
        minLength: 1,
        maxLength: 255,
        description: 'Public IPv4 address or fully qualified host name of the other end. No IPv6.',
        examples: ['vpn.berlin.example.com'],
      },
      auth: {
        type: 'object',
        description: 'How the two ends prove who they are.',
        required: ['method', 'psk'],
        additionalProperties: false,
        properties: {
          method: {
            type: 'string',
            enum: ['PSK'],
            default: 'PSK',
            description: 'Pre-shared key; the API has no other.',
            examples: ['PSK'],
          },
          psk: {
            type: 'object',
            description: 'The pre-shared key.',
            required: ['key'],
            additionalProperties: false,
            properties: { key: keySchema },
            [YAML_OVERLAY]: { properties: { key: keySchema, rotatedAt: rotatedAtSchema } },
            examples: [{ key: { env: 'BERLIN_PSK' } }],
          },
        },
        [YAML_OVERLAY]: { required: ['psk'] },
        examples: [{ method: 'PSK', psk: { key: { env: 'BERLIN_PSK' } } }],
      },
      ike: phaseSchema('Phase 1 (IKE)', {
        type: 'integer',
        minimum: 3600,
        maximum: 86400,
        default: IKE_LIFETIME,
        description: 'Seconds until the phase is negotiated again.',
        examples: [IKE_LIFETIME],
      }),
      esp: phaseSchema('Phase 2 (ESP)', {
        type: 'integer',
        minimum: 600,
        maximum: 86400,
        default: ESP_LIFETIME,
        description:
          'Seconds until the phase is negotiated again. The descriptions of the API differ in the range; all allow 3600 to 14400, and another value is a warning (VPN369).',
        examples: [ESP_LIFETIME],
      }),
      cloudNetworkCIDRs: networksSchema(
        'Networks on the cloud side that may use the tunnel, 1 to 20. Their order means nothing.',
        ['192.168.1.0/24'],
      ),
      peerNetworkCIDRs: networksSchema(
        'Networks on the remote side that may use the tunnel, 1 to 20. Their order means nothing.',
        ['10.20.0.0/16'],
      ),
    },
  },
  defaults,
  otherNames: {
    ...PSK_NAMES,
    psk: PSK_NAMES.key,
    leftsubnet: 'write the networks of the cloud in cloudNetworkCIDRs',
    rightsubnet: 'write the networks of the other end in peerNetworkCIDRs',
    right: 'write the address or name of the other end in remoteHost',
    peer: 'write the address or name of the other end in remoteHost',
  },
  serverChosen: ['ike', 'esp'].flatMap((phase) => algorithms.map((algorithm) => [phase, algorithm])),
  secrets: [
    {
      path: ['auth', 'psk', 'key'],
      rotatedAt: ['auth', 'psk', 'rotatedAt'],
      isReal: (returned) => !looksRedacted(returned),
      problem: (secret) => (secret.reveal().trim() === '' ? 'is empty' : undefined),
      trim: true,
      whenShared: { severity: 'warning', effect: 'each site can impersonate the other' },
      mayShare: areTwoEnds,
      example: 'openssl rand -base64 32',
      variable: 'PSK',
    },
  ],
  sets: [['cloudNetworkCIDRs'], ['peerNetworkCIDRs']],
  claims: [{ type: 'slot', scope: 'siblings', capacity: 20 }],
  // Lifetimes are not negotiated: each end renews the keys by its own.
  disruptive: [
    {
      path: ['remoteHost'],
      effect:
        'the tunnel is down until the other end uses the new host as its own identity: prepare it there first, then apply',
      otherEnd: true,
    },
    {
      path: ['auth', 'psk', 'key'],
      effect: 'the tunnel is down until the other end has the same key: apply, then set it there at once',
      otherEnd: true,
    },
    ...['ike', 'esp'].flatMap((phase) =>
      algorithms.map((algorithm) => ({
        path: [phase, algorithm],
        effect: PROPOSAL,
        otherEnd: true as const,
      })),
    ),
    { path: ['cloudNetworkCIDRs'], effect: NETWORKS, otherEnd: true },
    { path: ['peerNetworkCIDRs'], effect: NETWORKS, otherEnd: true },
  ],
  fingerprint: [['remoteHost'], ['cloudNetworkCIDRs'], ['peerNetworkCIDRs']],
  normalise: specOf(
    {
      description: optionalText,
      remoteHost: host,
      auth: objectOf({ psk: emptyIsAbsent }, defaults.auth),
      ike: objectOf({ lifetime: integer }, defaults.ike),
      esp: objectOf({ lifetime: integer }, defaults.esp),
      cloudNetworkCIDRs: setOf(network),
      peerNetworkCIDRs: setOf(network),
    },
    defaults,
  ),
  risk: () => undefined,
  drift: {
    unmanaged: 'critical',
    missing: 'warning',
    fields: [
      // The traffic of a whole site goes to whoever is named here.
      { path: ['remoteHost'], severity: 'critical' },
      { path: ['auth'], severity: 'critical' },
      ...COSMETIC,
    ],
  },
  terraform: {
    type: 'ionoscloud_vpn_ipsec_tunnel',
    parentId: 'gateway_id',
    fields: [{ attribute: ['auth', 'psk_key'], field: ['auth', 'psk', 'key'] }],
    computed: ['id', 'location', 'timeouts'],
  },
  probing: tunnelProbing,
  summary: tunnelSummary,
  network: tunnelRole,
  named: tunnelFields,
}

// It is not known what a read contains in place of the key. One character repeated, or a word for a mask, is not a key.
function looksRedacted(returned: string): boolean {
  const text = returned.trim()
  return text === '' || /^(.)\1*$/.test(text) || /redact|mask|hidden|secret|sensitive|omitted/i.test(text)
}
