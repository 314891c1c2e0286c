import type { Diagnostic, SourceRange } from '../../model/diagnostic.ts'
import { displayWidth } from '../writing/display-width.ts'
import { hintWithInputs } from '../writing/run-inputs.ts'
import { safeLine } from '../writing/safe-text.ts'
import { createStyle, type Style } from '../writing/style.ts'
import { count } from '../writing/words.ts'
import { wrapWords } from '../writing/wrap.ts'
import { type CodeFrame, type FrameMaker, frameMaker } from './code-frame.ts'

/** How diagnostics are shown. */
export interface DiagnosticsTextOptions {
  readonly color: boolean
  /** Columns of the terminal; nothing is folded without it. */
  readonly width?: number
  /** How many are shown in full; the rest is counted. 50 unless given. */
  readonly limit?: number
  /** Whether the last line counts them; true unless given. */
  readonly summary?: boolean
  /** For the commands that hints propose; see `TextOptions`. */
  readonly inputs?: string
}

/** No one reads more than this; the first ones are usually the cause of the others. */
const DIAGNOSTICS_SHOWN = 50

/**
 * Diagnostics for people, in the order given: `error[VPN201]: vpn.yaml:4:5 message`, the place, the line with
 * carets under the error, other places, and what to do next. Ends in a newline; empty for none.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  options: DiagnosticsTextOptions,
): string {
  if (diagnostics.length === 0) return ''
  const style = createStyle(options)
  const { shown, repeats, left } = choose(diagnostics, options.limit ?? DIAGNOSTICS_SHOWN)
  const framers = new Map<string, FrameMaker>()
  const frameAt: FrameAt = (at, columns) => {
    const text = sources.get(at.file)
    if (text === undefined) return undefined
    const framer = framers.get(at.file) ?? frameMaker(text)
    framers.set(at.file, framer)
    return framer(at, columns)
  }
  const parts = [
    ...shown.flatMap((diagnostic) => {
      const more = repeats.get(diagnostic)
      return [
        diagnosticLines(hintWithInputs(diagnostic, options.inputs), frameAt, style).join('\n'),
        ...(more === undefined ? [] : [`... and ${more} more ${safeLine(diagnostic.code)}`]),
      ]
    }),
    ...(left.length === 0 ? [] : [`... and ${countsText(left)} more, not shown`]),
    ...((options.summary ?? true) ? [style.heading(`${countsText(diagnostics)}.`)] : []),
  ]
  return `${parts.join('\n\n')}\n`
}

interface Choice {
  readonly shown: readonly Diagnostic[]
  /** After which one how many of its code are left out. */
  readonly repeats: ReadonlyMap<Diagnostic, number>
  /** What is left out and not counted by its code. */
  readonly left: readonly Diagnostic[]
}

// Every error has to be corrected at its place; a warning that comes a hundred times is one warning.
const REPEATS_SHOWN: Readonly<Record<Diagnostic['severity'], number>> = { error: 20, warning: 5 }

function choose(diagnostics: readonly Diagnostic[], limit: number): Choice {
  const seen = new Map<string, { last: Diagnostic | undefined; shown: number; more: number }>()
  const shown: Diagnostic[] = []
  const rest: Diagnostic[] = []
  for (const diagnostic of diagnostics) {
    const { code, severity } = diagnostic
    const of = seen.get(code) ?? { last: undefined, shown: 0, more: 0 }
    seen.set(code, of)
    if (shown.length < limit && of.shown < REPEATS_SHOWN[severity]) {
      shown.push(diagnostic)
      of.last = diagnostic
      of.shown += 1
    } else {
      rest.push(diagnostic)
      of.more += 1
    }
  }
  const counted = [...seen.values()].flatMap(({ last, more }) =>
    last === undefined || more === 0 ? [] : [[last, more] as const],
  )
  return {
    shown,
    repeats: new Map(counted),
    left: rest.filter(({ code }) => seen.get(code)?.last === undefined),
  }
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

type FrameAt = (at: SourceRange, columns: number) => CodeFrame | undefined

function diagnosticLines(diagnostic: Diagnostic, frameAt: FrameAt, style: Style): readonly string[] {
  const { at, related = [], hint, address, severity, code } = diagnostic
  const paint = severity === 'error' ? style.error : style.warning
  const { width } = style
  const places = [...(at === undefined ? [] : [at]), ...related.map((place) => place.at)]
  const room = width - Math.max(1, ...places.map(({ start }) => String(start.line).length)) - ' | '.length
  const frame = at === undefined ? undefined : frameAt(at, room)
  const relatedFrames = related.map((place) => ({ ...place, frame: frameAt(place.at, room) }))
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
      ...frameLines(place.frame, gutter, style.quiet, fitsOnLine(place, room) ? safeLine(place.message) : ''),
      ...(fitsOnLine(place, room)
        ? []
        : wrapWords(`${gutter} = ${safeLine(place.message)}`, width, `${gutter}   `)),
    ]),
    ...(hint === undefined ? [] : wrapWords(`${gutter} = hint: ${safeLine(hint)}`, width, `${gutter}   `)),
  ]
}

function fitsOnLine(
  { frame, message }: { readonly frame: CodeFrame | undefined; readonly message: string },
  room: number,
): boolean {
  return frame !== undefined && displayWidth(`${frame.carets} ${safeLine(message)}`) <= room
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
