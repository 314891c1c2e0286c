import type { ErrorCode, YAMLError } from 'yaml'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Lines } from './parse.ts'

// One slip in YAML makes the parser stumble over what follows; only the first few are worth reading.
const MOST_PER_DOCUMENT = 3

interface Words {
  readonly code: string
  readonly message: string
  readonly hint: string
}

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
  NON_STRING_KEY: { code: 'VPN111', message: 'this key is not a text', hint: 'write it as a plain word' },
  TAG_RESOLVE_FAILED: {
    code: 'VPN112',
    message: 'this tag means nothing here',
    hint: 'remove the tag (the word that starts with !); put text that starts with ! in quotes',
  },
  DUPLICATE_KEY: { code: 'VPN107', message: 'this key is given twice', hint: 'remove one of the two' },
  BAD_INDENT: syntax(
    'the indentation does not fit',
    'members of one mapping start in one column; or is a bracket, brace or quote above not closed?',
  ),
  MISSING_CHAR: syntax(
    'something is missing here',
    'a closing quote or bracket, a comma, or a colon with a blank after it',
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
    'lines with "- " or "key:" cannot stand inside { } or [ ]',
    'close the bracket first',
  ),
  BAD_DQ_ESCAPE: syntax(
    'this escape is unknown in double quotes',
    'write \\\\ for a backslash, or use single quotes',
  ),
  BAD_SCALAR_START: syntax('a text cannot start with this character', 'put it in quotes'),
  BAD_DIRECTIVE: syntax('this directive is unknown', 'remove the line that starts with %'),
  BAD_PROP_ORDER: syntax('anchors and tags come after "- " and "key:"', 'move it behind the indicator'),
  BAD_COLLECTION_TYPE: syntax('the tag does not fit the value', 'remove the tag'),
  IMPOSSIBLE: syntax('this is not YAML', 'check the line and the one above'),
  KEY_OVER_1024_CHARS: syntax('this key is longer than 1024 characters', 'is a line break missing?'),
  MULTIPLE_ANCHORS: syntax('a value can have one anchor only', 'remove the others'),
  MULTIPLE_DOCS: syntax('a second document starts here', 'separate documents with ---'),
  MULTIPLE_TAGS: syntax('a value can have one tag only', 'remove the others'),
}

/** What the YAML parser found, in our words, the first of each line. */
export function yamlFaults(errors: readonly YAMLError[], lines: Lines): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  for (const error of [...errors].sort((a, b) => a.pos[0] - b.pos[0])) {
    const start = lines.skipSpaces(error.pos[0])
    const at = lines.firstLine(start, Math.max(error.pos[1], start + 1))
    if (found.some((other) => other.at?.start.line === at.start.line)) continue
    found.push({ severity: 'error', ...WORDS[error.code], at })
    if (found.length === MOST_PER_DOCUMENT) break
  }
  return found
}
