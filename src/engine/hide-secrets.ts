import { encodeName } from '../model/address.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Secret } from '../model/secret.ts'

/**
 * The diagnostics without the values of secrets that the files repeat elsewhere, in a name for instance: what is said
 * about the field, or about another one, would print them.
 */
export function redactDiagnostics(
  diagnostics: readonly Diagnostic[],
  secrets: readonly Secret[],
): readonly Diagnostic[] {
  if (secrets.length === 0) return diagnostics
  const hide = hider(secrets)
  return diagnostics.map(({ message, hint, address, related, ...rest }) => ({
    ...rest,
    message: hide(message),
    ...(hint === undefined ? {} : { hint: hide(hint) }),
    ...(address === undefined ? {} : { address: hide(address) }),
    ...(related === undefined
      ? {}
      : { related: related.map((other) => ({ ...other, message: hide(other.message) })) }),
  }))
}

// As it is, in quotes, and in an address.
function hider(secrets: readonly Secret[]): (text: string) => string {
  const forms = secrets.flatMap((secret) => {
    const value = secret.reveal().trim()
    return [value, JSON.stringify(value).slice(1, -1), encodeName(value)]
  })
  // Long ones first: one may be a part of another.
  const all = [...new Set(forms)].sort((a, b) => b.length - a.length)
  return (text) => all.reduce((left, form) => hideCut(left.replaceAll(form, MASK), form), text)
}

const MASK = '***'
const SHORTEST_CUT = 4

// Sentences cut a long value off, and the end of what is left may be the beginning of a secret.
function hideCut(text: string, form: string): string {
  const end = text.indexOf('…')
  for (let length = Math.min(form.length, end); length >= SHORTEST_CUT; length -= 1) {
    if (text.startsWith(form.slice(0, length), end - length))
      return text.slice(0, end - length) + MASK + text.slice(end)
  }
  return text
}
