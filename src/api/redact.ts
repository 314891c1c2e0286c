import { type FieldPath, isPlainObject } from '../model/json.ts'

/** Removes from a text what must not be shown. */
export type Redactor = (text: string) => string

const SHOWN_INSTEAD = '(secret)'
// Servers shorten what they echo. A run of this many characters in common is not a coincidence for a key or a token.
const RECOGNISABLE_LENGTH = 10
const HASHED = 4
// Tables of a multiple of what is entered are filled in a small part; a request that is refused needs small ones.
const MIN_HASHES = 2 ** 12
const MAX_HASHES = 2 ** 20
const SPARSITY = 64
// Any run of that length begins a hash at a multiple of this.
const STRIDE = RECOGNISABLE_LENGTH - HASHED + 1

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
  const index = indexForms(
    forms.filter((form) => form.length >= RECOGNISABLE_LENGTH),
    what,
  )
  return (text) => {
    let cut = text
    for (const form of short) cut = cut.replaceAll(form, SHOWN_INSTEAD)
    return index === undefined ? cut : cutFound(cut, index)
  }
}

/**
 * A copy of a JSON value with every text redacted but those at the paths of `kept`, which lead through lists; the value
 * itself where nothing was to be removed.
 */
export function redactValue(value: unknown, redact: Redactor, kept: readonly FieldPath[] = []): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) {
    const items = value.map((item) => redactValue(item, redact, kept))
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  if (!isPlainObject(value)) return value
  let copy: Record<string, unknown> | undefined
  for (const [key, inner] of Object.entries(value)) {
    const below = kept.flatMap(([first, ...rest]) => (first === key ? [rest] : []))
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
    // The first and the last letters hold bits of what is around it.
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

interface Index {
  /** What to look for, by its first characters. */
  readonly byStart: ReadonlyMap<string, readonly string[]>
  // Most places of a text begin nothing of it: a hash of four characters says so without cutting the text up.
  readonly starts: Uint8Array
  /** The hashes of all that a text with any of it holds in every {@link STRIDE} places. */
  readonly traces: Uint8Array
}

function indexForms(forms: readonly string[], what: 'pieces' | 'whole'): Index | undefined {
  if (forms.length === 0) return undefined
  const byStart = new Map<string, string[]>()
  const size = tableSize(forms)
  const starts = new Uint8Array(size)
  const traces = new Uint8Array(size)
  for (const form of forms) {
    for (let at = 0; at + HASHED <= form.length; at += 1) traces[hashAt(form, at, size)] = 1
    const last = what === 'whole' ? 0 : form.length - RECOGNISABLE_LENGTH
    for (let at = 0; at <= last; at += 1) {
      const start = form.slice(at, at + RECOGNISABLE_LENGTH)
      const wanted = what === 'whole' ? form : start
      const known = byStart.get(start)
      if (known === undefined) byStart.set(start, [wanted])
      else if (what === 'whole') known.push(wanted)
      starts[hashAt(form, at, size)] = 1
    }
  }
  return { byStart, starts, traces }
}

// Most texts hold nothing of it: one check in every seven characters is enough.
function mayHold(text: string, { traces }: Index): boolean {
  for (let at = 0; at + HASHED <= text.length; at += STRIDE) {
    if (traces[hashAt(text, at, traces.length)] === 1) return true
  }
  return false
}

function cutFound(text: string, index: Index): string {
  if (!mayHold(text, index)) return text
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
function endOfFound(text: string, at: number, { byStart, starts }: Index): number {
  let end = at
  for (let from = at; from === at || from < end; from += 1) {
    if (starts[hashAt(text, from, starts.length)] !== 1) continue
    const candidates = byStart.get(text.slice(from, from + RECOGNISABLE_LENGTH)) ?? []
    const found = candidates.find((form) => text.startsWith(form, from))
    if (found !== undefined) end = Math.max(end, from + found.length)
  }
  return end
}

function tableSize(forms: readonly string[]): number {
  const entered = forms.reduce((sum, { length }) => sum + length, 0)
  const wanted = 2 ** Math.ceil(Math.log2(entered * SPARSITY))
  return Math.min(MAX_HASHES, Math.max(MIN_HASHES, wanted))
}

function hashAt(text: string, at: number, size: number): number {
  const start = (text.charCodeAt(at) << 15) ^ (text.charCodeAt(at + 1) << 10)
  const all = start ^ (text.charCodeAt(at + 2) << 5) ^ text.charCodeAt(at + 3)
  return (all ^ (all >>> 12)) & (size - 1)
}
