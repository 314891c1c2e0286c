import { formatPath, getPath, type Plain } from '../../model/json.ts'
import { describeReference } from '../../model/secret.ts'
import type { Change, ChangeOf, FieldChange, Origin, Plan } from '../types.ts'
import { samePlain } from './field-diff.ts'

/**
 * The plan with each difference told apart, in three ways: the file at the base, the file now, and live. `base` is
 * the plan of the base over the same live state. Intent: the file has changed, live is as the base says. Drift: live
 * has changed, the file is as the base says. Conflict: both have, to something different. What cannot be told, a
 * secret behind the same reference for instance, has no mark.
 */
export function markOrigins(plan: Plan, base: Plan, name: string): Plan {
  const former = new Map(base.changes.map((change) => [change.key, change]))
  const changes = plan.changes.map((change) => markChange(change, former.get(change.key)))
  const summary = { intent: 0, drift: 0, conflict: 0, mixed: 0 }
  for (const { action, origin } of changes) {
    if (origin !== undefined && action !== 'unmanaged') summary[origin] += 1
  }
  return { ...plan, changes, base: { name, summary } }
}

function markChange(change: Change, base: Change | undefined): Change {
  switch (change.action) {
    case 'create':
      // Wanted then too: it was deleted live, or never made.
      return { ...change, origin: base?.action === 'create' ? 'drift' : 'intent' }
    case 'update':
      return markUpdate(change, base)
    case 'delete':
      return change.reason.code === 'destroying' ? change : { ...change, origin: originOfDeletion(base) }
    case 'unmanaged':
      return { ...change, origin: 'drift' }
    case 'keep':
      return change
    default:
      return change satisfies never
  }
}

function originOfDeletion(base: Change | undefined): Origin {
  switch (base?.action) {
    // The base would delete it too: it is left over.
    case 'delete':
      return 'drift'
    // What goes is not what the base knew.
    case 'update':
      return 'conflict'
    default:
      return 'intent'
  }
}

function markUpdate(change: ChangeOf<'update'>, base: Change | undefined): Change {
  const fields = change.fields.map((field) => {
    const origin = originOfField(field, base)
    return origin === undefined ? field : { ...field, origin }
  })
  const origins = new Set(fields.flatMap(({ origin }) => origin ?? []))
  const [only] = origins
  const origin = origins.has('conflict') ? 'conflict' : origins.size > 1 ? 'mixed' : only
  return { ...change, fields, ...(origin === undefined ? {} : { origin }) }
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
  const former = base.desired?.secrets.find((secret) => formatPath(secret.path) === path)
  return former !== undefined && describeReference(former.reference) === field.source ? undefined : 'intent'
}
