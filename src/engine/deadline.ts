import type { Clock } from '../model/clock.ts'

/** The time limit of a run. */
export interface Deadline {
  /** Fires when the time is up, with the reason that `AbortSignal.timeout` gives. */
  readonly signal: AbortSignal
  /** Stops the clock. */
  readonly end: () => void
}

/** Starts the time limit of a run on the run's own clock. */
export function startDeadline(clock: Clock, ms: number): Deadline {
  const over = new AbortController()
  const ended = new AbortController()
  void wait(clock, ms, ended.signal).then(() => {
    if (!ended.signal.aborted) over.abort(new DOMException('the time of the run is up', 'TimeoutError'))
  })
  return { signal: over.signal, end: () => ended.abort() }
}

// A clock may cut a long pause short: Node's timers end after 24.8 days.
async function wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const until = clock.now() + ms
  for (let left = ms; left > 0 && !signal.aborted; left = until - clock.now()) await clock.sleep(left, signal)
}
