/**
 * Lets a bounded number of holders through at a time: those of one lane in the order in which they came, those of several
 * lanes in turn, so that a thousand lists of one location do not hold up another.
 */
export interface Gate {
  /** Resolves when there is room; `first`: before all that wait already. Who enters must leave, whatever happens. */
  enter(first?: boolean, lane?: string): Promise<void>
  leave(): void
  /** Changes how many may be inside; those beyond a smaller number stay until they leave. */
  resize(limit: number): void
  /** Whether anyone waits. */
  isFull(): boolean
}

/** A gate for `limit` holders. */
export function createGate(limit: number): Gate {
  let most = limit
  let inside = 0
  const preferred = createQueue()
  // Only lanes in which someone waits; the one whose turn is next comes first.
  const lanes = new Map<string, Queue>()

  const next = (): (() => void) | undefined => {
    const first = preferred.shift()
    if (first !== undefined) return first
    for (const [name, lane] of lanes) {
      const waiting = lane.shift()
      lanes.delete(name)
      if (!lane.isEmpty()) lanes.set(name, lane)
      return waiting
    }
    return undefined
  }
  const admit = (): void => {
    while (inside < most) {
      const enter = next()
      if (enter === undefined) return
      inside += 1
      enter()
    }
  }
  return {
    enter(first = false, name = '') {
      if (inside < most) {
        inside += 1
        return Promise.resolve()
      }
      return new Promise((resolve) => {
        if (first) return preferred.push(resolve)
        const lane = lanes.get(name) ?? createQueue()
        lanes.set(name, lane)
        lane.push(resolve)
      })
    },
    leave() {
      inside -= 1
      admit()
    },
    resize(to) {
      most = to
      admit()
    },
    isFull: () => !preferred.isEmpty() || lanes.size > 0,
  }
}

interface Queue {
  push(enter: () => void): void
  shift(): (() => void) | undefined
  isEmpty(): boolean
}

// Ten thousand lists may wait at once: a moving head keeps leaving at constant cost.
function createQueue(): Queue {
  let waiting: (() => void)[] = []
  let head = 0
  return {
    push: (enter) => {
      waiting.push(enter)
    },
    shift() {
      const next = waiting[head]
      if (next === undefined) return undefined
      head += 1
      if (head * 2 >= waiting.length) {
        waiting = waiting.slice(head)
        head = 0
      }
      return next
    },
    isEmpty: () => head >= waiting.length,
  }
}
