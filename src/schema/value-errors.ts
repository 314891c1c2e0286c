import type { ErrorObject } from 'ajv/dist/2020.js'
import { closest, didYouMean } from '../model/closest.ts'
import { optional } from '../model/optional.ts'
import type { JsonSchema } from '../model/resource.ts'
import { FORMAT_WORDS } from './formats.ts'
import { quote } from './quoted.ts'
import { formatValuePath, type SchemaError, type ValuePath } from './schema-error.ts'
import { typeHint, typeName, typeWords } from './type-words.ts'

const ROOT = 'the document'

/** The error of a value that is there and not what its schema allows. */
export function valueError(error: ErrorObject, path: ValuePath): Omit<SchemaError, 'path' | 'part'> {
  const params = error.params as Readonly<Record<string, unknown>>
  const schema = (error.parentSchema ?? {}) as JsonSchema
  const label = labelOf(path)
  const limit = Number(params.limit)
  switch (error.keyword) {
    case 'type': {
      const hint =
        label === ROOT ? 'a file starts with "version: 1" and "stack: NAME"' : typeHint(schema, error.data)
      return {
        code: 'VPN203',
        message: `${label} must be ${typeWords(schema.type)}, not ${typeName(error.data)}`,
        ...optional({ hint }),
        isOfWrongType: true,
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
    case 'minProperties':
    case 'maxProperties': {
      const names = Object.keys((schema.properties ?? {}) as object).join(', ')
      return { code: 'VPN205', message: `${label} must have exactly one of the fields ${names}` }
    }
    default:
      return { code: 'VPN205', message: `${label} is not what the schema allows (${error.keyword})` }
  }
}

function wrongChoice(
  label: string,
  allowed: readonly unknown[],
  data: unknown,
): Omit<SchemaError, 'path' | 'part'> {
  const words = allowed.map(String)
  const meant =
    typeof data === 'string' || typeof data === 'number' ? meantChoice(String(data), words) : undefined
  const listed = allowed.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
  return {
    code: 'VPN204',
    message: `${label} must be ${listed.length === 1 ? '' : 'one of '}${listed.join(', ')}, not ${shown(data)}${didYouMean(meant)}`,
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
