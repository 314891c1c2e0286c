/** All that there is to say about one code of diagnostics. */
export interface Explanation {
  readonly code: string
  /** A few words, as in a list. */
  readonly title: string
  readonly meaning: string
  /** Why it matters. */
  readonly why: string
  readonly hint: string
  /** What causes it: a piece of a file, or a command. */
  readonly bad: string
  /** The same, mended. */
  readonly good: string
}

/** Explanations in the order: code, title, meaning, why, hint, bad, good. */
export type Row = readonly [
  code: string,
  title: string,
  meaning: string,
  why: string,
  hint: string,
  bad: string,
  good: string,
]

/** A row by names. */
export function toExplanation([code, title, meaning, why, hint, bad, good]: Row): Explanation {
  return { code, title, meaning, why, hint, bad, good }
}
