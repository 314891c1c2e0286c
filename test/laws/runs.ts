import fc from 'fast-check'
import { expect } from 'vitest'

const DAILY = 300
const NIGHTLY = 5000

/**
 * How many runs each law gets: few in `npm test`, many in `npm run test:nightly`. Mutation testing, which repeats the
 * laws for each mutant, asks for a number of its own.
 */
export const RUNS = Number(process.env.FAST_CHECK_RUNS ?? (process.env.NIGHTLY === '1' ? NIGHTLY : DAILY))

/** Counts the runs of a law that reach what the law says, so that a law whose runs usually end early is seen. */
export class Reached {
  #all = 0
  #reached = 0

  /** Goes on only when the condition holds; otherwise the run is replaced by another one. */
  when(condition: boolean): void {
    this.#all += 1
    if (condition) this.#reached += 1
    fc.pre(condition)
  }

  /** Asserts the least share of runs that went on. */
  expectShare(least: number): void {
    expect(this.#all).toBeGreaterThan(0)
    expect(this.#reached / this.#all).toBeGreaterThanOrEqual(least)
  }
}
