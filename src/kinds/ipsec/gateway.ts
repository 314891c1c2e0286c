import type { ResourceKind } from '../../model/resource.ts'
import { specOf } from '../canonical.ts'
import {
  gatewayCanonical,
  gatewayDefaults,
  gatewayDisruptions,
  gatewayProperties,
  gatewayTraits,
} from '../gateway-fields.ts'
import { gatewayRole } from '../network-roles.ts'
import { gatewayFields, gatewaySummary } from '../summaries.ts'

const defaults = { ...gatewayDefaults, version: 'IKEv2' }

export const ipsecGateway: ResourceKind = {
  ...gatewayTraits,
  name: 'ipsec-gateway',
  title: 'IPSec gateway',
  noun: 'gateway',
  short: 'ipsec gw',
  yamlKey: 'ipsecGateways',
  collection: 'ipsecgateways',
  schema: {
    type: 'object',
    description: 'An IPSec gateway with its tunnels.',
    required: ['name', 'gatewayIP', 'connections'],
    additionalProperties: false,
    properties: {
      ...gatewayProperties('IPSec gateway', 'branch'),
      version: {
        type: 'string',
        enum: ['IKEv2'],
        default: defaults.version,
        description: 'IKE version of the tunnels.',
        examples: ['IKEv2'],
      },
    },
  },
  defaults,
  secrets: [],
  sets: [['connections']],
  disruptive: gatewayDisruptions,
  normalise: specOf(gatewayCanonical, defaults),
  terraform: { type: 'ionoscloud_vpn_ipsec_gateway', computed: ['id', 'location', 'timeouts'] },
  summary: gatewaySummary,
  network: gatewayRole,
  named: gatewayFields,
}
