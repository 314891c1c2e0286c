import { type Address, formatAddress, parentAddress } from '../model/address.ts'
import { deriveId, hasFingerprint, stackFingerprint } from '../model/identity.ts'
import {
  type Collection,
  collectionKey,
  type DesiredResource,
  type DesiredState,
  type LiveResource,
  type LiveState,
  type Target,
  targetKey,
} from '../model/resource.ts'

/** How a desired resource stands to live. */
export type Match =
  | { readonly type: 'live'; readonly live: LiveResource; readonly by: 'id' | 'derived' | 'renamed' | 'name' }
  /** Nothing there: it would be created with `target`'s id. */
  | { readonly type: 'missing' }
  /** Resources that are not ours have its name. */
  | { readonly type: 'foreign'; readonly live: readonly LiveResource[] }
  /** More than one resource could be meant. */
  | { readonly type: 'ambiguous'; readonly live: readonly LiveResource[] }
  /** The id that it wants is another resource's: of another parent or kind, or claimed by another desired one. */
  | { readonly type: 'taken'; readonly by: LiveResource; readonly claimant?: DesiredResource }

/** One desired resource with its counterpart and the target that its requests go to. */
export interface Matched {
  readonly desired: DesiredResource
  readonly match: Match
  readonly target: Target
  readonly parent: Matched | null
}

/** The desired state laid over the live one. */
export interface Matching {
  readonly matched: readonly Matched[]
  /** Live resources that no desired one is matched with. */
  readonly unmatched: readonly LiveResource[]
  /** Live resources by the key of their target. */
  readonly liveByKey: ReadonlyMap<string, LiveResource>
  readonly isOwned: (live: LiveResource) => boolean
}

/**
 * Finds the live counterpart of every desired resource: by the id in the file, the id derived from the address, the
 * id derived from the former name, and an owned resource of that name, in this order. Names alone never take over
 * a resource that is not ours.
 */
export function match(desired: DesiredState, live: LiveState): Matching {
  const index = indexLive(live)
  const fingerprint = stackFingerprint(desired.stack)
  const isOwned = (resource: LiveResource): boolean => hasFingerprint(resource.id, fingerprint)
  const byDesired = new Map<DesiredResource, Matched>()
  const matched: Matched[] = []
  const claims = new Map<string, DesiredResource>()
  const spoken = spokenFor(desired)
  for (const resource of desired.resources) {
    const parent = resource.parent === null ? null : (byDesired.get(resource.parent) ?? null)
    const collection = collectionUnder(resource, parent)
    const found = settleClaims(
      find(desired.stack, resource, collection, index, isOwned, spoken),
      resource,
      claims,
    )
    const id =
      found.type === 'live'
        ? found.live.id
        : (pinnedId(resource) ?? deriveId(desired.stack, resource.location, resource.address))
    const entry: Matched = { desired: resource, match: found, target: { ...collection, id }, parent }
    byDesired.set(resource, entry)
    matched.push(entry)
  }
  const unmatched = live.resources.filter((resource) => !claims.has(targetKey(resource)))
  return { matched, unmatched, liveByKey: index.byKey, isOwned }
}

/** Ids that a resource of the file means by itself, pinned or derived: names must not draw others to them. */
interface SpokenFor {
  readonly pinned: ReadonlySet<string>
  readonly derived: ReadonlySet<string>
}

function spokenFor(desired: DesiredState): SpokenFor {
  const pinned = new Set<string>()
  const derived = new Set<string>()
  for (const resource of desired.resources) {
    const id = pinnedId(resource)
    if (id !== undefined) pinned.add(id)
    else derived.add(deriveId(desired.stack, resource.location, resource.address))
  }
  return { pinned, derived }
}

function pinnedId(resource: DesiredResource): string | undefined {
  return resource.id?.toLowerCase()
}

interface LiveIndex {
  readonly byKey: ReadonlyMap<string, LiveResource>
  /** All resources with an id, wherever they are. */
  readonly byId: ReadonlyMap<string, LiveResource>
  readonly byName: ReadonlyMap<string, readonly LiveResource[]>
}

