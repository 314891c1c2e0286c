import type { SourceRange } from '../../model/diagnostic.ts'
import { logCommandsIn } from '../../model/safe-text.ts'
import { displayWidth } from '../writing/display-width.ts'
import { safeLine } from '../writing/safe-text.ts'
import { type HiddenSpan, hiddenSpans } from './frame-redaction.ts'

/** The offending line and the carets below it, as they stand behind the gutter. */
export interface CodeFrame {
  readonly lineNumber: string
  readonly source: string
  readonly carets: string
}

const TAB_STOP = 4
// A longer line is shown around the place; less than the least is of no use to anybody.
const WIDEST = 160
const LEAST = 40

/** Makes the frames of one text. */
export type FrameMaker = (at: SourceRange, columns?: number) => CodeFrame | undefined

/**
 * Frames of a text: the first line of a range with carets under exactly its characters. Undefined when the text has no
 * such line, or none at all. Secrets are hidden; tabs, wide and control characters keep the carets where they belong.
 *
 * Each line is searched for secrets once, and only the part of it that is shown is measured: the findings of a file on
 * one line must not cost a search of the whole file each.
 */
export function frameMaker(text: string): FrameMaker {
  const lines = splitLines(text)
  const hidden = new Map<number, readonly HiddenSpan[]>()
  return (at, columns = WIDEST) => {
    const index = at.start.line - 1
    const line = lines[index]
    if (line === undefined || text === '') return undefined
    const spans = hidden.get(index) ?? hiddenSpans(lines, index)
    hidden.set(index, spans)
    const start = Math.min(at.start.column - 1, line.length)
    const end = at.end.line === at.start.line ? at.end.column - 1 : line.trimEnd().length
    return frame(excerpt(line, spans, start, end), at.start.line, columns)
  }
}

/** A part of a line around a place, offsets counted in it. */
interface Excerpt {
  readonly line: string
  readonly spans: readonly HiddenSpan[]
  readonly start: number
  readonly end: number
}

// Far more than any frame is wide.
const AROUND = 2_000

function excerpt(line: string, spans: readonly HiddenSpan[], start: number, end: number): Excerpt {
  if (line.length <= 2 * AROUND) return { line, spans, start, end }
  const from = Math.max(0, start - AROUND)
  const to = Math.min(line.length, start + AROUND)
  return {
    line: line.slice(from, to),
    spans: spans.flatMap((span) =>
      span.end <= from || span.start >= to
        ? []
        : [{ ...span, start: Math.max(from, span.start) - from, end: Math.min(to, span.end) - from }],
    ),
    start: start - from,
    end: Math.min(to, end) - from,
  }
}

function frame({ line, spans, start, end }: Excerpt, lineNumber: number, columns: number): CodeFrame {
  const widest = Math.min(WIDEST, Math.max(LEAST, columns))
  const cells = cellsOf(line, spans)
  const from = windowStart(cells, start, widest)
  const shown = cells.slice(from)
  const cut = clip(shown, from > 0 ? widest - 1 : widest)
  const before = widthOf(shown.slice(0, start - from)) + (from > 0 ? 1 : 0)
  const marked = widthOf(cells.slice(start, Math.max(end, start + 1)))
  const source = `${from > 0 ? '…' : ''}${cut}`
  const room = Math.max(1, displayWidth(source) - before)
  return {
    lineNumber: String(lineNumber),
    source: source.trimEnd(),
    carets: `${' '.repeat(before)}${'^'.repeat(Math.max(1, Math.min(marked, room)))}`,
  }
}

// YAML 1.2 knows LF, CR LF and CR. A byte order mark belongs to no line.
function splitLines(text: string): readonly string[] {
  return text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)
}

/** What is shown for each UTF-16 unit of a line: the unit itself, an escape, spaces for a tab, or nothing. */
function cellsOf(line: string, hidden: readonly HiddenSpan[]): readonly string[] {
  const cells = new Array<string>(line.length).fill('')
  const commands = new Set(logCommandsIn(line))
  let column = 0
  let next = 0
  for (let index = 0; index < line.length; ) {
    // Sorted by their starts; one that lies in another is passed with it.
    while ((hidden[next]?.end ?? index + 1) <= index) next += 1
    const candidate = hidden[next]
    const span = candidate !== undefined && candidate.start <= index ? candidate : undefined
    const char = String.fromCodePoint(line.codePointAt(index) ?? 0)
    const cell =
      span !== undefined
        ? span.shown
        : char === '\t'
          ? ' '.repeat(TAB_STOP - (column % TAB_STOP))
          : commands.has(index)
            ? '\\x23'
            : safeLine(char)
    cells[index] = cell
    column += displayWidth(cell)
    index = span?.end ?? index + char.length
  }
  return cells
}

function windowStart(cells: readonly string[], start: number, widest: number): number {
  if (widthOf(cells) <= widest || widthOf(cells.slice(0, start)) <= widest / 2) return 0
  let from = start
  let width = 0
  while (from > 0 && width < widest / 4) {
    from -= 1
    width += displayWidth(cells[from] ?? '')
  }
  // Not in the middle of a character or of a hidden stretch.
  while (from < start && cells[from] === '') from += 1
  return from
}

function clip(cells: readonly string[], widest: number): string {
  let text = ''
  let cutBefore = ''
  let width = 0
  for (const cell of cells) {
    width += displayWidth(cell)
    if (width > widest) return `${cutBefore}…`
    text += cell
    // Room for the mark that says that the line continues.
    if (width < widest) cutBefore = text
  }
  return text
}

function widthOf(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + displayWidth(cell), 0)
}
