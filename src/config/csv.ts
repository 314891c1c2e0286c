import type { Cell, Position, SourceRange } from '../model/diagnostic.ts'
import type { Source } from './source.ts'

/** A table as text: its records, and what in it is not valid CSV. */
export interface Csv {
  readonly records: readonly (readonly Cell[])[]
  readonly problems: readonly { readonly message: string; readonly at: SourceRange }[]
}

/**
 * Reads CSV as RFC 4180 describes it, with the separator that the first line uses, comma or semicolon, and any line ends.
 * Whitespace around values and empty lines do not count.
 */
export function parseCsv(source: Source): Csv {
  const separator = separatorOf(source.text)
  const records: Cell[][] = []
  const problems: Csv['problems'][number][] = []
  const reader = new CellReader(source, separator)
  let record: Cell[] = []
  while (!reader.isAtEnd()) {
    const { cell, problem, endsRecord } = reader.next()
    record.push(cell)
    if (problem !== undefined) problems.push({ message: problem, at: cell.at })
    if (!endsRecord) continue
    if (record.length > 1 || cell.text !== '') records.push(record)
    record = []
  }
  return { records, problems }
}

function separatorOf(text: string): ';' | ',' {
  const [first = ''] = text.trimStart().split(/\r\n|\r|\n/, 1)
  return first.split(';').length > first.split(',').length ? ';' : ','
}

interface ReadCell {
  readonly cell: Cell
  readonly problem: string | undefined
  readonly endsRecord: boolean
}

class CellReader {
  readonly #source: Source
  readonly #rest: RegExp
  readonly #newline = /\r\n|\r|\n/y
  #at = 0
  #line = 1
  #lineStart = 0
  #isDone = false

  constructor(source: Source, separator: string) {
    this.#source = source
    this.#rest = new RegExp(`[^${separator}\\r\\n]*`, 'y')
  }

  isAtEnd(): boolean {
    return this.#isDone
  }

  next(): ReadCell {
    this.#take(/[ \t]*/y)
    const start = this.#position()
    const isQuoted = this.#source.text[this.#at] === '"'
    const written = isQuoted ? this.#quoted() : this.#take(this.#rest).trim()
    const end = isQuoted ? this.#position() : { ...start, ...shifted(start, written.length) }
    const behind = isQuoted ? this.#take(this.#rest).trim() : ''
    const isClosed = !isQuoted || (written.length > 1 && written.endsWith('"'))
    const text = isQuoted
      ? written
          .slice(1, isClosed ? -1 : undefined)
          .replaceAll('""', '"')
          .trim()
      : written
    const problem = !isClosed
      ? 'this quote is not closed'
      : behind === ''
        ? undefined
        : 'there is text behind the closing quote'
    const endsFile = this.#at >= this.#source.text.length
    const endsRecord = endsFile || this.#endLine()
    // Behind a separator there is one more value, at the end of the file too.
    if (!endsRecord) this.#at += 1
    this.#isDone = endsFile || (endsRecord && this.#at >= this.#source.text.length)
    return { cell: { text, at: { file: this.#source.file, start, end } }, problem, endsRecord }
  }

  #quoted(): string {
    const text = this.#take(/"(?:[^"]|"")*"?/y)
    for (const { 0: newline, index } of text.matchAll(/\r\n|\r|\n/g)) {
      this.#line += 1
      this.#lineStart = this.#at - text.length + index + newline.length
    }
    return text
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const [text = ''] = pattern.exec(this.#source.text) ?? []
    this.#at += text.length
    return text
  }

  #endLine(): boolean {
    if (this.#take(this.#newline) === '') return false
    this.#line += 1
    this.#lineStart = this.#at
    return true
  }

  #position(): Position {
    return { line: this.#line, column: this.#at - this.#lineStart + 1, offset: this.#at }
  }
}

function shifted({ column, offset }: Position, by: number): Pick<Position, 'column' | 'offset'> {
  return { column: column + by, offset: offset + by }
}
