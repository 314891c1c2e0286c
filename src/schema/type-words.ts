import { inlineYaml } from '../model/inline-yaml.ts'
import type { JsonSchema } from '../model/resource.ts'

const WORDS: Readonly<Record<string, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'a string',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
}

/** The `type` keyword in words; `null` next to others is not mentioned. */
export function typeWords(type: unknown): string {
  const types = (Array.isArray(type) ? type : [type]).map(String).filter((name) => name !== 'null')
  return types.map((name) => WORDS[name] ?? name).join(' or ')
}

/** What a value is, in words. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  switch (typeof value) {
    case 'string':
      return 'a string'
    case 'number':
      return 'a number'
    case 'boolean':
      return 'true or false'
    default:
      return 'a mapping'
  }
}

/** How to fix a value of the wrong type, where that is plain. */
export function typeHint(schema: JsonSchema, value: unknown): string | undefined {
  const { type, minItems } = schema
  const types = (Array.isArray(type) ? type : [type]).map(String)
  if (value === null) return nothingHint(types.includes('array') && minItems === undefined)
  if (types.includes('array') && typeof value !== 'object')
    return typeof value === 'string' && value.includes(',')
      ? 'write a list in brackets: [a, b]'
      : 'put it in brackets to make it a list of one'
  if (types.includes('array')) return 'start each entry with "- "'
  if (types.includes('string') && typeof value !== 'object') return 'put it in quotes'
  const [example] = (schema.examples ?? []) as readonly unknown[]
  if (types.includes('object') && example !== undefined)
    return `write its fields, for instance: ${inlineYaml(example)}`
  if (typeof value !== 'string') return undefined
  if (types.includes('integer') && /^\d+$/.test(value)) return 'remove the quotes'
  if (types.includes('boolean')) {
    if (/^(yes|on|true|y)$/i.test(value)) return 'write true'
    if (/^(no|off|false|n)$/i.test(value)) return 'write false'
  }
  return undefined
}

function nothingHint(mayBeEmpty: boolean): string {
  return mayBeEmpty
    ? 'write [] for none, or remove the line'
    : 'is its value on a line that is not indented enough? Otherwise remove the line'
}

const PLURALS: Readonly<Record<string, string>> = { mapping: 'mappings', string: 'strings' }

/** The type of a field in a few words, `list of mappings`; `null` is not mentioned. */
export function typePhrase(schema: JsonSchema, items: JsonSchema | undefined): string {
  if (items !== undefined) {
    const inner = typePhrase(items, undefined)
    return `list of ${PLURALS[inner] ?? inner}`
  }
  if (Array.isArray(schema.oneOf)) return 'reference to a secret, { env: NAME } or { file: path }'
  return typeWords(schema.type).replace(/\ba /g, '')
}

/** How long, large or many a value may be, in words; undefined where nothing is said. */
export function limitWords(schema: JsonSchema): string | undefined {
  return (
    between(schema.minItems, schema.maxItems, 'entries') ??
    between(schema.minimum, schema.maximum, '') ??
    (schema.enum === undefined ? between(schema.minLength, schema.maxLength, 'characters') : undefined)
  )
}

function between(least: unknown, most: unknown, unit: string): string | undefined {
  const words = unit === '' ? '' : ` ${unit}`
  if (typeof most === 'number' && typeof least === 'number') return `${least} to ${most}${words}`
  if (typeof most === 'number') return `${most}${words} at most`
  return typeof least === 'number' && least > 1 ? `${least}${words} at least` : undefined
}
