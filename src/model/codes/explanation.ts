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
  /** Where the reason comes from: a standard, a page, or a run that showed it. */
  readonly source?: string
}

/** Explanations in the order: code, title, meaning, why, hint, bad, good, source. */
export type Row = readonly [
  code: string,
  title: string,
  meaning: string,
  why: string,
  hint: string,
  bad: string,
  good: string,
  source?: string,
]

/** A row by names. */
export function toExplanation([code, title, meaning, why, hint, bad, good, source]: Row): Explanation {
  return { code, title, meaning, why, hint, bad, good, ...(source === undefined ? {} : { source }) }
}
