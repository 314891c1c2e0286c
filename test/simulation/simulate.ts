import { SandboxStore } from '../../src/sandbox/store-access.ts'
import { Dice } from '../faults/dice.ts'
import type { Wanted } from '../support/desired-builder.ts'
import { administer } from './administrator.ts'
import { type RunEnd, runCommand } from './commands.ts'
import { Draw } from './draw.ts'
import { kindOf } from './files.ts'
import { OTHER_FILE } from './generate.ts'
import { Machine } from './machine.ts'
import { Network } from './network.ts'
import { obstacles, withoutUnusedReleases } from './oracle/obstacles.ts'
import type { Actor, RunActor, Scenario } from './scenario.ts'
import { Schedule } from './schedule.ts'
import { pathOfNamed, Service } from './service.ts'

/** One run of a history, for the oracle. */
export interface Happened {
  readonly actor: RunActor
  /** What its writes are judged by: for a saved plan the file as it is when that is applied. */
  readonly file: Wanted
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
  readonly network: Pick<Network, 'faults'>
  readonly runs: readonly Happened[]
  /** A run of the other stack at the end, where it took part. */
  readonly otherRepair: Happened | undefined
  /** The run at the end, without faults and with no one else writing. */
  readonly repair: Happened
  /** False: something never ended. */
  readonly isOver: boolean
  readonly trace: readonly string[]
}

const STARTS_AT = Date.UTC(2026, 0, 1)
/** How long what is live at the start has been so: reads may lag. */
const SEEDED_BEFORE_MS = 10_000
/** No run takes longer: it has an hour, and a request that was sent has its time. */
const LONGEST_MS = 3 * 3_600_000
const MOST_EVENTS = 60_000

/** Lets a scenario happen. */
export async function simulate(scenario: Scenario, isTraced = false): Promise<History> {
  const draw = new Draw(scenario.seed)
  const order = new Dice(scenario.seed ^ 0x0ede4)
  const schedule = new Schedule(STARTS_AT - SEEDED_BEFORE_MS, () => order.random())
  const service = new Service(scenario.seed, scenario.behaviour, () => schedule.now)
  const network = new Network(scenario, schedule, service, draw)
  const trace: string[] = []
  const names = new Map<string, string>()
  const note = (text: string): void => {
    if (isTraced) trace.push(`${String(schedule.now - STARTS_AT).padStart(8)} ms  ${text}`)
  }
  const watchers = scenario.actors.flatMap((actor) =>
    actor.type === 'administrator' && actor.atStep !== undefined ? [{ actor, atStep: actor.atStep }] : [],
  )
  const administerAt = (name: string, step: number): void => {
    for (const { actor, atStep } of watchers) {
      if (atStep.run === name && atStep.step === step) note(`the administrator ${administer(service, actor)}`)
    }
  }
  network.onArrival = ({ user, method, path, query }, fault, answer) => {
    if (isTraced)
      note(
        `${names.get(user)} ${method} ${short(path)}${pageOf(query)} -> ${answer?.status ?? '-'}${fault === undefined ? '' : ` (${fault})`}`,
      )
  }
  seed(service, scenario, () => schedule.now)
  schedule.now = STARTS_AT
  const runs: Happened[] = []
  // Node keeps the signals of a run that never ends.
  const stops: (() => void)[] = []
  const start = (actor: RunActor, number: number, files = scenario.files): Happened => {
    const user = userOf(number)
    names.set(user, actor.name)
    const machine = new Machine(schedule, network, user, actor.skewMs)
    const happened: Happened = {
      actor,
      file: files[actor.command === 'saved' ? actor.laterFile : actor.file] ?? {},
      user,
      machine,
      startedAt: schedule.now,
      end: undefined,
      endedAt: undefined,
      isKilled: false,
    }
    const stop = new AbortController()
    stops.push(() => {
      machine.isAlive = false
      stop.abort()
    })
    machine.onStep = (step) => {
      if (watchers.length > 0) administerAt(actor.name, step)
      if (step === actor.killAtStep) {
        machine.isAlive = false
        happened.isKilled = true
        note(`${actor.name} is killed`)
      }
      if (step === actor.signalAtStep) {
        note(`${actor.name} receives SIGTERM`)
        stop.abort('SIGTERM')
      }
    }
    note(`${actor.name} begins: ${describe(actor)}`)
    runCommand(machine, { ...scenario, files }, actor, stop).then(
      (end) => {
        if (!machine.isAlive) return
        happened.end = end
        happened.endedAt = schedule.now
        note(`${actor.name} ends with ${end.exit} ${end.reasons.join('; ')}`)
      },
      (error: unknown) => {
        broken ??= { error }
      },
    )
    return happened
  }
  let broken: { readonly error: unknown } | undefined
  const timed = scenario.actors.filter((actor) => actor.type === 'run' || actor.atStep === undefined)
  let pending = timed.length
  for (const actor of timed) {
    schedule.after(actor.at, () => {
      pending -= 1
      if (actor.type === 'run') runs.push(start(actor, runs.length))
      else note(`the administrator ${administer(service, actor)}`)
    })
  }
  const isQuiet = (of: readonly Happened[]) => (): boolean =>
    broken !== undefined || (pending === 0 && of.every(({ end, isKilled }) => end !== undefined || isKilled))
  const limits = { until: STARTS_AT + LONGEST_MS, events: MOST_EVENTS }
  const isOver = await schedule.run(isQuiet(runs), limits)
  network.isFaulty = false
  // What is under way at the service comes to its end before the repair begins.
  await rest(schedule, 120_000)
  let isRepaired = true
  const repairBy = async (name: string, file: number, number: number): Promise<Happened> => {
    const inTheWay = obstacles(service, scenario.files[file] ?? {})
    for (const { named, of } of inTheWay) {
      service.remove(named)
      note(`in the way of ${of}: ${short(pathOfNamed(named))}`)
    }
    // A read that lags would show what was removed.
    if (inTheWay.length > 0) await rest(schedule, scenario.behaviour.readLagMs ?? 0)
    const files = scenario.files.map((each) => withoutUnusedReleases(service, each, scenario.others))
    const run = start({ ...REPAIR, name, file, laterFile: file }, number, files)
    const limits = { until: schedule.now + LONGEST_MS, events: MOST_EVENTS }
    isRepaired &&= await schedule.run(isQuiet([run]), limits)
    if (broken !== undefined) throw broken.error
    return run
  }
  const isShared = scenario.actors.some((actor) => actor.type === 'run' && actor.file === OTHER_FILE)
  const otherRepair = isShared ? await repairBy('repair-other', OTHER_FILE, 98) : undefined
  const repair = await repairBy('repair', lastFile(scenario), 99)
  for (const stop of stops) stop()
  return { scenario, service, network, runs, otherRepair, repair, isOver: isOver && isRepaired, trace }
}

