interface Event {
  readonly at: number
  /** Drawn: which of several events of one moment comes first. */
  readonly order: number
  readonly act: () => void
  isCancelled: boolean
}

/** Virtual time: it passes only when everything else waits. One seed, one order of events. */
export class Schedule {
  now: number
  /** Events that happened. */
  count = 0
  readonly #random: () => number
  readonly #heap: Event[] = []

  constructor(startsAt: number, random: () => number) {
    this.now = startsAt
    this.#random = random
  }

  /** Calls `act` after `ms`; gives what cancels it. */
  after(ms: number, act: () => void): () => void {
    const event: Event = {
      at: Math.ceil(this.now + Math.max(0, ms)),
      order: this.#random(),
      act,
      isCancelled: false,
    }
    this.#push(event)
    return () => {
      event.isCancelled = true
    }
  }

  /** Lets events happen until `isDone`, until none is left, or until a limit is passed: `false` then. */
  run(isDone: () => boolean, limits: { readonly until: number; readonly events: number }): Promise<boolean> {
    const lastEvent = this.count + limits.events
    return new Promise((resolve, reject) => {
      // A tick that is asked for by a microtask comes after all of them: time never overtakes the work of a moment.
      // A resolved promise asks at a lower price than queueMicrotask.
      const tick = (): void => process.nextTick(step)
      const resolved = Promise.resolve()
      const next = (): void => void resolved.then(tick)
      const step = (): void => {
        try {
          const event = isDone() ? undefined : this.#pop()
          if (event === undefined || event.at > limits.until || this.count > lastEvent) {
            resolve(isDone())
            return
          }
          this.now = event.at
          this.count += 1
          event.act()
          next()
        } catch (error) {
          reject(error)
        }
      }
      next()
    })
  }

  #push(event: Event): void {
    const heap = this.#heap
    let index = heap.push(event) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = heap[parent] as Event
      if (!isBefore(event, above)) break
      heap[index] = above
      index = parent
    }
    heap[index] = event
  }

  #pop(): Event | undefined {
    for (;;) {
      const event = this.#take()
      if (event === undefined || !event.isCancelled) return event
    }
  }

  #take(): Event | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Event, heap[child] as Event)) child += 1
      const below = heap[child] as Event
      if (!isBefore(below, last)) break
      heap[index] = below
      index = child
    }
    heap[index] = last
    return first
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
