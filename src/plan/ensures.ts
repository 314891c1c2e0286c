import type { Address } from '../model/address.ts'
import { type LiveResource, targetKey } from '../model/resource.ts'
import { matchesAny } from './address-pattern.ts'
import { compare, creationFields, disruptionsOf } from './compare.ts'
import type { Matched } from './match.ts'
import type { Change, FieldChange, Reason, UncomparedSecret } from './types.ts'

/** The creates, updates and keeps of a plan, in the order of the file. */
export interface Ensures {
  readonly changes: readonly Change[]
  readonly uncompared: readonly UncomparedSecret[]
}

/** What has to be done so that everything the file wants is there. Matches that are errors have no change. */
export function ensureChanges(matched: readonly Matched[], resendSecrets: readonly string[]): Ensures {
  const resendAll = resendSecrets.includes('all')
  const resendSome = matchesAny(resendSecrets)
  const skipped = new Set<Matched>()
  const changes: Change[] = []
  const uncompared: UncomparedSecret[] = []
  for (const entry of matched) {
    if (isSettledElsewhere(entry, skipped)) {
      skipped.add(entry)
      continue
    }
    const { address, location } = entry.desired
    const change = ensureChange(entry, resendAll || resendSome(address, location), uncompared)
    changes.push(change)
  }
  return { changes, uncompared }
}

// Errors are told by the findings, removals by the removals; what is below either has no change of its own.
function isSettledElsewhere(entry: Matched, skipped: ReadonlySet<Matched>): boolean {
  if (entry.parent !== null && skipped.has(entry.parent)) return true
  if (entry.desired.ensure === 'absent') return true
  return entry.match.type !== 'live' && entry.match.type !== 'missing'
}

function ensureChange(entry: Matched, resend: boolean, uncompared: UncomparedSecret[]): Change {
  const { desired, target } = entry
  const common = { key: targetKey(target), address: desired.address, target, name: desired.name, needs: [] }
  const live = entry.match.type === 'live' ? entry.match.live : undefined
  if (live === undefined || live.status === 'DESTROYING') {
    return {
      ...common,
      action: 'create',
      reason: { code: 'missing' },
      desired,
      spec: desired.spec,
      fields: creationFields(desired),
      ...(live === undefined ? {} : { leaving: live }),
    }
  }
  const comparison = compare(desired, live, resend)
  for (const secret of comparison.uncompared) uncompared.push(uncomparedSecret(desired.address, secret))
  const reason = updateReason(entry, live, comparison.fields)
  if (reason === undefined) return { ...common, action: 'keep', reason: { code: 'same' }, desired, live }
  return {
    ...common,
    action: 'update',
    reason,
    desired,
    live,
    spec: comparison.spec,
    fields: comparison.fields,
    unknownFields: comparison.unknownFields,
    disruptions: disruptionsOf(desired.kind, comparison.fields),
  }
}

function uncomparedSecret(
  address: Address,
  secret: { readonly path: UncomparedSecret['path']; readonly value: unknown },
): UncomparedSecret {
  return { address, path: secret.path, why: secret.value === null ? 'unresolved' : 'write-only' }
}

function updateReason(
  entry: Matched,
  live: LiveResource,
  fields: readonly FieldChange[],
): Reason | undefined {
  const renamed = entry.match.type === 'live' && entry.match.by === 'renamed'
  if (renamed && live.name !== entry.desired.name) return { code: 'renamed', from: live.name }
  if (fields.some((field) => field.type !== 'secret' || field.change === 'changed'))
    return { code: 'differs' }
  if (fields.length > 0) return { code: 'resend-secrets' }
  // How to get out of FAILED is not documented; sending the same spec again is the one repair that harms nothing.
  return live.status === 'FAILED' ? { code: 'failed', statusMessage: live.statusMessage } : undefined
}
