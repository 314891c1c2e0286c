import type { Source } from '../config/source.ts'
import { classOf, explain } from '../model/codes.ts'
import type { Diagnostic, SourceRange } from '../model/diagnostic.ts'

/** The comments of the files that silence warnings: `# vpnctl-ignore VPN345`. */
export interface IgnoreComments {
  /** Whether a comment on the line of a warning, or alone on the line above, names its code. */
  readonly silences: (diagnostic: Diagnostic) => boolean
  /** Warnings about comments that nothing so far was silenced by. */
  readonly stale: () => readonly Diagnostic[]
}

interface Comment {
  readonly at: SourceRange
  readonly codes: readonly string[]
  /** The lines that it is about. */
  readonly lines: readonly number[]
  /** What is said about these lines may depend on variables. */
  readonly isVariable: boolean
  readonly used: Set<string>
}

const IGNORE = /#\s*vpnctl-ignore\b[\s:]*((?:VPN\d{3}[\s,]*)*)/

/** Reads the comments of all files. */
export function ignoreComments(sources: readonly Source[]): IgnoreComments {
  const comments = sources
    .filter(({ text }) => text.includes('vpnctl-ignore'))
    .flatMap(({ file, text }) => commentsOf(file, text))
  return {
    silences: ({ severity, code, at }) => {
      if (severity === 'error' || at === undefined) return false
      const found = comments.filter(
        (comment) =>
          comment.at.file === at.file &&
          comment.codes.includes(code) &&
          comment.lines.includes(at.start.line),
      )
      for (const comment of found) comment.used.add(code)
      return found.length > 0
    },
    stale: () => comments.flatMap(staleCodes),
  }
}

function commentsOf(file: string, text: string): readonly Comment[] {
  const lines = text.split('\n')
  let offset = 0
  return lines.flatMap((line, index) => {
    const lineOffset = offset
    offset += line.length + 1
    const found = IGNORE.exec(line)
    if (found === null) return []
    const isAlone = /^\s*#/.test(line)
    const about = isAlone ? [index + 1, index + 2] : [index + 1]
    const place = (column: number) => ({ line: index + 1, column: column + 1, offset: lineOffset + column })
    const end = found.index + found[0].trimEnd().length
    return {
      at: { file, start: place(found.index), end: place(end) },
      codes: found[1]?.match(/VPN\d{3}/g) ?? [],
      lines: about,
      isVariable: about.some((number) => lines[number - 1]?.includes('${') === true),
      used: new Set<string>(),
    }
  })
}

function staleCodes({ at, codes, isVariable, used }: Comment): readonly Diagnostic[] {
  const warning = (message: string): Diagnostic => ({
    severity: 'warning',
    code: 'VPN122',
    message,
    at,
    hint: 'remove what is not needed any more: it would hide the next error of this kind',
  })
  if (codes.length === 0) return [warning('this comment names no code of a warning, and silences nothing')]
  return codes.flatMap((code) => {
    if (explain(code) === undefined) return [warning(`this comment names ${code}, and there is no such code`)]
    return isKnowable(code) && !isVariable && !used.has(code)
      ? [warning(`this comment silences no ${code}: there is none here`)]
      : []
  })
}

// Whether these are found depends on the file alone, and not on secrets or on what is live.
function isKnowable(code: string): boolean {
  const about = classOf(code)
  return about === 'rule' || about === 'form'
}
