import { DEFAULT_LOCATION, LOCATIONS } from '../kinds/locations.ts'
import type { JsonSchema } from '../model/resource.ts'

// Fields of the file that are ours and not the API's.

/** Fields that every resource may have in addition to the API's own. */
export const RESOURCE_MEMBERS: Readonly<Record<string, JsonSchema>> = {
  id: {
    type: 'string',
    format: 'uuid',
    description:
      'Id of a live resource, to take over one that this stack does not own. Left out: derived from the stack and the address.',
    examples: ['0b1f6e1c-3c0a-4c57-9e0b-1c5d2f3a4b5c'],
  },
  renamedFrom: {
    type: 'string',
    minLength: 1,
    maxLength: 255,
    description:
      'The name that it had before: renames in place, without a gap. Remove the line once it is applied. Exception: where a was renamed to b, and c to a, keep both lines.',
    examples: ['old-name'],
  },
  protect: {
    type: 'boolean',
    default: false,
    description:
      'True refuses every plan that would delete or replace it, as long as the entry is in the files. To protect it also when the entry is removed, name it in protected:.',
    examples: [true],
  },
  ensure: {
    type: 'string',
    enum: ['present', 'absent'],
    default: 'present',
    description:
      '"absent" deletes it. What this stack owns is found by its address; for anything else, the entry needs its id.',
    examples: ['absent'],
  },
}

/** Fields that a resource inside of another one may have in addition. */
export const CHILD_MEMBERS: Readonly<Record<string, JsonSchema>> = {
  expires: {
    type: 'string',
    format: 'date',
    description:
      'Last day on which it exists, YYYY-MM-DD in UTC. From the next day on it is handled as with "ensure: absent".',
    examples: ['2030-12-31'],
  },
}

/** Where a gateway is; documents have the same field as their default. */
export const locationSchema = (description: string): JsonSchema => ({
  type: 'string',
  enum: Object.keys(LOCATIONS),
  description,
  examples: [DEFAULT_LOCATION],
})

/** A reference to a secret. */
export const SECRET_SCHEMA: JsonSchema = {
  description: 'Where the secret is read from; the file never contains the value itself.',
  oneOf: [
    {
      type: 'object',
      description: 'From an environment variable.',
      required: ['env'],
      additionalProperties: false,
      properties: {
        env: {
          type: 'string',
          pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
          description: 'Name of the environment variable.',
          examples: ['HQ_WIREGUARD_PRIVATE_KEY'],
        },
      },
    },
    {
      type: 'object',
      description: 'From a file.',
      required: ['file'],
      additionalProperties: false,
      properties: {
        file: {
          type: 'string',
          minLength: 1,
          description: 'Path of the file, relative to this YAML file. A newline at its end is dropped.',
          examples: ['secrets/hq.key'],
        },
      },
    },
  ],
  examples: [{ env: 'HQ_WIREGUARD_PRIVATE_KEY' }, { file: 'secrets/hq.key' }],
}

const accessWordSchema = (description: string, example: string): JsonSchema => ({
  type: 'string',
  minLength: 1,
  description: `${description}: an IP address, a network, * for all, a pattern of addresses whose beginning may be left out, or the name of a LAN (LAN 2).`,
  examples: [example],
})

const accessRuleSchema = (description: string): JsonSchema => ({
  type: 'object',
  description,
  required: ['from', 'to'],
  additionalProperties: false,
  properties: {
    from: accessWordSchema('Who sends', 'peers/contractor-*'),
    to: accessWordSchema('Where it is sent', '10.20.0.0/16'),
    except: {
      type: 'array',
      description: 'What the rule is not about, on either side.',
      items: accessWordSchema('One exception', '10.20.5.0/24'),
      examples: [['10.20.5.0/24']],
    },
  },
  examples: [{ from: 'peers/contractor-*', to: '10.20.0.0/16' }],
})

