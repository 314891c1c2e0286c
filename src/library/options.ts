import type { RequestRecord, RetryRecord } from '../api/options.ts'
import type { ApplyEvent } from '../apply/events.ts'
import type { DriftOptions } from '../drift/types.ts'
import type { FetchProgress } from '../live/reading.ts'
import type { Clock } from '../model/clock.ts'
import type { Remote } from '../model/remote.ts'
import type { PlanOptions } from '../plan/types.ts'

/** What to open. Only `files` is needed: everything else is as on the command line. */
export interface OpenOptions {
  /** Files, folders, patterns, and `-` for standard input. They are read once. */
  readonly files: readonly string[]
  /** What relative paths are relative to. Default: that of the process. */
  readonly cwd?: string
  /** Credentials, endpoints, proxy and the secrets of the files. Default: that of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** For the file `-`. */
  readonly readStdin?: () => Promise<Uint8Array>
  readonly vars?: Readonly<Record<string, string>>
  readonly varFiles?: readonly string[]
  readonly allowPlaintextSecrets?: boolean
  /** Warnings of the files are errors. */
  readonly strict?: boolean
  /** Locations to read in addition to those that the files name. */
  readonly locations?: readonly string[]
  /** Base URL, or a template with `{location}`; before the environment and the ionosctl configuration file. */
  readonly endpoint?: string
  /** The ionosctl configuration file, and a profile of it. */
  readonly config?: string
  readonly profile?: string
  /** An API of your own in place of the one that the settings name; it is not closed. */
  readonly remote?: Remote
  /** Requests at a time. Default: 10, and up to 50 while answers stay fast. */
  readonly parallelism?: number
  /** For one attempt. Default 30 s. */
  readonly requestTimeoutMs?: number
  readonly maxRps?: number
  readonly userAgent?: string
  /** Called for each attempt when it is over. */
  readonly onRequest?: (record: RequestRecord) => void
  /** Called for each pause before a request is sent again. */
  readonly onRetry?: (record: RetryRecord) => void
  /** Called with what a user has to know: an unchecked certificate, for instance. */
  readonly onWarning?: (sentence: string) => void
  readonly clock?: Clock
  /** Uniform in [0, 1), for jitter. */
  readonly random?: () => number
  /** Ends everything: no new request is sent, running writes finish. */
  readonly signal?: AbortSignal
}

/** What every call takes. */
export interface CallOptions {
  /** Ends this call; writes that are under way finish. */
  readonly signal?: AbortSignal
  /** The time of this call; after it nothing new is sent. Default: none. */
  readonly timeoutMs?: number
  /** Called as pages arrive. */
  readonly onProgress?: (progress: FetchProgress) => void
}

/** How to plan; see {@link PlanOptions}. */
export type PlanCallOptions = CallOptions & Partial<Omit<PlanOptions, 'asOf' | 'onDrift'>>

/** How to look for drift. */
export type DriftCallOptions = CallOptions & Partial<Omit<DriftOptions, 'nowMs'>>

/** How to apply. */
export type ApplyCallOptions = CallOptions & {
  /** False: do not wait for what nothing else waits for, and do not verify. */
  readonly wait?: boolean
  /** For one resource to become AVAILABLE, or to be gone. Default 30 min. */
  readonly waitTimeoutMs?: number
  /** False: do not read and plan once more after the writes. */
  readonly verify?: boolean
  /** Called for each event as it happens, in order; must not throw. */
  readonly onEvent?: (event: ApplyEvent) => void
}
