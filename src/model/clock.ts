/** Time as an argument. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Resolves after `ms`, or as soon as `signal` fires. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}