function indexLive(live: LiveState): LiveIndex {
  const byKey = new Map<string, LiveResource>()
  const byId = new Map<string, LiveResource>()
  const byName = new Map<string, LiveResource[]>()
  for (const resource of live.resources) {
    byKey.set(targetKey(resource), resource)
    byId.set(resource.id, resource)
    const name = nameKey(resource, resource.name)
    const same = byName.get(name)
    if (same === undefined) byName.set(name, [resource])
    else same.push(resource)
  }
  return { byKey, byId, byName }
}

function nameKey(collection: Collection, name: string): string {
  return `${collectionKey(collection)}\0${name}`
}

function collectionUnder(resource: DesiredResource, parent: Matched | null): Collection {
  const parentIds = parent === null ? [] : [...parent.target.parentIds, parent.target.id]
  return { kind: resource.kind, location: resource.location, parentIds }
}

function find(
  stack: string,
  resource: DesiredResource,
  collection: Collection,
  index: LiveIndex,
  isOwned: (live: LiveResource) => boolean,
  spoken: SpokenFor,
): Match {
  const at = (id: string): LiveResource | undefined => index.byKey.get(targetKey({ ...collection, id }))
  const id = pinnedId(resource)
  if (id !== undefined) {
    const pinned = at(id)
    if (pinned !== undefined) return { type: 'live', live: pinned, by: 'id' }
    const elsewhere = index.byId.get(id)
    return elsewhere === undefined ? { type: 'missing' } : { type: 'taken', by: elsewhere }
  }
  const candidates = new Map<string, Extract<Match, { type: 'live' }>>()
  const own = at(deriveId(stack, resource.location, resource.address))
  if (own !== undefined) candidates.set(own.id, { type: 'live', live: own, by: 'derived' })
  const add = (live: LiveResource | undefined, by: 'renamed' | 'name'): void => {
    if (live === undefined || candidates.has(live.id) || spoken.pinned.has(live.id)) return
    // With its own counterpart found, what belongs to a sibling of the file is no second candidate. Without it, the
    // two are after the same resource, and settleClaims says so.
    if (own === undefined || !spoken.derived.has(live.id)) candidates.set(live.id, { type: 'live', live, by })
  }
  const named = staying(index.byName.get(nameKey(collection, resource.name)))
  if (resource.renamedFrom !== undefined) {
    add(at(deriveId(stack, resource.location, formerAddress(resource, resource.renamedFrom))), 'renamed')
    const former = staying(index.byName.get(nameKey(collection, resource.renamedFrom)))
    for (const live of former) if (isOwned(live)) add(live, 'renamed')
  }
  for (const live of named) if (isOwned(live)) add(live, 'name')
  const [only, ...more] = candidates.values()
  if (only !== undefined) {
    return more.length === 0
      ? only
      : { type: 'ambiguous', live: [only, ...more].map((candidate) => candidate.live) }
  }
  const foreign = named.filter((live) => !isOwned(live) && !spoken.pinned.has(live.id))
  return foreign.length === 0 ? { type: 'missing' } : { type: 'foreign', live: foreign }
}

// What is being destroyed is on its way out, whatever its name.
function staying(resources: readonly LiveResource[] | undefined): readonly LiveResource[] {
  return resources?.filter((live) => live.status !== 'DESTROYING') ?? []
}

function formerAddress(resource: DesiredResource, name: string): Address {
  const parent = parentAddress(resource.address)
  const own = formatAddress([{ collection: resource.kind.collection, name }])
  return parent === null ? own : `${parent}/${own}`
}

// A renamed resource keeps its id, so a new one under its old name derives an id that is in use.
function settleClaims(found: Match, resource: DesiredResource, claims: Map<string, DesiredResource>): Match {
  if (found.type === 'ambiguous' || found.type === 'foreign') {
    // None of them may be deleted while it is open which one is meant.
    for (const live of found.live) if (!claims.has(targetKey(live))) claims.set(targetKey(live), resource)
    return found
  }
  if (found.type !== 'live') return found
  const key = targetKey(found.live)
  const claimant = claims.get(key)
  if (claimant !== undefined) return { type: 'taken', by: found.live, claimant }
  claims.set(key, resource)
  return found
}
