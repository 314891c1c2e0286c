import { refuse } from '../../src/sandbox/answer.ts'
import { SandboxStore } from '../../src/sandbox/store-access.ts'
import { runCommand } from '../simulation/commands.ts'
import { kindOf } from '../simulation/files.ts'
import { Machine, type Received } from '../simulation/machine.ts'
import type { Arrived } from '../simulation/network.ts'
import { judge } from '../simulation/oracle/judge.ts'
import type { Broken } from '../simulation/oracle/laws.ts'
import { obstacles } from '../simulation/oracle/obstacles.ts'
import { Schedule } from '../simulation/schedule.ts'
import { type Arriving, Service } from '../simulation/service.ts'
import type { Happened } from '../simulation/simulate.ts'
import { hashOf } from './state.ts'
import { type Unseen, unseenBy } from './unseen.ts'
import {
  type Act,
  ADMINISTRATOR,
  act,
  dependsOn,
  readable,
  runActor,
  scenarioOf,
  type World,
} from './worlds.ts'

/** What can go wrong with a request once in a history. */
export const FAULTS = ['lost request', 'lost answer', '500', '429', 'kill'] as const
/** One of {@link FAULTS}, or an answer that comes after what else was read is too old to write by. */
export type Fault = (typeof FAULTS)[number] | 'late answer'
type Choice =
  | { readonly type: 'act'; readonly act: Act }
  | { readonly type: 'answer'; readonly at: Pending; readonly fault: Fault | undefined }

interface Pending {
  readonly run: Happened
  readonly request: Arriving
  readonly arrive: (arrived: Arrived) => void
}

/** Who may act next to both runs; a part of all for the subset of each test run. */
export interface Budget {
  readonly acts: readonly Act[]
  readonly faults: readonly Fault[]
}

/** What a replay met after its prefix. */
export interface Replayed {
  /** How many choices each new state has, from the end of the prefix on. */
  readonly branches: readonly number[]
  readonly steps: readonly string[]
  /** Undefined where the history met a known state. */
  readonly broken: readonly (Broken | Unseen)[] | undefined
}

const LATE_MS = 11_000
const STARTS_AT = Date.UTC(2026, 0, 1)
const LIMITS = { until: STARTS_AT + 9 * 3_600_000, events: 60_000 }

/** Lets the choices of a prefix happen, then always the first one, up to the end or a known state. */
export async function replay(
  world: World,
  prefix: readonly number[],
  budget: Budget,
  isNew: (hash: string) => boolean,
): Promise<Replayed> {
  const small = new SmallWorld(world, budget)
  const branches: number[] = []
  for (let depth = 0; ; depth += 1) {
    await small.advance()
    const choices = small.choices()
    if (depth >= prefix.length) {
      if (!isNew(small.hash())) {
        small.leave()
        return { branches, steps: small.steps, broken: undefined }
      }
      branches.push(choices.length)
    }
    if (choices.length === 0) break
    small.take(choices[prefix[depth] ?? 0] as Choice)
  }
  const broken = await small.end()
  small.leave()
  return { branches, steps: small.steps, broken }
}

class SmallWorld {
  readonly steps: string[] = []
  readonly #world: World
  readonly #schedule: Schedule
  readonly #service: Service
  readonly #runs: Happened[] = []
  // Node keeps the signals of a run that never ends.
  readonly #stops: (() => void)[] = []
  #pending: Pending[] = []
  #error: unknown
  readonly #polls = new Set<Received>()
  #changedAt = 0
  #acts: readonly Act[]
  #faultsLeft: readonly Fault[]
  #faults = 0
  /** The act that the next request has to depend on: where they commute, the act comes later. */
  #bound: Act | undefined

  constructor(world: World, budget: Budget) {
    this.#world = world
    this.#acts = budget.acts
    this.#faultsLeft = budget.faults
    this.#schedule = new Schedule(STARTS_AT - 10_000, () => 0)
    this.#service = new Service(1, {}, () => this.#schedule.now)
    for (const { kind, location, properties, ...more } of world.seeded) {
      const store = new SandboxStore(this.#service.places.at(location).store, () => this.#schedule.now)
      store.seed(kindOf(kind), properties as never, more)
    }
    this.#schedule.now = STARTS_AT
    this.#start('A')
    this.#start('B')
  }

  /** Nothing of it happens any more. */
  leave(): void {
    for (const stop of this.#stops) stop()
  }

  #start(name: string): Happened {
    const user = `00000000-0000-4000-8000-00000000a00${name}`
    const carry = (request: Arriving, arrive: Pending['arrive']): void => {
      this.#pending.push({ run, request, arrive })
    }
    const machine = new Machine(this.#schedule, { carry }, user, 0)
    const actor = runActor(name)
    const run: Happened = {
      actor,
      file: this.#world.file,
      user,
      machine,
      startedAt: this.#schedule.now,
      end: undefined,
      endedAt: undefined,
      isKilled: false,
    }
    this.#runs.push(run)
    const stop = new AbortController()
    this.#stops.push(() => {
      machine.isAlive = false
      stop.abort()
    })
    runCommand(machine, scenarioOf(this.#world), actor, stop).then(
      (end) => {
        if (run.isKilled) return
        run.end = end
        run.endedAt = this.#schedule.now
        this.steps.push(`${name} ends with ${end.exit}${end.reasons.map((each) => `: ${each}`).join('')}`)
      },
      (error: unknown) => {
        this.#error ??= { error }
      },
    )
    return run
  }

  /** Lets time pass until each run waits for the service or is over. */
  async untilReady(): Promise<void> {
    const isWaiting = (run: Happened): boolean =>
      run.end !== undefined || run.isKilled || this.#pending.some((each) => each.run === run)
    const isOver = await this.#schedule.run(
      () => this.#error !== undefined || this.#runs.every(isWaiting),
      LIMITS,
    )
    if (this.#error !== undefined || !isOver) throw new Error(this.steps.join('\n'), { cause: this.#error })
  }

  /** To the next choice. A third read of what has not changed since the first is not a choice: polls have no end of their own. */
  async advance(): Promise<void> {
    for (;;) {
      await this.untilReady()
      const poll = this.#bound === undefined ? this.#pending.find((each) => this.#isPoll(each)) : undefined
      if (poll === undefined) return
      this.#answer(poll, undefined)
      const received = poll.run.machine.received.at(-1)
      if (received !== undefined) this.#polls.add(received)
    }
  }

  #isPoll({ run, request: { method, path } }: Pending): boolean {
    const { received } = run.machine
    const since = received.findLastIndex((each) => each.method !== 'GET') + 1
    const changedAt = this.#changedAt
    const same = received
      .slice(since)
      .filter((each) => each.path === path && each.at > changedAt && each.status !== 500)
    return method === 'GET' && same.length >= 2
  }

