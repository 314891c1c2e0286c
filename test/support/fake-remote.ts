import { ApiError, type ApiErrorReason } from '../../src/model/errors.ts'
import type { Remote, WireResource, WriteBody, WriteCheck } from '../../src/model/remote.ts'
import { type Collection, collectionKey, type Target, targetKey } from '../../src/model/resource.ts'
import { hastyClock, type VirtualClock } from './virtual-clock.ts'

/** One request as it arrived. */
export interface SeenRequest {
  readonly method: 'LIST' | 'GET' | 'PUT' | 'DELETE'
  /** The target's, or the collection's for a list. */
  readonly key: string
  /** The last part of the id, or the kind's name for a list: for short expectations. */
  readonly name: string
  readonly at: number
}

interface Stored {
  readonly target: Target
  properties: Record<string, unknown>
  metadata: Record<string, unknown>
  /** When PROVISIONING or DESTROYING ends. */
  nextStatusAt: number
  nextStatus: string
}

/** How the fake behaves. Times in ms of the virtual clock. */
export interface FakeOptions {
  latencyMs?: number
  provisionMs?: number
  destroyMs?: number
  /** The most requests at a time; more of them queue. */
  parallelism?: number
  /** A child's write while its gateway is not AVAILABLE is refused with 409, and each one makes it PROVISIONING. */
  strictParent?: boolean
  /** Children exist only while their parent does, and are not written while it is DESTROYING. */
  parentsMatter?: boolean
  /** For how long reads show what was there before a PUT. */
  readLagMs?: number
  /** Called before a request is answered; throw to fail it, return a value to answer it. */
  before?: (request: SeenRequest) => unknown
}

/** The API in memory, as far as the applier can observe, on a virtual clock. */
export class FakeRemote implements Remote {
  readonly requests: SeenRequest[] = []
  readonly #clock: VirtualClock
  readonly #options: FakeOptions
  readonly #stored = new Map<string, Stored>()
  readonly #before = new Map<string, { readonly wire: WireResource | undefined; readonly until: number }>()
  readonly #failing = new Map<string, string>()
  #running = 0
  /** The most requests that were under way at once. */
  peak = 0
  readonly #queue: (() => void)[] = []

  /** Without a clock, nobody waits. */
  constructor(clock: VirtualClock = hastyClock(), options: FakeOptions = {}) {
    this.#clock = clock
    this.#options = options
  }

