// A code frame shows the user's own file, and the file may hold the very secret that a diagnostic complains about.
// Better to hide too much than a key: values of keys that sound secret, and everything that looks like a key.

const SECRET_KEY =
  /^(?<lead>.*?(?<![\p{L}\p{N}])["']?(?<name>[\w.-]*(?:key|psk|secret|password|passphrase|token)[\w.-]*)["']?\s*:\s*)(?<value>\S.*)$/iu
const OPENS_BLOCK = /^\s*(?:- )*["']?(?<name>[\w.-]+)["']?\s*:\s*(?:[&!]\S+\s*)*(?:[|>][-+\d]*)?\s*(?:#.*)?$/
// What may stand in place of a secret: a reference, an alias, a comment, or the start of something deeper.
const REFERENCE =
  /^(?:\{\s*["']?(?:env|file)["']?\s*:[^,}]*(?:\}|$)|\{\s*$|\{\s*["']?[\w.-]*(?:key|psk)["']?\s*:|[*#]|[&!]\S*\s*$|[|>][-+\d]*\s*$|(?:env|file)\s*:)/i
const MEMBER = /^(?<lead>\s*(?:- )*["']?[\w.-]+["']?\s*:)(?<value>\s.*|)$/
// 32 bytes of base64: the form of every WireGuard key, private ones included.
const KEY_MATERIAL = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{42,43}=?(?![A-Za-z0-9+/=])/g
const SECRET_WORD = /key|psk|secret|password|passphrase|token/i
const PUBLIC = /public/i
const BEHIND_PUBLIC_KEY = /public[-_]?key["']?\s*:\s*(?:[&!]\S+\s+)*["']?$/i
// Enough to tell two keys apart, and far too little of one that is a private key by mistake.
const SHOWN_OF_PUBLIC = 6
const SECRET = '(secret)'

/** A stretch of a line that must not be shown; offsets in UTF-16 units, `end` exclusive. */
export interface HiddenSpan {
  readonly start: number
  readonly end: number
  /** What stands there instead. */
  readonly shown: string
}

/** What to hide in line `index` of a YAML text. */
export function hiddenSpans(lines: readonly string[], index: number): readonly HiddenSpan[] {
  const line = lines[index] ?? ''
  const inside = isInsideSecretBlock(lines, index) ? ownValue(line) : undefined
  if (inside !== undefined) return [inside]
  const spans = [...line.matchAll(KEY_MATERIAL)].map(({ index: start, 0: key }): HiddenSpan => {
    const end = start + key.length
    return BEHIND_PUBLIC_KEY.test(line.slice(0, start))
      ? { start: start + SHOWN_OF_PUBLIC, end, shown: '…' }
      : { start, end, shown: SECRET }
  })
  return [...spans, ...secretValues(line)].sort((a, b) => a.start - b.start || b.end - a.end)
}

// Every `key:` of the line counts, since a flow mapping holds several.
function secretValues(line: string): readonly HiddenSpan[] {
  const spans: HiddenSpan[] = []
  for (let from = 0; from < line.length; ) {
    const match = SECRET_KEY.exec(line.slice(from))
    const { lead, name, value } = match?.groups ?? {}
    if (lead === undefined || name === undefined || value === undefined) break
    const start = from + lead.length
    if (!PUBLIC.test(name) && !REFERENCE.test(value)) {
      // To the end of the line: a quoted value may hold commas, brackets and blanks.
      spans.push({ start, end: line.length, shown: SECRET })
      break
    }
    from = start
  }
  return spans
}

function isInsideSecretBlock(lines: readonly string[], index: number): boolean {
  const line = lines[index] ?? ''
  let indent = indentOf(line)
  for (let above = index - 1; above >= 0 && indent > 0; above--) {
    const text = lines[above] ?? ''
    if (text.trim() === '' || indentOf(text) >= indent) continue
    const name = OPENS_BLOCK.exec(text)?.groups?.name
    if (name !== undefined && SECRET_WORD.test(name) && !PUBLIC.test(name)) return true
    indent = indentOf(text)
  }
  return false
}

// What a line below a secret's key holds, unless it is a reference.
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
