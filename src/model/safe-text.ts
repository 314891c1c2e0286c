declare const SAFE: unique symbol

/** Text that a stream may get: nothing in it is obeyed by a terminal or by the log of a pipeline. */
export type SafeText = string & { readonly [SAFE]: true }

// Control and format characters (C0, C1, bidirectional overrides, zero-width), line separators, lone surrogates.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu
// The same, and the colours of our own as one.
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
const UNSAFE_OR_COLOR = /\u001b\[[\d;]*m|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu
// Log commands of Azure Pipelines, TeamCity and old GitHub runners are obeyed anywhere in a line.
const LOG_COMMAND = /##(?=[a-z]*\[)/gi
// Those of GitHub at the start of one.
const WORKFLOW_COMMAND = /^([^\S\n]*):(?=:[a-z])/gim

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * Text that others wrote (names, descriptions, messages of the API) as one line that a terminal or a CI log shows
 * and does not obey. What is taken out is shown as an escape, so that it is seen. Idempotent.
 */
export function safeLine(text: string): string {
  return text.replace(UNSAFE, escapeCharacter).replace(LOG_COMMAND, '#\\x23')
}

/**
 * Composed text as a stream may get it. The last defence: it keeps line breaks, so text that others wrote has to be a
 * {@link safeLine} before. Colours are kept where there are any. Idempotent.
 */
export function safeText(text: string, { color }: { readonly color: boolean }): SafeText {
  return text
    .replace(UNSAFE_OR_COLOR, (found) => {
      if (found.length > 2) return color ? found : `\\x1b${found.slice(1)}`
      return found === '\n' || found === '\t' ? found : escapeCharacter(found)
    })
    .replace(LOG_COMMAND, '#\\x23')
    .replace(WORKFLOW_COMMAND, '$1\\x3a') as SafeText
}

/** JSON text that is safe on a terminal too: the same characters as JSON's own escapes. */
export function safeJson(value: unknown, indent?: number): SafeText {
  const text = JSON.stringify(value, null, indent)
  return text
    .replace(UNSAFE, (char) =>
      char === '\n' ? char : [...unitsOf(char)].map((unit) => `\\u${hex(unit, 4)}`).join(''),
    )
    .replace(LOG_COMMAND, '#\\u0023') as SafeText
}

/** Where log commands begin their second `#`, which is what has to be escaped. */
export function logCommandsIn(text: string): readonly number[] {
  return [...text.matchAll(LOG_COMMAND)].map(({ index }) => index + 1)
}

/** Whether {@link safeLine} would change the text. */
export function isSafeLine(text: string): boolean {
  return text.search(UNSAFE) < 0 && text.search(LOG_COMMAND) < 0
}

/** A document that its writer has escaped by the rules of its own format. Who may call it is held by a test. */
export function escapedDocument(text: string): SafeText {
  return text as SafeText
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
