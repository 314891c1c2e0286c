/** How a write goes through a lock. */
export type LockMode = 'shared' | 'exclusive'

/**
 * Orders the writes of one gateway's children. They are sent together until the gateway has refused that;
 * from then on (`serial`) they pass one at a time, in the order in which they came.
 */
export class Lock {
  serial = false
  #inside = 0
  #isExclusive = false
  readonly #queue: { readonly mode: LockMode; readonly open: () => void }[] = []
  #sending = 0
  #sent = 0
  #lastAcceptedAt: number | undefined
  #refusals = 0
  #notBefore = 0
  #holderWrites = 0
  #holderWrittenAt: number | undefined

  /** Keeps the next exclusive write back: the gateway is still busy, whatever reads say. Doubles until one is accepted. */
  postpone(now: number, baseMs: number): void {
    this.#notBefore = now + baseMs * 2 ** this.#refusals
    this.#refusals += 1
  }

  /** How long the next exclusive write is kept back. */
  waitMs(now: number): number {
    return Math.max(0, this.#notBefore - now)
  }

  /** Ends when the write may go on; `leave` has to follow. */
  async enter(mode: LockMode): Promise<void> {
    await new Promise<void>((open) => {
      this.#queue.push({ mode, open })
      this.#admit()
    })
  }

  leave(): void {
    this.#inside -= 1
    this.#isExclusive = false
    this.#admit()
  }

  #admit(): void {
    for (let head = this.#queue[0]; head !== undefined; head = this.#queue[0]) {
      const isExclusive = head.mode === 'exclusive'
      if (this.#isExclusive || (isExclusive && this.#inside > 0)) return
      this.#queue.shift()
      this.#inside += 1
      this.#isExclusive = isExclusive
      head.open()
    }
  }

  /** Sends a write and says, when it is refused, whether a sibling's write was in progress or just done. */
  async send<T>(
    now: () => number,
    recentMs: number,
    write: () => Promise<T>,
  ): Promise<
    | { readonly type: 'accepted'; readonly value: T }
    | { readonly type: 'thrown'; readonly error: unknown; readonly concurrent: boolean }
  > {
    const before = this.#lastAcceptedAt
    const concurrentBefore = this.#sending > 0 || (before !== undefined && now() - before < recentMs)
    const sentBefore = ++this.#sent
    this.#sending += 1
    try {
      const value = await write()
      this.#lastAcceptedAt = now()
      this.#refusals = 0
      return { type: 'accepted', value }
    } catch (error) {
      return { type: 'thrown', error, concurrent: concurrentBefore || this.#sent > sentBefore }
    } finally {
      this.#sending -= 1
    }
  }

  /** Sends a write of the gateway itself, which keeps it busy as a child's write does. */
  async sendHolder<T>(now: () => number, write: () => Promise<T>): Promise<T> {
    this.#holderWrites += 1
    try {
      return await write()
    } finally {
      this.#holderWrites -= 1
      this.#holderWrittenAt = now()
    }
  }

  /** Whether a write of the gateway or of a child ended so recently that a read of the gateway may not show what it caused. */
  writtenWithin(ms: number, now: number): boolean {
    return (
      this.#holderWrites > 0 ||
      [this.#lastAcceptedAt, this.#holderWrittenAt].some((at) => at !== undefined && now - at <= ms)
    )
  }

  /** Whether this run has written any of the children. */
  get used(): boolean {
    return this.#lastAcceptedAt !== undefined
  }
}
