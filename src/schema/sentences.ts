import type { ErrorObject } from 'ajv/dist/2020.js'
import { closest, didYouMean } from '../model/closest.ts'
import { inlineYaml } from '../model/inline-yaml.ts'
import { isPlainObject } from '../model/json.ts'
import type { JsonSchema } from '../model/resource.ts'
import { formatValuePath, pointerPath, type SchemaFault, type ValuePath } from './fault.ts'
import { FORMAT_WORDS } from './formats.ts'
import { secretFault } from './secret-fault.ts'
import { typeHint, typeName, typeWords } from './type-words.ts'

/** What sentences say beyond the error itself. */
export interface Context {
  /** Where a member that is unknown here would be at home, in words, or undefined. */
  readonly homeOf: (member: string) => string | undefined
  /** The schema of a member of the value at a path, or undefined. */
  readonly memberSchema: (path: ValuePath, member: string) => JsonSchema | undefined
}

const NO_CONTEXT: Context = { homeOf: () => undefined, memberSchema: () => undefined }

/**
 * One error of ajv, one sentence. What ajv reports about the branches of a choice is folded into the sentence about
 * the choice, and a missing member into the misspelt one that stands in its place.
 */
export function toFaults(
  errors: readonly ErrorObject[],
  value: unknown,
  context: Context = NO_CONTEXT,
): readonly SchemaFault[] {
  const kept = errors.filter(isSentence).filter(notSaidByChoices(errors))
  const faults = kept.map((error) => toFault(error, value, context))
  const misspelt = new Set(
    faults.flatMap((fault) =>
      fault.code === 'VPN201' && fault.field !== undefined
        ? [memberKey(fault.path.slice(0, -1), fault.field)]
        : [],
    ),
  )
  const isMisspelt = (fault: SchemaFault, error: ErrorObject | undefined) =>
    (fault.code === 'VPN202' || fault.code === 'VPN209') &&
    (fault.code === 'VPN209' ? membersOf(error) : [fault.field ?? '']).some((field) =>
      misspelt.has(memberKey(pointerPath(error?.instancePath ?? '', value), field)),
    )
  return faults.filter((fault, index) => !isMisspelt(fault, kept[index]))
}

// A number where one of several texts belongs: the choices tell that they are texts.
function notSaidByChoices(errors: readonly ErrorObject[]): (error: ErrorObject) => boolean {
  const isChoice = (keyword: string): boolean => keyword === 'enum' || keyword === 'const'
  const isScalar = new Map(
    errors
      .filter(({ keyword }) => isChoice(keyword))
      .map(({ instancePath, data }) => [instancePath, typeof data !== 'object'] as const),
  )
  return ({ keyword, instancePath }) => {
    const scalar = isScalar.get(instancePath)
    return scalar === undefined || (scalar ? keyword !== 'type' : !isChoice(keyword))
  }
}

function memberKey(parent: ValuePath, field: string): string {
  return JSON.stringify([...parent, field])
}

// Errors of the branches of anyOf and oneOf, and of `if` itself, repeat what the error of the whole says.
function isSentence(error: ErrorObject): boolean {
  if (error.keyword === 'if') return false
  if (error.schemaPath.includes('/propertyNames/')) return false
  return !/\/(anyOf|oneOf)\/\d+\//.test(error.schemaPath)
}

function toFault(error: ErrorObject, root: unknown, context: Context): SchemaFault {
  const path = pointerPath(error.instancePath, root)
  const params = error.params as Readonly<Record<string, unknown>>
  const schema = (error.parentSchema ?? {}) as JsonSchema
  const label = labelOf(path)
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownField(path, String(params.additionalProperty), schema, error.data, context)
    case 'required':
      return missingField(path, error, context)
    case 'oneOf':
      return secretFault(path, error.data, root)
    case 'anyOf':
      return noneOf(path, schema, error.data)
    case 'propertyNames':
      return {
        code: 'VPN205',
        path: [...path, String(params.propertyName)],
        part: 'key',
        message: `${quote(params.propertyName)} is no name for a variable`,
        hint: 'letters, digits, _ and -, and no digit in front',
      }
    default:
      return { path, part: 'value', ...valueFault(error, label, params, schema) }
  }
}

