import type { Change } from '../types.ts'

/** Changes and what each needs beyond its parent's ensure, while a plan is put together. */
export class NeedGraph {
  readonly #changes: Change[]
  #byKey: Map<string, Change> | undefined
  readonly #added = new Map<string, string[]>()

  constructor(changes: readonly Change[]) {
    this.#changes = [...changes]
  }

  get(key: string): Change | undefined {
    return this.#index().get(key)
  }

  /** Adds a change, unless there is one of that key. */
  add(change: Change): void {
    if (this.get(change.key) !== undefined) return
    this.#changes.push(change)
    this.#index().set(change.key, change)
  }

  /** `change` starts after `on`, another change of the plan, is done. */
  need(change: string, on: string): void {
    const needs = this.#added.get(change)
    if (needs === undefined) this.#added.set(change, [on])
    else needs.push(on)
  }

  /** True when `from` needs `to`, directly or through others. */
  leadsTo(from: string, to: string): boolean {
    const seen = new Set<string>()
    const next = [from]
    for (let key = next.pop(); key !== undefined; key = next.pop()) {
      if (key === to) return true
      if (seen.has(key)) continue
      seen.add(key)
      next.push(...(this.get(key)?.needs ?? []), ...(this.#added.get(key) ?? []))
    }
    return false
  }

  /** The changes with their needs, sorted, so that the same plan is the same value. */
  changes(): readonly Change[] {
    return this.#changes.map((change) => {
      const added = this.#added.get(change.key)
      return added === undefined
        ? change
        : { ...change, needs: [...new Set([...change.needs, ...added])].sort() }
    })
  }

  // Nothing asks where nothing changes, which is what most plans find: made at once, it costs them 8 %.
  #index(): Map<string, Change> {
    this.#byKey ??= new Map(this.#changes.map((change) => [change.key, change]))
    return this.#byKey
  }
}

/** The first cycle among needs, as changes in order; undefined when there is none. */
export function findCycle(changes: readonly Change[]): readonly Change[] | undefined {
  // A deletion needs deletions below it, and what is kept its parent: only writes close a circle.
  const from = changes.filter(({ action }) => action === 'create' || action === 'update')
  if (from.length === 0) return undefined
  const byKey = new Map(changes.map((change) => [change.key, change]))
  const done = new Set<string>()
  for (const start of from) {
    const cycle = cycleFrom(start, byKey, done)
    if (cycle !== undefined) return cycle
  }
  return undefined
}

function cycleFrom(
  start: Change,
  byKey: ReadonlyMap<string, Change>,
  done: Set<string>,
): readonly Change[] | undefined {
  // An explicit stack: a chain of needs may be as long as the plan.
  const path: { change: Change; next: number }[] = [{ change: start, next: 0 }]
  const seen = new Set([start.key])
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const key = top.change.needs[top.next++]
    if (key === undefined) {
      done.add(top.change.key)
      path.pop()
      continue
    }
    const next = byKey.get(key)
    if (next === undefined || done.has(key)) continue
    if (seen.has(key)) {
      const from = path.findIndex((entry) => entry.change.key === key)
      return path.slice(from).map((entry) => entry.change)
    }
    seen.add(key)
    path.push({ change: next, next: 0 })
  }
  return undefined
}
