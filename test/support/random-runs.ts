import fc from 'fast-check'
import { expect } from 'vitest'

/** `npm run test:nightly` asks for many more runs of each random test than `npm test`. */
export const IS_NIGHTLY = process.env.NIGHTLY === '1'

/** How many runs a random test gets. */
export function runs(daily: number, nightly = daily * 20): number {
  return IS_NIGHTLY ? nightly : daily
}

/** How many runs each law gets. Mutation testing, which repeats the laws for each mutant, asks for a number of its own. */
export const RUNS = Number(process.env.FAST_CHECK_RUNS ?? runs(100, 5000))

/** Hundreds of runs each, thousands at night: seconds on an idle machine, minutes on a busy one. */
export const RANDOM_TIMEOUT_MS = 900_000

const FEW = 25

/** Counts the runs of a law that reach what the law says, so that a law whose runs usually end early is seen. */
export class Reached {
  #all = 0
  #reached = 0

  /** Goes on only when the condition holds; otherwise the run is replaced by another one. */
  when(condition: boolean): void {
    fc.pre(this.count(condition))
  }

  /** Counts a run, and gives the condition back. */
  count(condition: boolean): boolean {
    this.#all += 1
    if (condition) this.#reached += 1
    return condition
  }

  /** Asserts the least share of runs that reached it. */
  expectShare(least: number): void {
    expect(this.#all).toBeGreaterThan(0)
    // Of so few runs, as a mutant gets, a share says nothing.
    if (this.#all < FEW) return
    expect(this.#reached / this.#all).toBeGreaterThanOrEqual(least)
  }
}
