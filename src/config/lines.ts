import type { LineCounter } from 'yaml'
import type { SourceRange } from '../model/diagnostic.ts'
import type { Source } from './source.ts'

/** Offsets of a file's text as places. */
export interface Lines {
  range(start: number, end: number): SourceRange
  /** The same, cut at the end of its first line. */
  firstLine(start: number, end: number): SourceRange
  /** The text between two offsets. */
  text(start: number, end: number): string
  /** The offset behind any spaces at `start`; the same one where the line ends with them. */
  skipSpaces(start: number): number
}

/** The places of a file whose lines the counter has seen. */
export function linesOf({ file, text }: Source, counter: LineCounter): Lines {
  const position = (offset: number) => {
    const { line, col } = counter.linePos(offset)
    return line === 0 ? { line: 1, column: offset + 1, offset } : { line, column: col, offset }
  }
  const range = (start: number, end: number): SourceRange => ({
    file,
    start: position(start),
    end: position(Math.max(start, end)),
  })
  const endOfLine = lineEnds(text)
  return {
    range,
    text: (start, end) => text.slice(start, end),
    skipSpaces(start) {
      const spaces = /^ */.exec(text.slice(start, start + 200))?.[0].length ?? 0
      return /[\r\n]/.test(text[start + spaces] ?? '\n') ? start : start + spaces
    },
    firstLine(start, end) {
      const newline = endOfLine(start)
      const stop = newline < text.length && text[newline - 1] === '\r' ? newline - 1 : newline
      return range(start, Math.min(end, stop))
    },
  }
}

// Where the line of an offset ends. A search from each finding on would read the rest of a long line each time.
function lineEnds(text: string): (offset: number) => number {
  let newlines: readonly number[] | undefined
  return (offset) => {
    newlines ??= [...text.matchAll(/\n/g)].map(({ index }) => index)
    let [low, high] = [0, newlines.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((newlines[middle] ?? 0) < offset) low = middle + 1
      else high = middle
    }
    return newlines[low] ?? text.length
  }
}
