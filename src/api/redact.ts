import { type FieldPath, isPlainObject } from '../model/json.ts'

/** Removes from a text what must not be shown. */
export type Redactor = (text: string) => string

const SHOWN_INSTEAD = '(secret)'
// Servers shorten what they echo. A run of this many characters in common is not a coincidence for a key or a token.
const RECOGNISABLE_LENGTH = 10

/**
 * Cuts every occurrence of `secrets`, raw, in base64, in hex, and as JSON and URLs escape them. `pieces`: and every recognisable
 * piece of one. Takes time in proportion to the text, however many secrets of a usual length there are.
 */
export function createRedactor(secrets: readonly string[], what: 'pieces' | 'whole' = 'pieces'): Redactor {
  const known = what === 'pieces' ? redactors.get(secrets) : undefined
  if (known !== undefined) return known
  const made = makeRedactor(secrets, what)
  if (what === 'pieces') redactors.set(secrets, made)
  return made
}

// All refused requests of a run have one list of secrets.
const redactors = new WeakMap<readonly string[], Redactor>()

function makeRedactor(secrets: readonly string[], what: 'pieces' | 'whole'): Redactor {
  const forms = [...new Set(secrets.filter((secret) => secret !== '').flatMap(formsOf))].sort(
    (a, b) => b.length - a.length,
  )
  const short = forms.filter((form) => form.length < RECOGNISABLE_LENGTH)
  const long = forms.filter((form) => form.length >= RECOGNISABLE_LENGTH)
  const mayHold = sharesRun(long)
  // Nearly all runs meet no secret: the exact index of some hundred takes longer to make than all else here.
  let index: Index | undefined
  return (text) => {
    let cut = text
    for (const form of short) cut = cut.replaceAll(form, SHOWN_INSTEAD)
    if (!mayHold(cut)) return cut
    index ??= indexForms(long, what)
    return cutFound(cut, index)
  }
}

/**
 * A copy of a JSON value with every text redacted but those at the paths of `kept`, which lead through lists; the value
 * itself where nothing was to be removed.
 */
export function redactValue(value: unknown, redact: Redactor, kept: readonly FieldPath[] = NONE): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) {
    const items = value.map((item) => redactValue(item, redact, kept))
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  if (!isPlainObject(value)) return value
  let copy: Record<string, unknown> | undefined
  for (const key of Object.keys(value)) {
    const inner = value[key]
    const below = kept.length === 0 ? NONE : pathsBelow(kept, key)
    if (below.some((path) => path.length === 0)) continue
    const clean = redactValue(inner, redact, below)
    const name = redact(key)
    if (clean === inner && name === key) continue
    copy ??= { ...value }
    if (name !== key) delete copy[key]
    copy[name] = clean
  }
  return copy ?? value
}

const NONE: readonly FieldPath[] = []

function pathsBelow(paths: readonly FieldPath[], key: string): readonly FieldPath[] {
  return paths.flatMap(([first, ...rest]) => (first === key ? [rest] : []))
}

function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8')
  const hex = bytes.toString('hex')
  const uri = encodeUri(secret)
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    uri,
    uri.replaceAll('%20', '+'),
    uri.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase()),
    hex,
    hex.toUpperCase(),
    ...base64Forms(bytes),
  ]
}

// Alone, and where one or two bytes stand before it, as the user does in `user:password`.
function base64Forms(bytes: Buffer): readonly string[] {
  const inside = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    // The first and the last letters contain bits of what is around it.
    const from = before === 0 ? 0 : before + 1
    return (before + bytes.length) % 3 === 0 ? text.slice(from) : text.slice(from, -1)
  })
  const all = [bytes.toString('base64'), ...inside]
  return [...all, ...all.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))].filter(
    (text) => text.length >= 4,
  )
}

function encodeUri(text: string): string {
  try {
    return encodeURIComponent(text)
  } catch {
    // A lone surrogate has no form in a URL.
    return text
  }
}

const WINDOW = 6
/** Windows in a run of the recognisable length: one of them begins at a multiple of their number. */
const WINDOWS = RECOGNISABLE_LENGTH - WINDOW + 1
const BITS_PER_WINDOW = 32

// Says in little time that a text has no run of the recognisable length in common with any of `forms`; may err the other
// way. A bit per hash of six characters: only a text that has a run in common meets five in a row.
function sharesRun(forms: readonly string[]): (text: string) => boolean {
  const windows = forms.reduce((sum, { length }) => sum + length, 0)
  if (windows === 0) return () => false
  const bits = 2 ** Math.ceil(Math.log2(windows * BITS_PER_WINDOW))
  const words = new Uint32Array(Math.max(1, bits >>> 5))
  for (const form of forms) {
    for (let at = 0; at + WINDOW <= form.length; at += 1) {
      const bit = hashAt(form, at) & (bits - 1)
      words[bit >>> 5] = (words[bit >>> 5] ?? 0) | (1 << (bit & 31))
    }
  }
  const knows = (text: string, at: number): boolean => {
    const bit = hashAt(text, at) & (bits - 1)
    return (((words[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1
  }
  return (text) => {
    const last = text.length - WINDOW
    for (let at = 0; at <= last; at += WINDOWS) {
      if (!knows(text, at)) continue
      let from = at
      while (from > 0 && from > at - WINDOWS && knows(text, from - 1)) from -= 1
      let to = at
      while (to < last && to - from < WINDOWS && knows(text, to + 1)) to += 1
      if (to - from + 1 >= WINDOWS) return true
    }
    return false
  }
}

function hashAt(text: string, at: number): number {
  let hash = 0
  for (let next = at; next < at + WINDOW; next += 1)
    hash = Math.imul(hash, 0x01000193) ^ text.charCodeAt(next)
  return hash ^ (hash >>> 15)
}

/** What to look for, by its first characters. */
type Index = ReadonlyMap<string, readonly string[]>

function indexForms(forms: readonly string[], what: 'pieces' | 'whole'): Index {
  const byStart = new Map<string, string[]>()
  for (const form of forms) {
    const last = what === 'whole' ? 0 : form.length - RECOGNISABLE_LENGTH
    for (let at = 0; at <= last; at += 1) {
      const start = form.slice(at, at + RECOGNISABLE_LENGTH)
      const wanted = what === 'whole' ? form : start
      const known = byStart.get(start)
      if (known === undefined) byStart.set(start, [wanted])
      else if (what === 'whole') known.push(wanted)
    }
  }
  return byStart
}

function cutFound(text: string, index: Index): string {
  let kept = ''
  let done = 0
  for (let at = 0; at + RECOGNISABLE_LENGTH <= text.length; ) {
    const end = endOfFound(text, at, index)
    if (end === at) {
      at += 1
      continue
    }
    kept += text.slice(done, at) + SHOWN_INSTEAD
    done = end
    at = end
  }
  return done === 0 ? text : kept + text.slice(done)
}

// Where what begins at `at` ends, together with what begins within it; `at` when nothing does.
function endOfFound(text: string, at: number, index: Index): number {
  let end = at
  for (let from = at; from === at || from < end; from += 1) {
    const candidates = index.get(text.slice(from, from + RECOGNISABLE_LENGTH)) ?? []
    const found = candidates.find((form) => text.startsWith(form, from))
    if (found !== undefined) end = Math.max(end, from + found.length)
  }
  return end
}
