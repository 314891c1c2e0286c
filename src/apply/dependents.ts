import type { Change } from '../plan/types.ts'

/** Who needs what of a plan, as far as it decides how long to wait. */
export class Dependents {
  readonly #byKey: ReadonlyMap<string, Change>
  readonly #awaited = new Set<string>()

  constructor(changes: readonly Change[]) {
    this.#byKey = new Map(changes.map((change) => [change.key, change]))
    const open = changes.filter(writes)
    // Through what is kept: a write below a kept resource waits for everything above it.
    for (let change = open.pop(); change !== undefined; change = open.pop()) {
      for (const key of change.needs) {
        if (this.#awaited.has(key)) continue
        this.#awaited.add(key)
        const need = this.#byKey.get(key)
        if (need?.action === 'keep') open.push(need)
      }
    }
  }

  find(key: string): Change | undefined {
    return this.#byKey.get(key)
  }

  /** A write of this plan needs it to be AVAILABLE, or gone. */
  isAwaited(change: Change): boolean {
    return this.#awaited.has(change.key)
  }

  /** It needs a deletion: of what has a value that it claims, or of what is below it. */
  needsDeletion(change: Change): boolean {
    return (
      (change.action === 'create' && change.leaving !== undefined) ||
      change.needs.some((key) => this.#byKey.get(key)?.action === 'delete')
    )
  }
}

function writes(change: Change): boolean {
  return change.action === 'create' || change.action === 'update' || change.action === 'delete'
}
