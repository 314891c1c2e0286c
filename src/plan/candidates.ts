import { type Address, formatAddress } from '../model/address.ts'
import type { DesiredResource, LiveResource } from '../model/resource.ts'
import { formerAddresses } from './former-addresses.ts'
import type { LiveCollection } from './live-index.ts'
import type { Match } from './match.ts'

/** What the search for a counterpart knows beyond the collection that it looks into. */
export interface Search {
  readonly isOwned: (live: LiveResource) => boolean
  readonly derive: (location: string, address: Address) => string
  /** Ids that a resource of the file means by itself: names must not draw others to them. */
  readonly isPinned: (id: string) => boolean
  readonly isDerived: (id: string) => boolean
  /** Whether the file has a resource of that address. */
  readonly isWanted: (location: string, address: Address) => boolean
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
  if (former.length === 0 && own !== undefined && isAlone(own, named)) {
    return { type: 'live', live: own, by: 'search' }
  }
  const namesakes = staying(named)
  const candidates = new Set<LiveResource>()
  if (own !== undefined) candidates.add(own)
  const add = (live: LiveResource | undefined): void => {
    if (live === undefined || search.isPinned(live.id)) return
    // With its own counterpart found, what belongs to a sibling of the file is no second candidate. Without it, the
    // two are after the same resource, and that has to be said.
    if (own === undefined || !search.isDerived(live.id)) candidates.add(live)
  }
  for (const address of former) {
    const [live] = staying(at(place, search.derive(resource.location, address)))
    add(live)
  }
  for (const live of formerNamesakes(resource, place, search)) add(live)
  for (const live of namesakes) if (search.isOwned(live)) add(live)
  return settle(candidates, namesakes, search)
}

// Nobody else that stays has its name: so it is nearly always.
function isAlone(own: LiveResource, named: readonly LiveResource[] | undefined): boolean {
  if (named === undefined || (named.length === 1 && named[0] === own)) return true
  return staying(named).every((live) => live === own)
}

// A sibling that has the former name now is whom a resource of that name belongs to.
function formerNamesakes(
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

function settle(
  candidates: ReadonlySet<LiveResource>,
  namesakes: readonly LiveResource[],
  search: Search,
): Match {
  const [only, ...more] = candidates
  if (only !== undefined) {
    return more.length === 0
      ? { type: 'live', live: only, by: 'search' }
      : { type: 'ambiguous', live: sorted([...candidates]) }
  }
  const foreign = namesakes.filter((live) => !search.isOwned(live) && !search.isPinned(live.id))
  return foreign.length === 0 ? { type: 'missing' } : { type: 'foreign', live: sorted(foreign) }
}

function at(place: LiveCollection, id: string): readonly LiveResource[] {
  const live = place.byId.get(id)
  return live === undefined ? [] : [live]
}

/** Without what is being destroyed: that is on its way out, whatever its name. */
export function staying(resources: readonly LiveResource[] | undefined): readonly LiveResource[] {
  if (resources === undefined) return []
  const goes = (live: LiveResource): boolean => live.status === 'DESTROYING'
  return resources.some(goes) ? resources.filter((live) => !goes(live)) : resources
}

function sorted(resources: readonly LiveResource[]): readonly LiveResource[] {
  return [...resources].sort((a, b) => (a.id < b.id ? -1 : 1))
}
