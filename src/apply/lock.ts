/** How a write goes through a gate. */
export type LockMode = 'shared' | 'alone'

/**
 * The door to one gateway's children. Writes pass together until the gateway has shown that it cannot take that;
 * from then on (`serial`) they pass one at a time, in the order in which they came.
 */
export class Lock {
  serial = false
  #inside = 0
  #someoneAlone = false
  readonly #queue: { readonly passage: LockMode; readonly open: () => void }[] = []
  #sending = 0
  #sent = 0
  #lastAcceptedAt: number | undefined

  /** Ends when the write may go on; `leave` has to follow. */
  async enter(passage: LockMode): Promise<void> {
    await new Promise<void>((open) => {
      this.#queue.push({ passage, open })
      this.#openDoor()
    })
  }

  leave(): void {
    this.#inside -= 1
    this.#someoneAlone = false
    this.#openDoor()
  }

  #openDoor(): void {
    for (let head = this.#queue[0]; head !== undefined; head = this.#queue[0]) {
      const alone = head.passage === 'alone'
      if (this.#someoneAlone || (alone && this.#inside > 0)) return
      this.#queue.shift()
      this.#inside += 1
      this.#someoneAlone = alone
      head.open()
    }
  }

  /** Sends a write and tells, when it is refused, whether a sibling's write was under way or just done. */
  async send<T>(
    now: () => number,
    recentMs: number,
    write: () => Promise<T>,
  ): Promise<
    | { readonly type: 'accepted'; readonly value: T }
    | { readonly type: 'thrown'; readonly error: unknown; readonly crowded: boolean }
  > {
    const before = this.#lastAcceptedAt
    const crowdedBefore = this.#sending > 0 || (before !== undefined && now() - before < recentMs)
    const sentBefore = ++this.#sent
    this.#sending += 1
    try {
      const value = await write()
      this.#lastAcceptedAt = now()
      return { type: 'accepted', value }
    } catch (error) {
      return { type: 'thrown', error, crowded: crowdedBefore || this.#sent > sentBefore }
    } finally {
      this.#sending -= 1
    }
  }

  /** Whether this run has changed anything behind the gate. */
  get used(): boolean {
    return this.#lastAcceptedAt !== undefined
  }
}
