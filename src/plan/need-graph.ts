import type { Change } from './types.ts'

/** Changes and what each needs beyond its parent's ensure, while a plan is put together. */
export class NeedGraph {
  readonly #changes: Change[]
  #byKey: Map<string, Change> | undefined
  readonly #added = new Map<string, string[]>()

  constructor(changes: readonly Change[]) {
    this.#changes = [...changes]
  }

  get(key: string): Change | undefined {
    // Nothing asks where nothing changes, which is what most plans find.
    this.#byKey ??= new Map(this.#changes.map((change) => [change.key, change]))
    return this.#byKey.get(key)
  }

  add(change: Change): void {
    this.#changes.push(change)
    this.#byKey?.set(change.key, change)
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
      next.push(...this.#needsOf(key))
    }
    return false
  }

  /** The changes with their needs, sorted, so that the same plan is the same value. */
  changes(): readonly Change[] {
    if (this.#added.size === 0) return this.#changes
    return this.#changes.map((change) =>
      this.#added.has(change.key)
        ? { ...change, needs: [...new Set(this.#needsOf(change.key))].sort() }
        : change,
    )
  }

  #needsOf(key: string): readonly string[] {
    return [...(this.get(key)?.needs ?? []), ...(this.#added.get(key) ?? [])]
  }
}

/**
 * The first cycle among needs, as changes in order; undefined when there is none. One need for each change, on its
 * parent, cannot close a circle: only changes with another need are looked at first.
 */
export function findCycle(changes: readonly Change[]): readonly Change[] | undefined {
  const from = changes.filter(
    ({ action, needs, target }) =>
      action !== 'delete' && needs.length > (target.parentIds.length === 0 ? 0 : 1),
  )
  if (from.length === 0) return undefined
  const byKey = new Map(changes.map((change) => [change.key, change]))
  const state = new Map<string, 'open' | 'done'>()
  for (const start of from) {
    const cycle = state.has(start.key) ? undefined : cycleFrom(start, byKey, state)
    if (cycle !== undefined) return cycle
  }
  return undefined
}

function cycleFrom(
  start: Change,
  byKey: ReadonlyMap<string, Change>,
  state: Map<string, 'open' | 'done'>,
): readonly Change[] | undefined {
  // An explicit stack: a chain of needs may be as long as the plan.
  const path: { change: Change; next: number }[] = [{ change: start, next: 0 }]
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    state.set(top.change.key, 'open')
    const key = top.change.needs[top.next++]
    if (key === undefined) {
      state.set(top.change.key, 'done')
      path.pop()
      continue
    }
    const next = byKey.get(key)
    if (next === undefined || state.get(key) === 'done') continue
    if (state.get(key) === 'open') {
      const from = path.findIndex((entry) => entry.change.key === key)
      return path.slice(from).map((entry) => entry.change)
    }
    path.push({ change: next, next: 0 })
  }
  return undefined
}
