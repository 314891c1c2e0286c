import type { Socket } from 'node:net'

/** One request, from its arrival on. Holds neither headers nor bodies. */
export interface RequestLogEntry {
  /** ISO 8601, of the sandbox's clock. */
  readonly at: string
  readonly method: string
  readonly path: string
  /** Without the question mark. */
  readonly query: string
  /** Null where no answer was sent, or not yet. */
  readonly status: number | null
  /** Null as long as the request is open. */
  readonly durationMs: number | null
  /** Which TCP connection, counted from 1. */
  readonly connection: number
  /** The fault that met it, as `--fault` names them; `rate` for the rate limit. */
  readonly fault?: string
}

/** How many, by what. */
export interface RequestCounters {
  readonly requests: number
  readonly byMethod: Readonly<Record<string, number>>
  readonly byStatus: Readonly<Record<string, number>>
  readonly byFault: Readonly<Record<string, number>>
}

/** A request that is under way. */
export interface OpenRequest {
  /** Notes the fault that the request met. */
  fault(name: string): void
  /** Notes the end; null for no answer. Only the first call counts. */
  end(status: number | null): void
}

// Enough for any test; a sandbox that runs for weeks must not fill the memory.
const KEPT = 200_000

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Remembers requests in the order of their arrival. */
export class RequestLog {
  readonly #now: () => number
  readonly #report: (entry: RequestLogEntry) => void
  #entries: Mutable<RequestLogEntry>[] = []

  constructor(now: () => number, report: (entry: RequestLogEntry) => void) {
    this.#now = now
    this.#report = report
  }

  begin(request: { method: string; path: string; query: string; connection: number }): OpenRequest {
    const started = this.#now()
    const { method, path, query, connection } = request
    const entry: Mutable<RequestLogEntry> = {
      at: new Date(started).toISOString(),
      method,
      path,
      query,
      status: null,
      durationMs: null,
      connection,
    }
    if (this.#entries.length >= KEPT) this.#entries = this.#entries.slice(KEPT / 2)
    this.#entries.push(entry)
    return {
      fault: (name) => {
        entry.fault = name
      },
      end: (status) => {
        if (entry.durationMs !== null) return
        entry.status = status
        entry.durationMs = this.#now() - started
        this.#report({ ...entry })
      },
    }
  }

  entries(): readonly RequestLogEntry[] {
    return this.#entries.map((entry) => ({ ...entry }))
  }

  counters(): RequestCounters {
    const count = (of: (entry: RequestLogEntry) => string | undefined): Record<string, number> => {
      const counts: Record<string, number> = {}
      for (const entry of this.#entries) {
        const key = of(entry)
        if (key !== undefined) counts[key] = (counts[key] ?? 0) + 1
      }
      return counts
    }
    return {
      requests: this.#entries.length,
      byMethod: count(({ method }) => method),
      byStatus: count(({ status, durationMs }) =>
        durationMs === null ? undefined : String(status ?? 'none'),
      ),
      byFault: count(({ fault }) => fault),
    }
  }

  reset(): void {
    this.#entries = []
  }
}

/** TCP connections that carried at least one request to the API; those of the control endpoint do not count. */
export interface ConnectionCounts {
  readonly total: number
  readonly open: number
  /** The most that were open at one time. */
  readonly peak: number
}

/** Numbers connections and counts them. */
export class Connections {
  readonly #numbers = new WeakMap<Socket, number>()
  #total = 0
  #open = 0
  #peak = 0

  /** The number of the connection, from 1. */
  number(socket: Socket): number {
    const known = this.#numbers.get(socket)
    if (known !== undefined) return known
    this.#total++
    this.#open++
    this.#peak = Math.max(this.#peak, this.#open)
    this.#numbers.set(socket, this.#total)
    socket.once('close', () => {
      this.#open--
    })
    return this.#total
  }

  counts(): ConnectionCounts {
    return { total: this.#total, open: this.#open, peak: this.#peak }
  }
}
