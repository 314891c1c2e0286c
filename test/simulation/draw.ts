import { seedOf } from '../faults/dice.ts'

/** Draws that depend on what they are for, not on how many came before: a history without one actor keeps the rest. */
export class Draw {
  readonly #seed: number

  constructor(seed: number) {
    this.#seed = seed
  }

  /** A number in [0, 1) for a purpose. */
  unit(...purpose: readonly (string | number)[]): number {
    let mixed = seedOf(this.#seed, ...purpose)
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
  }

  int(least: number, most: number, ...purpose: readonly (string | number)[]): number {
    return least + Math.floor(this.unit(...purpose) * (most - least + 1))
  }
}
