import { kindsUnder } from '../kinds/index.ts'
import type { Clock } from '../model/clock.ts'
import { decodeLive } from '../model/decode.ts'
import { ApiError } from '../model/errors.ts'
import { optional } from '../model/optional.ts'
import type { Remote } from '../model/remote.ts'
import {
  type Collection,
  childCollection,
  type LiveResource,
  type LiveState,
  type ResourceKind,
  type UnreadLocation,
} from '../model/resource.ts'
import { type FetchProgress, type Reading, startReading } from './reading.ts'

/** What to read. */
export interface FetchOptions {
  readonly locations: readonly string[]
  readonly signal?: AbortSignal
  /** The clock of the run that will apply; without it nothing that was read counts as recent when it is written. */
  readonly clock?: Clock
  /** Called as pages of `locations` arrive. */
  readonly onProgress?: (progress: FetchProgress) => void
  readonly others?: OtherLocations
}

/** Locations in addition to those of the files, where only resources of the stack are looked for. */
export interface OtherLocations {
  readonly locations: readonly string[]
  /** Whether an id is one of the stack. */
  readonly isOwned: (id: string) => boolean
  /** What reads them; its failures do not end the read. */
  readonly remote: Pick<Remote, 'list' | 'get'>
  /** What cannot be read, as known before. */
  readonly unread: readonly UnreadLocation[]
}

/**
 * Reads every collection of the locations to its end. Children's lists start while their parents' pages still
 * arrive; how many requests run at once is the remote's business. The order depends on what is live, not on what
 * answered first: by location, kind, name and id, parents before their children. The first failure ends the rest.
 * Of other locations only what the stack owns is read, with its children; a failure there is part of the result.
 * Throws ApiError.
 */
export async function fetchLive(remote: Remote, options: FetchOptions): Promise<LiveState> {
  const locations = [...new Set(options.locations)]
  const readAt = options.clock?.now()
  const reading = startReading(remote, options)
  const [trees, others] = await Promise.all([
    Promise.all(locations.map((location) => fetchLocation(reading, location))),
    options.others === undefined ? undefined : fetchOthers(reading, options.others),
  ])
  reading.throwIfFailed()
  return {
    locations,
    resources: [...trees.flat(), ...(others?.resources ?? [])],
    ...optional({ readAt }),
    ...others?.read,
  }
}

async function fetchLocation(reading: Reading, location: string): Promise<readonly LiveResource[]> {
  const tops = kindsUnder(null).map((kind): Collection => ({ kind, location, parentIds: [] }))
  const trees = await Promise.all(tops.map((top) => fetchTree(reading, top)))
  return trees.flatMap((tree) => (tree === 'parent-gone' ? [] : tree))
}

interface OtherTrees {
  readonly resources: readonly LiveResource[]
  readonly read: Required<Pick<LiveState, 'others' | 'unread'>>
}

async function fetchOthers(main: Reading, { remote, ...wanted }: OtherLocations): Promise<OtherTrees> {
  const unread = [...wanted.unread]
  const others: string[] = []
  const trees = await Promise.all(
    wanted.locations.map(async (location) => {
      const reading = startReading(remote, main, ({ id }) => wanted.isOwned(id))
      const resources = await fetchLocation(reading, location)
      const failure = reading.failure()
      if (failure === undefined) {
        others.push(location)
        return resources
      }
      // A caller's signal and an error of ours end the whole read.
      if (main.signal.aborted || !(failure.error instanceof ApiError)) main.fail(failure.error)
      else unread.push({ location, reason: 'failed', message: failure.error.message })
      return []
    }),
  )
  return { resources: trees.flat(), read: { others: others.sort(), unread: unread.sort(byLocation) } }
}

function byLocation(a: UnreadLocation, b: UnreadLocation): number {
  return a.location < b.location ? -1 : 1
}

// Never rejects: all lists are left to end, so that no request outlives the read.
async function fetchTree(
  reading: Reading,
  collection: Collection,
): Promise<readonly LiveResource[] | 'parent-gone'> {
  const found = new Map<string, LiveResource>()
  const branches = new Map<string, Promise<Branch | undefined>>()
  const childKinds = kindsUnder(collection.kind)
  const isTop = collection.parentIds.length === 0
  try {
    for await (const page of reading.remote.list(collection, reading.signal)) {
      reading.countPage(page.length)
      for (const wire of page) {
        const live = decodeLive(collection, wire)
        if (found.has(live.id) || (isTop && !reading.counts(live))) continue
        found.set(live.id, live)
        // Nearly all resources are leaves: a promise for nothing, ten times a list, costs as much as its pages.
        if (childKinds.length > 0) branches.set(live.id, fetchBranch(reading, live, childKinds))
      }
    }
  } catch (error) {
    // At the top, a 404 is a wrong endpoint.
    if (!isTop && error instanceof ApiError && error.reason === 'not-found') return 'parent-gone'
    reading.fail(error)
  }
  if (childKinds.length === 0) return [...found.values()].sort(byNameAndId)
  const read = (await Promise.all(branches.values())).filter((branch) => branch !== undefined)
  read.sort((a, b) => byNameAndId(a.parent, b.parent))
  return [...read.map(({ parent }) => parent), ...read.flatMap(({ below }) => below)]
}

interface Branch {
  readonly parent: LiveResource
  readonly below: readonly LiveResource[]
}

/** Pauses before a resource that is there and has no lists of children is read again: reads may lag. */
const PAUSES_MS = [500, 1500, 3000]

/**
 * Reads what is below a resource. A list that is not found means that the resource left after it was listed, which it
 * has to confirm itself: kept without its children, all of them would look deleted. Undefined: it is gone.
 */
async function fetchBranch(
  reading: Reading,
  listed: LiveResource,
  kinds: readonly ResourceKind[],
): Promise<Branch | undefined> {
  let parent = listed
  for (let attempt = 0; ; attempt += 1) {
    const collections = kinds.map((kind) => childCollection(parent, kind))
    const read = await Promise.all(collections.map((collection) => fetchTree(reading, collection)))
    const lists = read.filter((list) => list !== 'parent-gone')
    const below = lists.flat()
    if (lists.length === read.length) return { parent, below }
    const now = await readOne(reading, parent)
    if (now === undefined) return undefined
    if (now.status === 'DESTROYING') return { parent: now, below }
    const pauseMs = PAUSES_MS[attempt]
    if (pauseMs === undefined) {
      reading.fail(withoutLists(now))
      return undefined
    }
    await reading.clock?.sleep(pauseMs, reading.signal)
    parent = now
  }
}

async function readOne(reading: Reading, target: LiveResource): Promise<LiveResource | undefined> {
  try {
    const wire = await reading.remote.get(target, reading.signal)
    return wire === null ? undefined : decodeLive(target, wire)
  } catch (error) {
    reading.fail(error)
    return undefined
  }
}

function withoutLists({ kind, id, name }: LiveResource): ApiError {
  const path = `/${kind.collection}/${id}`
  return new ApiError({
    reason: 'protocol',
    message: `GET ${path} shows the ${kind.noun} "${name}", and the lists of what is below it answer 404, each time again`,
    method: 'GET',
    path,
    attempts: PAUSES_MS.length + 1,
  })
}

function byNameAndId(a: LiveResource, b: LiveResource): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1
  return a.id < b.id ? -1 : 1
}
