import { optional } from '../../model/optional.ts'
import { type LiveResource, type LiveState, type Target, targetKey } from '../../model/resource.ts'
import { isExpired } from '../expiry.ts'
import type { DisplayAddress } from '../match/display-address.ts'
import { liveAddresses } from '../match/live-address.ts'
import type { Matched, Matching } from '../match/match.ts'
import { elsewhereIn } from '../match/other-locations.ts'
import type { SetAside } from '../match/set-aside.ts'
import type { Change, PlanOptions, Reason } from '../types.ts'

type RemovalOptions = Pick<PlanOptions, 'prune' | 'destroy' | 'asOf'>

/** The deletions of a plan, and what it leaves alone, parents before their children. */
export function removalChanges(
  matching: Matching,
  live: LiveState,
  options: RemovalOptions,
  display: DisplayAddress,
): readonly Change[] {
  if (!options.destroy && isAllWanted(matching, live)) return []
  const addressOf = liveAddresses(matching)
  const shown = (resource: LiveResource): string => display(addressOf(resource), resource.location)
  const isElsewhere = elsewhereIn(live)
  const deleted = new Set<LiveResource>()
  // Someone destroys it already, and all below it.
  const leaving = new Set<LiveResource>()
  // It is not decided what becomes of it, so nothing below it may be deleted.
  const open = new Set<LiveResource>()
  const changes: Change[] = []
  for (const resource of live.resources) {
    const entry = matching.byLive.get(resource)
    const isFlat = deleted.size + leaving.size + open.size === 0
    const parent = isFlat ? undefined : matching.index.parentOf(resource)
    if (resource.status === 'DESTROYING' || (parent !== undefined && leaving.has(parent))) {
      leaving.add(resource)
      continue
    }
    const setAside = matching.setAside.get(resource)
    if (setAside !== undefined && (parent === undefined || !deleted.has(parent))) continue
    const isOpen = isUndecided(entry, options) || (parent !== undefined && open.has(parent))
    if (isOpen) open.add(resource)
    const isStray = isElsewhere(resource.location) && !matching.isOwned(resource)
    // It may go along with a gateway of ours, and does not count otherwise.
    if (isStray && (parent === undefined || !deleted.has(parent))) continue
    const reason =
      parent !== undefined && deleted.has(parent)
        ? parentDeleted(shown(parent), resource, entry, matching, setAside)
        : removalReason(resource, entry, isOpen, matching, options)
    if (reason === undefined) continue
    if (!isUnmanaged(reason)) deleted.add(resource)
    changes.push(removal(resource, shown(resource), reason, entry))
  }
  return changes
}

// Each live resource is the counterpart of one desired resource at most, so counting is enough.
function isAllWanted({ matched }: Matching, { resources }: LiveState): boolean {
  let wanted = 0
  for (const { match, desired } of matched) {
    if (match.type === 'live' && desired.ensure === 'present') wanted += 1
  }
  return wanted === resources.length
}

function isUndecided(entry: Matched | undefined, options: RemovalOptions): boolean {
  return entry !== undefined && entry.match.type !== 'live' && !options.destroy
}

function removalReason(
  resource: LiveResource,
  entry: Matched | undefined,
  isOpen: boolean,
  matching: Matching,
  options: RemovalOptions,
): Reason | undefined {
  const isOwned = matching.isOwned(resource)
  if (options.destroy) {
    if (isOwned) return { code: 'destroy' }
    // What a search finds is ours.
    return entry?.match.type === 'live' ? { code: 'destroy-adopted' } : { code: 'foreign' }
  }
  if (entry !== undefined) {
    const { desired, match } = entry
    if (match.type !== 'live' || desired.ensure === 'present') return undefined
    return isExpired(desired, options.asOf)
      ? { code: 'expired', on: desired.expires ?? '' }
      : { code: 'ensure-absent' }
  }
  if (!isOwned) return options.prune === 'all' && !isOpen ? { code: 'prune-all' } : { code: 'foreign' }
  if (isOpen) return undefined
  return options.prune === 'none' ? { code: 'prune-none' } : { code: 'not-in-file' }
}

function parentDeleted(
  parent: string,
  resource: LiveResource,
  entry: Matched | undefined,
  matching: Matching,
  setAside: SetAside | undefined,
): Reason {
  // A name in the file alone makes no one's resource ours.
  const isDeclared = entry?.match.type === 'live'
  const isOwned = matching.isOwned(resource)
  const isAdopted = isDeclared && !isOwned ? (true as const) : undefined
  return {
    code: 'parent-deleted',
    parent,
    isUnmanaged: !isDeclared && !isOwned,
    ...optional({ setAside, isAdopted }),
  }
}

function isUnmanaged(reason: Reason): boolean {
  return reason.code === 'foreign' || reason.code === 'prune-none'
}

function removal(
  resource: LiveResource,
  address: string,
  reason: Reason,
  entry: Matched | undefined,
): Change {
  const { kind, location, parentIds, id } = resource
  const target: Target = { kind, location, parentIds, id }
  const common = { key: targetKey(target), address, target, name: resource.name, reason, needs: [] }
  if (!isUnmanaged(reason)) {
    const desired = entry?.match.type === 'live' ? { desired: entry.desired } : {}
    return { ...common, action: 'delete', live: resource, ...desired }
  }
  const risk = kind.risk(resource.spec)
  return { ...common, action: 'unmanaged', live: resource, ...optional({ risk }) }
}
