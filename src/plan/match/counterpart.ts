import { type Address, formatAddress } from '../../model/address.ts'
import type { DesiredResource, LiveResource } from '../../model/resource.ts'
import { formerAddresses } from './former-addresses.ts'
import type { LiveCollection } from './live-index.ts'

/** How a desired resource relates to live. */
export type Match =
  | { readonly type: 'live'; readonly live: LiveResource }
  /** Nothing there: it would be created with `target`'s id. */
  | { readonly type: 'missing' }
  /** Resources that are not ours have its name. */
  | { readonly type: 'foreign'; readonly live: readonly LiveResource[] }
  /** More than one resource could be meant. */
  | { readonly type: 'ambiguous'; readonly live: readonly LiveResource[] }
  /** Nothing has the id in the file, but one of ours has its name: a creation would replace that one. */
  | { readonly type: 'same-name'; readonly live: readonly LiveResource[] }
  /** It is in the files, and the `released` list names it too. */
  | { readonly type: 'released'; readonly live: readonly LiveResource[] }
  /** The id that it wants is another resource's: of another parent or kind, or claimed by another desired one. */
  | { readonly type: 'taken'; readonly by?: LiveResource; readonly claimant?: DesiredResource }

/** What the search for a counterpart knows beyond the collection that it looks into. */
export interface Search {
  readonly isOwned: (live: LiveResource) => boolean
  readonly derive: (location: string, address: Address) => string
  /** Ids that a resource of the file means by itself: names must not draw others to them. */
  readonly isPinned: (id: string) => boolean
  readonly isDerived: (id: string) => boolean
  /** Whether the file has a resource of that address. */
  readonly isWanted: (location: string, address: Address) => boolean
  /** The sibling of the file that had the name of this one before. */
  readonly successorOf: (resource: DesiredResource) => DesiredResource | undefined
}

/** The counterpart of a resource whose id is not written in the file. */
export function findCounterpart(
  resource: DesiredResource,
  derivedId: string,
  place: LiveCollection,
  search: Search,
): Match {
  const own = place.byId.get(derivedId)
  const named = place.byName.get(resource.name)
  const former = formerAddresses(resource)
  // So it is nearly always, and what follows would find the same.
  if (own !== undefined && named?.length === 1 && named[0] === own && former.length === 0) {
    return { type: 'live', live: own }
  }
  const sameName = staying(named)
  const meant = [...formerSelves(resource, former, place, search), ...sameName.filter(search.isOwned)]
  const others = [...new Set(meant)].filter((live) => live !== own && !search.isPinned(live.id))
  if (own === undefined) return decide(others, sameName, search)
  if (others.length > 0 && passesOn(resource, place, search)) return decide(others, sameName, search)
  // What belongs to a sibling of the file is not a second candidate. Without an own counterpart, the two are after the same
  // resource, and that has to be said.
  const candidates = [own, ...others.filter((live) => !search.isDerived(live.id))]
  return decide(candidates, sameName, search)
}

// In a chain of renames (a becomes b, b becomes c) what has the id of b is c, before the renames and after them. The
// chain has to end in a name whose id nothing has: else two names are exchanged, or the last one already exists.
function passesOn(resource: DesiredResource, place: LiveCollection, search: Search): boolean {
  const isLive = ({ location, address }: DesiredResource): boolean =>
    place.byId.has(search.derive(location, address))
  const chain = new Set([resource])
  let next = search.successorOf(resource)
  while (next !== undefined && isLive(next)) {
    if (chain.has(next)) return false
    chain.add(next)
    next = search.successorOf(next)
  }
  return next !== undefined
}

// What has the id of a former address, or the former name.
function formerSelves(
  resource: DesiredResource,
  addresses: readonly Address[],
  place: LiveCollection,
  search: Search,
): readonly LiveResource[] {
  const derived = addresses.flatMap(
    (address) => place.byId.get(search.derive(resource.location, address)) ?? [],
  )
  return [...staying(derived), ...formerSameName(resource, place, search)]
}

// A sibling that has the former name now is whom a resource of that name belongs to.
function formerSameName(
  { renamedFrom, parent, kind, location }: DesiredResource,
  place: LiveCollection,
  search: Search,
): readonly LiveResource[] {
  if (renamedFrom === undefined) return []
  const own = formatAddress([{ collection: kind.collection, name: renamedFrom }])
  const address = parent === null ? own : `${parent.address}/${own}`
  if (search.isWanted(location, address)) return []
  return staying(place.byName.get(renamedFrom)).filter(search.isOwned)
}

function decide(
  candidates: readonly LiveResource[],
  sameName: readonly LiveResource[],
  search: Search,
): Match {
  if (candidates.length > 1) return { type: 'ambiguous', live: sorted(candidates) }
  const [only] = candidates
  if (only !== undefined) return { type: 'live', live: only }
  const unmanaged = sameName.filter((live) => !search.isOwned(live) && !search.isPinned(live.id))
  return unmanaged.length === 0 ? { type: 'missing' } : { type: 'foreign', live: sorted(unmanaged) }
}

/** Without what is being destroyed: that is on its way out, whatever its name. */
export function staying(resources: readonly LiveResource[] | undefined): readonly LiveResource[] {
  if (resources === undefined) return []
  const goes = (live: LiveResource): boolean => live.status === 'DESTROYING'
  return resources.some(goes) ? resources.filter((live) => !goes(live)) : resources
}

/** By id: which one is reported first must not depend on the order of pages. */
export function sorted(resources: readonly LiveResource[]): readonly LiveResource[] {
  return [...resources].sort((a, b) => (a.id < b.id ? -1 : 1))
}
