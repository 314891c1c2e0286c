import type { FieldPath, PlainObject } from './json.ts'
import type { Collection, Target } from './resource.ts'
import type { Secret } from './secret.ts'

/** A resource as the API writes it; nothing in it is trusted. `properties` may contain secrets. */
export interface WireResource {
  readonly id: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly properties: Readonly<Record<string, unknown>>
}

/** The body of an ensure. Secrets are put in place at the last moment, by the remote. */
export interface WriteBody {
  readonly spec: PlainObject
  readonly secrets: readonly { readonly path: FieldPath; readonly value: Secret }[]
}

/** The answer to a PUT. */
export interface WriteAnswer extends WireResource {
  /** The service says that the request created the resource (201). */
  readonly created?: boolean
}

/**
 * Asked right before each attempt of a write, retries included; `attempt` counts from 1. Undefined: send it now. A
 * promise: the resource is read again; ask once more when it has ended. What it throws, or rejects with, ends the write
 * without another attempt.
 */
export type WriteCheck = (attempt: number) => Promise<void> | undefined

/**
 * The API as the planner and the applier see it. An implementation retries what can be retried, bounds its own
 * concurrency, and throws {@link ApiError} for everything that is left. A signal that fires cuts reads short and ends
 * retries; a write that is under way is left to finish, since its answer reports what was done. The applier asks `check`
 * before it hands a write over; an implementation that waits or tries again before it sends has to ask it again.
 */
export interface Remote {
  /**
   * All pages of a collection, in the server's order, duplicates by id dropped. What is there from the first request to
   * the last is given, whatever else changes meanwhile. A missing parent: ApiError not-found.
   */
  list(collection: Collection, signal?: AbortSignal): AsyncIterable<readonly WireResource[]>
  /** Null when there is nothing with that id. */
  get(target: Target, signal?: AbortSignal): Promise<WireResource | null>
  /** Creates or replaces. */
  put(target: Target, body: WriteBody, signal?: AbortSignal, check?: WriteCheck): Promise<WriteAnswer>
  /** `absent` when it was gone already. */
  delete(target: Target, signal?: AbortSignal, check?: WriteCheck): Promise<'accepted' | 'absent'>
  /** How many requests were sent so far, attempts counted; left out by a remote that does not count. */
  counts?(): { readonly total: number; readonly retries: number }
}
