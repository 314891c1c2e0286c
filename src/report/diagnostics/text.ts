import type { Diagnostic, SourceRange } from '../../model/diagnostic.ts'
import { displayWidth } from '../writing/display-width.ts'
import { safeLine } from '../writing/safe-text.ts'
import { createStyle, type Style } from '../writing/style.ts'
import { count } from '../writing/words.ts'
import { wrapWords } from '../writing/wrap.ts'
import { type CodeFrame, codeFrame } from './code-frame.ts'

/** How diagnostics are shown. */
export interface DiagnosticsTextOptions {
  readonly color: boolean
  /** Columns of the terminal; nothing is folded without it. */
  readonly width?: number
  /** How many are shown in full; the rest is counted. 50 unless given. */
  readonly limit?: number
  /** Whether the last line counts them; true unless given. */
  readonly summary?: boolean
}

/** More than this reads nobody; the first ones are usually the cause of the others. */
const DIAGNOSTICS_SHOWN = 50

/**
 * Diagnostics for people, in the order given: `error[VPN201]: vpn.yaml:4:5 message`, the place, the line with
 * carets under the fault, other places, and what to do next. Ends in a newline; empty for none.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  options: DiagnosticsTextOptions,
): string {
  if (diagnostics.length === 0) return ''
  const style = createStyle(options)
  const shown = diagnostics.slice(0, options.limit ?? DIAGNOSTICS_SHOWN)
  const left = diagnostics.slice(shown.length)
  const parts = [
    ...shown.map((diagnostic) => diagnosticLines(diagnostic, sources, style).join('\n')),
    ...(left.length === 0 ? [] : [`... and ${countsText(left)} more, not shown`]),
    ...((options.summary ?? true) ? [style.heading(`${countsText(diagnostics)}.`)] : []),
  ]
  return `${parts.join('\n\n')}\n`
}

/** `vpn.yaml:4:5 unknown field "gatewayIp"`: one line, for grep, editors and logs. */
function diagnosticLine(diagnostic: Diagnostic): string {
  const { at, message } = diagnostic
  return at === undefined ? safeLine(message) : `${rangeText(at)} ${safeLine(message)}`
}

/** `2 errors, 1 warning`. */
export function countsText(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length
  const warnings = diagnostics.length - errors
  const parts = [
    ...(errors === 0 ? [] : [count(errors, 'error')]),
    ...(warnings === 0 ? [] : [count(warnings, 'warning')]),
  ]
  return parts.length === 0 ? 'no errors' : parts.join(', ')
}

function diagnosticLines(
  diagnostic: Diagnostic,
  sources: ReadonlyMap<string, string>,
  style: Style,
): readonly string[] {
  const { at, related = [], hint, address, severity, code } = diagnostic
  const paint = severity === 'error' ? style.error : style.warning
  const { width } = style
  const places = [...(at === undefined ? [] : [at]), ...related.map((place) => place.at)]
  const room = width - Math.max(1, ...places.map(({ start }) => String(start.line).length)) - ' | '.length
  const frame = at === undefined ? undefined : frameAt(at, sources, room)
  const relatedFrames = related.map((place) => ({ ...place, frame: frameAt(place.at, sources, room) }))
  const digits = [frame, ...relatedFrames.map((place) => place.frame)].map(
    (each) => each?.lineNumber.length ?? 0,
  )
  const gutter = ' '.repeat(Math.max(1, ...digits))
  const about = address === undefined ? '' : `  (${safeLine(address)})`
  const label = `${severity}[${safeLine(code)}]`
  const [first = '', ...more] = wrapWords(`${label}: ${diagnosticLine(diagnostic)}`, width, '  ')
  return [
    `${paint(label)}${style.heading(first.slice(label.length))}`,
    ...more.map(style.heading),
    ...(at === undefined
      ? address === undefined
        ? []
        : [`${gutter} = about: ${safeLine(address)}`]
      : wrapWords(`${gutter}--> ${rangeText(at)}${about}`, width, `${gutter}    `)),
    ...frameLines(frame, gutter, paint, ''),
    ...relatedFrames.flatMap((place) => [
      `${gutter}::: ${rangeText(place.at)}`,
      ...frameLines(place.frame, gutter, style.quiet, fitsBeside(place, room) ? safeLine(place.message) : ''),
      ...(fitsBeside(place, room)
        ? []
        : wrapWords(`${gutter} = ${safeLine(place.message)}`, width, `${gutter}   `)),
    ]),
    ...(hint === undefined ? [] : wrapWords(`${gutter} = hint: ${safeLine(hint)}`, width, `${gutter}   `)),
  ]
}

function fitsBeside(
  { frame, message }: { readonly frame: CodeFrame | undefined; readonly message: string },
  room: number,
): boolean {
  return frame !== undefined && displayWidth(`${frame.carets} ${safeLine(message)}`) <= room
}

function frameAt(
  at: SourceRange,
  sources: ReadonlyMap<string, string>,
  columns: number,
): CodeFrame | undefined {
  const text = sources.get(at.file)
  return text === undefined ? undefined : codeFrame(text, at, columns)
}

function frameLines(
  frame: CodeFrame | undefined,
  gutter: string,
  paint: (text: string) => string,
  label: string,
): readonly string[] {
  if (frame === undefined) return []
  const carets = frame.carets.trimStart()
  const indent = frame.carets.slice(0, frame.carets.length - carets.length)
  return [
    `${gutter} |`,
    `${frame.lineNumber.padStart(gutter.length)} | ${frame.source}`,
    `${gutter} | ${indent}${paint(label === '' ? carets : `${carets} ${label}`)}`,
  ]
}

function rangeText({ file, start }: SourceRange): string {
  return `${safeLine(file)}:${start.line}:${start.column}`
}
