import type { Address } from '../model/address.ts'
import { derivingStack, hasFingerprint, stackFingerprint } from '../model/identity.ts'
import { groupBy } from '../model/lists.ts'
import { optional } from '../model/optional.ts'
import type { DesiredState, LiveResource, LiveState, UnreadLocation } from '../model/resource.ts'
import { daysUntil } from './expiry.ts'
import { liveStep } from './match/live-step.ts'
import { match } from './match/match.ts'
import type { SetAside } from './match/set-aside.ts'

/** Whose a live resource is, as far as its id shows. */
export type Owner =
  | { readonly type: 'this-stack'; readonly released?: true }
  /**
   * Its id has the form of those that this program makes; `fingerprint` is the same for all of one stack. `stack`: its
   * name, where the files name it as a neighbour.
   */
  | { readonly type: 'other-stack'; readonly fingerprint: string; readonly stack?: string }
  | { readonly type: 'foreign'; readonly adopted?: true }

/** A live resource with its name in the estate and its owner. */
export interface StatusItem {
  readonly address: Address
  readonly live: LiveResource
  readonly owner: Owner
  /** 0 at the top. */
  readonly depth: number
  /** The last day of a resource of the files, and the days until then: below 0 once it is over. */
  readonly expires?: string
  readonly expiresInDays?: number
}

/** All that is live, gateways with what is on them, by location. */
export interface Status {
  /** Undefined when no file says whose stack this is. */
  readonly stack: string | undefined
  /** Locations that were read in full. */
  readonly named: readonly string[]
  /** Locations that no file names, read for what the stack owns. */
  readonly others?: readonly string[]
  /** Locations in which leftovers of the stack could not be seen. */
  readonly unread?: readonly UnreadLocation[]
  /** Those that were read in full, and others in which the stack owns something. */
  readonly locations: readonly {
    readonly location: string
    /** Each parent before its own children. */
    readonly items: readonly StatusItem[]
  }[]
}

/** What the files say about what is live. */
export interface StatusFacts {
  readonly stack: string | undefined
  /** Undefined where the files cannot be read in full. */
  readonly desired?: DesiredState | undefined
  /** The time of the read, RFC 3339 in UTC. */
  readonly asOf?: string
}

/** Arranges what is live for people. Pure. */
export function statusOf(live: LiveState, { stack, desired, asOf }: StatusFacts): Status {
  const children = groupBy(live.resources, ({ location, parentIds }) => `${location}:${parentIds.join('/')}`)
  const factsOf = itemFacts(live, stack, desired, asOf)
  const below = (resource: LiveResource, above: Address): StatusItem[] => {
    const address = above === '' ? liveStep(resource) : `${above}/${liveStep(resource)}`
    const ids = [...resource.parentIds, resource.id]
    const inside = children.get(`${resource.location}:${ids.join('/')}`) ?? []
    const item = { address, live: resource, depth: resource.parentIds.length, ...factsOf(resource) }
    return [item, ...inside.flatMap((child) => below(child, address))]
  }
  const read = (location: string) => ({
    location,
    items: (children.get(`${location}:`) ?? []).flatMap((resource) => below(resource, '')),
  })
  return {
    stack,
    named: live.locations,
    ...optional({ others: live.others, unread: live.unread }),
    locations: [
      ...live.locations.map(read),
      ...(live.others ?? []).map(read).filter(({ items }) => items.length > 0),
    ],
  }
}

type ItemFacts = Pick<StatusItem, 'owner' | 'expires' | 'expiresInDays'>

function itemFacts(
  live: LiveState,
  stack: string | undefined,
  desired: DesiredState | undefined,
  asOf: string | undefined,
): (resource: LiveResource) => ItemFacts {
  const fingerprint = stack === undefined ? undefined : stackFingerprint(stack)
  if (desired === undefined) return ({ id }) => ({ owner: ownerOf(id, fingerprint) })
  const { byLive, setAside } = match(desired, live)
  return (resource) => {
    const own = ownerOf(resource.id, fingerprint)
    const aside = setAside.get(resource)
    if (aside !== undefined) return { owner: withSetAside(own, aside) }
    const entry = byLive.get(resource)
    if (entry?.match.type !== 'live') return { owner: own }
    const { expires } = entry.desired
    return {
      // A resource of another stack that the files name by its id is adopted as well.
      owner: own.type === 'this-stack' ? own : { type: 'foreign', adopted: true },
      ...(expires === undefined || asOf === undefined
        ? {}
        : { expires, expiresInDays: daysUntil(expires, asOf) }),
    }
  }
}

function withSetAside(owner: Owner, aside: SetAside): Owner {
  if (aside.type === 'released') return { type: 'this-stack', released: true }
  const fingerprint = owner.type === 'other-stack' ? owner.fingerprint : stackFingerprint(aside.stack)
  return { type: 'other-stack', fingerprint, stack: aside.stack }
}

/** The resource that an address, `LOCATION:ADDRESS` or an id means; several where names are not unique. */
export function findStatus(status: Status, wanted: string): readonly StatusItem[] {
  const id = wanted.toLowerCase()
  return status.locations.flatMap(({ location, items }) =>
    items.filter(
      ({ address, live }) => address === wanted || `${location}:${address}` === wanted || live.id === id,
    ),
  )
}

function ownerOf(id: string, fingerprint: string | undefined): Owner {
  if (fingerprint !== undefined && hasFingerprint(id, fingerprint)) return { type: 'this-stack' }
  const other = derivingStack(id)
  return other === undefined ? { type: 'foreign' } : { type: 'other-stack', fingerprint: other }
}
