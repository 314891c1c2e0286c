import type { Build } from './builds.ts'

/** One figure with its goal. Smaller is better unless `atLeast`. */
export interface Figure {
  /** What was measured, when a row has several figures. */
  readonly what: string
  readonly value: number
  readonly unit: string
  readonly goal: number
  readonly atLeast?: true
  /** Figures that help to judge this one: CPU, the yardstick next to it, the spread. */
  readonly detail?: string
}

/** A figure with the row that it belongs to. */
export interface Measured extends Figure {
  readonly row: string
  readonly work: string
}

/** One row of the table: a piece of work, and how to measure it on a build. */
export interface Row {
  readonly name: string
  readonly work: string
  readonly measure: (build: Build, runs: number) => Promise<readonly Figure[]>
}

/** True when a figure reaches its goal. */
export function holds({ value, goal, atLeast }: Figure): boolean {
  return atLeast === true ? value >= goal : value <= goal
}

/** The middle value, which one slow or lucky run does not move. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}
