import type { ErrorCode, YAMLError } from 'yaml'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Lines } from './lines.ts'
import { openBracket } from './open-bracket.ts'

// One slip in YAML makes the parser stumble over what follows; only the first few are worth reading.
const MOST_PER_DOCUMENT = 3
// A text that is not YAML at all has an error for each of its characters; what follows the first of them says nothing.
const MOST_LOOKED_AT = 100

interface Words {
  readonly code: string
  readonly message: string
  readonly hint: string
}

type Slip = Pick<YAMLError, 'code' | 'message' | 'pos'>

const syntax = (message: string, hint: string): Words => ({ code: 'VPN105', message, hint })

// The parser's own messages quote the text, which may be a secret; these do not.
const WORDS: Readonly<Record<ErrorCode, Words>> = {
  TAB_AS_INDENT: {
    code: 'VPN106',
    message: 'a tab is used for indentation',
    hint: 'YAML wants spaces: replace the tab with two spaces',
  },
  RESOURCE_EXHAUSTION: {
    code: 'VPN109',
    message: 'the document is nested too deep',
    hint: 'a file of vpnctl needs 7 levels',
  },
  BAD_ALIAS: { code: 'VPN110', message: 'an anchor or alias has no name', hint: 'write &name and *name' },
  ALIAS_PROPS: {
    code: 'VPN110',
    message: 'an alias cannot have an anchor or a tag of its own',
    hint: 'put the anchor where the value is written',
  },
  NON_STRING_KEY: { code: 'VPN111', message: 'this key is not a string', hint: 'write it as a plain word' },
  TAG_RESOLVE_FAILED: {
    code: 'VPN112',
    message: 'this tag means nothing here',
    hint: 'remove the tag (the word that starts with !); put text that starts with ! in quotes',
  },
  DUPLICATE_KEY: { code: 'VPN107', message: 'this key is given twice', hint: 'remove one of the two' },
  BAD_INDENT: syntax(
    'the indentation does not fit',
    'the keys of one mapping start in one column; or is a bracket, brace or quote above not closed?',
  ),
  MISSING_CHAR: syntax(
    'something is missing here',
    'a closing quote or bracket, a comma, or a colon with a space after it',
  ),
  UNEXPECTED_TOKEN: syntax(
    'this does not fit here',
    'check the indentation and the line above; text with ": " or " #" in it needs quotes',
  ),
  BLOCK_AS_IMPLICIT_KEY: syntax(
    'a mapping cannot start in the middle of a line',
    'text with ": " in it needs quotes; a mapping starts on a line of its own',
  ),
  MULTILINE_IMPLICIT_KEY: syntax(
    'a key has to be on one line and be followed by ":"',
    'is a colon missing, or a closing quote?',
  ),
  BLOCK_IN_FLOW: syntax(
    'this does not fit inside { } or [ ]',
    'is a comma missing in front of it, or a closing bracket above?',
  ),
  BAD_DQ_ESCAPE: syntax(
    'this escape is unknown in double quotes',
    'write \\\\ for a backslash, or use single quotes',
  ),
  BAD_SCALAR_START: syntax('a string cannot start with this character', 'put it in quotes'),
  BAD_DIRECTIVE: syntax('this directive is unknown', 'remove the line that starts with %'),
  BAD_PROP_ORDER: syntax('anchors and tags come after "- " and "key:"', 'move it behind the indicator'),
  BAD_COLLECTION_TYPE: syntax('the tag does not fit the value', 'remove the tag'),
  IMPOSSIBLE: syntax('this is not YAML', 'check the line and the one above'),
  KEY_OVER_1024_CHARS: syntax('this key is longer than 1024 characters', 'is a line break missing?'),
  MULTIPLE_ANCHORS: syntax('a value can have one anchor only', 'remove the others'),
  MULTIPLE_DOCS: syntax('a second document starts here', 'separate documents with ---'),
  MULTIPLE_TAGS: syntax('a value can have one tag only', 'remove the others'),
}

const INDENT = WORDS.BAD_INDENT

