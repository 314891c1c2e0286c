import type { Fact, Remark, RenderOptions, Report } from '../report.ts'
import { safeLine } from '../writing/safe-text.ts'

// GitHub shows 10 annotations of each kind in a step and drops the rest without a word.
const MAX_PER_KIND = 10

/** Workflow commands of GitHub that show the remarks at the lines of the files. */
export function render(report: Report, { fileName }: RenderOptions): string {
  return renderAnnotations(report.remarks, fileName)
}

/** Workflow commands, one per line, errors first, at most 10 of each severity; the last one counts the rest. */
export function renderAnnotations(remarks: readonly Remark[], fileName: (file: string) => string): string {
  const severities = ['error', 'warning', 'notice'] as const
  const lines = severities.flatMap((severity) => {
    const all = remarks.filter((remark) => remark.severity === severity)
    if (all.length <= MAX_PER_KIND) return all.map((remark) => command(remark, fileName))
    const shown = all.slice(0, MAX_PER_KIND - 1)
    const message = `and ${all.length - shown.length} more; see the log`
    const rest: Remark = { severity, code: 'vpnctl', title: 'vpnctl', message }
    return [...shown, rest].map((remark) => command(remark, fileName))
  })
  return lines.map((line) => `${line}\n`).join('')
}

/**
 * Text to append to `$GITHUB_OUTPUT`. `delimiter` must be unpredictable, or a value could end early and set others.
 */
export function renderOutputs(facts: readonly Fact[], delimiter: string): string {
  return facts
    .map(([name, value]) =>
      /[\r\n]/.test(value) ? `${name}<<${delimiter}\n${value}\n${delimiter}\n` : `${name}=${value}\n`,
    )
    .join('')
}

/**
 * Text that others wrote, on the standard output of a GitHub job, so that no line of it is obeyed as a command.
 * `token` must be unpredictable.
 */
export function withoutCommands(text: string, token: string): string {
  const end = text.endsWith('\n') ? '' : '\n'
  return `::stop-commands::${token}\n${text}${end}::${token}::\n`
}

function command({ severity, title, message, hint, at }: Remark, fileName: (file: string) => string): string {
  const place = at === undefined ? [] : placeProperties(at, fileName)
  const properties = [...place, `title=${escapeProperty(title)}`]
  const text = hint === undefined ? message : `${message}\n${hint}`
  return `::${severity} ${properties.join(',')}::${escapeMessage(text)}`
}

// GitHub accepts columns within one line only, and counts the last marked column as the end.
function placeProperties(
  { file, start, end }: NonNullable<Remark['at']>,
  fileName: (file: string) => string,
): readonly string[] {
  const columns =
    start.line === end.line ? [`col=${start.column}`, `endColumn=${Math.max(1, end.column - 1)}`] : []
  return [`file=${escapeProperty(fileName(file))}`, `line=${start.line}`, `endLine=${end.line}`, ...columns]
}

// Line breaks stay, in the form that GitHub reads; control characters do not.
function escapeMessage(text: string): string {
  const lines = text.split(/\r\n|\n|\r/).map(safeLine)
  return lines.map((line) => line.replaceAll('%', '%25')).join('%0A')
}

function escapeProperty(text: string): string {
  return safeLine(text).replaceAll('%', '%25').replaceAll(':', '%3A').replaceAll(',', '%2C')
}
