import { kindsUnder } from '../kinds/index.ts'
import { decodeLive } from '../model/decode.ts'
import { ApiError } from '../model/errors.ts'
import type { Remote } from '../model/remote.ts'
import { type Collection, childCollection, type LiveResource, type LiveState } from '../model/resource.ts'

/** What to read. */
export interface FetchOptions {
  readonly locations: readonly string[]
  readonly signal?: AbortSignal
  /** Called as pages arrive, with the number of resources so far. */
  readonly onProgress?: (resources: number) => void
}

/**
 * Reads every collection of the locations to its end. Children's lists start while their parents' pages still
 * arrive; how many requests run at once is the remote's business. Throws {@link ApiError}.
 */
export async function fetchLive(remote: Remote, options: FetchOptions): Promise<LiveState> {
  let seen = 0
  const count = (pageSize: number): void => {
    seen += pageSize
    options.onProgress?.(seen)
  }
  const tops = options.locations.flatMap((location) =>
    kindsUnder(null).map((kind): Collection => ({ kind, location, parentIds: [] })),
  )
  const trees = await Promise.all(tops.map((top) => fetchTree(remote, top, count, options.signal)))
  return { locations: options.locations, resources: trees.flat() }
}

// Parents first: each level's resources come before the subtrees of its members.
async function fetchTree(
  remote: Remote,
  collection: Collection,
  count: (pageSize: number) => void,
  signal: AbortSignal | undefined,
): Promise<LiveResource[]> {
  const byId = new Map<string, LiveResource>()
  const subtrees: Promise<LiveResource[]>[] = []
  const childKinds = kindsUnder(collection.kind)
  try {
    for await (const page of remote.list(collection, signal)) {
      count(page.length)
      for (const wire of page) {
        const live = decodeLive(collection, wire)
        if (byId.has(live.id)) continue
        byId.set(live.id, live)
        for (const kind of childKinds) {
          const subtree = fetchTree(remote, childCollection(live, kind), count, signal)
          // A failure is reported by Promise.all below; until then it must not count as unhandled.
          subtree.catch(() => undefined)
          subtrees.push(subtree)
        }
      }
    }
  } catch (error) {
    if (vanished(error, collection)) return []
    throw error
  }
  const below = await Promise.all(subtrees)
  return [...byId.values(), ...below.flat()]
}

// A parent that went away after it was listed has no children any more. At the top, a 404 is a wrong endpoint.
function vanished(error: unknown, collection: Collection): boolean {
  return error instanceof ApiError && error.reason === 'not-found' && collection.parentIds.length > 0
}
