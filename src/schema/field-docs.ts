import { KINDS } from '../kinds/index.ts'
import type { FieldDoc } from '../model/field-doc.ts'
import { formatPath, isPlainObject } from '../model/json.ts'
import { optional } from '../model/optional.ts'
import type { JsonSchema, ResourceKind } from '../model/resource.ts'
import { fileSchema } from './compose.ts'
import { FORMAT_WORDS } from './formats.ts'
import { limitWords, typePhrase } from './type-words.ts'

/** Every field of the file at its place, from the schema that files are checked against. */
export function fieldDocs(): readonly FieldDoc[] {
  const root = fileSchema()
  return childrenOf(root, { path: [], root, kind: undefined, inKind: [] })
}

/** All fields of a list of trees, each before those below it. */
export function flatFields(fields: readonly FieldDoc[]): readonly FieldDoc[] {
  return fields.flatMap((field) => [field, ...flatFields(field.fields)])
}

/**
 * The fields that a name means: the one of that whole path, or else all whose path ends with it. Indexes as in
 * `peers[0].allowedIPs` are overlooked.
 */
export function findFields(fields: readonly FieldDoc[], name: string): readonly FieldDoc[] {
  const wanted = plainName(name)
  const all = flatFields(fields)
  const whole = all.filter(({ path }) => path === wanted)
  return whole.length > 0 ? whole : all.filter(({ path }) => path.endsWith(`.${wanted}`))
}

/** Everything that {@link findFields} would find, for suggestions: paths and the ends of paths. */
export function fieldNames(fields: readonly FieldDoc[]): readonly string[] {
  const names = flatFields(fields).flatMap(({ path }) => {
    const steps = path.split('.')
    return steps.map((_, index) => steps.slice(index).join('.'))
  })
  return [...new Set(names)]
}

/** `peers[0].allowedIPs` as `peers.allowedIPs`. */
export function plainName(name: string): string {
  return name.replace(/\[\d*\]/g, '').replace(/^\.+|\.+$/g, '')
}

interface Walk {
  readonly path: readonly string[]
  readonly root: JsonSchema
  /** The kind that the walk is inside of, and the path from there. */
  readonly kind: ResourceKind | undefined
  readonly inKind: readonly string[]
}

function childrenOf(schema: JsonSchema, walk: Walk): readonly FieldDoc[] {
  const { properties } = schema
  const own = isPlainObject(properties) ? Object.entries(properties) : []
  const branches = ((schema.oneOf ?? []) as readonly JsonSchema[]).flatMap((branch) =>
    childrenOf(branch, walk).map((field) => ({ ...field, required: false })),
  )
  const required = requiredOf(schema)
  return [
    ...own.map(([name, inner]) => fieldDoc(name, inner as JsonSchema, required.includes(name), walk)),
    ...branches,
  ]
}

// What a resource needs is in the branch for those that are to be present.
function requiredOf(schema: JsonSchema): readonly string[] {
  const branch = isPlainObject(schema.else) ? (schema.else as JsonSchema) : schema
  return (branch.required ?? []) as readonly string[]
}

function fieldDoc(name: string, written: JsonSchema, required: boolean, walk: Walk): FieldDoc {
  const schema = resolve(written, walk.root)
  const items = isPlainObject(schema.items) ? resolve(schema.items as JsonSchema, walk.root) : undefined
  const inner = items ?? schema
  const path = [...walk.path, name]
  const kind = KINDS.find(({ yamlKey, parent }) => yamlKey === name && parent === (walk.kind ?? null))
  const inKind = kind === undefined ? [...walk.inKind, name] : []
  const [example] = (schema.examples ?? []) as readonly unknown[]
  const form = formOf(inner)
  const limits = limitWords(schema)
  const choices = choicesOf(inner)
  const effect = walk.kind?.disruptive.find((other) => formatPath(other.path) === formatPath(inKind))?.effect
  return {
    path: formatPath(path),
    name,
    type: typePhrase(schema, items),
    required,
    description: String(schema.description ?? ''),
    ...optional({ default: schema.default, choices, form, limits, example }),
    ...(effect === undefined || kind !== undefined ? {} : { onChange: effect }),
    fields: childrenOf(inner, { ...walk, path, kind: kind ?? walk.kind, inKind }),
  }
}

// Next to a reference stand the words of the place; they win over those of what it refers to.
function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const { $ref, ...own } = schema
  if (typeof $ref !== 'string') return schema
  const definitions = root.$defs as Readonly<Record<string, JsonSchema>>
  return { ...definitions[$ref.replace('#/$defs/', '')], ...own }
}

function formOf({ format, pattern, examples }: JsonSchema): string | undefined {
  const words = typeof format === 'string' ? FORMAT_WORDS[format] : undefined
  if (words !== undefined) return words
  const [example] = (examples ?? []) as readonly unknown[]
  return typeof pattern === 'string' && example !== undefined ? `like ${JSON.stringify(example)}` : undefined
}

function choicesOf(schema: JsonSchema): readonly unknown[] | undefined {
  if (Array.isArray(schema.enum)) return schema.enum as readonly unknown[]
  return schema.const === undefined ? undefined : [schema.const]
}
