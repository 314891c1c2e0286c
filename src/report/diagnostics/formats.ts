import type { Diagnostic } from '../../model/diagnostic.ts'
import type { DiagnosticsFormat } from '../writing/format-names.ts'
import { renderDiagnosticsAzure } from './azure.ts'
import { renderDiagnosticsGithub } from './github.ts'
import { renderDiagnosticsGitlab } from './gitlab.ts'
import { renderDiagnosticsJson } from './json.ts'
import { type FileName, relocateDiagnostics } from './relocate.ts'
import { type RuleText, renderDiagnosticsSarif } from './sarif.ts'
import { renderDiagnostics } from './text.ts'

/** All that the forms need to know beside the diagnostics. */
export interface DiagnosticsRenderOptions {
  readonly color: boolean
  /** Columns of the terminal; text is not folded without it. */
  readonly width?: number
  readonly sources: ReadonlyMap<string, string>
  readonly fileName: FileName
  readonly root: string
  readonly version: string
  readonly rules: ReadonlyMap<string, RuleText>
}

/** The diagnostics in one form. Text and the commands of pipelines are empty when there are none. */
export function renderDiagnosticsAs(
  diagnostics: readonly Diagnostic[],
  format: DiagnosticsFormat,
  look: DiagnosticsRenderOptions,
): string {
  const relocated = (): readonly Diagnostic[] => relocateDiagnostics(diagnostics, look.fileName)
  switch (format) {
    case 'text':
      return renderDiagnostics(diagnostics, look.sources, {
        color: look.color,
        ...(look.width === undefined ? {} : { width: look.width }),
      })
    case 'json':
      return renderDiagnosticsJson(diagnostics)
    case 'github':
      return renderDiagnosticsGithub(relocated())
    case 'gitlab':
      return renderDiagnosticsGitlab(relocated())
    case 'sarif':
      return renderDiagnosticsSarif(relocated(), look)
    case 'azure':
      return renderDiagnosticsAzure(diagnostics, look.root)
    default:
      return format satisfies never
  }
}
