import { SandboxStore } from '../../src/sandbox/store-access.ts'
import { Dice } from '../faults/dice.ts'
import { desiredState } from '../support/desired-builder.ts'
import { administer } from './administrator.ts'
import { type RunEnd, runCommand } from './commands.ts'
import { Draw } from './draw.ts'
import { kindOf } from './files.ts'
import { Machine } from './machine.ts'
import { Network } from './network.ts'
import { obstacles } from './oracle/obstacles.ts'
import type { Actor, RunActor, Scenario } from './scenario.ts'
import { Schedule } from './schedule.ts'
import { pathOfNamed, Service } from './service.ts'

/** One run of a history, for the oracle. */
export interface Happened {
  readonly actor: RunActor
  readonly user: string
  readonly machine: Machine
  readonly startedAt: number
  end: RunEnd | undefined
  endedAt: number | undefined
  isKilled: boolean
}

/** All that happened. */
export interface History {
  readonly scenario: Scenario
  readonly service: Service
  readonly network: Network
  readonly runs: readonly Happened[]
  /** The run at the end, without faults and with nobody else at work. */
  readonly repair: Happened
  /** What was in the way of the repair and was taken out of it by hand. */
  readonly cleared: readonly string[]
  /** False: something never ended. */
  readonly isOver: boolean
  readonly trace: readonly string[]
}

const STARTS_AT = Date.UTC(2026, 0, 1)
/** No run takes longer: it has an hour, and a request that was sent has its time. */
const LONGEST_MS = 3 * 3_600_000
const MOST_EVENTS = 60_000

/** Lets a scenario happen. */
export async function simulate(scenario: Scenario, isTraced = false): Promise<History> {
  const draw = new Draw(scenario.seed)
  const order = new Dice(scenario.seed ^ 0x0ede4)
  const schedule = new Schedule(STARTS_AT, () => order.random())
  const service = new Service(scenario.seed, scenario.behaviour, () => schedule.now)
  const network = new Network(scenario, schedule, service, draw)
  const trace: string[] = []
  const names = new Map<string, string>()
  const tell = (text: string): void => {
    if (isTraced) trace.push(`${String(schedule.now - STARTS_AT).padStart(8)} ms  ${text}`)
  }
  network.onArrival = ({ user, method, path, query }, fault, answer) => {
    if (isTraced)
      tell(
        `${names.get(user)} ${method} ${short(path)}${pageOf(query)} -> ${answer?.status ?? '-'}${fault === undefined ? '' : ` (${fault})`}`,
      )
  }
  seed(service, scenario, () => schedule.now)
  const runs: Happened[] = []
  const start = (actor: RunActor, number: number): Happened => {
    const user = userOf(number)
    names.set(user, actor.name)
    const machine = new Machine(schedule, network, user, actor.skewMs)
    const happened: Happened = {
      actor,
      user,
      machine,
      startedAt: schedule.now,
      end: undefined,
      endedAt: undefined,
      isKilled: false,
    }
    const stop = new AbortController()
    machine.onStep = (step) => {
      if (step === actor.killAtStep) {
        machine.isAlive = false
        happened.isKilled = true
        tell(`${actor.name} is killed`)
      }
      if (step === actor.signalAtStep) {
        tell(`${actor.name} receives SIGTERM`)
        stop.abort('SIGTERM')
      }
    }
    tell(`${actor.name} begins: ${actor.command}, file ${actor.file}, prune ${actor.plan.prune ?? 'owned'}`)
    runCommand(machine, desiredState(scenario.files[actor.file] ?? {}), actor, stop).then(
      (end) => {
        if (!machine.isAlive) return
        happened.end = end
        happened.endedAt = schedule.now
        tell(`${actor.name} ends with ${end.exit} ${end.reasons.join('; ')}`)
      },
      (error: unknown) => {
        broken ??= { error }
      },
    )
    return happened
  }
  let broken: { readonly error: unknown } | undefined
  let pending = scenario.actors.length
  for (const actor of scenario.actors) {
    schedule.after(actor.at, () => {
      pending -= 1
      if (actor.type === 'run') runs.push(start(actor, runs.length))
      else tell(`the administrator ${administer(service, actor)}`)
    })
  }
  const isQuiet = (of: readonly Happened[]) => (): boolean =>
    broken !== undefined || (pending === 0 && of.every(({ end, isKilled }) => end !== undefined || isKilled))
  const limits = { until: STARTS_AT + LONGEST_MS, events: MOST_EVENTS }
  const isOver = await schedule.run(isQuiet(runs), limits)
  network.isFaulty = false
  // What is under way at the service comes to its end before the repair begins.
  let isAtRest = false
  schedule.after(120_000, () => {
    isAtRest = true
  })
  await schedule.run(() => isAtRest, { until: Number.POSITIVE_INFINITY, events: MOST_EVENTS })
  const last = lastFile(scenario)
  const cleared = obstacles(service, scenario.files[last] ?? {}).map((obstacle) => {
    service.remove(obstacle.named)
    tell(`in the way of ${obstacle.of}: ${short(pathOfNamed(obstacle.named))}`)
    return obstacle.of
  })
  const repair = start({ ...REPAIR, file: last }, 99)
  const isRepaired = await schedule.run(isQuiet([repair]), {
    until: schedule.now + LONGEST_MS,
    events: MOST_EVENTS,
  })
  if (broken !== undefined) throw broken.error
  return { scenario, service, network, runs, repair, cleared, isOver: isOver && isRepaired, trace }
}

const REPAIR: Omit<RunActor, 'file'> = {
  type: 'run',
  name: 'repair',
  at: 0,
  command: 'apply',
  plan: { maxDeletes: { type: 'count', value: 1000 } },
  pauseMs: 0,
  onStale: 'abort',
  timeoutMs: 3_600_000,
  parallelism: 10,
  skewMs: 0,
}

/** The file that the last applying run was given. */
function lastFile(scenario: Scenario): number {
  const runs = scenario.actors.filter((actor: Actor): actor is RunActor => actor.type === 'run')
  return runs.reduce((latest, { file }) => Math.max(latest, file), 0)
}

function seed(service: Service, scenario: Scenario, now: () => number): void {
  for (const { kind, location, properties, ...options } of scenario.seeded) {
    const store = new SandboxStore(service.places.at(location).store, now)
    const isHeld = options.parentId !== undefined && store.get(options.parentId) === undefined
    if (!isHeld) store.seed(kindOf(kind), properties as never, options)
  }
}

function userOf(number: number): string {
  return `00000000-0000-4000-8000-00000000a${String(number).padStart(3, '0')}`
}

function short(path: string): string {
  return path.replace(/[0-9a-f]{8}-[0-9a-f-]{23}([0-9a-f]{4})/g, '..$1')
}

function pageOf(query: URLSearchParams | undefined): string {
  const offset = query?.get('offset') ?? null
  return offset === null ? '' : ` [${offset}..]`
}
