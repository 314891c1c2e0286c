import { matchesAny } from '../../model/address-pattern.ts'
import { optional } from '../../model/optional.ts'
import type { DesiredResource, DesiredSecret, LiveResource } from '../../model/resource.ts'
import { describeReference } from '../../model/secret.ts'
import type { DisplayAddress } from '../match/display-address.ts'
import type { Matched } from '../match/match.ts'
import type { Change, Reason, UncomparedSecret } from '../types.ts'
import { type Comparison, compare, creationFields, disruptionsOf } from './compare.ts'
import type { FieldChange } from './field-change.ts'

/** The creates, updates and keeps of a plan, in the order of the file. */
export interface Upserts {
  readonly changes: readonly Change[]
  readonly uncompared: readonly (UncomparedSecret & { readonly key: string })[]
}

/** What has to be done so that everything in the file exists. Matches that are errors have no change. */
export function upsertChanges(
  matched: readonly Matched[],
  resendSecrets: readonly string[],
  display: DisplayAddress,
): Upserts {
  const resendAll = resendSecrets.includes('all')
  const resendSome = matchesAny(resendSecrets)
  const skipped = new Set<DesiredResource>()
  const leaving = new Set<DesiredResource>()
  const needs = new NeedsOfParents()
  const changes: Change[] = []
  const uncompared: (UncomparedSecret & { readonly key: string })[] = []
  for (const entry of matched) {
    const { desired } = entry
    if (isDecidedElsewhere(entry, skipped)) {
      skipped.add(desired)
      continue
    }
    const address = display(desired.address, desired.location)
    const common = {
      key: entry.key,
      address,
      target: entry.target,
      name: desired.name,
      needs: needs.of(entry),
    }
    const live = entry.match.type === 'live' ? entry.match.live : undefined
    const goes = live?.status === 'DESTROYING' || (desired.parent !== null && leaving.has(desired.parent))
    // What is being destroyed takes its children along, whatever they say about themselves.
    if (goes) leaving.add(desired)
    if (live === undefined || goes) {
      changes.push(creation(common, desired, live))
      continue
    }
    const resend = resendAll || resendSome(desired.address, desired.location)
    const comparison = compare(desired, live, resend)
    for (const { path, value } of comparison.uncompared) {
      uncompared.push({ key: entry.key, address, path, why: value === null ? 'unresolved' : 'write-only' })
    }
    changes.push(updateOrKeep(common, desired, live, comparison))
  }
  return { changes, uncompared }
}

/** An ensure needs its parent's; siblings share one list. */
class NeedsOfParents {
  readonly #lists = new Map<Matched, readonly string[]>()

  of({ parent }: Matched): readonly string[] {
    if (parent === null) return NOTHING
    let list = this.#lists.get(parent)
    if (list === undefined) {
      list = [parent.key]
      this.#lists.set(parent, list)
    }
    return list
  }
}

const NOTHING: readonly string[] = []

type Common = Pick<Change, 'key' | 'address' | 'target' | 'name' | 'needs'>

// Errors are reported by the findings, removals by the removals; what is below either has no change of its own.
function isDecidedElsewhere(entry: Matched, skipped: ReadonlySet<DesiredResource>): boolean {
  const { desired, match } = entry
  if (desired.parent !== null && skipped.has(desired.parent)) return true
  if (desired.ensure === 'absent') return true
  return match.type !== 'live' && match.type !== 'missing'
}

function creation(common: Common, desired: DesiredResource, leaving: LiveResource | undefined): Change {
  return {
    ...common,
    action: 'create',
    reason: { code: 'missing' },
    desired,
    spec: desired.spec,
    fields: creationFields(desired),
    ...optional({ leaving }),
  }
}

function updateOrKeep(
  common: Common,
  desired: DesiredResource,
  live: LiveResource,
  comparison: Comparison,
): Change {
  const reason = updateReason(desired, live, comparison.fields)
  if (reason === undefined) return keep(common, desired, live)
  const fields = reason.code === 'failed' ? comparison.uncompared.map(sentAlong) : comparison.fields
  return {
    ...common,
    action: 'update',
    reason,
    desired,
    live,
    spec: comparison.spec,
    fields,
    unknownFields: comparison.unknownFields,
    disruptions: disruptionsOf(desired.kind, fields),
  }
}

const SAME = { code: 'same' } as const

// Written out: most changes are of this kind, and spreading costs twice as much.
function keep(
  { key, address, target, name, needs }: Common,
  desired: DesiredResource,
  live: LiveResource,
): Change {
  return { key, address, target, name, needs, action: 'keep', reason: SAME, desired, live }
}

function sentAlong({ path, reference }: DesiredSecret): FieldChange {
  return { type: 'secret', path, change: 'sent-along', source: describeReference(reference) }
}

function updateReason(
  desired: DesiredResource,
  live: LiveResource,
  fields: readonly FieldChange[],
): Reason | undefined {
  if (live.name !== desired.name && live.name === desired.renamedFrom)
    return { code: 'renamed', from: live.name }
  if (fields.some((field) => field.type !== 'secret' || field.change === 'changed'))
    return { code: 'differs' }
  const rotated = fields.some((field) => field.type === 'secret' && field.change === 'rotated')
  if (rotated) return { code: 'secret-rotated', rotatedAt: latestRotation(desired) }
  if (fields.length > 0) return { code: 'resend-secrets' }
  // How to get out of FAILED is not documented; sending the same spec again is the one repair that harms nothing.
  return live.status === 'FAILED' ? { code: 'failed', statusMessage: live.statusMessage } : undefined
}

function latestRotation({ secrets }: DesiredResource): string {
  return (
    secrets.flatMap(({ rotatedAt }) => rotatedAt ?? []).sort((a, b) => Date.parse(b) - Date.parse(a))[0] ?? ''
  )
}
