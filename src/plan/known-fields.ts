import { type FieldPath, isPlainObject, type PlainObject } from '../model/json.ts'
import type { JsonSchema, ResourceKind } from '../model/resource.ts'

/** A live spec split into what the kind's schema knows and the paths of what it does not. */
export interface KnownFields {
  readonly spec: PlainObject
  readonly unknown: readonly FieldPath[]
}

/**
 * Takes out what our schema does not know: a newer API may have more fields. They must not look like drift, and a
 * PUT would drop them, which has to be said. Members of lists are compared whole and not looked into.
 */
export function splitKnown(kind: ResourceKind, live: PlainObject): KnownFields {
  return split(kind.schema, live, [])
}

function split(schema: JsonSchema, value: PlainObject, at: FieldPath): KnownFields {
  const properties = isPlainObject(schema.properties)
    ? (schema.properties as Record<string, JsonSchema>)
    : undefined
  if (properties === undefined) return { spec: value, unknown: [] }
  const spec: Record<string, PlainObject[string]> = {}
  const unknown: FieldPath[] = []
  for (const [key, inner] of Object.entries(value)) {
    const own = Object.hasOwn(properties, key) ? properties[key] : undefined
    if (own === undefined) {
      unknown.push([...at, key])
    } else if (isPlainObject(inner)) {
      const below = split(own, inner as PlainObject, [...at, key])
      spec[key] = below.spec
      unknown.push(...below.unknown)
    } else {
      spec[key] = inner
    }
  }
  return { spec, unknown }
}
