/** Time as an argument. */
export interface Clock {
  /** Milliseconds since 1970. Never goes back and never jumps, so that no pause can become an hour. */
  readonly now: () => number
  /** Resolves after `ms`, or as soon as `signal` fires, which is not an error: callers look at the signal. Never rejects. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  /** How long the program itself was busy so far, in ms, and could not take note of an answer. Absent: never. */
  readonly busyMs?: () => number
}
