import type { MarkdownOptions, RenderOptions, Report } from '../report.ts'
import { fitSections } from '../writing/markdown-budget.ts'

/** Bytes of a comment unless a run asks for others. */
const MARKDOWN_LIMIT = 60_000

/** A comment for a pull request or the body of an issue. */
export function render(report: Report, { markdown }: RenderOptions): string {
  return renderMarkdown(report, markdown)
}

/** What exceeds the limit is left out by whole items, the less important first, and counted. */
export function renderMarkdown(report: Report, options: MarkdownOptions = {}): string {
  return fitSections(report.sections?.(options) ?? [], options.limit ?? MARKDOWN_LIMIT)
}
