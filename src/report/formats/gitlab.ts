import { fingerprints } from '../diagnostics/fingerprint.ts'
import type { RenderOptions, Report } from '../report.ts'
import { safeJson } from '../writing/safe-text.ts'

// The parser of GitLab accepts numbers of up to six digits.
const MAX_COUNT = 999_999

/**
 * What GitLab reads: the numbers of the merge request widget (`artifacts:reports:terraform`) where the report has them,
 * else a code quality report (`artifacts:reports:codequality`). Ends in a newline.
 */
export function render(report: Report, options: RenderOptions): string {
  const { counts } = report
  if (counts === undefined) return `${safeJson(codeQuality(report, options), 2)}\n`
  const limited = Object.entries(counts).map(([name, value]) => [name, Math.min(MAX_COUNT, value)] as const)
  return `${JSON.stringify(Object.fromEntries(limited))}\n`
}

function codeQuality({ remarks }: Report, { fileName }: RenderOptions): unknown {
  const prints = fingerprints(remarks, fileName)
  return remarks.map(({ severity, code, message, hint, at }, index) => ({
    description: hint === undefined ? message : `${message} (${hint})`,
    check_name: code,
    fingerprint: prints[index],
    severity: severity === 'error' ? 'major' : severity === 'warning' ? 'minor' : 'info',
    // GitLab drops an entry without a place.
    location: {
      path: at === undefined ? 'vpn.yaml' : fileName(at.file).replace(/^\.\//, ''),
      lines: { begin: at?.start.line ?? 1 },
    },
  }))
}
