import { ownedBy } from '../model/identity.ts'
import { getPath, type Plain, withPath } from '../model/json.ts'
import { optional } from '../model/optional.ts'
import { type Severity, targetKey } from '../model/resource.ts'
import { compareAddresses } from '../plan/changes/reading-order.ts'
import { parentKey } from '../plan/order/needs.ts'
import type { Change, ChangeOf, Plan, Reason } from '../plan/types.ts'
import type { Conflict, Open } from './conflicts.ts'
import { driftSeverity, SEVERITY_ORDER, worst } from './severity.ts'
import type { DriftField, DriftFinding, DriftOf, DriftOptions } from './types.ts'

/** What the findings are drawn from. */
export interface Looked {
  readonly plan: Plan
  readonly conflicts: readonly Conflict[]
  readonly leaving: Open['leaving']
  readonly options: DriftOptions
}

/** Everything that differs, the worst first, then by address; nothing is ignored yet. */
export function driftFindings(looked: Looked): readonly DriftFinding[] {
  const { plan, conflicts, leaving, options } = looked
  const isOwned = ownedBy(plan.stack)
  const unmanaged = new Map<string, Severity>()
  const findings: DriftFinding[] = []
  for (const change of plan.changes) {
    findings.push(...differences(change, isOwned, unmanaged), ...conditions(change, isOwned, options))
  }
  findings.push(
    ...conflicts.map(conflictFinding),
    ...leaving.flatMap((resource) => stuck(leavingCommon(resource), options)),
  )
  return findings.sort(
    (a, b) => SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity] || compareAddresses(a, b),
  )
}

type IsOwned = (id: string) => boolean

function commonOf({ key, address, target, name }: Change) {
  return { key, address, target, name }
}

function differences(
  change: Change,
  isOwned: IsOwned,
  unmanaged: Map<string, Severity>,
): readonly DriftFinding[] {
  switch (change.action) {
    case 'keep':
      return []
    case 'create':
      return [missing(change)]
    case 'update':
      return changed(change)
    case 'unmanaged':
      return [surplus(change, isOwned, unmanaged)]
    case 'delete':
      // Someone deletes it already, so nothing is left to report but how long that takes.
      return change.reason.code === 'destroying' ? [] : [surplus(change, isOwned, unmanaged)]
    default:
      return change satisfies never
  }
}

function missing(change: ChangeOf<'create'>): DriftFinding {
  const { desired, leaving } = change
  return {
    ...commonOf(change),
    severity: desired.kind.drift.missing,
    state: 'missing',
    desired,
    ...optional({ live: leaving }),
  }
}

function changed(change: ChangeOf<'update'>): readonly DriftFinding[] {
  const { desired, live } = change
  const fields = withRisk(
    change,
    change.fields
      .filter((field) => field.type !== 'secret' || field.change === 'changed')
      .map((field): DriftField => ({ change: field, severity: driftSeverity(desired.kind, field.path) })),
  ).toSorted((a, b) => SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity])
  if (fields.length === 0) return []
  const severity = worst(fields.map((field) => field.severity))
  return [{ ...commonOf(change), severity, state: 'changed', desired, live, fields }]
}

// The risk belongs to the field that causes it, so that accepting the field accepts the risk.
function withRisk(
  { desired, live }: ChangeOf<'update'>,
  fields: readonly DriftField[],
): readonly DriftField[] {
  const { risk } = desired.kind
  const found = risk(live.spec)
  if (found === undefined || risk(desired.spec) !== undefined) return fields
  return fields.map((field) => {
    const { path } = field.change
    const corrected = withPath(live.spec, path, getPath(desired.spec, path) as Plain | undefined)
    return risk(corrected) === undefined ? { ...field, severity: 'critical', risk: found } : field
  })
}

// What someone has on a gateway of their own is one thing with the gateway, and no way into ours.
function surplus(
  change: ChangeOf<'unmanaged' | 'delete'>,
  isOwned: IsOwned,
  unmanaged: Map<string, Severity>,
): DriftFinding {
  const { live } = change
  const risk = live.kind.risk(live.spec)
  const state = isOwned(live.id) ? 'extra' : 'unmanaged'
  const above = unmanaged.get(parentKey(change.target) ?? '')
  const own = state === 'extra' ? 'warning' : live.kind.drift.unmanaged
  const severity = above ?? (risk === undefined ? own : 'critical')
  if (state === 'unmanaged') unmanaged.set(targetKey(change.target), severity)
  return {
    ...commonOf(change),
    severity,
    state,
    live,
    ...optional({ risk }),
    ...absence(change.reason),
  }
}

function absence(reason: Reason): { readonly absent?: { readonly expired?: string } } {
  if (reason.code === 'expired') return { absent: { expired: reason.on } }
  return reason.code === 'ensure-absent' ? { absent: {} } : {}
}

// How the service itself fares with it; what belongs to others is theirs to look after.
function conditions(change: Change, isOwned: IsOwned, options: DriftOptions): readonly DriftFinding[] {
  const live = change.action === 'create' ? undefined : change.live
  const desired = change.action === 'unmanaged' ? undefined : change.desired
  if (live === undefined || (desired === undefined && !isOwned(live.id))) return []
  const about = { ...commonOf(change), live, ...optional({ desired }) }
  switch (live.status) {
    case 'AVAILABLE':
    // Reported once, whether the plan waits for it or not.
    case 'DESTROYING':
      return []
    case 'FAILED':
      return [{ ...about, severity: live.kind.drift.missing, state: 'failed' }]
    default:
      return stuck(about, options)
  }
}

type About = Omit<DriftOf<'stuck'>, 'state' | 'severity' | 'forMs'>

// The API does not say since when; the last change is the latest moment at which it can have begun to provision.
function stuck(about: About, options: DriftOptions): readonly DriftFinding[] {
  const { lastModifiedDate, createdDate } = about.live.metadata
  const forMs = options.nowMs - Date.parse(lastModifiedDate ?? createdDate ?? '')
  // NaN, for a date that is not known, is never longer than anything.
  return forMs > options.stuckAfterMs ? [{ ...about, severity: 'warning', state: 'stuck', forMs }] : []
}

function leavingCommon({ live, address }: Open['leaving'][number]): About {
  const { kind, location, parentIds, id } = live
  const target = { kind, location, parentIds, id }
  return { key: targetKey(target), address, target, name: live.name, live }
}

function conflictFinding({ entry, address, lives, reason }: Conflict): DriftFinding {
  const { desired, target, key } = entry
  return {
    key,
    address,
    target,
    name: desired.name,
    severity: desired.kind.drift.unmanaged,
    state: 'conflict',
    desired,
    lives,
    reason,
  }
}
