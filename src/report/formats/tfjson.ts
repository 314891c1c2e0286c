import type { Report } from '../report.ts'
import { safeJson } from '../writing/safe-text.ts'

/** The shape of `terraform show -json`, for policies written for conftest or OPA. Ends in a newline. */
export function render(report: Report): string {
  return `${safeJson(report.terraform?.(), 2)}\n`
}
