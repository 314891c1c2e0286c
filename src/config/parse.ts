import { type Document, isAlias, isNode, isScalar, LineCounter, type Node, parseAllDocuments } from 'yaml'
import type { Diagnostic } from '../model/diagnostic.ts'
import { type Lines, linesOf } from './lines.ts'
import type { Source } from './source.ts'
import { yamlErrors } from './yaml-errors.ts'

/** One `---` document of a file, parsed, its aliases and variables not yet followed. */
export interface ParsedDocument {
  readonly source: Source
  readonly contents: Node
  readonly lines: Lines
}

/** All documents of a file. Documents that are not YAML are left out, each with its diagnostics. */
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
    const problems = yamlErrors([...document.errors, ...document.warnings], lines)
    diagnostics.push(...problems)
    if (problems.length === 0 && !isEmpty(document.contents))
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
    message: 'the file is empty',
    hint: 'a file starts with "version: 1" and "stack: NAME"',
    at: lines.range(0, 0),
  }
}
