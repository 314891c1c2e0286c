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
  type UnreadLocation,
} from '../model/resource.ts'

/** How far a read has come. */
export interface FetchProgress {
  readonly pages: number
  readonly resources: number
}

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
  readonly remote: Pick<Remote, 'list'>
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
  return (await Promise.all(tops.map((top) => fetchTree(reading, top)))).flat()
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
      const reading = startReading(remote, { signal: main.signal }, ({ id }) => wanted.isOwned(id))
      const resources = await fetchLocation(reading, location)
      const failure = reading.failure()
      if (failure === undefined) {
        others.push(location)
        return resources
      }
      // A caller's signal and a fault of ours end the whole read.
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

interface Reading {
  readonly remote: Pick<Remote, 'list'>
  readonly signal: AbortSignal
  /** Whether a resource at the top is part of the result, with its children. */
  readonly counts: (live: LiveResource) => boolean
  countPage(resources: number): void
  fail(error: unknown): void
  failure(): { readonly error: unknown } | undefined
  throwIfFailed(): void
}

function startReading(
  remote: Pick<Remote, 'list'>,
  { signal, onProgress }: Pick<FetchOptions, 'signal' | 'onProgress'>,
  counts: Reading['counts'] = () => true,
): Reading {
  const stop = new AbortController()
  let pages = 0
  let resources = 0
  let failure: { readonly error: unknown } | undefined
  return {
    remote,
    signal: signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]),
    counts,
    countPage(size) {
      pages += 1
      resources += size
      onProgress?.({ pages, resources })
    },
    fail(error) {
      // What was cut short because of a failure must not be reported as the failure.
      if (failure === undefined || (isAbort(failure.error) && !isAbort(error))) failure = { error }
      stop.abort()
    },
    failure: () => failure,
    throwIfFailed() {
      if (failure !== undefined) throw failure.error
    },
  }
}

// Never rejects: all lists are left to end, so that no request outlives the read.
async function fetchTree(reading: Reading, collection: Collection): Promise<LiveResource[]> {
  const found = new Map<string, LiveResource>()
  const subtrees = new Map<string, Promise<LiveResource[][]>>()
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
        if (childKinds.length === 0) continue
        const lists = childKinds.map((kind) => fetchTree(reading, childCollection(live, kind)))
        subtrees.set(live.id, Promise.all(lists))
      }
    }
  } catch (error) {
    if (vanished(error, collection)) return []
    reading.fail(error)
  }
  const parents = [...found.values()].sort(byNameAndId)
  if (childKinds.length === 0) return parents
  const children = await Promise.all(parents.map((parent) => subtrees.get(parent.id) ?? []))
  return [...parents, ...children.flat(2)]
}

// A parent that went away after it was listed has no children any more. At the top, a 404 is a wrong endpoint.
function vanished(error: unknown, collection: Collection): boolean {
  return error instanceof ApiError && error.reason === 'not-found' && collection.parentIds.length > 0
}

function isAbort(error: unknown): boolean {
  return error instanceof ApiError && error.reason === 'aborted'
}

function byNameAndId(a: LiveResource, b: LiveResource): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1
  return a.id < b.id ? -1 : 1
}
