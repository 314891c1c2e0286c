import type { DesiredState, LiveState } from '../model/resource.ts'
import { markOrigins } from '../plan/changes/origins.ts'
import { plan } from '../plan/plan.ts'
import type { Change, Plan, PlanOptions } from '../plan/types.ts'

/** A plan without what the files want since they were applied last, and how many changes that is. */
export interface Applied {
  readonly plan: Plan
  readonly pending: number
}

/** Takes out of a plan what is merged and not applied yet: live did not change there. */
export function withoutPending(
  planned: Plan,
  applied: DesiredState,
  live: LiveState,
  options: Partial<PlanOptions>,
): Applied {
  const base = plan(applied, live, options)
  const wasWanted = new Set(
    base.changes.flatMap(({ key, action }) => (action === 'keep' || action === 'update' ? [key] : [])),
  )
  const marked = markOrigins(planned, { base }, 'applied')
  const changes = marked.changes.flatMap((change) => {
    // Removed from the files since, and not deleted yet.
    if (change.action === 'unmanaged') return wasWanted.has(change.key) ? [] : [change]
    return change.action === 'update' ? withoutIntent(change) : change.origin === 'intent' ? [] : [change]
  })
  const kept = new Map(changes.map((change) => [change.key, change]))
  const pending = marked.changes.filter(
    (change) => change.action !== 'keep' && isLess(change, kept.get(change.key)),
  )
  return { plan: { ...planned, changes }, pending: pending.length }
}

function withoutIntent(change: Extract<Change, { action: 'update' }>): readonly Change[] {
  const fields = change.fields.filter(({ origin }) => origin !== 'intent')
  if (fields.length === change.fields.length) return [change]
  if (fields.length > 0) return [{ ...change, fields }]
  const { key, address, target, name, needs, desired, live } = change
  return [{ key, address, target, name, needs, desired, live, action: 'keep', reason: { code: 'same' } }]
}

function isLess(change: Change, left: Change | undefined): boolean {
  if (left === undefined || left.action !== change.action) return true
  return 'fields' in change && 'fields' in left && left.fields.length < change.fields.length
}
