import { hasFingerprint, idDeriver, stackFingerprint } from '../model/identity.ts'
import {
  type Collection,
  childCollection,
  type DesiredResource,
  type DesiredState,
  type LiveResource,
  type LiveState,
  type Target,
  targetKey,
} from '../model/resource.ts'
import { findCounterpart, type Search, staying } from './candidates.ts'
import { indexLive, type LiveIndex } from './live-index.ts'

/** How a desired resource stands to live. */
export type Match =
  | { readonly type: 'live'; readonly live: LiveResource; readonly by: 'id' | 'derived' | 'renamed' | 'name' }
  /** Nothing there: it would be created with `target`'s id. */
  | { readonly type: 'missing' }
  /** Resources that are not ours have its name. */
  | { readonly type: 'foreign'; readonly live: readonly LiveResource[] }
  /** More than one resource could be meant. */
  | { readonly type: 'ambiguous'; readonly live: readonly LiveResource[] }
  /** Nothing has the id in the file, but one of ours has its name: a creation would replace that one. */
  | { readonly type: 'namesake'; readonly live: readonly LiveResource[] }
  /** The id that it wants is another resource's: of another parent or kind, or claimed by another desired one. */
  | { readonly type: 'taken'; readonly by?: LiveResource; readonly claimant?: DesiredResource }

/** One desired resource with its counterpart and the target that its requests go to. */
export interface Matched {
  readonly desired: DesiredResource
  readonly match: Match
  readonly target: Target
  /** {@link targetKey} of the target. */
  readonly key: string
  readonly parent: Matched | null
}

/** The desired state laid over the live one. */
export interface Matching {
  readonly matched: readonly Matched[]
  /** Which desired resource speaks for a live one; as long as a match is open, for all that could be meant. */
  readonly byLive: ReadonlyMap<LiveResource, Matched>
  readonly index: LiveIndex
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
  const { ids, search } = ownIds(desired, isOwned)
  const byDesired = new Map<DesiredResource, Matched>()
  const claims = new Claims()
  for (const resource of desired.resources) {
    const parent = resource.parent === null ? null : (byDesired.get(resource.parent) ?? null)
    const collection = collectionUnder(resource, parent)
    const own = ids.get(resource) ?? ''
    const found = claims.settle(resource, own, find(resource, own, collection, index, search))
    const id = found.type === 'live' ? found.live.id : own
    const target: Target = { ...collection, id }
    const entry: Matched = { desired: resource, match: found, target, key: targetKey(target), parent }
    byDesired.set(resource, entry)
    claims.record(entry)
  }
  const matched = [...byDesired.values()].map((entry) => withNamesakes(entry, index, claims, isOwned))
  return { matched, byLive: claims.byLive, index, isOwned }
}

// The id that each resource has unless a search finds another: pinned in the file, or derived.
function ownIds(
  desired: DesiredState,
  isOwned: Search['isOwned'],
): { readonly ids: ReadonlyMap<DesiredResource, string>; readonly search: Search } {
  const derive = idDeriver(desired.stack)
  const ids = new Map<DesiredResource, string>()
  const pinned = new Set<string>()
  const derived = new Set<string>()
  for (const resource of desired.resources) {
    const id = resource.id?.toLowerCase() ?? derive(resource.location, resource.address)
    ids.set(resource, id)
    if (resource.id === undefined) derived.add(id)
    else pinned.add(id)
  }
  return { ids, search: { isOwned, derive, pinned, derived } }
}

function collectionUnder(resource: DesiredResource, parent: Matched | null): Collection {
  return parent === null
    ? { kind: resource.kind, location: resource.location, parentIds: [] }
    : childCollection(parent.target, resource.kind)
}

function find(
  resource: DesiredResource,
  own: string,
  collection: Collection,
  index: LiveIndex,
  search: Search,
): Match {
  const place = index.in(collection)
  if (resource.id === undefined) return findCounterpart(resource, own, place, search)
  const pinned = place.byId.get(own)
  if (pinned !== undefined) return { type: 'live', live: pinned, by: 'id' }
  const elsewhere = index.byId.get(own)
  return elsewhere === undefined ? { type: 'missing' } : { type: 'taken', by: elsewhere }
}

/** Who speaks for which live resource and which id. */
class Claims {
  readonly byLive = new Map<LiveResource, Matched>()
  readonly #byId = new Map<string, DesiredResource>()

  // A renamed resource keeps its id, so a new one under its old name derives an id that is in use.
  settle(resource: DesiredResource, own: string, found: Match): Match {
    if (found.type === 'live') {
      const claimant = this.byLive.get(found.live)?.desired
      return claimant === undefined ? found : { type: 'taken', by: found.live, claimant }
    }
    const claimant = found.type === 'missing' ? this.#byId.get(own) : undefined
    // Another parent's child of this id may be on its way out; two of one file would be two requests to one id.
    return claimant === undefined || claimant.ensure === 'absent' || resource.ensure === 'absent'
      ? found
      : { type: 'taken', claimant }
  }

  record(entry: Matched): void {
    const { match } = entry
    switch (match.type) {
      case 'live':
        this.byLive.set(match.live, entry)
        break
      case 'foreign':
      case 'ambiguous':
      case 'namesake':
        // None of them may be deleted while it is open which one is meant.
        for (const live of match.live) if (!this.byLive.has(live)) this.byLive.set(live, entry)
        return
      case 'missing':
        break
      case 'taken':
        return
      default:
        match satisfies never
    }
    this.#byId.set(entry.target.id, entry.desired)
  }
}

// A wrong id beside the right name must not end in a second resource, nor in the loss of the first.
function withNamesakes(
  entry: Matched,
  index: LiveIndex,
  claims: Claims,
  isOwned: (live: LiveResource) => boolean,
): Matched {
  const { desired, match, target } = entry
  if (match.type !== 'missing' || desired.id === undefined || desired.ensure === 'absent') return entry
  const namesakes = staying(index.in(target).byName.get(desired.name)).filter(
    (live) => !claims.byLive.has(live),
  )
  if (namesakes.length === 0) return entry
  const owned = namesakes.filter(isOwned)
  const open: Matched = {
    ...entry,
    match: owned.length > 0 ? { type: 'namesake', live: owned } : { type: 'foreign', live: namesakes },
  }
  claims.record(open)
  return open
}
