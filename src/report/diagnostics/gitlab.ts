import type { Diagnostic } from '../../model/diagnostic.ts'
import { safeJson } from '../writing/safe-text.ts'
import { fingerprint } from './sarif.ts'

/** Diagnostics as a code quality report of GitLab (`artifacts:reports:codequality`). Ends in a newline. */
export function renderDiagnosticsGitlab(diagnostics: readonly Diagnostic[]): string {
  const seen = new Map<string, number>()
  const entries = diagnostics.map((diagnostic) => ({
    description:
      diagnostic.hint === undefined ? diagnostic.message : `${diagnostic.message} (${diagnostic.hint})`,
    check_name: diagnostic.code,
    fingerprint: fingerprint(diagnostic, seen),
    severity: diagnostic.severity === 'error' ? 'major' : 'minor',
    // GitLab drops an entry without a place.
    location: {
      path: diagnostic.at?.file.replace(/^\.\//, '') ?? 'vpn.yaml',
      lines: { begin: diagnostic.at?.start.line ?? 1 },
    },
  }))
  return `${safeJson(entries, 2)}\n`
}
