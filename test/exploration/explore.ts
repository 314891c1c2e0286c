import { type Budget, replay } from './replay.ts'
import { readable, WORLDS } from './worlds.ts'

/** A law that a history breaks, with the shortest history that was found. */
export interface Counterexample {
  readonly world: string
  readonly law: string
  readonly what: string
  readonly steps: readonly string[]
}

/** How large a state space is. */
export interface Explored {
  states: number
  edges: number
  replays: number
  histories: number
  readonly counterexamples: Map<string, Counterexample>
  /** False: what ends the exploration early came first. */
  isExhausted: boolean
}

/** What ends an exploration early. */
export interface Until {
  readonly replays?: number
  readonly isFound?: (found: ReadonlyMap<string, Counterexample>) => boolean
}

/** Visits each state that can be reached from a start world once. */
export async function explore(name: string, budget: Budget, until: Until = {}): Promise<Explored> {
  const world = WORLDS[name]
  if (world === undefined) throw new RangeError(`there is no start world ${name}`)
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  const seen = new Set<string>()
  const isNew = (hash: string): boolean => seen.size < seen.add(hash).size
  const explored: Explored = {
    states: 0,
    edges: 0,
    replays: 0,
    histories: 0,
    counterexamples: new Map(),
    isExhausted: true,
  }
  const open: (readonly number[])[] = [[]]
  for (let prefix = open.pop(); prefix !== undefined; prefix = open.pop()) {
    if (explored.replays === until.replays || until.isFound?.(explored.counterexamples) === true) {
      explored.isExhausted = false
      break
    }
    explored.replays += 1
    const { branches, steps, broken } = await replay(world, prefix, budget, isNew)
    for (const [depth, count] of branches.entries()) {
      explored.edges += count
      const path = [...prefix, ...Array<number>(depth).fill(0)]
      for (let choice = 1; choice < count; choice += 1) open.push([...path, choice])
    }
    if (broken === undefined) continue
    explored.histories += 1
    for (const { law, what } of broken) note(explored.counterexamples, { world: name, law, what, steps })
  }
  explored.states = seen.size
  Error.stackTraceLimit = stackTraceLimit
  return explored
}

// Both runs have one file, so which of them it was makes no difference.
function note(known: Map<string, Counterexample>, found: Counterexample): void {
  const what = readable(found.what).replace(/^[AB] /, 'a run ')
  const key = `${found.law}: ${what}`
  const shortest = known.get(key)
  if (shortest === undefined || found.steps.length < shortest.steps.length) known.set(key, { ...found, what })
}
