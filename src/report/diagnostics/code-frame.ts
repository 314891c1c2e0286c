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

/**
 * The first line of a range with carets under exactly its characters. Undefined when the text has no such line, or none at all.
 * Secrets are hidden; tabs, wide and control characters keep the carets where they belong.
 */
export function codeFrame(text: string, at: SourceRange, columns = WIDEST): CodeFrame | undefined {
  const widest = Math.min(WIDEST, Math.max(LEAST, columns))
  const lines = splitLines(text)
  const line = lines[at.start.line - 1]
  if (line === undefined || text === '') return undefined
  const cells = cellsOf(line, hiddenSpans(lines, at.start.line - 1))
  const start = Math.min(at.start.column - 1, line.length)
  const end = at.end.line === at.start.line ? at.end.column - 1 : line.trimEnd().length
  const from = windowStart(cells, start, widest)
  const shown = cells.slice(from)
  const cut = clip(shown, from > 0 ? widest - 1 : widest)
  const before = widthOf(shown.slice(0, start - from)) + (from > 0 ? 1 : 0)
  const marked = widthOf(cells.slice(start, Math.max(end, start + 1)))
  const source = `${from > 0 ? '…' : ''}${cut}`
  const room = Math.max(1, displayWidth(source) - before)
  return {
    lineNumber: String(at.start.line),
    source: source.trimEnd(),
    carets: `${' '.repeat(before)}${'^'.repeat(Math.max(1, Math.min(marked, room)))}`,
  }
}

// YAML 1.2 knows LF, CR LF and CR. A byte order mark belongs to no line.
function splitLines(text: string): readonly string[] {
  return text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)
}

/** What is shown for each UTF-16 unit of a line: the unit itself, an escape, blanks for a tab, or nothing. */
function cellsOf(line: string, hidden: readonly HiddenSpan[]): readonly string[] {
  const cells = new Array<string>(line.length).fill('')
  const commands = new Set(logCommandsIn(line))
  let column = 0
  for (let index = 0; index < line.length; ) {
    const span = hidden.find(({ start, end }) => start <= index && index < end)
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
    // Room for the mark that says that the line goes on.
    if (width < widest) cutBefore = text
  }
  return text
}

function widthOf(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + displayWidth(cell), 0)
}
