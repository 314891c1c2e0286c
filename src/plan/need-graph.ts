import type { Change } from './types.ts'

/** Changes and what each needs, while a plan is put together. */
export class NeedGraph {
  readonly #changes: Change[]
  readonly #byKey: Map<string, Change>
  readonly #needs = new Map<string, string[]>()

  constructor(changes: readonly Change[]) {
    this.#changes = [...changes]
    this.#byKey = new Map(changes.map((change) => [change.key, change]))
  }

  get(key: string): Change | undefined {
    return this.#byKey.get(key)
  }

  add(change: Change): void {
    this.#changes.push(change)
    this.#byKey.set(change.key, change)
  }

  /** `change` starts after `on` is done. What is not part of the plan is no need. */
  need(change: string, on: string): void {
    if (change === on || !this.#byKey.has(on)) return
    const needs = this.#needs.get(change)
    if (needs === undefined) this.#needs.set(change, [on])
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
      next.push(...(this.#needs.get(key) ?? []))
    }
    return false
  }

  /** The changes with their needs, sorted, so that the same plan is the same value. */
  changes(): readonly Change[] {
    return this.#changes.map((change) => {
      const needs = this.#needs.get(change.key)
      return needs === undefined ? change : { ...change, needs: [...new Set(needs)].sort() }
    })
  }
}

/** The first cycle among needs, as changes in order; undefined when there is none. */
export function findCycle(changes: readonly Change[]): readonly Change[] | undefined {
  const byKey = new Map(changes.map((change) => [change.key, change]))
  const state = new Map<string, 'open' | 'done'>()
  for (const start of changes) {
    if (state.has(start.key)) continue
    if (start.needs.length === 0) {
      state.set(start.key, 'done')
      continue
    }
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
  }
  return undefined
}
