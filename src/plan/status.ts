import type { Address } from '../model/address.ts'
import { hasFingerprint, stackFingerprint } from '../model/identity.ts'
import type { LiveResource, LiveState, UnreadLocation } from '../model/resource.ts'
import { liveStep } from './match/live-step.ts'

/** Whose a live resource is, as far as its id tells. */
export type Owner =
  | { readonly type: 'this-stack' }
  /** Its id has the form of those that this program makes; `fingerprint` is the same for all of one stack. */
  | { readonly type: 'other-stack'; readonly fingerprint: string }
  | { readonly type: 'foreign' }

/** A live resource with its name in the estate and its owner. */
export interface StatusItem {
  readonly address: Address
  readonly live: LiveResource
  readonly owner: Owner
  /** 0 at the top. */
  readonly depth: number
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

/** Arranges what is live for people. Pure. */
export function statusOf(live: LiveState, stack: string | undefined): Status {
  const fingerprint = stack === undefined ? undefined : stackFingerprint(stack)
  const children = new Map<string, LiveResource[]>()
  for (const resource of live.resources) {
    const parent = `${resource.location}:${resource.parentIds.join('/')}`
    children.set(parent, [...(children.get(parent) ?? []), resource])
  }
  const below = (resource: LiveResource, above: Address): StatusItem[] => {
    const address = above === '' ? liveStep(resource) : `${above}/${liveStep(resource)}`
    const ids = [...resource.parentIds, resource.id]
    const inside = children.get(`${resource.location}:${ids.join('/')}`) ?? []
    const item = {
      address,
      live: resource,
      owner: ownerOf(resource.id, fingerprint),
      depth: resource.parentIds.length,
    }
    return [item, ...inside.flatMap((child) => below(child, address))]
  }
  const read = (location: string) => ({
    location,
    items: (children.get(`${location}:`) ?? []).flatMap((resource) => below(resource, '')),
  })
  return {
    stack,
    named: live.locations,
    ...(live.others === undefined ? {} : { others: live.others }),
    ...(live.unread === undefined ? {} : { unread: live.unread }),
    locations: [
      ...live.locations.map(read),
      ...(live.others ?? []).map(read).filter(({ items }) => items.length > 0),
    ],
  }
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

// Ids of the service are random (version 4); a version 5 with our variant is how this program makes them.
function ownerOf(id: string, fingerprint: string | undefined): Owner {
  if (fingerprint !== undefined && hasFingerprint(id, fingerprint)) return { type: 'this-stack' }
  const derived = /^([0-9a-f]{8})-([0-9a-f]{4})-5[0-9a-f]{3}-[89ab]/.exec(id)
  if (derived === null) return { type: 'foreign' }
  return { type: 'other-stack', fingerprint: `${derived[1]}${derived[2]}` }
}
