import { KINDS } from '../../kinds/index.ts'
import { idDeriver, ownedBy } from '../../model/identity.ts'
import {
  type Collection,
  childCollection,
  type DesiredResource,
  type DesiredState,
  type LiveResource,
  type LiveState,
  type Target,
} from '../../model/resource.ts'
import { findCounterpart, type Match, type Search, sorted, staying } from './counterpart.ts'
import { indexLive, type LiveCollection, type LiveIndex } from './live-index.ts'
import { type SetAsides, setAsides } from './set-aside.ts'

/** One desired resource with its counterpart and the target that its requests go to. */
export interface Matched {
  readonly desired: DesiredResource
  readonly match: Match
  readonly target: Target
  /** The target's key. */
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
  /** What this stack leaves alone: neither owned nor unmanaged. */
  readonly setAside: SetAsides
}

/**
 * Finds the live counterpart of every desired resource: by the id in the file, the id derived from the address, the
 * id derived from the former name, and an owned resource of that name, in this order. Names alone never take over
 * a resource that is not ours.
 */
export function match(desired: DesiredState, live: LiveState): Matching {
  const index = indexLive(live)
  const isOwn = ownedBy(desired.stack)
  const setAside = setAsides(desired, live, index)
  const isReleased = (resource: LiveResource): boolean => setAside.get(resource)?.type === 'released'
  const isOwned = (resource: LiveResource): boolean => isOwn(resource.id) && !isReleased(resource)
  const derive = idDeriver(desired.stack)
  const desiredIds = desired.resources.map(
    (resource): DesiredId => ({ resource, own: ownId(resource, derive) }),
  )
  const search: Search = { isOwned, derive, ...claimedBy(desiredIds) }
  const places = new Places(index)
  const claims = new Claims()
  const matched = desiredIds.map(({ resource, own }): Matched => {
    const { parent, collection, live: place } = places.of(resource)
    const found = claims.decide(unlessReleased(find(resource, own, place, index, search), isReleased))
    const id = found.type === 'live' ? found.live.id : own
    const { kind, location, parentIds } = collection
    const target: Target = { kind, location, parentIds, id }
    const entry: Matched = { desired: resource, match: found, target, key: `${place.key}/${id}`, parent }
    places.add(entry)
    claims.record(entry)
    return entry
  })
  return {
    matched: resolveMissing(matched, index, claims, isOwned),
    byLive: claims.byLive,
    index,
    isOwned,
    setAside,
  }
}

// Whatever way it was found: what the files released must not be managed by the same files.
function unlessReleased(found: Match, isReleased: (live: LiveResource) => boolean): Match {
  if (!('live' in found)) return found
  const released = (found.type === 'live' ? [found.live] : found.live).filter(isReleased)
  return released.length === 0 ? found : { type: 'released', live: released }
}

interface DesiredId {
  readonly resource: DesiredResource
  /** The id that it has unless a search finds another: pinned in the file, or derived. */
  readonly own: string
}

function ownId(resource: DesiredResource, derive: Search['derive']): string {
  return resource.id?.toLowerCase() ?? derive(resource.location, resource.address)
}

// Few searches get as far as to ask, so the sets are made when the first one does: made at once, they cost a plan
// without changes 17 % more processor time.
function claimedBy(
  desiredIds: readonly DesiredId[],
): Pick<Search, 'isPinned' | 'isDerived' | 'isWanted' | 'successorOf'> {
  const idsWhere = (isPinned: boolean): (() => ReadonlySet<string>) => {
    let made: ReadonlySet<string> | undefined
    return () => {
      made ??= new Set(
        desiredIds.filter(({ resource }) => (resource.id !== undefined) === isPinned).map(({ own }) => own),
      )
      return made
    }
  }
  const [pinned, derived] = [idsWhere(true), idsWhere(false)]
  let addresses: ReadonlySet<string> | undefined
  const isWanted: Search['isWanted'] = (where, what) => {
    addresses ??= new Set(desiredIds.map(({ resource: { location, address } }) => `${location}:${address}`))
    return addresses.has(`${where}:${what}`)
  }
  let successors: ReadonlyMap<string, DesiredResource> | undefined
  const successorOf: Search['successorOf'] = (resource) => {
    // Whoever was renamed nothing has no part in a chain.
    if (resource.renamedFrom === undefined) return undefined
    successors ??= new Map(
      desiredIds.flatMap(({ resource: sibling }) =>
        sibling.renamedFrom === undefined || sibling.id !== undefined
          ? []
          : [[siblingKey(sibling, sibling.renamedFrom), sibling] as const],
      ),
    )
    return successors.get(siblingKey(resource, resource.name))
  }
  return { isPinned: (id) => pinned().has(id), isDerived: (id) => derived().has(id), isWanted, successorOf }
}

