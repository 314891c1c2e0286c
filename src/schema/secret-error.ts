import { closest, didYouMean } from '../model/closest.ts'
import { isPlainObject } from '../model/json.ts'
import type { SchemaError, ValuePath } from './schema-error.ts'

const SOURCES = ['env', 'file']

/** What is wrong with a value that should be a reference to a secret. Never repeats any of it but the names of members. */
export function secretError(path: ValuePath, data: unknown, root: unknown): SchemaError {
  const field = String(path.findLast((step) => typeof step === 'string') ?? 'the secret')
  const instead = `${field}: { env: ${variableName(path, root)} }`
  if (typeof data === 'string') {
    return {
      code: 'VPN401',
      path,
      part: 'value',
      message: `${field} is a secret and must not be written in the file`,
      hint: `write instead: ${instead}`,
      plaintext: true,
    }
  }
  return {
    code: 'VPN402',
    path,
    part: 'value',
    message: `${field} must be a reference, { env: NAME } or { file: path }${detail(data)}`,
    hint: `write: ${instead}`,
  }
}

function detail(data: unknown): string {
  if (!isPlainObject(data)) return ''
  const members = Object.keys(data)
  if (SOURCES.every((source) => members.includes(source))) return ', not both'
  const invalid = members.find((member) => !SOURCES.includes(member))
  if (invalid !== undefined && SOURCES.some((source) => invalid.startsWith(`${source}:`)))
    return '; a space is missing after the colon'
  if (invalid !== undefined) return didYouMean(closest(invalid, SOURCES))
  if (typeof data.env === 'string' && data.env !== '')
    return '; the name of a variable has letters, digits and _ only'
  return members.length === 0 ? '' : `; ${members.join(', ')} needs a string`
}

// `HQ_PRIVATE_KEY`: the name of the innermost resource that has one, and the field.
function variableName(path: ValuePath, root: unknown): string {
  let name = ''
  let current = root
  for (const step of path) {
    if (isPlainObject(current) && typeof current.name === 'string') name = current.name
    current = (current as Record<string, unknown> | null)?.[step]
  }
  const words = [name, String(path.at(-1))].join('_').replace(/([a-z])([A-Z])/g, '$1_$2')
  const upper = words.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
  return upper.replace(/^[_0-9]+/, '')
}