  choices(): readonly Choice[] {
    const bound = this.#bound
    const at =
      bound === undefined ? this.#pending : this.#pending.filter((each) => this.#isBound(each, bound))
    const answers = at.flatMap((each): readonly Choice[] =>
      [undefined, ...this.#faultsOf(each)].map((fault) => ({ type: 'answer', at: each, fault })),
    )
    const acts = this.#acts.filter((what) => at.some((each) => this.#isBound(each, what)))
    return [...answers, ...acts.map((what): Choice => ({ type: 'act', act: what }))]
  }

  #isBound({ request }: Pending, what: Act): boolean {
    return dependsOn(request, this.#world, what)
  }

  // A read leaves nothing at the service: where it fails is the same as how, and a kill there is one after the last write.
  #faultsOf({ run, request }: Pending): readonly Fault[] {
    const ofReads: readonly Fault[] = [
      '500',
      'late answer',
      ...(run.machine.received.length === 0 ? ['kill' as const] : []),
    ]
    return this.#faultsLeft.filter((fault) => request.method !== 'GET' || ofReads.includes(fault))
  }

  take(choice: Choice): void {
    if (choice.type === 'act') {
      this.#acts = []
      this.#schedule.now += 1
      const isDone = act(this.#service, this.#world, choice.act)
      this.#changedAt = this.#schedule.now
      this.#bound = choice.act
      this.steps.push(`the administrator tries to ${choice.act}${isDone ? '' : ': it does not exist'}`)
      return
    }
    this.#bound = undefined
    const { at, fault } = choice
    if (fault !== undefined) this.#faultsLeft = []
    this.#answer(at, fault)
  }

  #answer({ run, request, arrive }: Pending, fault: Fault | undefined): void {
    this.#pending = this.#pending.filter((each) => each.arrive !== arrive)
    const isRead = request.method === 'GET'
    // Each moment has one event, so that the oracle knows what came first; the hash keeps no times of reads.
    this.#schedule.now += 1
    const isLost = fault === 'lost request' || fault === '500' || fault === '429'
    const isDone = !isLost && (fault !== 'kill' || !isRead)
    const answer = isDone ? this.#service.handle(request) : undefined
    if (!isRead && isDone) this.#changedAt = this.#schedule.now
    const what = `${run.actor.name} ${request.method} ${readable(request.path)} -> ${answer?.status ?? '-'}`
    this.steps.push(fault === undefined ? what : `${what} (${fault})`)
    if (fault !== undefined) this.#faults += 1
    if (fault === 'late answer') this.#schedule.now += LATE_MS
    if (fault === 'kill') {
      run.isKilled = true
      run.machine.isAlive = false
      this.#pending = this.#pending.filter((each) => each.run !== run)
      return
    }
    if (fault === 'lost answer' || fault === 'lost request') arrive({ type: 'failure', code: 'ECONNRESET' })
    else
      arrive({
        type: 'answer',
        answer: answer ?? refuse(Number(fault), 'exploration-fault', 'the exploration refuses this one'),
        date: undefined,
      })
  }

  hash(): string {
    return hashOf({
      service: this.#service,
      now: this.#schedule.now,
      runs: this.#runs,
      polls: this.#polls,
      pending: (run) => this.#pending.filter((each) => each.run === run).map(({ request }) => request),
      left: `${this.#acts.length} ${this.#faultsLeft.length} ${this.#bound}`,
    })
  }

  /** Runs once more, alone and without faults, and judges the history. */
  async end(): Promise<readonly (Broken | Unseen)[]> {
    const [one, other] = this.#runs as [Happened, Happened]
    for (const { named } of obstacles(this.#service, this.#world.file)) this.#service.remove(named)
    const repair = this.#start('R')
    for (;;) {
      await this.untilReady()
      const [next] = this.#pending
      if (next === undefined) break
      this.#answer(next, undefined)
    }
    const { broken } = judge({
      scenario: scenarioOf(this.#world),
      service: this.#service,
      network: { faults: new Map([['fault', this.#faults]]) },
      runs: [one, other],
      otherRepair: undefined,
      repair,
      isOver: true,
      trace: this.steps,
    })
    const unseen = [one, other].flatMap((run) => unseenBy(this.#service, run, ADMINISTRATOR))
    return [...broken, ...unseen]
  }
}
