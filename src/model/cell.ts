import type { SourceRange } from './diagnostic.ts'

/** One value of a table, and where it is written. */
export interface Cell {
  readonly text: string
  readonly at: SourceRange
}
