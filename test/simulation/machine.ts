import { ABORTED, type Exchange } from '../../src/api/answer.ts'
import type { Transport } from '../../src/api/options.ts'
import type { Clock } from '../../src/model/clock.ts'
import type { Answer } from '../../src/sandbox/answer.ts'
import type { Network } from './network.ts'
import { rememberBy } from './remember.ts'
import type { Schedule } from './schedule.ts'

/** What a run received for a request. */
export interface Received {
  readonly sentAt: number
  readonly at: number
  readonly method: string
  readonly path: string
  readonly query: string
  /** As it arrived: undefined when no answer did. */
  readonly status: number | undefined
  readonly text: string
}

/** A request that left. */
export interface Sent {
  readonly at: number
  readonly method: string
  readonly path: string
  /** How many answers the run had received by then. */
  readonly answers: number
}

/** The machine of one run: its clock, its way to the service, and what it has seen. A machine that is killed never answers again. */
export class Machine {
  readonly clock: Clock
  readonly transport: Transport
  readonly received: Received[] = []
  readonly sent: Sent[] = []
  /** When a read of everything began. */
  readonly reads: number[] = []
  plannedAt: number | undefined
  /** The plan that this run saved, with the time of its read. */
  saved: { readonly text: string; readonly readAt: number; readonly plannedAt: number } | undefined
  steps = 0
  isAlive = true
  /** Called at each step. */
  onStep: (step: number) => void = () => undefined
  readonly #schedule: Schedule

  constructor(schedule: Schedule, network: Pick<Network, 'carry'>, user: string, skewMs: number) {
    this.#schedule = schedule
    this.clock = {
      now: () => schedule.now + skewMs,
      sleep: (ms, signal) => this.#until(ms, signal),
    }
    this.transport = {
      close: () => undefined,
      exchange: (method, url, body, signal) => this.#exchange(network, user, { method, url, body }, signal),
    }
  }

  /** Says that the plan was made. */
  endPlan(): void {
    this.plannedAt = this.#schedule.now
  }

  /** Says that the plan was saved. */
  savePlan(text: string): void {
    const now = this.#schedule.now
    this.saved = { text, readAt: this.reads.at(-1) ?? now, plannedAt: now }
  }

  /** Says that a read of everything begins. */
  beginRead(): void {
    this.reads.push(this.#schedule.now)
  }

  #step(): boolean {
    if (!this.isAlive) return false
    this.steps += 1
    this.onStep(this.steps)
    return this.isAlive
  }

  #until(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      if (!this.isAlive) return
      if (signal?.aborted === true) return resolve()
      const cancel = this.#schedule.after(ms, () => {
        listening?.delete(abort)
        if (this.#step()) resolve()
      })
      const abort = (): void => {
        cancel()
        if (this.isAlive) resolve()
      }
      const listening = signal === undefined ? undefined : listenersOf(signal).add(abort)
    })
  }

  #exchange(
    network: Pick<Network, 'carry'>,
    user: string,
    { method, url, body }: { method: string; url: URL; body: string | undefined },
    signal: AbortSignal | undefined,
  ): Promise<Exchange> {
    return new Promise((resolve) => {
      if (!this.isAlive) return
      const sentAt = this.#schedule.now
      const path = url.pathname
      this.sent.push({ at: sentAt, method, path, answers: this.received.length })
      let isOver = false
      const end = (exchange: Exchange): void => {
        if (isOver) return
        isOver = true
        listening?.delete(abort)
        resolve(exchange)
      }
      const abort = (): void => {
        if (this.isAlive) end({ type: 'failure', code: ABORTED })
      }
      if (signal?.aborted === true) return resolve({ type: 'failure', code: ABORTED })
      const listening = signal === undefined ? undefined : listenersOf(signal).add(abort)
      network.carry({ user, method, path, query: url.search, body }, (arrived) => {
        if (isOver || !this.#step()) return
        const answer = arrived.type === 'answer' ? arrived.answer : undefined
        this.received.push({
          sentAt,
          at: this.#schedule.now,
          method,
          path,
          query: url.search,
          status: answer?.status,
          text: answer?.body ?? '',
        })
        end(arrived.type === 'answer' ? exchangeOf(arrived.answer, arrived.date) : arrived)
      })
    })
  }
}

// One listener for all that wait: Node takes longer to add one than a machine to send a request.
const listenersOf = rememberBy((signal: AbortSignal) => {
  const listeners = new Set<() => void>()
  // Once: Node keeps a combined signal, and all that its listeners hold, for as long as it has one.
  const abort = (): void => {
    for (const listener of [...listeners]) listener()
  }
  signal.addEventListener('abort', abort, { once: true })
  return listeners
})

function exchangeOf({ status, headers, body }: Answer, date: string | undefined): Exchange {
  const [contentType, retryAfter] = [headers['content-type'], headers['retry-after']]
  return {
    type: 'answer',
    status,
    headers: {
      ...(date === undefined ? {} : { date }),
      ...(contentType === undefined ? {} : { contentType }),
      ...(retryAfter === undefined ? {} : { retryAfter }),
    },
    text: body,
    bytes: body.length,
  }
}