  /** Puts a resource there. */
  seed(target: Target, properties: Record<string, unknown>, metadata: Record<string, unknown> = {}): void {
    this.#stored.set(targetKey(target), {
      target,
      properties,
      metadata: { status: 'AVAILABLE', ...metadata },
      nextStatusAt: Number.POSITIVE_INFINITY,
      nextStatus: 'AVAILABLE',
    })
  }

  /** Others delete it, with everything in it, at once. */
  remove(target: Target): void {
    for (const [key, stored] of this.#stored) {
      if (stored.target.id === target.id || stored.target.parentIds.includes(target.id))
        this.#stored.delete(key)
    }
  }

  /** Lets a seeded resource change its status at a moment; `gone` removes it. */
  becomes(target: Target, at: number, to: string): void {
    const stored = this.#stored.get(targetKey(target))
    if (stored === undefined) throw new Error(`not seeded: ${targetKey(target)}`)
    stored.nextStatusAt = at
    stored.nextStatus = to
  }

  /** The next PUT of this resource ends FAILED. */
  willFail(target: Target, statusMessage: string): void {
    this.#failing.set(targetKey(target), statusMessage)
  }

  has(target: Target): boolean {
    return this.#current(targetKey(target)) !== undefined
  }

  status(target: Target): unknown {
    return this.#current(targetKey(target))?.metadata.status
  }

  writes(): SeenRequest[] {
    return this.requests.filter(({ method }) => method === 'PUT' || method === 'DELETE')
  }

  async *list(collection: Collection, signal?: AbortSignal): AsyncGenerator<readonly WireResource[]> {
    const key = collectionKey(collection)
    yield await this.#request('LIST', key, collection.kind.name, signal, () => {
      this.#refuseWithoutParent('GET', collection)
      return [...this.#stored.keys()].flatMap((stored) => {
        const found = this.#current(stored)
        const shown =
          found !== undefined && collectionKey(found.target) === key ? this.#shown(stored) : undefined
        return shown === undefined ? [] : [shown]
      })
    })
  }

  get(target: Target, signal?: AbortSignal): Promise<WireResource | null> {
    return this.#request('GET', targetKey(target), nameOf(target), signal, () => {
      return this.#shown(targetKey(target)) ?? null
    })
  }

  put(target: Target, body: WriteBody, _signal?: AbortSignal, _check?: WriteCheck): Promise<WireResource> {
    return this.#request('PUT', targetKey(target), nameOf(target), undefined, () => {
      this.#refuseWithoutParent('PUT', target)
      this.#refuseWhileParentWorks('PUT', target)
      const key = targetKey(target)
      const statusMessage = this.#failing.get(key)
      this.#failing.delete(key)
      const ms = this.#options.provisionMs ?? 0
      const failed = statusMessage !== undefined
      const before = this.#current(key)
      const createdDate = before === undefined ? `t${this.#clock.now()}` : before.metadata.createdDate
      const stored: Stored = {
        target,
        properties: { ...body.spec },
        metadata: {
          status: ms === 0 && !failed ? 'AVAILABLE' : 'PROVISIONING',
          lastModifiedDate: `t${this.#clock.now()}`,
          lastModifiedBy: 'this run',
          ...(createdDate === undefined ? {} : { createdDate }),
          ...(failed ? { statusMessage } : {}),
        },
        nextStatusAt: this.#clock.now() + ms,
        nextStatus: failed ? 'FAILED' : 'AVAILABLE',
      }
      const until = this.#clock.now() + (this.#options.readLagMs ?? 0)
      this.#before.set(key, { wire: before === undefined ? undefined : wireOf(before), until })
      this.#stored.set(key, stored)
      return wireOf(stored)
    })
  }

  delete(target: Target): Promise<'accepted' | 'absent'> {
    return this.#request('DELETE', targetKey(target), nameOf(target), undefined, () => {
      const found = this.#current(targetKey(target))
      if (found === undefined) return 'absent'
      this.#refuseWithoutParent('DELETE', target)
      this.#refuseWhileParentWorks('DELETE', target)
      found.metadata.status = 'DESTROYING'
      found.nextStatusAt = this.#clock.now() + (this.#options.destroyMs ?? 0)
      found.nextStatus = 'gone'
      return 'accepted'
    })
  }

  #shown(key: string): WireResource | undefined {
    const found = this.#current(key)
    const before = this.#before.get(key)
    if (before !== undefined && this.#clock.now() < before.until) return before.wire
    return found === undefined ? undefined : wireOf(found)
  }

  #refuseWithoutParent(method: string, { parentIds }: Collection): void {
    const id = parentIds.at(-1)
    if (this.#options.parentsMatter !== true || id === undefined) return
    const key = [...this.#stored.keys()].find((stored) => stored.endsWith(`/${id}`))
    const parent = key === undefined ? undefined : this.#current(key)
    if (parent === undefined) throw apiError('not-found', method, 404)
    if (method !== 'GET' && parent.metadata.status === 'DESTROYING') throw apiError('conflict', method, 409)
  }

  #refuseWhileParentWorks(method: string, target: Target): void {
    const id = target.parentIds.at(-1)
    if (this.#options.strictParent !== true || id === undefined) return
    const parent = [...this.#stored.values()].find((stored) => stored.target.id === id)
    if (parent === undefined) return
    this.#current(targetKey(parent.target))
    if (parent.metadata.status !== 'AVAILABLE') throw apiError('conflict', method, 409)
    parent.metadata.status = 'PROVISIONING'
    parent.nextStatusAt = this.#clock.now() + (this.#options.provisionMs ?? 0)
    parent.nextStatus = 'AVAILABLE'
  }

  #current(key: string): Stored | undefined {
    const stored = this.#stored.get(key)
    if (stored !== undefined && stored.nextStatusAt <= this.#clock.now()) {
      stored.nextStatusAt = Number.POSITIVE_INFINITY
      stored.metadata.status = stored.nextStatus
      if (stored.nextStatus === 'gone') this.remove(stored.target)
    }
    return this.#stored.get(key)
  }

  async #request<T>(
    method: SeenRequest['method'],
    key: string,
    name: string,
    signal: AbortSignal | undefined,
    answer: () => T,
  ): Promise<T> {
    await this.#enter()
    try {
      if (signal?.aborted === true) throw apiError('aborted', method, undefined, 0)
      const request: SeenRequest = { method, key, name, at: this.#clock.now() }
      this.requests.push(request)
      await this.#clock.sleep(this.#options.latencyMs ?? 1, signal)
      if (wasCut(signal)) throw apiError('aborted', method)
      const scripted = this.#options.before?.(request)
      return scripted === undefined ? answer() : (scripted as T)
    } finally {
      this.#leave()
    }
  }

  async #enter(): Promise<void> {
    if (this.#running >= (this.#options.parallelism ?? 10)) {
      await new Promise<void>((resolve) => this.#queue.push(resolve))
    } else {
      this.#running += 1
    }
    this.peak = Math.max(this.peak, this.#running)
  }

  #leave(): void {
    const next = this.#queue.shift()
    if (next === undefined) this.#running -= 1
    else next()
  }
}

/** An error as the HTTP layer would throw it. */
export function apiError(reason: ApiErrorReason, method = 'PUT', status?: number, attempts = 1): ApiError {
  return new ApiError({ reason, message: `${method} /x: ${reason}`, method, path: '/x', status, attempts })
}

function wireOf(stored: Stored): WireResource {
  return { id: stored.target.id, metadata: { ...stored.metadata }, properties: { ...stored.properties } }
}

function nameOf(target: Target): string {
  return target.id.split('-').at(-1) ?? target.id
}

// A call, so that the compiler does not take the signal of before for the signal of now.
function wasCut(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}
