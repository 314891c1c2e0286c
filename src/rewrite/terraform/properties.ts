import {
  type FieldPath,
  formatPath,
  isPlainObject,
  type Plain,
  type PlainObject,
  withPath,
} from '../../model/json.ts'
import type { JsonSchema, ResourceKind } from '../../model/resource.ts'

/** The properties of a resource as the API has them, secrets included, and attributes that nothing is known of. */
export interface Properties {
  readonly values: PlainObject
  readonly unknown: readonly string[]
}

/** The attributes of a resource in a Terraform state as properties of the API. */
export function propertiesOf({ schema, terraform }: ResourceKind, attributes: PlainObject): Properties {
  const renamed = terraform?.fields ?? []
  const known = new Set([
    ...(terraform?.computed ?? []),
    ...(terraform?.parentId === undefined ? [] : [terraform.parentId]),
    ...renamed.map(({ attribute }) => formatPath(attribute)),
  ])
  const unknown: string[] = []
  let values = mapped(attributes, schema, [], known, unknown)
  for (const { attribute, field } of renamed) {
    const value = valueAt(attributes, attribute)
    if (!isEmpty(value)) values = withPath(values as Record<string, Plain>, field, value as Plain)
  }
  return { values, unknown }
}

// Nested blocks are lists of one in a state.
function mapped(
  attributes: PlainObject,
  schema: JsonSchema,
  path: FieldPath,
  known: ReadonlySet<string>,
  unknown: string[],
): PlainObject {
  const properties = isPlainObject(schema.properties) ? schema.properties : {}
  const fields = new Map(Object.keys(properties).map((field) => [folded(field), field]))
  const entries = Object.entries(attributes).flatMap(([name, value]): [string, Plain][] => {
    const here = [...path, name]
    const field = fields.get(folded(name))
    if (isEmpty(value) || known.has(formatPath(here))) return []
    if (field === undefined) {
      unknown.push(formatPath(here))
      return []
    }
    const inner = properties[field] as unknown as JsonSchema
    const found = mappedValue(value as Plain, inner, here, known, unknown)
    return found === undefined ? [] : [[field, found]]
  })
  return Object.fromEntries(entries)
}

function mappedValue(
  value: Plain,
  schema: JsonSchema,
  path: FieldPath,
  known: ReadonlySet<string>,
  unknown: string[],
): Plain | undefined {
  if (isPlainObject(schema.properties)) {
    const block = Array.isArray(value) ? (value as readonly Plain[])[0] : value
    return isPlainObject(block) ? mapped(block, schema, path, known, unknown) : undefined
  }
  if (!Array.isArray(value)) return value
  const items = isPlainObject(schema.items) ? (schema.items as unknown as JsonSchema) : {}
  return (value as readonly Plain[]).map((item) =>
    isPlainObject(item) ? mapped(item, items, path, known, unknown) : item,
  )
}

function valueAt(attributes: PlainObject, path: FieldPath): Plain | undefined {
  let at: Plain | undefined = attributes
  for (const step of path) {
    const block: Plain | undefined = Array.isArray(at) ? (at as readonly Plain[])[0] : at
    at = isPlainObject(block) ? block[step] : undefined
  }
  return at
}

// How Terraform writes what is not set.
function isEmpty(value: Plain | undefined): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    value === 0 ||
    (Array.isArray(value) && value.length === 0)
  )
}

function folded(name: string): string {
  return name.replaceAll('_', '').toLowerCase()
}
