import type { Readable, Writable } from 'node:stream'
import type { WhileBusy } from '../config/load.ts'
import type { ReadStdin } from '../config/read-limited.ts'
import type { Clock } from '../model/clock.ts'
import type { SafeText } from '../model/safe-text.ts'
import type { StopSignal } from '../model/stop-signal.ts'
import type { ProbeNetwork } from '../probe/network.ts'

/** Where text goes. */
export interface Sink {
  readonly isTTY: boolean
  /** Width in columns; undefined when it is not a terminal. */
  readonly columns: () => number | undefined
  /** Height in lines. */
  readonly rows?: () => number | undefined
  readonly write: (text: SafeText) => void
  /** Whether text was lost, other than to a reader that left; known once all was written. */
  readonly isLost?: () => Promise<boolean>
}

/** Everything outside that a run touches: the process in production, an object in tests. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly stdout: Sink
  readonly stderr: Sink
  readonly stdin: {
    readonly isTTY: boolean
    /** All of standard input, within limits. */
    readonly read: ReadStdin
    /** One line, answered at a terminal; undefined where the input ended, or the signal fired. */
    readonly ask: (question: string, signal: AbortSignal) => Promise<string | undefined>
  }
  /** The terminal itself, for prompts that redraw; undefined where no one sits at one. */
  readonly terminal?: { readonly input: Readable; readonly output: Writable }
  readonly clock: Clock
  /** The version of Node.js. */
  readonly nodeVersion?: string
  readonly random: () => number
  /** Bytes that no one can foresee, for keys. */
  readonly randomBytes: (count: number) => Uint8Array
  /** Sends probes; left out where there is no network. */
  readonly probeNetwork?: ProbeNetwork
  /** Around work that lets no event through: the system's default reacts to signals meanwhile. */
  readonly whileBusy?: WhileBusy
  /** Calls back at the first signal; a second one ends the process at once. Returns what undoes it. */
  readonly onStop: (handler: (signal: StopSignal) => void) => () => void
}
