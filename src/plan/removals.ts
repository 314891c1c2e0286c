import { type Address, formatAddress } from '../model/address.ts'
import { type LiveResource, type LiveState, type Target, targetKey } from '../model/resource.ts'
import type { Matched, Matching } from './match.ts'
import type { Change, PlanOptions, Reason } from './types.ts'

/** The deletions of a plan, and what it leaves alone, parents before their children. */
export function removalChanges(
  matching: Matching,
  live: LiveState,
  options: Pick<PlanOptions, 'prune' | 'destroy'>,
): readonly Change[] {
  const byKey = new Map(
    matching.matched.flatMap((entry) =>
      entry.match.type === 'live' ? [[targetKey(entry.target), entry] as const] : [],
    ),
  )
  const claimed = new Set(matching.unmatched)
  const addresses = new Map<string, Address>()
  const deleted = new Set<string>()
  const changes: Change[] = []
  for (const resource of live.resources) {
    const key = targetKey(resource)
    const entry = byKey.get(key)
    const address = entry?.desired.address ?? liveAddress(resource, addresses)
    addresses.set(key, address)
    if (resource.status === 'DESTROYING') continue
    const parent = parentKey(resource)
    const reason =
      parent !== undefined && deleted.has(parent)
        ? ({ code: 'parent-deleted', parent: addresses.get(parent) ?? '' } as const)
        : removalReason(resource, entry, claimed.has(resource), matching, options)
    if (reason === undefined) continue
    if (!isUnmanaged(reason)) deleted.add(key)
    changes.push(removal(resource, address, reason, entry))
  }
  return changes
}

/** The address of a live resource by the names on the way to it; an id stands in for a name that is missing. */
function liveAddress(resource: LiveResource, addresses: ReadonlyMap<string, Address>): Address {
  const own = formatAddress([{ collection: resource.kind.collection, name: resource.name || resource.id }])
  const parent = parentKey(resource)
  return parent === undefined ? own : `${addresses.get(parent) ?? parent}/${own}`
}

/** The key of the resource that holds this one; undefined at the top. */
export function parentKey(target: Target): string | undefined {
  const id = target.parentIds.at(-1)
  if (id === undefined || target.kind.parent === null) return undefined
  return targetKey({
    kind: target.kind.parent,
    location: target.location,
    parentIds: target.parentIds.slice(0, -1),
    id,
  })
}

function removalReason(
  resource: LiveResource,
  entry: Matched | undefined,
  isUnmatched: boolean,
  matching: Matching,
  options: Pick<PlanOptions, 'prune' | 'destroy'>,
): Reason | undefined {
  if (options.destroy) return matching.isOwned(resource) ? { code: 'destroy' } : { code: 'foreign' }
  if (entry?.desired.ensure === 'absent') return { code: 'ensure-absent' }
  if (!isUnmatched) return undefined
  if (matching.isOwned(resource))
    return options.prune === 'none' ? { code: 'prune-none' } : { code: 'not-in-file' }
  return options.prune === 'all' ? { code: 'prune-all' } : { code: 'foreign' }
}

function isUnmanaged(reason: Reason): boolean {
  return reason.code === 'foreign' || reason.code === 'prune-none'
}

function removal(
  resource: LiveResource,
  address: Address,
  reason: Reason,
  entry: Matched | undefined,
): Change {
  const { kind, location, parentIds, id } = resource
  const common = {
    key: targetKey(resource),
    address,
    target: { kind, location, parentIds, id },
    name: resource.name,
    reason,
    needs: [],
  }
  if (!isUnmanaged(reason)) {
    return {
      ...common,
      action: 'delete',
      live: resource,
      ...(entry === undefined ? {} : { desired: entry.desired }),
    }
  }
  const alarm = kind.alarm(resource.spec)
  return { ...common, action: 'unmanaged', live: resource, ...(alarm === undefined ? {} : { alarm }) }
}
