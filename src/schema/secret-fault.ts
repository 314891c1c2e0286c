import { closest, didYouMean } from '../model/closest.ts'
import { isPlainObject } from '../model/json.ts'
import { formatValuePath, type SchemaFault, type ValuePath } from './fault.ts'

const SOURCES = ['env', 'file']

/** What is wrong with a value that should be a reference to a secret. Never repeats any of it but the names of members. */
export function secretFault(path: ValuePath, data: unknown): SchemaFault {
  const field = String(path.findLast((step) => typeof step === 'string') ?? 'the secret')
  const instead = `${field}: { env: ${variableName(path)} }`
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
  const odd = members.find((member) => !SOURCES.includes(member))
  if (odd !== undefined) return didYouMean(closest(odd, SOURCES))
  if (typeof data.env === 'string' && data.env !== '')
    return '; the name of a variable has letters, digits and _ only'
  return members.length === 0 ? '' : `; ${members.join(', ')} needs a text`
}

// `BERLIN_KEY` from a path has no name to go by: the field's own name is what is always there.
function variableName(path: ValuePath): string {
  return formatValuePath(path.filter((step) => typeof step === 'string').slice(-2))
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase()
}
