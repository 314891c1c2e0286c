import type { FieldPath } from '../model/json.ts'
import type { ResourceKind, Severity } from '../model/resource.ts'

/** The worst first. */
export const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'notice']

/** For sorting: the worst first. */
export const SEVERITY_ORDER: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, notice: 2 }

/** How bad it is that a field differs, by the kind's own word about it or about what contains it. */
export function driftSeverity(kind: ResourceKind, path: FieldPath): Severity {
  const named = kind.drift.fields.filter((field) => field.path.every((key, index) => path[index] === key))
  return named.length === 0 ? 'warning' : worst(named.map(({ severity }) => severity))
}

/** The worst of some; `notice` of none. */
export function worst(severities: readonly Severity[]): Severity {
  return SEVERITIES.find((severity) => severities.includes(severity)) ?? 'notice'
}
