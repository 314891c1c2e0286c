/** Lets a bounded number of holders through at a time, in the order in which they came. */
export interface Gate {
  /** Resolves when there is room; `first`: before all that wait already. Who enters must leave, whatever happens. */
  enter(first?: boolean): Promise<void>
  leave(): void
}

/** A gate for `limit` holders. */
export function createGate(limit: number): Gate {
  let inside = 0
  // Ten thousand lists may wait at once: a moving head keeps leaving at constant cost.
  let waiting: (() => void)[] = []
  let head = 0
  const preferred: (() => void)[] = []
  return {
    enter(first = false) {
      if (inside < limit) {
        inside += 1
        return Promise.resolve()
      }
      return new Promise((resolve) => {
        if (first) preferred.push(resolve)
        else waiting.push(resolve)
      })
    },
    leave() {
      const before = preferred.shift()
      if (before !== undefined) {
        before()
        return
      }
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
