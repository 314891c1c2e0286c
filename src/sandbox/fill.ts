import {
  type FieldPath,
  getPath,
  isPlainObject,
  type Plain,
  type PlainObject,
  withPath,
} from '../model/json.ts'
import type { JsonSchema, ResourceKind } from '../model/resource.ts'
import type { Random } from './random.ts'

/** The properties as the service completes them: documented defaults, then what the service chooses. */
export function fill(
  kind: ResourceKind,
  properties: PlainObject,
  before: PlainObject | undefined,
  random: Random,
): PlainObject {
  return choose(kind, withDefaults(properties, kind.defaults), before, random)
}

// A nested default counts where its object exists: a peer without an endpoint does not get a port.
function withDefaults(properties: PlainObject, defaults: PlainObject): PlainObject {
  const filled: Record<string, Plain | undefined> = { ...properties }
  for (const [key, fallback] of Object.entries(defaults)) {
    const value = filled[key]
    if (isPlainObject(fallback)) {
      if (isPlainObject(value)) filled[key] = withDefaults(value as PlainObject, fallback as PlainObject)
    } else if (value === undefined || value === null) filled[key] = fallback
  }
  return filled
}

// A replacement never gets the choice that it had: a client that forgets to carry it over must notice.
function choose(
  kind: ResourceKind,
  properties: PlainObject,
  before: PlainObject | undefined,
  random: Random,
): PlainObject {
  let filled = properties
  for (const path of kind.serverChosen) {
    const present = getPath(filled, path)
    if (present !== undefined && present !== null) continue
    const schema = schemaAt(kind.schema, path)
    const choice = schema === undefined ? undefined : pick(schema, getPath(before, path), random)
    if (choice !== undefined) filled = withPath<Plain | undefined>(filled, path, choice) as PlainObject
  }
  return filled
}

function pick(schema: JsonSchema, avoid: unknown, random: Random): Plain | undefined {
  if (isPlainObject(schema.properties)) {
    const members: Record<string, Plain> = {}
    for (const [key, inner] of Object.entries(schema.properties)) {
      const value = pick(inner as JsonSchema, getPath(avoid, [key]), random)
      if (value !== undefined) members[key] = value
    }
    return members
  }
  const all = (schema.enum ?? schema.examples ?? []) as readonly Plain[]
  const others = all.filter((value) => value !== avoid)
  const candidates = others.length > 0 ? others : all
  return candidates[Math.floor(random() * candidates.length)]
}

function schemaAt(schema: JsonSchema, path: FieldPath): JsonSchema | undefined {
  const inner = getPath(
    schema,
    path.flatMap((key) => ['properties', key]),
  )
  return isPlainObject(inner) ? inner : undefined
}