// Where one code of the parser means several slips, its message shows which; an unknown one keeps its code's words.
const SLIPS: readonly (readonly [ErrorCode, RegExp, (found: string) => Words])[] = [
  ['MISSING_CHAR', /^Sequence item without - indicator/, () => INDENT],
  [
    'MISSING_CHAR',
    /^Implicit map keys need to be followed/,
    () => syntax('a colon is missing behind this key', 'write "key: value", with a space after the colon'),
  ],
  [
    'MISSING_CHAR',
    /^Missing closing (['"])/,
    (quote) => syntax(`a quote is not closed: ${quote} is missing`, 'close it where the text ends'),
  ],
  [
    'MISSING_CHAR',
    /^Missing (,)(?: or :)? between/,
    () =>
      syntax('a comma is missing in front of this', 'keys in { } and entries in [ ] are separated by commas'),
  ],
  [
    'MISSING_CHAR',
    /^Missing space after :/,
    () => syntax('a space is missing after the colon', 'write "key: value"'),
  ],
]

const CONFLICT = syntax(
  'a marker of a merge conflict',
  'keep one of the two sides, and remove the lines with <<<<<<<, ======= and >>>>>>>',
)
const MARKER = /^(?:<{7}|={7}|>{7}|\|{7})(?:\s|$)/

function wordsOf({ code, message }: Slip): Words {
  for (const [owner, pattern, words] of SLIPS) {
    const found = owner === code ? pattern.exec(message) : null
    if (found !== null) return words(found[1] ?? '')
  }
  return WORDS[code]
}

// Where a bracket was opened says more than where the parser gave up on it.
function unclosedBracket({ message, pos }: Slip, lines: Lines): Diagnostic | undefined {
  const closing = /end with a ([\]}])$/.exec(message)?.[1]
  if (closing === undefined) return undefined
  const opening = closing === ']' ? '[' : '{'
  const start = openBracket(lines.text(0, pos[0]), opening)
  if (start === undefined) return undefined
  const words = syntax(
    `this ${opening} is not closed: ${closing} is missing`,
    `close it, and indent what is in it deeper than the key that it belongs to`,
  )
  return { severity: 'error', ...words, at: lines.range(start, start + 1) }
}

function toDiagnostic(error: Slip, lines: Lines): Diagnostic {
  const start = lines.skipSpaces(error.pos[0])
  const at = lines.firstLine(start, Math.max(error.pos[1], start + 1))
  const words = MARKER.test(lines.text(start, start + 8)) ? CONFLICT : wordsOf(error)
  return unclosedBracket(error, lines) ?? { severity: 'error', ...words, at }
}

// After a slip the parser is at a wrong depth, so that lines which are right do not fit.
function isConsequence({ code }: Slip, next: Diagnostic, found: readonly Diagnostic[]): boolean {
  const last = found.at(-1)
  const [line, lastLine] = [next.at?.start.line ?? 0, last?.at?.start.line]
  if (last === undefined || lastLine === undefined) return false
  return code === 'BAD_INDENT' || line <= lastLine + 1 || last.message === CONFLICT.message
}

// Of several at one place, the one that says what the text is comes before what the parser hoped for.
const LEAST_SPECIFIC: readonly ErrorCode[] = [
  'BLOCK_AS_IMPLICIT_KEY',
  'UNEXPECTED_TOKEN',
  'MULTILINE_IMPLICIT_KEY',
]

function byPlace(a: Slip, b: Slip): number {
  return a.pos[0] - b.pos[0] || LEAST_SPECIFIC.indexOf(a.code) - LEAST_SPECIFIC.indexOf(b.code)
}

// A mapping inside of brackets is a slip at the word that made it one.
function atItsToken(errors: readonly Slip[]): (error: Slip) => Slip {
  return ({ code, message, pos }) => {
    const token = errors.find(
      (other) => other.code === 'UNEXPECTED_TOKEN' && other.pos[0] >= pos[0] && other.pos[1] <= pos[1],
    )
    return { code, message, pos: code === 'BLOCK_IN_FLOW' && token !== undefined ? token.pos : pos }
  }
}

/** What the YAML parser found, in our words; what follows from another error is left out. */
export function yamlErrors(errors: readonly YAMLError[], lines: Lines): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  const first = errors.toSorted(byPlace).slice(0, MOST_LOOKED_AT)
  for (const error of first.map(atItsToken(first)).sort(byPlace)) {
    const next = toDiagnostic(error, lines)
    if (isConsequence(error, next, found)) continue
    found.push(next)
    if (found.length === MOST_PER_DOCUMENT) break
  }
  return found
}
