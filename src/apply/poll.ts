import { decodeLive } from '../model/decode.ts'
import { ApiError } from '../model/errors.ts'
import type { Remote } from '../model/remote.ts'
import type { Collection, LiveResource, Target } from '../model/resource.ts'

/** What was seen, by id, siblings in a list too; undefined: it was not there. What is missing was not asked for in this round. */
export type Observed = ReadonlyMap<string, LiveResource | undefined>

/** How many of those that a list does not show are asked for in one round, while they exist. */
const SAMPLE = 3

/** How to read. */
export interface PollOptions {
  readonly signal: AbortSignal
  /** Called with each answer when it arrives, siblings in a list too; undefined: it was not there. */
  readonly onRead?: (target: Target, live: LiveResource | undefined) => void
  /** Which of those that a list does not show come first. */
  readonly round?: number
}

/**
 * Reads resources of one collection: one of them by its own path, several by one list, read no further than needed.
 * A list may hide what is being destroyed and lose what others shift between its pages, so what it does not show is
 * asked for by its own path before it counts as gone: a few per round in turn, and all once one of them is gone, since
 * what was begun together ends together. Throws {@link ApiError}.
 */
export async function poll(
  remote: Remote,
  collection: Collection,
  questions: readonly { readonly target: Target }[],
  options: PollOptions,
): Promise<Observed> {
  const { round = 0, onRead } = options
  // Several changes may wait for one gateway.
  const targets = [...new Map(questions.map(({ target }) => [target.id, target])).values()]
  if (targets.length < 2) return getEach(remote, targets, options)
  const seen = await searchList(remote, collection, new Set(targets.map(({ id }) => id)), options)
  if (seen === 'parent-gone') {
    for (const target of targets) onRead?.(target, undefined)
    return new Map(targets.map(({ id }) => [id, undefined]))
  }
  const doubtful = targets.filter(({ id }) => !seen.has(id))
  if (doubtful.length === 0) return seen
  const start = doubtful.length > SAMPLE ? (round * SAMPLE) % doubtful.length : 0
  const inTurn = [...doubtful.slice(start), ...doubtful.slice(0, start)]
  const sample = await getEach(remote, inTurn.slice(0, SAMPLE), options)
  const isOver = [...sample.values()].includes(undefined)
  const rest = isOver ? await getEach(remote, inTurn.slice(SAMPLE), options) : []
  return new Map([...seen, ...sample, ...rest])
}

async function getEach(
  remote: Remote,
  targets: readonly Target[],
  { signal, onRead }: PollOptions,
): Promise<Observed> {
  const answers = targets.map(async (target) => {
    const wire = await remote.get(target, signal)
    const live = wire === null ? undefined : decodeLive(target, wire)
    onRead?.(target, live)
    return [target.id, live] as const
  })
  return new Map(await Promise.all(answers))
}

async function searchList(
  remote: Remote,
  collection: Collection,
  wanted: ReadonlySet<string>,
  { signal, onRead }: PollOptions,
): Promise<ReadonlyMap<string, LiveResource> | 'parent-gone'> {
  const seen = new Map<string, LiveResource>()
  let left = wanted.size
  try {
    for await (const page of remote.list(collection, signal)) {
      for (const wire of page) {
        const id = wire.id.toLowerCase()
        if (wanted.has(id) && !seen.has(id)) left -= 1
        const live = decodeLive(collection, wire)
        seen.set(id, live)
        onRead?.({ ...collection, id }, live)
      }
      if (left === 0) break
    }
  } catch (error) {
    if (error instanceof ApiError && error.reason === 'not-found') return 'parent-gone'
    throw error
  }
  return seen
}
