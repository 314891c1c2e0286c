import type { ErrorObject } from 'ajv/dist/2020.js'
import { closest, didYouMean } from '../model/closest.ts'
import { inlineYaml } from '../model/inline-yaml.ts'
import { isPlainObject } from '../model/json.ts'
import type { JsonSchema } from '../model/resource.ts'
import { quote } from './quoted.ts'
import { formatValuePath, type SchemaError, type ValuePath } from './schema-error.ts'

/** What sentences say beyond the error itself. */
export interface Context {
  /** Where a member that is unknown at a path belongs, in words, or undefined. */
  readonly homeOf: (path: ValuePath, member: string) => string | undefined
  /** The schema of a member of the value at a path, or undefined. */
  readonly memberSchema: (path: ValuePath, member: string) => JsonSchema | undefined
}

/** The error of a member that the schema does not know. */
export function unknownField(
  path: ValuePath,
  member: string,
  schema: JsonSchema,
  data: unknown,
  context: Context,
): SchemaError {
  const allowed = isPlainObject(schema.properties) ? Object.keys(schema.properties) : []
  const place = { code: 'VPN201', path: [...path, member], part: 'key' } as const
  // `key:value` is one word to YAML, and the value may be a secret.
  const glued = allowed.find((name) => member.startsWith(`${name}:`))
  if (glued !== undefined) {
    const message = `a space is missing after the colon of ${quote(glued)}`
    return { ...place, message, meant: glued, hint: `write "${glued}: value"` }
  }
  const name = requiredSecret(schema)
  if (name !== undefined && isPlainObject(data) && data[member] === null) {
    return {
      ...place,
      message: `a string is in the place of ${quote(name)}`,
      meant: name,
      hint: `write ${name}: { env: NAME }`,
    }
  }
  const meant = closest(member, allowed)
  const home = meant === undefined ? context.homeOf(path, member) : undefined
  return {
    ...place,
    message: `unknown field ${quote(member)}${didYouMean(meant)}`,
    ...(meant === undefined
      ? { hint: home ?? `neither vpnctl nor the API has it; known here: ${allowed.join(', ')}` }
      : { meant }),
  }
}

// `psk: { hunter2 }`: where nothing but a secret is required, a word without a value is one.
function requiredSecret({ properties, required }: JsonSchema): string | undefined {
  const names = (required ?? []) as readonly string[]
  const fields = isPlainObject(properties) ? (properties as Readonly<Record<string, JsonSchema>>) : {}
  const isSecret = (name: string): boolean =>
    fields[name]?.$ref === SECRET_REF || fields[name]?.writeOnly === true
  return names.every(isSecret) ? names[0] : undefined
}

const SECRET_REF = '#/$defs/secret'

/** The error of a member that is not there. */
export function missingField(path: ValuePath, error: ErrorObject, context: Context): SchemaError {
  const member = String((error.params as { readonly missingProperty: unknown }).missingProperty)
  const [example] = (context.memberSchema(path, member)?.examples ?? []) as readonly unknown[]
  return {
    code: 'VPN202',
    ...nameOf(path, error.data),
    message: `missing field ${quote(member)}${ownerWords(path, error.data)}`,
    hint: example === undefined ? `add ${member}` : `add it, for instance: ${member}: ${inlineYaml(example)}`,
    missing: [member],
  }
}

/** The error of an object that has none of the members of which it needs one. */
export function noneOf(path: ValuePath, schema: JsonSchema, data: unknown): SchemaError {
  const members = choiceMembers(schema)
  return {
    code: 'VPN209',
    ...nameOf(path, data),
    message: `one of the fields ${members.map(quote).join(', ')} is needed${ownerWords(path, data).replace(' of ', ' for ')}`,
    hint: `add ${members[0] ?? 'one of them'}`,
    missing: members,
  }
}

// The members of which a choice needs one.
function choiceMembers(schema: JsonSchema): readonly string[] {
  const branches = (schema.anyOf ?? []) as readonly JsonSchema[]
  return branches.flatMap((branch) => (branch.required ?? []) as readonly string[])
}

// What is missing has no place of its own: the name of its owner has, or else the owner's key.
function nameOf(path: ValuePath, data: unknown): { path: ValuePath; part: 'key' | 'value' } {
  if (isPlainObject(data) && typeof data.name === 'string') return { path: [...path, 'name'], part: 'value' }
  return { path, part: 'key' }
}

function ownerWords(path: ValuePath, data: unknown): string {
  if (isPlainObject(data) && typeof data.name === 'string') return ` of ${quote(data.name)}`
  return path.length === 0 ? '' : ` in ${formatValuePath(path.slice(-2))}`
}
