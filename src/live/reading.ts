import type { Clock } from '../model/clock.ts'
import { ApiError } from '../model/errors.ts'
import { optional } from '../model/optional.ts'
import type { Remote } from '../model/remote.ts'
import type { LiveResource } from '../model/resource.ts'

/** How far a read has come. */
export interface FetchProgress {
  readonly pages: number
  readonly resources: number
}

/** A read that is under way: what all of its requests share. */
export interface Reading {
  readonly remote: Pick<Remote, 'list' | 'get'>
  readonly clock?: Clock
  readonly signal: AbortSignal
  /** Whether a resource at the top is part of the result, with its children. */
  readonly counts: (live: LiveResource) => boolean
  countPage(resources: number): void
  fail(error: unknown): void
  failure(): { readonly error: unknown } | undefined
  throwIfFailed(): void
}

/** Begins a read; its first failure ends the rest. */
export function startReading(
  remote: Reading['remote'],
  { signal, clock, onProgress }: ReadingOptions,
  counts: Reading['counts'] = () => true,
): Reading {
  const stop = new AbortController()
  let pages = 0
  let resources = 0
  let failure: { readonly error: unknown } | undefined
  return {
    remote,
    ...optional({ clock }),
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

/** {@link startReading}. */
export interface ReadingOptions {
  readonly signal?: AbortSignal
  readonly clock?: Clock
  readonly onProgress?: (progress: FetchProgress) => void
}

function isAbort(error: unknown): boolean {
  return error instanceof ApiError && error.reason === 'aborted'
}