function valueFault(
  error: ErrorObject,
  label: string,
  params: Readonly<Record<string, unknown>>,
  schema: JsonSchema,
): Omit<SchemaFault, 'path' | 'part'> {
  const limit = Number(params.limit)
  switch (error.keyword) {
    case 'type': {
      const hint =
        label === ROOT ? 'a file starts with "version: 1" and "stack: NAME"' : typeHint(schema, error.data)
      return {
        code: 'VPN203',
        message: `${label} must be ${typeWords(schema.type)}, not ${typeName(error.data)}`,
        ...(hint === undefined ? {} : { hint }),
      }
    }
    case 'enum':
      return wrongChoice(label, params.allowedValues as readonly unknown[], error.data)
    case 'const':
      return wrongChoice(label, [params.allowedValue], error.data)
    case 'format':
      return { code: 'VPN205', message: formatMessage(label, String(params.format), error.data, schema) }
    case 'pattern':
      return { code: 'VPN205', message: patternMessage(label, error.data, schema) }
    case 'minLength':
    case 'maxLength':
      return { code: 'VPN206', message: lengthMessage(label, error.keyword, limit, error.data) }
    case 'minItems':
    case 'maxItems':
      return { code: 'VPN208', message: countMessage(label, error.keyword, limit, error.data) }
    case 'minimum':
    case 'maximum':
      return { code: 'VPN207', message: rangeMessage(label, schema, error.data) }
    default:
      return { code: 'VPN205', message: `${label} is not what the schema allows (${error.keyword})` }
  }
}

function unknownField(
  path: ValuePath,
  member: string,
  schema: JsonSchema,
  data: unknown,
  context: Context,
): SchemaFault {
  const allowed = isPlainObject(schema.properties) ? Object.keys(schema.properties) : []
  const place = { code: 'VPN201', path: [...path, member], part: 'key' } as const
  // `key:value` is one word to YAML, and the value may be a secret.
  const glued = allowed.find((name) => member.startsWith(`${name}:`))
  if (glued !== undefined) {
    const message = `a blank is missing after the colon of ${quote(glued)}`
    return { ...place, message, field: glued, hint: `write "${glued}: value"` }
  }
  if (isBareSecret(member, schema, data)) {
    const [name = ''] = allowed
    return {
      ...place,
      message: `a text stands where ${quote(name)} belongs`,
      field: name,
      hint: `write ${name}: { env: NAME }`,
    }
  }
  const meant = closest(member, allowed)
  const home = meant === undefined ? context.homeOf(member) : undefined
  return {
    ...place,
    message: `unknown field ${quote(member)}${didYouMean(meant)}`,
    ...(meant === undefined
      ? { hint: home ?? `known here: ${allowed.join(', ')}` }
      : { field: meant, hint: `write ${meant}` }),
  }
}

// `psk: { hunter2 }`: where nothing but a secret may stand, a word without a value is one.
function isBareSecret(member: string, { properties }: JsonSchema, data: unknown): boolean {
  const schemas = isPlainObject(properties) ? (Object.values(properties) as readonly JsonSchema[]) : []
  const holdsSecrets =
    schemas.length > 0 && schemas.every(({ $ref, writeOnly }) => $ref === SECRET_REF || writeOnly === true)
  return holdsSecrets && isPlainObject(data) && data[member] === null
}

const SECRET_REF = '#/$defs/secret'

function missingField(path: ValuePath, error: ErrorObject, context: Context): SchemaFault {
  const member = String((error.params as { readonly missingProperty: unknown }).missingProperty)
  const [example] = (context.memberSchema(path, member)?.examples ?? []) as readonly unknown[]
  return {
    code: 'VPN202',
    ...nameOf(path, error.data),
    message: `missing field ${quote(member)}${ownerWords(path, error.data)}`,
    hint: example === undefined ? `add ${member}` : `add it, for instance: ${member}: ${inlineYaml(example)}`,
    field: member,
  }
}

