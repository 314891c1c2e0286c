import { decodeLive } from '../model/decode.ts'
import { ApiError } from '../model/errors.ts'
import type { Remote } from '../model/remote.ts'
import type { Collection, LiveResource, Target } from '../model/resource.ts'

/** One resource that somebody wants to know about. */
export interface PollTarget {
  readonly target: Target
  /** A list may leave out what is still being destroyed: ask for the resource itself before it counts as gone. */
  readonly confirmAbsence: boolean
}

/** What was seen, by id; what is missing was not there. */
export type Observed = ReadonlyMap<string, LiveResource>

/**
 * Looks at resources of one collection: one of them by its own path, several by one list, read no further than
 * needed. Throws {@link ApiError}.
 */
export async function poll(
  remote: Remote,
  collection: Collection,
  questions: readonly PollTarget[],
  signal: AbortSignal,
): Promise<Observed> {
  const [only, ...more] = questions
  if (only === undefined) return new Map()
  if (more.length === 0) return getEach(remote, [only.target], signal)
  const seen = await searchList(remote, collection, new Set(questions.map(({ target }) => target.id)), signal)
  const doubtful = questions.filter(({ target, confirmAbsence }) => confirmAbsence && !seen.has(target.id))
  if (doubtful.length === 0) return seen
  const confirmed = await getEach(
    remote,
    doubtful.map(({ target }) => target),
    signal,
  )
  return new Map([...seen, ...confirmed])
}

async function getEach(remote: Remote, targets: readonly Target[], signal: AbortSignal): Promise<Observed> {
  const answers = await Promise.all(
    targets.map(async (target) => ({ target, wire: await remote.get(target, signal) })),
  )
  return new Map(
    answers.flatMap(({ target, wire }) =>
      wire === null ? [] : [[target.id, decodeLive(target, wire)] as const],
    ),
  )
}

async function searchList(
  remote: Remote,
  collection: Collection,
  wanted: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Observed> {
  const seen = new Map<string, LiveResource>()
  try {
    for await (const page of remote.list(collection, signal)) {
      for (const wire of page) {
        const id = wire.id.toLowerCase()
        if (wanted.has(id)) seen.set(id, decodeLive(collection, wire))
      }
      if (seen.size === wanted.size) break
    }
  } catch (error) {
    // The parent is gone, and everything in it.
    if (error instanceof ApiError && error.reason === 'not-found') return new Map()
    throw error
  }
  return seen
}
