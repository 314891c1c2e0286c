import type { JsonSchema } from '../model/resource.ts'

/** The member of a kind's schema that says what the YAML file may contain in place of what the API wants. */
export const YAML_OVERLAY = 'x-yaml'

const clearable = (maxLength: number): JsonSchema => ({ type: ['string', 'null'], minLength: 0, maxLength })

/** Name of a resource. The length is documented for peers and applied to the others by analogy. */
export const nameSchema = (thing: string, example: string): JsonSchema => ({
  type: 'string',
  minLength: 1,
  maxLength: 255,
  description: `Name of the ${thing}. Unique among its siblings in the file; the API itself allows duplicates.`,
  examples: [example],
})

/** Free text. Leaving it out, null and "" all clear it. */
export const descriptionSchema = (thing: string, example: string): JsonSchema => ({
  type: 'string',
  minLength: 1,
  maxLength: 1024,
  description: `Free text about the ${thing}. Left out, null or "" clears it.`,
  examples: [example],
  [YAML_OVERLAY]: clearable(1024),
})

export const gatewayIpSchema: JsonSchema = {
  type: 'string',
  format: 'ipv4',
  description:
    'Public IPv4 address of the gateway, from an IP block that is reserved in the location of the connected data center. Only one gateway can have it.',
  examples: ['203.0.113.10'],
}

const connectionSchema: JsonSchema = {
  type: 'object',
  description: 'One LAN that the gateway is attached to.',
  required: ['datacenterId', 'lanId', 'ipv4CIDR'],
  additionalProperties: false,
  properties: {
    datacenterId: {
      type: 'string',
      format: 'uuid',
      description: 'Id of the virtual data center of the LAN. The same in every connection of a gateway.',
      examples: ['5a029f4a-72e5-11ec-90d6-0242ac120003'],
    },
    lanId: {
      type: 'string',
      pattern: '^[0-9]+$',
      description: 'Number of the LAN.',
      examples: ['2'],
      [YAML_OVERLAY]: { type: ['string', 'integer'], minimum: 0 },
    },
    ipv4CIDR: {
      type: 'string',
      format: 'interface-ipv4',
      description:
        "The gateway's own address in the LAN, with the prefix length of the LAN's subnet. A host address: with a network address the gateway cannot be reached.",
      examples: ['192.168.1.100/24'],
    },
    ipv6CIDR: {
      type: 'string',
      format: 'interface-ipv6',
      description: "The gateway's own IPv6 address in the LAN, with the prefix length of the subnet.",
      examples: ['2001:db8:85a3::10/64'],
      [YAML_OVERLAY]: { type: ['string', 'null'] },
    },
  },
}

export const connectionsSchema: JsonSchema = {
  type: 'array',
  minItems: 1,
  maxItems: 10,
  description:
    'The LANs that the gateway is attached to, 1 to 10, all in one data center. Their order means nothing.',
  items: connectionSchema,
  examples: [
    [{ datacenterId: '5a029f4a-72e5-11ec-90d6-0242ac120003', lanId: '2', ipv4CIDR: '192.168.1.100/24' }],
  ],
}

export const tierSchema: JsonSchema = {
  type: 'string',
  enum: ['STANDARD', 'STANDARD_HA', 'ENHANCED', 'ENHANCED_HA', 'PREMIUM', 'PREMIUM_HA'],
  default: 'STANDARD',
  description: 'Size and redundancy class; `_HA` is highly available. Billed by class.',
  examples: ['STANDARD_HA'],
}

export const maintenanceWindowSchema: JsonSchema = {
  type: 'object',
  description:
    'Weekly window of four hours in which the service may do maintenance. Left out: the service chooses one, and keeps it.',
  required: ['time', 'dayOfTheWeek'],
  additionalProperties: false,
  properties: {
    time: {
      type: 'string',
      pattern: '^(2[0-3]|[01]?[0-9]):([0-5]?[0-9]):([0-5]?[0-9])$',
      description: 'Start in UTC, HH:MM:SS.',
      examples: ['03:00:00'],
    },
    dayOfTheWeek: {
      type: 'string',
      enum: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
      description: 'English name of the day.',
      examples: ['Sunday'],
    },
  },
  examples: [{ time: '03:00:00', dayOfTheWeek: 'Sunday' }],
}

/** Networks behind one side of a tunnel or behind a peer. */
export const networksSchema = (description: string, example: readonly string[]): JsonSchema => ({
  type: 'array',
  minItems: 1,
  maxItems: 20,
  description,
  items: {
    type: 'string',
    format: 'network',
    description: 'A network in CIDR form.',
    examples: [example[0]],
  },
  examples: [example],
})
