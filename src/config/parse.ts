import { type Document, isAlias, isNode, isScalar, LineCounter, type Node, parseAllDocuments } from 'yaml'
import type { Diagnostic, SourceRange } from '../model/diagnostic.ts'
import type { Source } from './source.ts'
import { yamlFaults } from './yaml-errors.ts'

/** One `---` document of a file, parsed, its aliases and variables not yet followed. */
export interface ParsedDocument {
  readonly source: Source
  readonly contents: Node
  readonly lines: Lines
}

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

/** All documents of a file. Documents that are no YAML are left out, each with its diagnostics. */
export function parseSource(source: Source): {
  readonly documents: readonly ParsedDocument[]
  readonly diagnostics: readonly Diagnostic[]
} {
  const counter = new LineCounter()
  // Duplicate keys are looked for later, in linear time and with both places.
  const parsed = parseAllDocuments(source.text, {
    lineCounter: counter,
    uniqueKeys: false,
    prettyErrors: false,
    resolveKnownTags: false,
    logLevel: 'silent',
  })
  const lines = linesOf(source, counter)
  const documents: ParsedDocument[] = []
  const diagnostics: Diagnostic[] = []
  for (const document of parsed as readonly Document.Parsed[]) {
    const faults = yamlFaults([...document.errors, ...document.warnings], lines)
    diagnostics.push(...faults)
    if (faults.length === 0 && !isEmpty(document.contents))
      documents.push({ source, contents: document.contents, lines })
  }
  if (documents.length === 0 && diagnostics.length === 0) diagnostics.push(emptyFile(lines))
  return { documents, diagnostics }
}

function isEmpty(contents: unknown): contents is null {
  if (!isNode(contents)) return true
  return isScalar(contents) && contents.value === null && !isAlias(contents) && contents.source !== 'null'
}

function emptyFile(lines: Lines): Diagnostic {
  return {
    severity: 'error',
    code: 'VPN114',
    message: 'the file holds nothing',
    hint: 'a file starts with "version: 1" and "stack: NAME"',
    at: lines.range(0, 0),
  }
}

function linesOf({ file, text }: Source, counter: LineCounter): Lines {
  const position = (offset: number) => {
    const { line, col } = counter.linePos(offset)
    return line === 0 ? { line: 1, column: offset + 1, offset } : { line, column: col, offset }
  }
  const range = (start: number, end: number): SourceRange => ({
    file,
    start: position(start),
    end: position(Math.max(start, end)),
  })
  return {
    range,
    text: (start, end) => text.slice(start, end),
    skipSpaces(start) {
      const spaces = /^ */.exec(text.slice(start, start + 200))?.[0].length ?? 0
      return /[\r\n]/.test(text[start + spaces] ?? '\n') ? start : start + spaces
    },
    firstLine(start, end) {
      const newline = text.indexOf('\n', start)
      const stop = newline === -1 ? text.length : text[newline - 1] === '\r' ? newline - 1 : newline
      return range(start, Math.min(end, stop))
    },
  }
}
