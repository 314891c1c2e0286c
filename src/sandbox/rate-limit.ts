import { fault, SandboxError } from './sandbox-error.ts'

/** Requests in a stretch of time. */
export interface Rate {
  readonly requests: number
  readonly perMs: number
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 }

/** Reads `50/s`, `100/m` or `1000/h`. Throws {@link SandboxError}. */
export function parseRate(text: string): Rate {
  const [, requests, unit] = /^\s*(\d{1,9})\s*\/\s*([smh])\s*$/.exec(text) ?? []
  const perMs = unit === undefined ? undefined : UNITS[unit]
  if (perMs === undefined || Number(requests) === 0) {
    const hint = 'write a number of requests and s, m or h: 50/s, 100/m, 1000/h'
    throw new SandboxError([fault('VPN702', `"${text}" is not a rate`, hint)])
  }
  return { requests: Number(requests), perMs }
}

/** A bucket that contains one stretch's worth of requests and fills evenly. */
export class RateLimit {
  readonly #rate: Rate
  readonly #now: () => number
  #tokens: number
  #filledAt: number

  constructor(rate: Rate, now: () => number) {
    this.#rate = rate
    this.#now = now
    this.#tokens = rate.requests
    this.#filledAt = now()
  }

  /** Takes one request: 0 when it may pass, else the milliseconds until the next one may. */
  take(): number {
    const { requests, perMs } = this.#rate
    const now = this.#now()
    this.#tokens = Math.min(requests, this.#tokens + ((now - this.#filledAt) * requests) / perMs)
    this.#filledAt = now
    if (this.#tokens >= 1) {
      this.#tokens -= 1
      return 0
    }
    return ((1 - this.#tokens) * perMs) / requests
  }
}
