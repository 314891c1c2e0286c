// A code frame shows the user's own file, and the file may contain the very secret that a diagnostic complains about.
// Better to hide too much than a key: values of keys that sound secret, and everything that looks like a key.

const WORD = /[\w.-]+/g
const OPENS_VALUE = /["']?\s*:\s*/y
const OPENS_BLOCK =
  /^\s*(?:- )*["']?(?<name>[\w.-]+)["']?\s*:\s*(?:[&!]\S+\s+)*(?:[&!]\S+)?(?:[|>][-+\d]*)?\s*(?:#.*)?$/
// What may stand in place of a secret: a reference, an alias, a comment, or the start of something deeper.
const REFERENCE =
  /^(?:\{\s*["']?(?:env|file)["']?\s*:[^,}]*(?:\}|$)|\{\s*$|\{\s*["']?[\w.-]*(?:key|psk)["']?\s*:|[*#]|[&!]\S*\s*$|[|>][-+\d]*\s*$|(?:env|file)\s*:)/i
const MEMBER = /^(?<lead>\s*(?:- )*["']?[\w.-]+["']?\s*:)(?<value>\s.*|)$/
// 32 bytes of base64: the form of every WireGuard key, private ones included.
const KEY_MATERIAL = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{42,43}=?(?![A-Za-z0-9+/=])/g
const SECRET_WORD = /key|psk|secret|password|passphrase|token/i
const PUBLIC = /public/i
const BEHIND_PUBLIC_KEY = /public[-_]?key["']?\s*:\s*(?:[&!]\S+\s+)*["']?$/i
// Enough to distinguish two keys, and far too little of one that is a private key by mistake.
const SHOWN_OF_PUBLIC = 6
const SECRET = '(secret)'
// What says how a value is to be read is close to it: the search for it must not take the rest of a long line each time.
const NEAR = 200

/** A stretch of a line that must not be shown; offsets in UTF-16 units, `end` exclusive. */
export interface HiddenSpan {
  readonly start: number
  readonly end: number
  /** What is there instead. */
  readonly shown: string
}

/** What to hide in line `index` of a YAML text; takes time linear in the line and the lines above. */
export function hiddenSpans(lines: readonly string[], index: number): readonly HiddenSpan[] {
  const line = lines[index] ?? ''
  const inside = isInsideSecretBlock(lines, index) ? ownValue(line) : undefined
  if (inside !== undefined) return [inside]
  const spans = [...line.matchAll(KEY_MATERIAL)].map(({ index: start, 0: key }): HiddenSpan => {
    const end = start + key.length
    return BEHIND_PUBLIC_KEY.test(line.slice(Math.max(0, start - NEAR), start))
      ? { start: start + SHOWN_OF_PUBLIC, end, shown: '…' }
      : { start, end, shown: SECRET }
  })
  return [...spans, ...secretValue(line)].sort((a, b) => a.start - b.start || b.end - a.end)
}

// Every `key:` of the line counts, since a flow mapping contains several.
function secretValue(line: string): readonly HiddenSpan[] {
  for (const { index, 0: word } of line.matchAll(WORD)) {
    if (!SECRET_WORD.test(word)) continue
    OPENS_VALUE.lastIndex = index + word.length
    const start = OPENS_VALUE.test(line) ? OPENS_VALUE.lastIndex : line.length
    // A word that goes on to the left, in letters of another script, is not known to be public.
    const isPublic = PUBLIC.test(word) && !/[\p{L}\p{N}]/u.test(line[index - 1] ?? '')
    if (start === line.length || isPublic || isReference(line, start)) continue
    // To the end of the line: a quoted value may contain commas, brackets and spaces.
    return [{ start, end: line.length, shown: SECRET }]
  }
  return []
}

function isReference(line: string, start: number): boolean {
  const value = line.slice(start, start + NEAR)
  // Where it was cut, nothing may look like the end of a reference.
  return REFERENCE.test(start + NEAR < line.length ? `${value},` : value)
}

function isInsideSecretBlock(lines: readonly string[], index: number): boolean {
  const line = lines[index] ?? ''
  let indent = indentOf(line)
  for (let above = index - 1; above >= 0 && indent > 0; above--) {
    const text = lines[above] ?? ''
    const depth = indentOf(text)
    if (depth === text.length || depth >= indent) continue
    const name = OPENS_BLOCK.exec(text)?.groups?.name
    if (name !== undefined && SECRET_WORD.test(name) && !PUBLIC.test(name)) return true
    indent = depth
  }
  return false
}

// What a line below a secret's key contains, unless it is a reference.
function ownValue(line: string): HiddenSpan | undefined {
  if (REFERENCE.test(line.trim())) return undefined
  const { lead, value } = MEMBER.exec(line)?.groups ?? {}
  if (lead === undefined || value === undefined)
    return { start: indentOf(line), end: line.length, shown: SECRET }
  const isShown = value.trim() === '' || REFERENCE.test(value.trim())
  return isShown ? undefined : { start: lead.length + indentOf(value), end: line.length, shown: SECRET }
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}
