import { matchesAny } from '../../model/address-pattern.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import type { Change } from '../types.ts'
import { parentKey } from './needs.ts'

/** The warning that a plan with targets covers nothing else. */
export const ONLY_TARGETS = 'VPN513'

/** A plan cut down to what the user pointed at. */
export interface Targeted {
  readonly changes: readonly Change[]
  readonly warnings: readonly Diagnostic[]
  readonly refusals: readonly Diagnostic[]
}

/**
 * Keeps what the patterns name, with everything below it and the parents that have to be made for it. Other needs
 * (a deletion that frees an address) are never pulled in unasked: they are a refusal.
 */
export function narrow(changes: readonly Change[], patterns: readonly string[]): Targeted {
  if (patterns.length === 0) return { changes, warnings: [], refusals: [] }
  const isTarget = matchesAny(patterns)
  const byKey = new Map(changes.map((change) => [change.key, change]))
  const kept = new Set<string>()
  for (const change of changes) {
    if (!isTarget(change.address, change.target.location)) continue
    kept.add(change.key)
    if (change.action === 'delete' || change.action === 'unmanaged') continue
    for (const parent of missingParents(change, byKey)) kept.add(parent.key)
  }
  const needed = new Set(changes.flatMap(({ key, needs }) => (kept.has(key) ? needs : [])))
  // Waiting for what someone else destroys is no change of ours.
  const left = changes
    .filter(({ key, reason }) => kept.has(key) || (reason.code === 'destroying' && needed.has(key)))
    .map((change) => withoutLiveParent(change, kept, byKey))
    .map((change) => withOwnReason(change, kept, byKey))
  return {
    changes: left,
    warnings: [
      {
        severity: 'warning',
        code: ONLY_TARGETS,
        message: `only ${patterns.join(', ')} was compared; the rest may differ`,
        hint: 'run once without --target before you rely on the result',
      },
    ],
    refusals: left.flatMap((change) => missingNeeds(change, kept, byKey)),
  }
}

function missingParents(change: Change, byKey: ReadonlyMap<string, Change>): readonly Change[] {
  const parents: Change[] = []
  for (let key = parentKey(change.target); key !== undefined; ) {
    const parent = byKey.get(key)
    if (parent?.action !== 'create') break
    parents.push(parent)
    key = parentKey(parent.target)
  }
  return parents
}

// A parent that already exists can take its children as it is.
function withoutLiveParent(
  change: Change,
  kept: ReadonlySet<string>,
  byKey: ReadonlyMap<string, Change>,
): Change {
  const parent = parentKey(change.target)
  if (parent === undefined || kept.has(parent) || !change.needs.includes(parent)) return change
  const action = byKey.get(parent)?.action
  if (action !== 'keep' && action !== 'update') return change
  return { ...change, needs: change.needs.filter((key) => key !== parent) }
}

// Its parent is not targeted, so it is not deleted with it but for the same reason.
function withOwnReason(
  change: Change,
  kept: ReadonlySet<string>,
  byKey: ReadonlyMap<string, Change>,
): Change {
  if (change.action !== 'delete' || change.reason.code !== 'parent-deleted') return change
  const key = parentKey(change.target)
  const parent = key === undefined || kept.has(key) ? undefined : byKey.get(key)
  if (parent?.action !== 'delete') return change
  // What the stack does not own is refused with each other reason, which has to stay.
  const { isUnmanaged, setAside, isAdopted } = change.reason
  if (isAdopted === true && parent.reason.code === 'destroy')
    return { ...change, reason: { code: 'destroy-adopted' } }
  const isOwn = !isUnmanaged || (setAside === undefined && parent.reason.code === 'prune-all')
  return isOwn ? { ...change, reason: parent.reason } : change
}

function missingNeeds(
  change: Change,
  kept: ReadonlySet<string>,
  byKey: ReadonlyMap<string, Change>,
): Diagnostic[] {
  return change.needs.flatMap((key) => {
    const needed = byKey.get(key)
    if (needed === undefined || kept.has(key) || needed.reason.code === 'destroying') return []
    return [
      {
        severity: 'error' as const,
        code: 'VPN514',
        message: `${change.address} needs ${needed.address}, which is not targeted`,
        hint: `add: --target ${needed.address}`,
        address: change.address,
      },
    ]
  })
}
