import { KINDS, kindsUnder } from '../kinds/index.ts'
import { YAML_OVERLAY } from '../kinds/schema-parts.ts'
import { isPlainObject } from '../model/json.ts'
import { optional } from '../model/optional.ts'
import type { JsonSchema, ResourceKind } from '../model/resource.ts'
import {
  CHILD_MEMBERS,
  DOCUMENT_MEMBERS,
  locationSchema,
  RESOURCE_MEMBERS,
  SECRET_SCHEMA,
} from './file-schema.ts'

const DIALECT = 'https://json-schema.org/draft/2020-12/schema'

/** The schema of one document of the YAML file, composed from the kinds. What files are checked against. */
export function fileSchema(): JsonSchema {
  return {
    $schema: DIALECT,
    title: 'vpnctl',
    description: 'The VPN gateways of one stack, as they should be.',
    type: 'object',
    required: ['version', 'stack'],
    additionalProperties: false,
    properties: {
      ...DOCUMENT_MEMBERS,
      ...Object.fromEntries(kindsUnder(null).map((kind) => [kind.yamlKey, listSchema(kind)])),
    },
    patternProperties: { '^x-': { description: 'Ignored: a place for anchors that the rest refers to.' } },
    $defs: {
      secret: SECRET_SCHEMA,
      ...Object.fromEntries(KINDS.map((kind) => [kind.name, resourceSchema(kind)])),
    },
  }
}

/** The schema of an API request's `properties`: a kind's own, without what is meant for the YAML file. */
export function apiSchema(kind: ResourceKind): JsonSchema {
  return mapSchema(kind.schema, ({ [YAML_OVERLAY]: _overlay, ...own }) => own)
}

function listSchema(kind: ResourceKind): JsonSchema {
  return {
    type: 'array',
    description:
      kind.parent === null ? `The ${kind.title}s.` : `The ${kind.title}s of the ${kind.parent.noun}.`,
    items: { $ref: `#/$defs/${kind.name}` },
    examples: [[exampleOf(kind)]],
  }
}

// `ensure: absent` wants something gone: nothing but its name matters then, and its id where it is not owned.
function resourceSchema(kind: ResourceKind): JsonSchema {
  const { required, anyOf, properties, ...own } = mapSchema(kind.schema, withOverlay)
  const children = kindsUnder(kind)
  return {
    ...own,
    if: { properties: { ensure: { const: 'absent' } }, required: ['ensure'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required: ['name'] },
    else: { required, ...optional({ anyOf }) },
    properties: {
      ...(properties as JsonSchema),
      ...RESOURCE_MEMBERS,
      ...canaryMember(kind),
      ...(kind.parent === null
        ? { location: locationSchema(`Location of the ${kind.title}, when it is not the document's.`) }
        : CHILD_MEMBERS),
      ...Object.fromEntries(children.map((child) => [child.yamlKey, listSchema(child)])),
    },
  }
}

function withOverlay({ [YAML_OVERLAY]: overlay, ...own }: JsonSchema): JsonSchema {
  if (!isPlainObject(overlay)) return own
  // A reference says all there is to say; the API's own constraints would contradict it.
  if ('$ref' in overlay) return { ...overlay, description: own.description, examples: own.examples }
  return { ...own, ...overlay }
}

// Applies `change` to a schema and every schema in it.
function mapSchema(schema: JsonSchema, change: (schema: JsonSchema) => JsonSchema): JsonSchema {
  const own = change(schema)
  const { properties, items } = own
  return {
    ...own,
    ...(isPlainObject(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, inner]) => [key, mapSchema(inner as JsonSchema, change)]),
          ),
        }
      : {}),
    ...(isPlainObject(items) ? { items: mapSchema(items as JsonSchema, change) } : {}),
  }
}

/** The field that makes a resource a canary, for kinds that have canaries. */
export function canaryMember({ probing }: ResourceKind): Readonly<Record<string, JsonSchema>> {
  const canary = probing?.canary
  return canary === undefined ? {} : { [canary.member]: mapSchema(canary.schema, withOverlay) }
}

// What a resource needs at least, each with the first example of its schema.
function exampleOf(kind: ResourceKind): Record<string, unknown> {
  const properties = kind.schema.properties as Readonly<Record<string, JsonSchema>>
  const needed = [
    ...((kind.schema.required ?? []) as readonly string[]),
    ...((((kind.schema.anyOf ?? []) as readonly JsonSchema[])[0]?.required ?? []) as readonly string[]),
  ]
  return Object.fromEntries(
    needed.map((key) => [key, (properties[key]?.examples as readonly unknown[] | undefined)?.[0]]),
  )
}
