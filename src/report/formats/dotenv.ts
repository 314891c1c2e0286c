import type { Fact, Report } from '../report.ts'

/** A file for GitLab's `artifacts:reports:dotenv`: `VPNCTL_TO_ADD=1`. Values with line breaks cannot be in it. */
export function render(report: Report): string {
  return renderFacts(report.facts)
}

/** Facts as variables, one per line. */
export function renderFacts(facts: readonly Fact[]): string {
  return facts
    .filter(([, value]) => !/[\r\n]/.test(value))
    .map(([name, value]) => `VPNCTL_${name.toUpperCase().replace(/[^A-Z0-9_]/g, '_')}=${value}\n`)
    .join('')
}
