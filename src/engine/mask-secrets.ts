import type { Source } from '../config/source.ts'
import type { DesiredBuild } from '../desired/build-desired.ts'
import { KINDS } from '../kinds/index.ts'
import { classOf } from '../model/codes.ts'
import type { Place, SourceRange } from '../model/diagnostic.ts'

const MASK = '*'
// A WireGuard key, of whichever half.
const KEY = /[A-Za-z0-9+/]{43}=/g
const SECRET_MEMBERS = KINDS.flatMap((kind) => kind.secrets.flatMap(({ path }) => path.at(-1) ?? []))
// `privateKey: abc`, also where the YAML around it is broken. References are in braces.
const SECRET_LINE = new RegExp(
  `(\\b(?:${SECRET_MEMBERS.join('|')}|psk)["']?\\s*:\\s*)(?![{&*!|>\\s])([^\\r\\n]+)`,
  'gi',
)

/** The texts of files with every secret that is written out masked, character by character, so that columns stay. */
export function maskSecrets(
  sources: readonly Source[],
  plaintextSecrets: readonly Place[],
  { diagnostics, repeatedSecrets }: Pick<DesiredBuild, 'diagnostics' | 'repeatedSecrets'>,
): ReadonlyMap<string, string> {
  const repeated = repeatedSecrets.map((secret) => secret.reveal().trim())
  const leaks = diagnostics.filter(({ code }) => classOf(code) === 'leak')
  const ranges = [
    ...plaintextSecrets.flatMap(({ at, definition }) => [
      at,
      ...(definition === undefined ? [] : [definition]),
    ]),
    ...leaks.flatMap(({ at, related }) => [
      ...(at === undefined ? [] : [at]),
      ...(related ?? []).map((other) => other.at),
    ]),
  ]
  return new Map(
    sources.map(({ file, text }) => [
      file,
      maskRanges(
        repeated.reduce((left, value) => left.replaceAll(value, mask(value)), maskLines(text)),
        ranges.filter((range) => range.file === file),
      ),
    ]),
  )
}

function maskLines(text: string): string {
  return text
    .replace(SECRET_LINE, (_all, key: string, value: string) => key + mask(value))
    .replace(KEY, (key, offset: number) => (isPublic(text, offset) ? key : mask(key)))
}

// Room for a name, spaces and an anchor; a file of JSON can be one long line.
const MOST_BEFORE = 200

// A public key is behind its own name.
function isPublic(text: string, offset: number): boolean {
  const line = text.slice(Math.max(text.lastIndexOf('\n', offset) + 1, offset - MOST_BEFORE), offset)
  return /public_?key["']?\s*:\s*["']?(&\S+\s+)?$/i.test(line)
}

function maskRanges(text: string, ranges: readonly SourceRange[]): string {
  let masked = ''
  let done = 0
  for (const { start, end } of [...ranges].sort((a, b) => a.start.offset - b.start.offset)) {
    if (start.offset < done) continue
    masked += text.slice(done, start.offset) + mask(text.slice(start.offset, end.offset))
    done = end.offset
  }
  return masked + text.slice(done)
}

function mask(text: string): string {
  return text.replace(/[^\r\n]/gu, (char) => MASK.repeat(char.length))
}
