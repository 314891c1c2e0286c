import { isPlainObject } from '../model/json.ts'
import type { JsonSchema } from '../model/resource.ts'
import { fileSchema } from './compose.ts'

// Files are checked after their variables have been put in; editors and other tools see them before.
const VARIABLE: JsonSchema = { type: 'string', pattern: '\\$\\{var\\.[A-Za-z_][A-Za-z0-9_-]*\\}' }
// What says something about a value to readers; it stays outside of the choice.
const ANNOTATIONS = ['description', 'default', 'examples', 'title']
// Members that contain no variables, or are given before there are any.
const WITHOUT_VARIABLES = ['version', 'vars']

/** The schema of the file as editors read it: {@link fileSchema}, with `${var.NAME}` wherever a value may be one. */
export function publishedSchema(): JsonSchema {
  const { $defs, ...root } = fileSchema()
  return {
    ...accept(root),
    $defs: mapMembers($defs as Readonly<Record<string, JsonSchema>>, (_name, inner) => accept(inner)),
  }
}

function accept(schema: JsonSchema): JsonSchema {
  if (isNarrowScalar(schema)) return orVariable(schema)
  const { properties, items, oneOf } = schema
  return {
    ...schema,
    ...(isPlainObject(properties)
      ? {
          properties: mapMembers(properties as Readonly<Record<string, JsonSchema>>, (name, inner) =>
            WITHOUT_VARIABLES.includes(name) ? inner : accept(inner),
          ),
        }
      : {}),
    ...(isPlainObject(items) ? { items: accept(items as JsonSchema) } : {}),
    ...(Array.isArray(oneOf) ? { oneOf: (oneOf as readonly JsonSchema[]).map(accept) } : {}),
  }
}

// A scalar that refuses some texts; any other takes a variable as it is.
function isNarrowScalar(schema: JsonSchema): boolean {
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]) as readonly unknown[]
  if (schema.type === undefined || types.includes('object') || types.includes('array')) return false
  return (
    !types.includes('string') || ['enum', 'const', 'pattern', 'format'].some((keyword) => keyword in schema)
  )
}

function orVariable(schema: JsonSchema): JsonSchema {
  const entries = Object.entries(schema)
  return {
    ...Object.fromEntries(entries.filter(([keyword]) => ANNOTATIONS.includes(keyword))),
    anyOf: [Object.fromEntries(entries.filter(([keyword]) => !ANNOTATIONS.includes(keyword))), VARIABLE],
  }
}

function mapMembers(
  members: Readonly<Record<string, JsonSchema>>,
  change: (name: string, inner: JsonSchema) => JsonSchema,
): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(Object.entries(members).map(([name, inner]) => [name, change(name, inner)]))
}
