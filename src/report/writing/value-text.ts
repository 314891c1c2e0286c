import { isPlainObject, type Plain } from '../../model/json.ts'
import { safeLine } from './safe-text.ts'

// A bare word must not look like a command of a CI log (`::error::`), nor be taken for ours (`->`, `(default)`).
const BARE = /^(?!.*::[a-z])[\p{L}\p{N}_.:/@+=-]+$/iu
const ADDRESS = /^[0-9a-f.:]+(\/\d+)?$/i

/** {@link valueText} in the pieces that a narrow terminal may put on lines of their own: words, and members. */
export function valueParts(value: Plain | undefined): readonly string[] {
  if (!isPlainObject(value)) return valueText(value).split(' ')
  const text = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([key, inner]) => `${safeLine(key)}: ${valueText(inner)}`)
  return text.length === 0
    ? ['{}']
    : text.map((member, at) => `${at === 0 ? '{ ' : ''}${member}${at === text.length - 1 ? ' }' : ','}`)
}

/** A value as it is in a plan: words and numbers bare, other text in quotes, one line whatever is in it. */
export function valueText(value: Plain | undefined): string {
  if (value === undefined) return '(none)'
  if (typeof value === 'string') {
    return ADDRESS.test(value) || BARE.test(value) ? value : safeLine(JSON.stringify(value))
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? '[]' : `[${(value as readonly Plain[]).map(valueText).join(', ')}]`
  }
  if (isPlainObject(value)) return valueParts(value).join(' ')
  return String(value)
}
