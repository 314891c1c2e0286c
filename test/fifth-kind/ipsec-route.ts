import { integer, network, optionalText, specOf } from '../../src/kinds/canonical.ts'
import { COSMETIC } from '../../src/kinds/cosmetic-fields.ts'
import { ipsecTunnel } from '../../src/kinds/ipsec/tunnel.ts'
import { descriptionSchema, nameSchema } from '../../src/kinds/schema-parts.ts'
import type { ResourceKind } from '../../src/model/resource.ts'

const defaults = { metric: 100 }

/** A kind that the API does not have: a route in a tunnel. All that it takes to add one is a file like this. */
export const ipsecRoute: ResourceKind = {
  name: 'ipsec-route',
  title: 'IPSec route',
  noun: 'route',
  yamlKey: 'routes',
  collection: 'routes',
  parent: ipsecTunnel,
  schema: {
    type: 'object',
    description: 'A route in an IPSec tunnel.',
    required: ['name', 'network'],
    additionalProperties: false,
    properties: {
      name: nameSchema('route', 'warehouse'),
      description: descriptionSchema('route', 'The warehouse behind the office'),
      network: {
        type: 'string',
        format: 'network',
        description: 'The network that is reached.',
        examples: ['10.20.7.0/24'],
      },
      metric: {
        type: 'integer',
        minimum: 0,
        maximum: 1000,
        default: defaults.metric,
        description: 'The smaller one wins.',
        examples: [100],
      },
      via: {
        type: 'string',
        description: 'The route that this one goes over.',
        examples: ['office'],
      },
    },
  },
  defaults,
  serverChosen: [],
  secrets: [],
  sets: [],
  claims: [
    { type: 'slot', scope: 'siblings', capacity: 50 },
    { type: 'value', path: ['network'], scope: 'siblings', capacity: 1 },
  ],
  namesSiblings: [['via']],
  disruptive: [{ path: ['network'], effect: 'what is reached through the route moves' }],
  fingerprint: [['network']],
  normalise: specOf({ description: optionalText, network, metric: integer, via: optionalText }, defaults),
  risk: () => undefined,
  drift: {
    unmanaged: 'critical',
    missing: 'warning',
    fields: [{ path: ['network'], severity: 'critical' }, ...COSMETIC],
  },
}
