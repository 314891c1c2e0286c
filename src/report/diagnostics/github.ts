import type { Diagnostic } from '../../model/diagnostic.ts'
import { safeLine } from '../writing/safe-text.ts'

/** One workflow command of GitHub that shows text at a line of the pull request. */
export interface Annotation {
  readonly kind: 'error' | 'warning' | 'notice'
  readonly message: string
  readonly title: string
  readonly at?:
    | {
        readonly file: string
        readonly line: number
        readonly endLine: number
        readonly column: number
        readonly endColumn: number
      }
    | undefined
}

// GitHub shows 10 annotations of each kind in a step and drops the rest without a word.
const SHOWN_OF_A_KIND = 10

/** Diagnostics as workflow commands, one a line; what GitHub would drop is counted in the last one of its kind. */
export function renderDiagnosticsGithub(diagnostics: readonly Diagnostic[]): string {
  return renderAnnotations(diagnostics.map(diagnosticAnnotation))
}

/** A diagnostic as an annotation. Paths are the user's own: relative ones are taken from the repository's root. */
export function diagnosticAnnotation(diagnostic: Diagnostic): Annotation {
  const { severity, code, message, hint, at } = diagnostic
  return {
    kind: severity,
    title: code,
    message: hint === undefined ? message : `${message}\n${hint}`,
    at: at === undefined ? undefined : placeOfRange(at),
  }
}

/** A range as GitHub counts it: the end column is the last one marked. */
export function placeOfRange({
  file,
  start,
  end,
}: NonNullable<Diagnostic['at']>): NonNullable<Annotation['at']> {
  return {
    file,
    line: start.line,
    endLine: end.line,
    column: start.column,
    endColumn: Math.max(1, end.column - 1),
  }
}

/** Workflow commands, one a line, the most important first, at most 10 of a kind. Empty for none. */
export function renderAnnotations(annotations: readonly Annotation[]): string {
  const kinds = ['error', 'warning', 'notice'] as const
  const lines = kinds.flatMap((kind) => {
    const all = annotations.filter((annotation) => annotation.kind === kind)
    if (all.length <= SHOWN_OF_A_KIND) return all.map(command)
    const shown = all.slice(0, SHOWN_OF_A_KIND - 1)
    const rest = {
      kind,
      title: 'vpnctl',
      message: `and ${all.length - shown.length} more; see the log`,
    } as const
    return [...shown.map(command), command(rest)]
  })
  return lines.map((line) => `${line}\n`).join('')
}

/**
 * Text that others wrote, on the standard output of a GitHub job, so that no line of it is taken for a command.
 * `token` must be one that nobody can guess.
 */
export function withoutCommands(text: string, token: string): string {
  const end = text.endsWith('\n') ? '' : '\n'
  return `::stop-commands::${token}\n${text}${end}::${token}::\n`
}

function command({ kind, title, message, at }: Annotation): string {
  const properties = [...(at === undefined ? [] : placeProperties(at)), `title=${escapeProperty(title)}`]
  return `::${kind} ${properties.join(',')}::${escapeMessage(message)}`
}

// Columns mean something within one line only.
function placeProperties(at: NonNullable<Annotation['at']>): readonly string[] {
  const columns = at.line === at.endLine ? [`col=${at.column}`, `endColumn=${at.endColumn}`] : []
  return [`file=${escapeProperty(at.file)}`, `line=${at.line}`, `endLine=${at.endLine}`, ...columns]
}

// Line breaks may stay, as GitHub writes them; nothing else that a log should not hold.
function escapeMessage(text: string): string {
  const lines = text.split(/\r\n|\n|\r/).map(safeLine)
  return lines.map((line) => line.replaceAll('%', '%25')).join('%0A')
}

function escapeProperty(text: string): string {
  return safeLine(text).replaceAll('%', '%25').replaceAll(':', '%3A').replaceAll(',', '%2C')
}
