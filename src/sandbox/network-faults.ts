import { setTimeout as sleep } from 'node:timers/promises'
import { drawFault, type Fault, type Odds, parseFaults, parseName } from './faults.ts'
import { type Random, seededRandom } from './random.ts'
import { parseRate, RateLimit } from './rate-limit.ts'
import { fault, SandboxError } from './sandbox-error.ts'

/** What goes wrong on the way between client and service, and how slow the way is. */
export interface NetworkFaultOptions {
  /** Milliseconds before each answer. Default 0. */
  readonly latencyMs?: number
  /** `429:0.1,500:0.05,reset-after:0.02`. */
  readonly faults?: string
  /** Seed of every random choice. Default 1. */
  readonly seed?: number
  /** `50/s`: more than that answers 429 with Retry-After. */
  readonly rate?: string
  /** The Retry-After header of 429 and 503 faults, verbatim. Default: none. */
  readonly retryAfter?: string
  /** Chooses a fault, by its name, for certain requests; undefined leaves it to `faults`. */
  readonly inject?: (request: { readonly method: string; readonly path: string }) => string | undefined
}

/** Rate limit and faults, drawn per request. */
export class NetworkFaults {
  readonly retryAfter: string | undefined
  readonly #latencyMs: number
  readonly #odds: Odds
  readonly #random: Random
  readonly #limit: RateLimit | undefined
  readonly #inject: NetworkFaultOptions['inject']

  /** Throws {@link SandboxError} for faults or a rate that cannot be read. */
  constructor(options: NetworkFaultOptions, now: () => number) {
    this.retryAfter = options.retryAfter
    this.#latencyMs = options.latencyMs ?? 0
    this.#odds = parseFaults(options.faults ?? '')
    // Not the generator of ids and choices: those must not depend on how many requests came before.
    this.#random = seededRandom((options.seed ?? 1) ^ 0x5eed)
    this.#limit = options.rate === undefined ? undefined : new RateLimit(parseRate(options.rate), now)
    this.#inject = options.inject
  }

  /** The way to the service takes its time. Never keeps a process alive. */
  async delay(): Promise<void> {
    if (this.#latencyMs > 0) await sleep(this.#latencyMs, undefined, { ref: false })
  }

  /** Milliseconds until a request may pass; 0 when this one may. */
  throttle(): number {
    return this.#limit?.take() ?? 0
  }

  /** What meets this request. */
  faultFor(request: { readonly method: string; readonly path: string }): Fault | undefined {
    const name = this.#inject?.(request)
    if (name === undefined) return drawFault(this.#odds, this.#random)
    const injected = parseName(name)
    if (injected !== undefined) return injected
    throw new SandboxError([fault('VPN701', `"${name}" is not a fault`, 'see the names that --fault takes')])
  }
}