/** Fields of a document in addition to the lists of resources. */
export const DOCUMENT_MEMBERS: Readonly<Record<string, JsonSchema>> = {
  version: {
    type: 'integer',
    const: 1,
    description: 'Version of the file format: 1.',
    examples: [1],
  },
  stack: {
    type: 'string',
    minLength: 1,
    maxLength: 255,
    description:
      'Whose resources these are. Part of every id that is derived: changing it orphans all that was made under the old name.',
    examples: ['acme-prod'],
  },
  location: locationSchema(
    `Location of the gateways in this document that name none. ${DEFAULT_LOCATION} when left out; de/fra/1 and de/fra/2 are other names of it.`,
  ),
  locations: {
    type: 'array',
    minItems: 1,
    description:
      'The only locations that a run reads. Left out: all locations of the service. Those without a gateway of the files are read to find what this stack left there.',
    items: locationSchema('A location.'),
    examples: [[DEFAULT_LOCATION, 'de/txl']],
  },
  protected: {
    type: 'array',
    description:
      'Addresses that must not be deleted, also after they have left the file. * matches any characters; children are ADDRESS/*.',
    items: {
      type: 'string',
      minLength: 1,
      description: 'An address or a pattern of addresses.',
      examples: ['wireguardgateways/hq'],
    },
    examples: [['wireguardgateways/hq', 'ipsecgateways/*']],
  },
  released: {
    type: 'array',
    description:
      'Resources of this stack that it no longer manages, with everything below them: no command changes or deletes them. Keep an entry as long as the resource exists.',
    items: {
      type: ['string', 'object'],
      minLength: 1,
      required: ['address'],
      additionalProperties: false,
      description: 'An address or an id, or a mapping with a reason.',
      properties: {
        address: {
          type: 'string',
          minLength: 1,
          description: 'An address (with the location in front where needed) or an id.',
          examples: ['wireguardgateways/lab'],
        },
        reason: {
          type: 'string',
          minLength: 1,
          description: 'Why it was released, for those who read the plan.',
          examples: ['moved to the stack acme-dev'],
        },
      },
      examples: [
        'wireguardgateways/lab',
        { address: 'wireguardgateways/lab', reason: 'moved to the stack acme-dev' },
      ],
    },
    examples: [[{ address: 'wireguardgateways/lab', reason: 'moved to the stack acme-dev' }]],
  },
  neighbours: {
    type: 'array',
    description:
      'Names of other stacks in the same contract. Their resources are recognised by their ids: shown in one line, not drift, and not deleted unless an entry has the id of one.',
    items: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description: 'The name of a stack.',
      examples: ['acme-dev'],
    },
    examples: [['acme-dev']],
  },
  drift: {
    type: 'object',
    description: 'How differences between the file and live are judged.',
    additionalProperties: false,
    properties: {
      ignore: {
        type: 'array',
        description: 'Differences that drift ignores.',
        items: {
          type: 'object',
          description: 'One ignored difference.',
          required: ['address'],
          additionalProperties: false,
          properties: {
            address: {
              type: 'string',
              minLength: 1,
              description:
                'An address or a pattern of addresses; * matches any characters. Children are not included. With a field behind it (ADDRESS:tier) only that field.',
              examples: ['wireguardgateways/hq/peers/test-*'],
            },
            reason: {
              type: 'string',
              minLength: 1,
              description: 'Why it is accepted, for those who read the report.',
              examples: ['trial until the end of the quarter'],
            },
            until: {
              type: 'string',
              format: 'date',
              description: 'Last day on which it is accepted, YYYY-MM-DD.',
              examples: ['2030-12-31'],
            },
          },
        },
        examples: [[{ address: 'wireguardgateways/hq/peers/test-*', until: '2030-12-31' }]],
      },
    },
    examples: [{ ignore: [{ address: 'wireguardgateways/hq/peers/test-*' }] }],
  },
  access: {
    type: 'array',
    description:
      'Who has to reach what, and who must not. Checked offline against the files, and in every plan against what is live after it.',
    items: {
      type: 'object',
      description: 'One rule: either allow or deny.',
      additionalProperties: false,
      minProperties: 1,
      maxProperties: 1,
      properties: {
        allow: accessRuleSchema('All packets from the one side to the other have to be delivered.'),
        deny: accessRuleSchema('No packet from the one side to the other may be delivered.'),
      },
      examples: [{ deny: { from: 'peers/contractor-*', to: '10.20.0.0/16' } }],
    },
    examples: [
      [
        { allow: { from: 'peers/anna-*', to: '192.168.1.0/24' } },
        { deny: { from: 'peers/contractor-*', to: '10.20.0.0/16', except: ['10.20.5.0/24'] } },
      ],
    ],
  },
  vars: {
    type: 'object',
    description:
      'Values of ${' +
      'var.NAME} in the strings of the files. A --var-file, VPNCTL_VAR_NAME and --var take precedence. Not for secrets.',
    propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_-]*$' },
    additionalProperties: {
      type: ['string', 'number', 'boolean'],
      description: 'The value of one variable.',
    },
    examples: [{ datacenter: '5a029f4a-72e5-11ec-90d6-0242ac120003' }],
  },
}