async function rest(schedule: Schedule, ms: number): Promise<void> {
  let isOver = false
  schedule.after(ms, () => {
    isOver = true
  })
  await schedule.run(() => isOver, { until: Number.POSITIVE_INFINITY, events: MOST_EVENTS })
}

const REPAIR: Omit<RunActor, 'name' | 'file' | 'laterFile'> = {
  type: 'run',
  at: 0,
  command: 'apply',
  plan: { maxDeletes: { type: 'count', value: 1000 } },
  pauseMs: 0,
  onStale: 'abort',
  timeoutMs: 3_600_000,
  parallelism: 10,
  skewMs: 0,
}

/** The latest of the judged stack's files that a run was given; the second where none was. */
function lastFile({ actors }: Scenario): number {
  const given = actors.flatMap((actor: Actor) =>
    actor.type === 'run' && actor.file !== OTHER_FILE ? [actor.file, actor.laterFile] : [],
  )
  return given.length === 0 ? 1 : Math.max(...given)
}

function describe({ command, file, laterFile, plan: { prune = 'owned', targets = [] } }: RunActor): string {
  const later = command === 'saved' && laterFile !== file ? `, then file ${laterFile}` : ''
  const only = targets.length === 0 ? '' : `, only ${targets.join(' and ')}`
  return `${command}, file ${file}${later}, prune ${prune}${only}`
}

function seed(service: Service, scenario: Scenario, now: () => number): void {
  for (const { kind, location, properties, forMs, ...more } of scenario.seeded) {
    const options = { ...more, ...(forMs === undefined ? {} : { forMs: forMs + SEEDED_BEFORE_MS }) }
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

function pageOf(query = ''): string {
  const offset = /\boffset=(\d+)/.exec(query)?.[1]
  return offset === undefined ? '' : ` [${offset}..]`
}
