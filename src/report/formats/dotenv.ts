import type { Report } from '../report.ts'

/** A file for GitLab's `artifacts:reports:dotenv`: `VPNCTL_TO_ADD=1`. Values with line breaks cannot be in it. */
export function render({ facts }: Pick<Report, 'facts'>): string {
  return facts
    .filter(([, value]) => !/[\r\n]/.test(value))
    .map(([name, value]) => `VPNCTL_${name.toUpperCase().replace(/[^A-Z0-9_]/g, '_')}=${value}\n`)
    .join('')
}