function noneOf(path: ValuePath, schema: JsonSchema, data: unknown): SchemaFault {
  const members = choiceMembers(schema)
  return {
    code: 'VPN209',
    ...nameOf(path, data),
    message: `one of the fields ${members.map(quote).join(', ')} is needed${ownerWords(path, data).replace(' of ', ' for ')}`,
    hint: `add ${members[0] ?? 'one of them'}`,
  }
}

function membersOf(error: ErrorObject | undefined): readonly string[] {
  return choiceMembers((error?.parentSchema ?? {}) as JsonSchema)
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

function wrongChoice(
  label: string,
  allowed: readonly unknown[],
  data: unknown,
): Omit<SchemaFault, 'path' | 'part'> {
  const words = allowed.map(String)
  const meant =
    typeof data === 'string' || typeof data === 'number' ? meantChoice(String(data), words) : undefined
  const listed = allowed.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
  return {
    code: 'VPN204',
    message: `${label} must be ${listed.length === 1 ? '' : 'one of '}${listed.join(', ')}, not ${shown(data)}${didYouMean(meant)}`,
    ...(meant === undefined ? {} : { hint: `write ${meant}` }),
  }
}

// As other tools write them: `aes-256-gcm` for AES256-GCM-16, `19` for 19-ECP256.
function meantChoice(text: string, words: readonly string[]): string | undefined {
  const bare = (word: string): string => word.toLowerCase().replace(/[^a-z0-9]/g, '')
  const start = bare(text)
  return (
    closest(text, words) ?? (start === '' ? undefined : words.find((word) => bare(word).startsWith(start)))
  )
}

function formatMessage(label: string, format: string, data: unknown, schema: JsonSchema): string {
  return `${label} must be ${FORMAT_WORDS[format] ?? `of the form ${format}`}${notThis(data, schema)}`
}

function patternMessage(label: string, data: unknown, schema: JsonSchema): string {
  const example = (schema.examples as readonly unknown[] | undefined)?.[0]
  return `${label} must look like ${JSON.stringify(example ?? schema.pattern)}${notThis(data, schema)}`
}

function lengthMessage(label: string, keyword: string, limit: number, data: unknown): string {
  const length = typeof data === 'string' ? [...data].length : 0
  if (keyword === 'minLength') return length === 0 ? `${label} is empty` : `${label} is too short`
  return `${label} has ${length} characters, and at most ${limit} are allowed`
}

function countMessage(label: string, keyword: string, limit: number, data: unknown): string {
  const count = Array.isArray(data) ? data.length : 0
  if (keyword === 'minItems') return `${label} needs at least ${limit} ${limit === 1 ? 'entry' : 'entries'}`
  return `${label} has ${count} entries, and at most ${limit} are allowed`
}

function rangeMessage(label: string, schema: JsonSchema, data: unknown): string {
  const { minimum, maximum } = schema
  const range =
    minimum !== undefined && maximum !== undefined
      ? `from ${String(minimum)} to ${String(maximum)}`
      : minimum !== undefined
        ? `at least ${String(minimum)}`
        : `at most ${String(maximum)}`
  return `${label} must be ${range}${notThis(data, schema)}`
}

// Values of secrets are never repeated.
function notThis(data: unknown, schema: JsonSchema): string {
  return schema.writeOnly === true ? '' : `, not ${shown(data)}`
}

function labelOf(path: ValuePath): string {
  if (path.length === 0) return ROOT
  const last = path.at(-1)
  return typeof last === 'number' ? formatValuePath(path.slice(-2)) : String(last)
}

function shown(data: unknown): string {
  if (typeof data === 'string') return quote(data)
  if (typeof data === 'number' || typeof data === 'boolean') return String(data)
  return typeName(data)
}

const ROOT = 'the document'
const LONGEST = 60

function quote(value: unknown): string {
  const text = String(value)
  return JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)
}
