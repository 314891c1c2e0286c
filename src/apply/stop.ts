import { setMaxListeners } from 'node:events'
import { optional } from '../model/optional.ts'
import { STOP_SIGNALS } from '../model/stop-signal.ts'
import type { ApplyResult, Stopped } from './events.ts'

/**
 * Stops the run. `noNewChanges`: no further change starts. `noRequests`: no further request is sent at all, not even a read
 * at a status. The first reason is kept.
 */
export class Stop {
  readonly #silence = new AbortController()
  #reason: Stopped | undefined
  readonly #unlisten: () => void

  constructor(signal: AbortSignal | undefined) {
    // Every pause and every read listens.
    setMaxListeners(0, this.#silence.signal)
    const onAbort = (): void => this.abort(stoppedBy(signal))
    if (signal?.aborted === true) onAbort()
    signal?.addEventListener('abort', onAbort, { once: true })
    this.#unlisten = () => signal?.removeEventListener('abort', onAbort)
  }

  get noNewChanges(): boolean {
    return this.#reason !== undefined
  }

  get sendsNothing(): boolean {
    return this.#silence.signal.aborted
  }

  get reason(): Stopped | undefined {
    return this.#reason
  }

  /** Fires when no further request may be sent. Reads are cut short by it; writes under way are left to finish. */
  get noRequests(): AbortSignal {
    return this.#silence.signal
  }

  abort(reason: Stopped): void {
    // That requests were aborted is what follows from a reason, rarely the reason itself.
    if (this.#reason === undefined || isAborted(this.#reason)) this.#reason = reason
    if (reason.type !== 'stale') this.#silence.abort()
  }

  /** Lets go of the caller's signal. */
  dispose(): void {
    this.#unlisten()
  }
}

/** What a signal that has fired means: its `reason` says whether a time was up, as that of `AbortSignal.timeout`. */
export function stoppedBy(signal: AbortSignal | undefined): Stopped {
  const reason: unknown = signal?.reason
  return { type: reason instanceof DOMException && reason.name === 'TimeoutError' ? 'timeout' : 'signal' }
}

/** The signal of the process that an `AbortSignal` was aborted with. */
export function interruptionOf(signal: AbortSignal | undefined): Pick<ApplyResult, 'interrupted'> {
  const interrupted = STOP_SIGNALS.find((name) => signal?.aborted === true && name === signal.reason)
  return optional({ interrupted })
}

function isAborted(reason: Stopped): boolean {
  return reason.type === 'error' && reason.error.reason === 'aborted'
}
