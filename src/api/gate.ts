/** Lets a bounded number of holders through at a time, in the order in which they came. */
export interface Gate {
  /** Resolves when there is room. Who enters must leave, whatever happens. */
  enter(): Promise<void>
  leave(): void
}

/** A gate for `limit` holders. */
export function createGate(limit: number): Gate {
  let inside = 0
  // Ten thousand lists may wait at once: a moving head keeps leaving at constant cost.
  let waiting: (() => void)[] = []
  let head = 0
  return {
    enter() {
      if (inside < limit) {
        inside += 1
        return Promise.resolve()
      }
      return new Promise((resolve) => {
        waiting.push(resolve)
      })
    },
    leave() {
      const next = waiting[head]
      if (next === undefined) {
        inside -= 1
        return
      }
      head += 1
      if (head * 2 >= waiting.length) {
        waiting = waiting.slice(head)
        head = 0
      }
      next()
    },
  }
}
