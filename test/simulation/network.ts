import { type Answer, empty, refuse } from '../../src/sandbox/answer.ts'
import { PROXY_PAGE } from '../../src/sandbox/deliver.ts'
import { RateLimit } from '../../src/sandbox/rate-limit.ts'
import type { Draw } from './draw.ts'
import { FAULTS, type FaultName, type Scenario } from './scenario.ts'
import type { Schedule } from './schedule.ts'
import type { Arriving, Service } from './service.ts'

/** What comes back to a machine. */
export type Arrived =
  | { readonly type: 'answer'; readonly answer: Answer; readonly date: string | undefined }
  | { readonly type: 'failure'; readonly code: string }

/** How long a machine waits for an answer. */
export const REQUEST_TIMEOUT_MS = 30_000

/** The way to the service and back: slow, lossy, and limited. */
export class Network {
  /** False: nothing goes wrong any more. */
  isFaulty = true
  readonly faults = new Map<string, number>()
  /** Called for each request when it reaches the service, or when it is lost. */
  onArrival: (request: Arriving, fault: FaultName | undefined, answer: Answer | undefined) => void = () =>
    undefined
  readonly #scenario: Scenario
  readonly #schedule: Schedule
  readonly #service: Service
  readonly #draw: Draw
  readonly #times = new Map<string, number>()
  readonly #isSkewed: boolean
  readonly #hasFaults: boolean
  readonly #limit: RateLimit | undefined

  constructor(scenario: Scenario, schedule: Schedule, service: Service, draw: Draw) {
    this.#scenario = scenario
    this.#schedule = schedule
    this.#service = service
    this.#draw = draw
    this.#isSkewed = scenario.actors.some((actor) => actor.type === 'run' && actor.skewMs !== 0)
    this.#hasFaults = Object.values(scenario.probabilities).some((probabilities) => probabilities > 0)
    this.#limit = scenario.rate === undefined ? undefined : new RateLimit(scenario.rate, () => schedule.now)
  }

  carry(request: Arriving, arrive: (arrived: Arrived) => void): void {
    const what = `${request.user} ${request.method} ${request.path}`
    const times = (this.#times.get(what) ?? 0) + 1
    this.#times.set(what, times)
    const { latencyMs } = this.#scenario
    const latency = (way: string): number =>
      latencyMs === 0 ? 1 : 1 + Math.round(latencyMs * (0.5 + this.#draw.unit('latency', way, what, times)))
    const fault = this.isFaulty ? this.#faultOf(what, times) : undefined
    this.#schedule.after(latency('there'), () => {
      const arrived = this.#atService(request, fault, what, times)
      const ms = arrived.type === 'failure' && arrived.code === 'ETIMEDOUT' ? REQUEST_TIMEOUT_MS : 0
      this.#schedule.after(ms + latency('back'), () => arrive(arrived))
    })
  }

  #faultOf(what: string, times: number): FaultName | undefined {
    if (!this.#hasFaults) return undefined
    let left = this.#draw.unit('fault', what, times)
    for (const name of FAULTS) {
      const probabilities = this.#scenario.probabilities[name] ?? 0
      if (left < probabilities) return name
      left -= probabilities
    }
    return undefined
  }

  #atService(request: Arriving, fault: FaultName | undefined, what: string, times: number): Arrived {
    const waitMs = this.#limit?.take() ?? 0
    if (waitMs > 0) {
      this.#count('rate limit')
      this.onArrival(request, '429', undefined)
      return this.#answer(tooMany(waitMs))
    }
    if (fault !== undefined) this.#count(fault)
    const fails =
      request.method === 'PUT' &&
      this.isFaulty &&
      this.#scenario.failedOdds > 0 &&
      this.#draw.unit('failed', what, times) < this.#scenario.failedOdds
    const { failNames } = this.#service
    if (fails) {
      const name = nameIn(request.body)
      if (name !== undefined) failNames.push(name)
      this.#count('FAILED')
    }
    const arrived = this.#happen(request, fault)
    failNames.length = 0
    return arrived
  }

  #happen(request: Arriving, fault: FaultName | undefined): Arrived {
    const isDone =
      fault === undefined || fault === 'lost-answer' || fault === 'truncated' || fault === 'empty'
    const answer = isDone ? this.#service.handle(request) : undefined
    this.onArrival(request, fault, answer)
    switch (fault) {
      case undefined:
        return this.#answer(answer as Answer)
      case 'lost-request':
      case 'lost-answer':
        return { type: 'failure', code: 'ECONNRESET' }
      case 'truncated':
        return { type: 'failure', code: 'ERR_HTTP_CONTENT_LENGTH_MISMATCH' }
      case 'hang':
        return { type: 'failure', code: 'ETIMEDOUT' }
      case 'empty':
        return this.#answer(empty(200))
      case 'html':
        return this.#answer(PROXY_PAGE)
      case '429':
      case '500':
      case '503':
        return this.#answer(refuse(Number(fault), 'simulation-fault', 'the simulation refuses this one'))
      default:
        return fault satisfies never
    }
  }

  #answer(answer: Answer): Arrived {
    return { type: 'answer', answer, date: this.#date() }
  }

  // Only clocks that differ make it matter.
  #date(): string | undefined {
    return this.#isSkewed ? new Date(this.#schedule.now).toUTCString() : undefined
  }

  #count(fault: string): void {
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1)
  }
}

function tooMany(waitMs: number): Answer {
  const refused = refuse(429, 'simulation-rate', 'more requests than the rate limit allows')
  return { ...refused, headers: { ...refused.headers, 'retry-after': String(Math.ceil(waitMs / 1000)) } }
}

function nameIn(body: string | undefined): string | undefined {
  const name: unknown = (JSON.parse(body ?? '{}') as { properties?: { name?: unknown } }).properties?.name
  return typeof name === 'string' ? name : undefined
}
