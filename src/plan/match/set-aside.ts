import { splitLocation } from '../../model/address-pattern.ts'
import { type Neighbour, type Release, releasedId } from '../../model/file-lists.ts'
import { idDeriver, ownedBy } from '../../model/identity.ts'
import type { DesiredState, LiveResource, LiveState } from '../../model/resource.ts'
import { formerAddresses } from './former-addresses.ts'
import type { LiveIndex } from './live-index.ts'
import { liveStep } from './live-step.ts'

/** Why this stack leaves a live resource alone, whatever its flags say. */
export type SetAside =
  | { readonly type: 'released'; readonly by: Release }
  | { readonly type: 'neighbour'; readonly stack: string }

/** Live resources that this stack leaves alone. */
export type SetAsides = ReadonlyMap<LiveResource, SetAside>

const NOTHING: SetAsides = new Map()

/**
 * Finds what is released, with everything below it, and what belongs to neighbours. Everything below the gateway of
 * a neighbour is that stack's business, except what this stack owns or adopts.
 */
export function setAsides(desired: DesiredState, live: LiveState, index: LiveIndex): SetAsides {
  const { released = [], neighbours = [] } = desired
  if (released.length + neighbours.length === 0) return NOTHING
  const isOwn = ownedBy(desired.stack)
  const releaseOf = releaseFinder(released, desired.stack)
  const neighbourOf = neighbourFinder(neighbours)
  const adopted = new Set(desired.resources.flatMap(({ id }) => id?.toLowerCase() ?? []))
  const found = new Map<LiveResource, SetAside>()
  const addresses = new Map<LiveResource, readonly string[]>()
  const alsoCalled = released.length === 0 ? nothingElse : renames(desired)
  for (const resource of live.resources) {
    const parent = index.parentOf(resource)
    const above = parent === undefined ? undefined : found.get(parent)
    const isOwned = isOwn(resource.id)
    const step = liveStep(resource)
    const holders = parent === undefined ? undefined : (addresses.get(parent) ?? [parent.id])
    const own = holders?.map((address) => `${address}/${step}`) ?? [step]
    addresses.set(
      resource,
      own.flatMap((address) => [address, ...alsoCalled(resource.location, address)]),
    )
    const why =
      above?.type === 'released'
        ? above
        : isOwned
          ? releaseOf(resource, own)
          : adopted.has(resource.id)
            ? undefined
            : (neighbourOf(resource) ?? above)
    if (why !== undefined) found.set(resource, why)
  }
  return found
}

type AlsoCalled = (location: string, address: string) => readonly string[]

const nothingElse: AlsoCalled = () => []

/**
 * The other addresses of what the files rename: an entry for something below it may have the former name or the present
 * one, and means the same thing before the rename is applied and after it.
 */
function renames({ resources }: DesiredState): AlsoCalled {
  const renamed = resources.map((resource) => ({ resource, former: formerAddresses(resource) }))
  if (renamed.every(({ former }) => former.length === 0)) return nothingElse
  const key = (location: string, address: string): string => `${location}:${address}`
  const wanted = new Set(resources.map(({ location, address }) => key(location, address)))
  const others = new Map<string, readonly string[]>()
  for (const { resource, former } of renamed) {
    const { location, address } = resource
    // A former name that another one has by now means that one.
    const free = former.filter((each) => !wanted.has(key(location, each)))
    const all = [address, ...free]
    for (const each of all) {
      others.set(
        key(location, each),
        all.filter((other) => other !== each),
      )
    }
  }
  return (location, address) => others.get(key(location, address)) ?? []
}

type Find<R> = (resource: LiveResource, addresses: readonly string[]) => R | undefined

// By the id that follows from the address too: the stack that takes it over may rename it.
function releaseFinder(released: readonly Release[], stack: string): Find<SetAside> {
  const derive = idDeriver(stack)
  const byId = new Map<string, SetAside>()
  const byAddress = new Map<string, SetAside>()
  const places: { readonly location?: string; readonly path: string; readonly why: SetAside }[] = []
  for (const by of released) {
    const why: SetAside = { type: 'released', by }
    const id = releasedId(by.address)
    if (id !== undefined) byId.set(id, why)
    else {
      byAddress.set(by.address, why)
      places.push({ ...splitLocation(by.address), why })
    }
  }
  const derived = new Map<string, ReadonlyMap<string, SetAside>>()
  const derivedIn = (location: string): ReadonlyMap<string, SetAside> => {
    const known = derived.get(location)
    if (known !== undefined) return known
    const made = new Map(
      places
        .filter((place) => place.location === undefined || place.location === location)
        .map(({ path, why }) => [derive(location, path), why]),
    )
    derived.set(location, made)
    return made
  }
  const named = (location: string, address: string): SetAside | undefined =>
    byAddress.get(address) ?? byAddress.get(`${location}:${address}`)
  return ({ id, location }, addresses) => {
    const known = byId.get(id)
    if (known !== undefined) return known
    for (const address of addresses) {
      const found = named(location, address)
      if (found !== undefined) return found
    }
    return derivedIn(location).get(id)
  }
}

function neighbourFinder(neighbours: readonly Neighbour[]): (resource: LiveResource) => SetAside | undefined {
  const marks = neighbours.map(({ stack }) => ({ stack, owns: ownedBy(stack) }))
  return ({ id }) => {
    const mark = marks.find(({ owns }) => owns(id))
    return mark === undefined ? undefined : { type: 'neighbour', stack: mark.stack }
  }
}
