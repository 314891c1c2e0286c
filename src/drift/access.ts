import type { AccessChange } from '../access/lines.ts'
import { accessReport } from '../access/report.ts'
import type { LiveState } from '../model/resource.ts'
import { networkStates } from '../plan/access.ts'
import type { Change, Plan } from '../plan/types.ts'
import type { Drift } from './types.ts'

/** What live opens and closes in comparison with the files. What is ignored counts as the files' own. */
export function driftAccess(
  { changes }: Pick<Plan, 'changes'>,
  live: LiveState,
  { findings, ignored }: Pick<Drift, 'findings' | 'ignored'>,
): readonly AccessChange[] {
  if (findings.length === 0) return []
  const counted = new Set(findings.map(({ key }) => key))
  const accepted = new Set(ignored.map(({ finding }) => finding.key).filter((key) => !counted.has(key)))
  const { before, after } = networkStates(
    changes.filter(({ key }: Change) => !accepted.has(key)),
    live,
  )
  return accessReport(after, before)
}
