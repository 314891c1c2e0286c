import type { Report } from '../report.ts'
import { safeJson } from '../writing/safe-text.ts'

/** The published JSON document of the subject. Ends in a newline. */
export function render(report: Report): string {
  return `${safeJson(report.document(), 2)}\n`
}
