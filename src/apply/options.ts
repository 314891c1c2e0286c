import type { Clock } from '../model/clock.ts'
import type { Change } from '../plan/types.ts'
import type { ApplyEvent, OutcomeError } from './events.ts'

/** How to apply. */
export interface ApplyOptions {
  /** False: do not wait for what nothing else waits for. Gateways are always awaited before their children. */
  readonly wait: boolean
  /** For one resource to become AVAILABLE, or to be gone. */
  readonly waitTimeoutMs: number
  /** Writes at the same time; reads of status come on top, within the remote's own limit. Default 10. */
  readonly parallelism?: number
  /** Stops new requests and lets running writes finish. */
  readonly signal?: AbortSignal
  /** Called for each event as it happens, in order; must not throw. */
  readonly onEvent?: (event: ApplyEvent) => void
  readonly clock: Clock
  /** From 0 (inclusive) to 1. */
  readonly random: () => number
  /**
   * For a plan that someone has reviewed: when a resource is not as the plan saw it, start nothing more, or go on with
   * what does not depend on it; the change fails as `stale`. Left out: it fails as `changed`, and the rest goes on.
   */
  readonly onStale?: 'abort' | 'skip'
  /** Disruptive changes of gateways at once; two that serve the same networks never are. Default 1. */
  readonly maxDisruptive?: number
  /** Asked after each disruptive change whose resource is AVAILABLE; an error fails it, and what waits for it is blocked. */
  readonly confirm?: (change: Change) => Promise<OutcomeError | undefined>
  /** Keys of changes that must not be written: they fail, and what needs them is blocked. */
  readonly withheld?: ReadonlySet<string>
  /** Between two reads of a collection while something in it is waited for. Default 100. */
  readonly pollMinMs?: number
  /** Default 10,000. */
  readonly pollMaxMs?: number
}

/** What applies when the caller says nothing. */
export const APPLY_DEFAULTS = {
  waitTimeoutMs: 30 * 60_000,
  parallelism: 10,
  maxDisruptive: 1,
  pollMinMs: 100,
  pollMaxMs: 10_000,
} as const
