import { slotsPerParent } from '../../model/claims.ts'
import { groupBy } from '../../model/lists.ts'
import {
  type Collection,
  collectionKey,
  type LiveResource,
  type LiveState,
  parentTarget,
  targetKey,
} from '../../model/resource.ts'
import type { ChangeOf } from '../types.ts'
import type { NeedGraph } from './graph.ts'

/** A create that finds no room below its parent. */
export interface NoSlot {
  readonly change: ChangeOf<'create'>
  readonly capacity: number
  /** How many there would be. */
  readonly total: number
  /** How many of those this plan leaves alone. */
  readonly unmanaged: number
}

/** What the pairing asks about the plan. */
export interface SlotOptions {
  readonly live: LiveState
  /** What a user pointed at; everything where there are no targets. */
  readonly isTarget: (address: string, location: string) => boolean
  /** Adds the wait for something that others destroy, unless the plan has it. */
  readonly awaitDestruction: (live: LiveResource) => void
}

/**
 * A parent has room for so many children, those of others and those on their way out among them. Each create beyond
 * the room that is free needs one deletion below the same parent. The pairing is fixed, so that the same plan is the
 * same value: a deletion that the create waits for anyway, then targeted ones, then by key.
 */
export function connectSlots(graph: NeedGraph, options: SlotOptions): readonly NoSlot[] {
  const creates = createsByCollection(graph)
  if (creates.size === 0) return []
  const residents = new Map<string, LiveResource[]>([...creates.keys()].map((key) => [key, []]))
  for (const resource of options.live.resources) residents.get(collectionKey(resource))?.push(resource)
  return [...creates].flatMap(([key, wanted]) => {
    const capacity = slotsPerParent(wanted[0]?.target.kind.claims ?? []) ?? Number.POSITIVE_INFINITY
    return pair(graph, wanted, residents.get(key) ?? [], { ...options, capacity })
  })
}

function createsByCollection(graph: NeedGraph): ReadonlyMap<string, readonly ChangeOf<'create'>[]> {
  const creates = [...graph.changes()].filter((change) => change.action === 'create')
  const limited = creates.filter(({ target }) => capacityOf(graph, target) !== undefined)
  return groupBy(limited, ({ target }) => collectionKey(target))
}

// A parent that is created has no children yet; those of its predecessor go with that.
function capacityOf(graph: NeedGraph, collection: Collection): number | undefined {
  const parent = parentTarget(collection)
  if (parent === undefined || graph.get(targetKey(parent))?.action === 'create') return undefined
  return slotsPerParent(collection.kind.claims)
}

function pair(
  graph: NeedGraph,
  wanted: readonly ChangeOf<'create'>[],
  residents: readonly LiveResource[],
  { capacity, ...options }: SlotOptions & { readonly capacity: number },
): readonly NoSlot[] {
  // What is re-created under its own id waits for its own end.
  const creates = wanted.filter(({ leaving }) => leaving === undefined).sort(inOrder(options))
  const others = residents.filter((resource) => !wanted.some(({ key }) => key === targetKey(resource)))
  let free = capacity - others.length - (wanted.length - creates.length)
  if (creates.length <= free) return []
  const releases = releasesOf(graph, others, options)
  const taken = new Set<string>()
  const open = creates.filter((change) => {
    const own = releases.find(({ key }) => change.needs.includes(key) && !taken.has(key))
    if (own !== undefined) taken.add(own.key)
    return own === undefined
  })
  const spare = releases.filter(({ key }) => !taken.has(key))
  const full = {
    capacity,
    total: others.length - releases.length + wanted.length,
    unmanaged: unmanagedAmong(graph, others),
  }
  return open.flatMap((change): NoSlot[] => {
    if (free > 0) {
      free -= 1
      return []
    }
    const release = spare.shift()
    if (release === undefined) return [{ change, ...full }]
    if (release.leaving !== undefined) options.awaitDestruction(release.leaving)
    graph.need(change.key, release.key)
    return []
  })
}

interface Release {
  readonly key: string
  readonly address: string
  readonly location: string
  /** Others destroy it already. */
  readonly leaving?: LiveResource
}

function releasesOf(
  graph: NeedGraph,
  residents: readonly LiveResource[],
  options: SlotOptions,
): readonly Release[] {
  const leaving: Release[] = []
  const deleted: Release[] = []
  for (const resource of residents) {
    const key = targetKey(resource)
    const { location } = resource
    const change = graph.get(key)
    if (resource.status === 'DESTROYING') leaving.push({ key, address: '', location, leaving: resource })
    else if (change?.action === 'delete') deleted.push({ key, address: change.address, location })
  }
  // What is on its way out already is gone first.
  return [...leaving.sort((a, b) => (a.key < b.key ? -1 : 1)), ...deleted.sort(releaseOrder(options))]
}

function releaseOrder({ isTarget }: SlotOptions): (a: Release, b: Release) => number {
  const rank = (release: Release): string =>
    `${isTarget(release.address, release.location) ? 0 : 1}${release.key}`
  return (a, b) => (rank(a) < rank(b) ? -1 : 1)
}

function inOrder({ isTarget }: SlotOptions): (a: ChangeOf<'create'>, b: ChangeOf<'create'>) => number {
  const rank = ({ address, target, key }: ChangeOf<'create'>): string =>
    `${isTarget(address, target.location) ? 0 : 1}${key}`
  return (a, b) => (rank(a) < rank(b) ? -1 : 1)
}

function unmanagedAmong(graph: NeedGraph, residents: readonly LiveResource[]): number {
  return residents.filter((resource) => graph.get(targetKey(resource))?.action === 'unmanaged').length
}
