// Control and format characters (C0, C1, bidirectional overrides, zero-width), line separators, lone surrogates.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu
// Log commands of Azure Pipelines, TeamCity and old GitHub runners are obeyed anywhere in a line.
const LOG_COMMAND = /##(?=[a-z]*\[)/gi

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * Text that others wrote (names, descriptions, messages of the API) as one line that a terminal or a CI log shows
 * and does not obey. What is taken out is shown as an escape, so that it is seen. Idempotent.
 */
export function safeLine(text: string): string {
  return text.replace(UNSAFE, escapeCharacter).replace(LOG_COMMAND, '#\\x23')
}

/** JSON text that is safe on a terminal too: the same characters as JSON's own escapes. */
export function safeJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent)
  return text
    .replace(UNSAFE, (char) =>
      char === '\n' ? char : [...unitsOf(char)].map((unit) => `\\u${hex(unit, 4)}`).join(''),
    )
    .replace(LOG_COMMAND, '#\\u0023')
}

function escapeCharacter(char: string): string {
  const short = SHORT[char]
  if (short !== undefined) return short
  const code = char.codePointAt(0) ?? 0
  if (code <= 0xff) return `\\x${hex(code, 2)}`
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 5)}}`
}

function* unitsOf(char: string): Generator<number> {
  for (let index = 0; index < char.length; index++) yield char.charCodeAt(index)
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}
