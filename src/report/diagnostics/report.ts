import type { Diagnostic } from '../../model/diagnostic.ts'
import { optional } from '../../model/optional.ts'
import type { Remark, Report } from '../report.ts'
import { diagnosticsDocument } from './json.ts'
import { renderDiagnostics } from './text.ts'

/** What is wrong with the files, for every format. */
export function diagnosticsReport(diagnostics: readonly Diagnostic[]): Report {
  return {
    subject: 'diagnostics',
    remarks: diagnostics.map(diagnosticRemark),
    facts: [],
    text: ({ sources = new Map(), ...options }) => renderDiagnostics(diagnostics, sources, options),
    document: () => diagnosticsDocument(diagnostics),
  }
}

/** A diagnostic as a remark under its code. */
export function diagnosticRemark({
  severity,
  code,
  message,
  hint,
  at,
  address,
  related,
}: Diagnostic): Remark {
  return {
    severity,
    code,
    title: code,
    message,
    ...optional({ hint, at, address, related }),
  }
}
