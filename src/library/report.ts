/**
 * Plans, drift, diagnostics and results as text and as documents for JSON.
 *
 * @packageDocumentation
 */

export {
  type ApplyDocument,
  applyDocument,
  type ChangeReference,
  type EventDocument,
  eventDocument,
  type OutcomeDocument,
} from '../report/apply/json.ts'
export { type ResultTextOptions, renderResult } from '../report/apply/result-text.ts'
export { type EventTextOptions, renderEvent } from '../report/apply/text.ts'
export {
  type DiagnosticDocument,
  type DiagnosticsDocument,
  diagnosticsDocument,
  type PlaceDocument,
  type StartDocument,
} from '../report/diagnostics/json.ts'
export { type DiagnosticsTextOptions, renderDiagnostics } from '../report/diagnostics/text.ts'
export {
  type DriftDocument,
  type DriftFieldDocument,
  driftDocument,
  type FindingDocument,
  type IgnoredDocument,
} from '../report/drift/json.ts'
export { renderDriftText } from '../report/drift/text.ts'
export {
  type ChangeDocument,
  type FieldDocument,
  type PlanDocument,
  planDocument,
} from '../report/plan/json.ts'
export { renderPlanMarkdown as renderMarkdown } from '../report/plan/report.ts'
export { renderPlanText } from '../report/plan/text.ts'
export type {
  MarkdownOptions as PlanMarkdownOptions,
  TextOptions as DriftTextOptions,
  TextOptions as PlanTextOptions,
} from '../report/report.ts'
export type { MarkdownFlavor } from '../report/writing/markdown-parts.ts'
export { createStyle, type Marker, type Style } from '../report/writing/style.ts'
