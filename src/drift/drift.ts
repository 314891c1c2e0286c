import { didYouMeanAny, type Named, suggestAddresses } from '../model/addresses/suggest-address.ts'
import { classOf } from '../model/codes.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { DriftIgnore } from '../model/file-lists.ts'
import { optional } from '../model/optional.ts'
import { type DesiredState, type LiveState, targetKey } from '../model/resource.ts'
import { compareAddresses } from '../plan/changes/reading-order.ts'
import { stateAt } from '../plan/expiry.ts'
import { countedLive } from '../plan/match/other-locations.ts'
import { plan } from '../plan/plan.ts'
import { unusedPatterns } from '../plan/safety/unused-patterns.ts'
import type { Plan } from '../plan/types.ts'
import { driftAccess } from './access.ts'
import { openEntries } from './conflicts.ts'
import { driftFindings } from './findings.ts'
import { ignoreFindings, ignorePattern, isExpired, unknownField } from './ignore.ts'
import { withoutPending } from './pending.ts'
import type { Drift, DriftFinding, DriftOptions, DriftResource, DriftSummary } from './types.ts'

/**
 * What differs, described from the live side. Pure: the same input gives the same drift, whatever the order of live
 * pages. What may be deleted, and how much of it, does not matter here.
 */
export function findDrift(written: DesiredState, live: LiveState, options: DriftOptions): Drift {
  const asOf = new Date(options.nowMs).toISOString()
  const desired = stateAt(written, asOf)
  const planning = { prune: 'none', targets: options.targets, asOf } as const
  const whole = plan(desired, live, planning)
  const { plan: planned, pending } =
    options.applied === undefined
      ? { plan: whole, pending: undefined }
      : withoutPending(whole, stateAt(options.applied, asOf), live, planning)
  const { conflicts, undecided, leaving } = openEntries(desired, live, planned, options.targets)
  const found = driftFindings({ plan: planned, conflicts, leaving, options })
  const rules = [...(desired.driftIgnores ?? []), ...options.ignores]
  const expired = rules.filter((rule) => isExpired(rule, options.nowMs))
  const active = rules.filter((rule) => !expired.includes(rule))
  const { findings, ignored } = ignoreFindings(found, active)
  const resources = lookedAt(planned, found)
  const access = driftAccess(planned, countedLive(desired, live), { findings, ignored })
  return {
    stack: planned.stack,
    locations: planned.locations,
    ...optional({ others: planned.others, unread: planned.unread }),
    resources,
    findings,
    ignored,
    notCompared: [
      ...planned.uncompared,
      ...undecided.map((address) => ({ address, why: 'unsettled' }) as const),
    ],
    summary: summarise(resources.length, findings, ignored.length),
    released: planned.released,
    neighbours: planned.neighbours,
    expiring: planned.expiring,
    ...optional({ pending }),
    ...(access.length === 0 ? {} : { access }),
    // What a plan says about writes does not matter here: drift writes nothing.
    warnings: [
      ...planned.warnings.filter(({ code }) => classOf(code) === 'reading'),
      ...expired.map(expiredFinding),
      ...(options.targets.length > 0 || desired.locations.some((each) => !live.locations.includes(each))
        ? []
        : unusedRules(active, [
            ...desired.resources,
            ...resources.map(({ address, target }) => ({ address, location: target.location })),
          ])),
    ],
    refusals: planned.refusals.filter(({ code }) => classOf(code) === 'target'),
  }
}

function lookedAt(planned: Plan, findings: readonly DriftFinding[]): readonly DriftResource[] {
  const byKey = new Map<string, DriftResource>()
  for (const { address, target } of [...planned.changes, ...findings]) {
    const key = targetKey(target)
    if (!byKey.has(key)) byKey.set(key, { key, address, target })
  }
  return [...byKey.values()].sort((a, b) => compareAddresses(a, b))
}

function summarise(resources: number, findings: readonly DriftFinding[], ignored: number): DriftSummary {
  const bySeverity = { critical: 0, warning: 0, notice: 0 }
  const byState = { changed: 0, missing: 0, unmanaged: 0, extra: 0, failed: 0, stuck: 0, conflict: 0 }
  for (const { severity, state } of findings) {
    bySeverity[severity] += 1
    byState[state] += 1
  }
  return { resources, drifted: new Set(findings.map(({ key }) => key)).size, bySeverity, byState, ignored }
}

function unusedRules(rules: readonly DriftIgnore[], named: readonly Named[]): readonly Diagnostic[] {
  const isUsed = (address: string): boolean => unusedPatterns([address], named).length === 0
  return rules.flatMap(({ pattern, at }): readonly Diagnostic[] => {
    const { address } = ignorePattern(pattern)
    if (isUsed(address)) return []
    const wrong = unknownField(address)
    const isWrongField = isUsed(wrong.address)
    // A pattern with * may be for resources that do not exist now.
    if (!isWrongField && address.includes('*')) return []
    const what = isWrongField
      ? `: ${wrong.message}`
      : ` names nothing in the files or live${didYouMeanAny(suggestAddresses(address, named))}`
    return [
      {
        severity: 'warning',
        code: 'VPN523',
        message: `the entry ${pattern} of drift.ignore or --ignore${what}`,
        hint: 'correct it, or remove it',
        ...optional({ at }),
      },
    ]
  })
}

function expiredFinding({ pattern, until = '', reason, at }: DriftIgnore): Diagnostic {
  const why = reason === undefined ? '' : ` (${reason})`
  return {
    severity: 'warning',
    code: 'VPN540',
    message: `drift of ${pattern} was ignored until ${until}${why}; it counts again`,
    hint: 'undo the difference (vpnctl apply, or --prune all for an unmanaged resource), or give the entry of drift.ignore another date',
    ...optional({ at }),
  }
}