function siblingKey({ location, parent, kind }: DesiredResource, name: string): string {
  return `${location}:${parent?.address ?? ''}\0${kind.name}\0${name}`
}

interface Place {
  readonly holder: DesiredResource | null
  readonly parent: Matched | null
  readonly collection: Collection
  readonly live: LiveCollection
}

// Kinds that have children.
const HOLDERS = new Set(KINDS.map(({ parent }) => parent))

/**
 * Where desired resources are. Siblings follow each other in a file, so the last place nearly always serves again: without
 * it a plan takes 7 % more processor time.
 */
class Places {
  readonly #index: LiveIndex
  readonly #parents = new Map<DesiredResource | null, Matched>()
  #last: Place | undefined

  constructor(index: LiveIndex) {
    this.#index = index
  }

  add(entry: Matched): void {
    if (HOLDERS.has(entry.desired.kind)) this.#parents.set(entry.desired, entry)
  }

  of({ kind, location, parent: holder }: DesiredResource): Place {
    const last = this.#last
    if (last?.holder === holder && last.collection.kind === kind && last.collection.location === location)
      return last
    const parent = this.#parents.get(holder) ?? null
    const collection: Collection =
      parent === null ? { kind, location, parentIds: [] } : childCollection(parent.target, kind)
    this.#last = { holder, parent, collection, live: this.#index.in(collection) }
    return this.#last
  }
}

function find(
  resource: DesiredResource,
  own: string,
  place: LiveCollection,
  index: LiveIndex,
  search: Search,
): Match {
  if (resource.id === undefined) return findCounterpart(resource, own, place, search)
  const pinned = place.byId.get(own)
  if (pinned !== undefined) return { type: 'live', live: pinned }
  const elsewhere = index.find(own)
  return elsewhere === undefined ? { type: 'missing' } : { type: 'taken', by: elsewhere }
}

/** Who speaks for which live resource. */
class Claims {
  readonly byLive = new Map<LiveResource, Matched>()

  // A renamed resource keeps its id, so a new one under its old name derives an id that is in use.
  decide(found: Match): Match {
    if (found.type !== 'live') return found
    const claimant = this.byLive.get(found.live)?.desired
    return claimant === undefined ? found : { type: 'taken', by: found.live, claimant }
  }

  record(entry: Matched): void {
    const { match } = entry
    if (!('live' in match)) return
    // Of several none may be deleted while it is open which one is meant.
    const lives = match.type === 'live' ? [match.live] : match.live
    for (const live of lives) if (!this.byLive.has(live)) this.byLive.set(live, entry)
  }
}

// What would be created is looked at again when everybody has spoken.
function resolveMissing(
  matched: readonly Matched[],
  index: LiveIndex,
  claims: Claims,
  isOwned: Search['isOwned'],
): readonly Matched[] {
  // Nothing is created in most plans.
  if (!matched.some(isCreation)) return matched
  const byId = new Map<string, Matched>()
  for (const entry of matched) {
    const holder = byId.get(entry.target.id)
    if (strengthOfClaim(entry) > (holder === undefined ? 0 : strengthOfClaim(holder)))
      byId.set(entry.target.id, entry)
  }
  return matched.map((entry) => {
    if (!isCreation(entry)) return entry
    const holder = byId.get(entry.target.id) ?? entry
    // Two of one file with one id would be two requests to one place.
    if (holder !== entry) return { ...entry, match: { type: 'taken', claimant: holder.desired } }
    return withSameName(entry, index, claims, isOwned)
  })
}

function isCreation(entry: Matched): boolean {
  return entry.match.type === 'missing' && isPresent(entry)
}

function isPresent({ desired, parent }: Matched): boolean {
  return desired.ensure === 'present' && (parent === null || isPresent(parent))
}

// Whose an id is when several have it, whatever their order in the file. What is to be absent comes first: one run
// would make what the next one finds doubly meant.
function strengthOfClaim(entry: Matched): 0 | 1 | 2 | 3 {
  const { match, desired } = entry
  if (match.type === 'missing' && desired.ensure === 'absent') return 3
  if (!isPresent(entry)) return 0
  if (match.type === 'live') return 2
  return match.type === 'missing' ? 1 : 0
}

// A wrong id next to the right name must not end in a second resource, nor in the loss of the first.
function withSameName(entry: Matched, index: LiveIndex, claims: Claims, isOwned: Search['isOwned']): Matched {
  const { desired, target } = entry
  if (desired.id === undefined) return entry
  const sameName = sorted(
    staying(index.in(target).byName.get(desired.name)).filter((live) => !claims.byLive.has(live)),
  )
  if (sameName.length === 0) return entry
  const owned = sameName.filter(isOwned)
  const open: Matched = {
    ...entry,
    match: owned.length > 0 ? { type: 'same-name', live: owned } : { type: 'foreign', live: sameName },
  }
  claims.record(open)
  return open
}
