import type { Stored } from './stored.ts'

/** All resources of a kind under one parent, in the order in which they were made. */
export class Siblings {
  readonly #byId = new Map<string, Stored>()
  // Pages are cut from an array, since a map can only be walked from its start. Dropped when the members change.
  #ordered: readonly Stored[] | undefined

  add(stored: Stored): void {
    this.#byId.set(stored.id, stored)
    this.#ordered = undefined
  }

  remove(stored: Stored): void {
    if (this.#byId.delete(stored.id)) this.#ordered = undefined
  }

  get(id: string): Stored | undefined {
    return this.#byId.get(id)
  }

  all(): readonly Stored[] {
    this.#ordered ??= [...this.#byId.values()]
    return this.#ordered
  }
}
