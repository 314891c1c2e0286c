import type { Diagnostic, SourceRange } from '../../model/diagnostic.ts'
import { optional } from '../../model/optional.ts'

/** A place as JSON; lines and columns from 1, the end exclusive. */
export interface PlaceDocument {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

/** Where something begins. */
export type StartDocument = Pick<PlaceDocument, 'file' | 'line' | 'column'>

/** A diagnostic as JSON. */
export interface DiagnosticDocument extends Partial<PlaceDocument> {
  readonly severity: 'error' | 'warning'
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly address?: string
  readonly related?: readonly (PlaceDocument & { readonly message: string })[]
}

/** What `validate --format json` writes; described by schemas/diagnostics.schema.json. */
export interface DiagnosticsDocument {
  readonly format: 'vpnctl/diagnostics'
  readonly version: 1
  readonly summary: { readonly errors: number; readonly warnings: number }
  readonly diagnostics: readonly DiagnosticDocument[]
}

/** One diagnostic as a JSON value. */
export function diagnosticDocument(diagnostic: Diagnostic): DiagnosticDocument {
  const { severity, code, message, hint, address, at, related } = diagnostic
  return {
    severity,
    code,
    message,
    ...optional({ hint, address }),
    ...(at === undefined ? {} : placeDocument(at)),
    ...(related === undefined || related.length === 0
      ? {}
      : { related: related.map((place) => ({ ...placeDocument(place.at), message: place.message })) }),
  }
}

/** All diagnostics as one document; none is left out. */
export function diagnosticsDocument(diagnostics: readonly Diagnostic[]): DiagnosticsDocument {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length
  return {
    format: 'vpnctl/diagnostics',
    version: 1,
    summary: { errors, warnings: diagnostics.length - errors },
    diagnostics: diagnostics.map(diagnosticDocument),
  }
}

/** The member `at` of a document; none for what has no place. */
export function startDocument(at: SourceRange | undefined): { readonly at?: StartDocument } {
  return at === undefined ? {} : { at: { file: at.file, line: at.start.line, column: at.start.column } }
}

function placeDocument({ file, start, end }: SourceRange): PlaceDocument {
  return { file, line: start.line, column: start.column, endLine: end.line, endColumn: end.column }
}
