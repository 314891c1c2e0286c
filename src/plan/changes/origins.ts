import { formatPath, getPath, type Plain } from '../../model/json.ts'
import { optional } from '../../model/optional.ts'
import { describeReference } from '../../model/secret.ts'
import type { Change, ChangeOf, Plan } from '../types.ts'
import type { FieldChange, Origin } from './field-change.ts'
import { samePlain } from './field-diff.ts'

/** Plans of former files over the same live state. */
export interface FormerPlans {
  /** The files that the change starts from. */
  readonly base: Plan
  /** The files that were applied last. */
  readonly applied?: Plan
}

/**
 * The plan with the origin of each difference, from three sides: the file at the base, the file now, and live. Intent: the
 * file has changed, live is as the base says. Drift: live has changed, the file is as the base says. Conflict: both
 * have, to something different. Pending: live is as the files say that were applied last, and the base has changed
 * since. What cannot be known, a secret behind the same reference for instance, has no mark.
 */
export function markOrigins(plan: Plan, { base, applied }: FormerPlans, name: string): Plan {
  const former = byKey(base)
  const last = applied === undefined ? undefined : byKey(applied)
  const changes = plan.changes.map((change) => {
    const marked = markChange(change, former.get(change.key))
    return last === undefined ? marked : withPending(marked, markChange(change, last.get(change.key)))
  })
  const summary = { intent: 0, drift: 0, conflict: 0, mixed: 0, pending: 0 }
  for (const { action, origin } of changes) {
    if (origin !== undefined && action !== 'unmanaged') summary[origin] += 1
  }
  return { ...plan, changes, base: { name, summary } }
}

function byKey({ changes }: Plan): ReadonlyMap<string, Change> {
  return new Map(changes.map((change) => [change.key, change]))
}

// The same change marked twice: what differs from the base because of live, and from what was applied because of the file.
function withPending(marked: Change, sinceApplied: Change): Change {
  if (marked.action !== 'update' || sinceApplied.action !== 'update') {
    return isPending(marked, sinceApplied) ? { ...marked, origin: 'pending' } : marked
  }
  const fields = marked.fields.map((field, at) =>
    isPending(field, sinceApplied.fields[at]) ? { ...field, origin: 'pending' as const } : field,
  )
  return withFields(marked, fields)
}

function isPending(
  { origin }: Pick<Change, 'origin'>,
  sinceApplied: Pick<Change, 'origin'> | undefined,
): boolean {
  return origin === 'drift' && sinceApplied?.origin === 'intent'
}

function markChange(change: Change, base: Change | undefined): Change {
  switch (change.action) {
    case 'create':
      // Wanted then too: it was deleted live, or never made.
      return { ...change, origin: base?.action === 'create' ? 'drift' : 'intent' }
    case 'update':
      return markUpdate(change, base)
    case 'delete':
      return change.reason.code === 'destroying'
        ? change
        : { ...change, origin: originOfDeletion(change, base) }
    case 'unmanaged':
      return { ...change, origin: 'drift' }
    case 'keep':
      return change
    default:
      return change satisfies never
  }
}

function originOfDeletion({ reason }: Change, base: Change | undefined): Origin {
  // Time has passed, and no one changed anything live.
  if (reason.code === 'expired') return 'intent'
  // The base would delete it too: it is left over.
  if (base?.action === 'delete') return 'drift'
  // What goes is not what the base knew.
  return base?.action === 'update' ? 'conflict' : 'intent'
}

function markUpdate(change: ChangeOf<'update'>, base: Change | undefined): Change {
  const fields = change.fields.map((field) => {
    const origin = originOfField(field, base)
    return origin === undefined ? field : { ...field, origin }
  })
  return withFields(change, fields)
}

function withFields(change: ChangeOf<'update'>, fields: readonly FieldChange[]): Change {
  const origin = originOfFields(new Set(fields.flatMap((field) => field.origin ?? [])))
  return { ...change, fields, ...optional({ origin }) }
}

function originOfFields(origins: ReadonlySet<Origin>): Change['origin'] {
  if (origins.has('conflict')) return 'conflict'
  if (origins.has('drift')) return origins.size > 1 ? 'mixed' : 'drift'
  return origins.has('intent') ? 'intent' : [...origins][0]
}

function originOfField(field: FieldChange, base: Change | undefined): Origin | undefined {
  if (field.type === 'secret') return originOfSecret(field, base)
  // Live was as the base says, or the base did not speak of it.
  if (base?.action !== 'update') return 'intent'
  const was = getPath(base.spec, field.path) as Plain | undefined
  switch (field.type) {
    case 'value':
      if (samePlain(was, field.before)) return 'intent'
      return samePlain(was, field.after) ? 'drift' : 'conflict'
    case 'set':
      return originOfSet(field, Array.isArray(was) ? (was as readonly Plain[]) : [])
    default:
      return field satisfies never
  }
}

// Member by member: the file brought what is new since the base, and someone took out live what the base had.
function originOfSet(field: Extract<FieldChange, { type: 'set' }>, was: readonly Plain[]): Origin {
  const inBase = (member: Plain): boolean => was.some((other) => samePlain(other, member))
  const origins = new Set<Origin>([
    ...field.added.map((member) => (inBase(member) ? 'drift' : 'intent')),
    ...field.removed.map((member) => (inBase(member) ? 'intent' : 'drift')),
  ])
  if (origins.size > 1) return 'conflict'
  return origins.has('drift') ? 'drift' : 'intent'
}

// The value behind a reference may have been changed anywhere.
function originOfSecret(
  field: Extract<FieldChange, { type: 'secret' }>,
  base: Change | undefined,
): Origin | undefined {
  if (field.change !== 'changed' || base === undefined || !('desired' in base)) return undefined
  const path = formatPath(field.path)
  const former = base.desired.secrets.find((secret) => formatPath(secret.path) === path)
  return former !== undefined && describeReference(former.reference) === field.source ? undefined : 'intent'
}
