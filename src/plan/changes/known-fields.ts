import { type FieldPath, isPlainObject, type Plain, type PlainObject } from '../../model/json.ts'
import type { JsonSchema, ResourceKind } from '../../model/resource.ts'

/** A live spec split into what the kind's schema knows and the paths of what it does not. */
export interface KnownFields {
  readonly spec: PlainObject
  /** `connections[]` means every member of a list. */
  readonly unknown: readonly FieldPath[]
}

/**
 * Takes out what our schema does not know: a newer API may have more fields. They must not look like drift, and a
 * PUT would drop them, which has to be said.
 */
export function splitKnown(kind: ResourceKind, live: PlainObject): KnownFields {
  // Nearly always there is nothing to take out, and the same object is returned.
  const unknown: Unknown = {}
  const spec = stripObject(kind.schema, live, NOWHERE, unknown)
  if (unknown.paths === undefined) return { spec: live, unknown: NOTHING }
  const paths = [...unknown.paths].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path)
  // Lists are sorted by all that their members hold, so what is left has to be sorted again.
  return { spec: kind.normalise(spec), unknown: paths }
}

interface Unknown {
  paths?: Map<string, FieldPath>
}

const NOWHERE: FieldPath = []
const NOTHING: readonly FieldPath[] = []

type Value = Plain | undefined

function strip(schema: JsonSchema, value: Value, at: FieldPath, key: string, unknown: Unknown): Value {
  if (Array.isArray(value)) {
    const items = schema.items
    if (!isPlainObject(items) || items.properties === undefined) return value
    const list = value as readonly Plain[]
    return list.map((item) => strip(items as JsonSchema, item, at, `${key}[]`, unknown) as Plain)
  }
  return isPlainObject(value) ? stripObject(schema, value, [...at, key], unknown) : value
}

function stripObject(schema: JsonSchema, value: PlainObject, at: FieldPath, unknown: Unknown): PlainObject {
  const properties = schema.properties as Readonly<Record<string, JsonSchema>> | undefined
  if (properties === undefined) return value
  let left: Record<string, Value> | undefined
  for (const [key, inner] of Object.entries(value)) {
    const known = Object.hasOwn(properties, key) ? properties[key] : undefined
    if (known === undefined) {
      const path = [...at, key]
      unknown.paths ??= new Map()
      unknown.paths.set(path.join('\0'), path)
      left ??= { ...value }
      delete left[key]
    } else {
      const stripped = strip(known, inner, at, key, unknown)
      if (stripped !== inner) {
        left ??= { ...value }
        left[key] = stripped
      }
    }
  }
  return left ?? value
}
