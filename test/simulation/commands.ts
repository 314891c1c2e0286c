import type { ApiRemote } from '../../src/api/options.ts'
import { createRemote } from '../../src/api/remote.ts'
import { apply } from '../../src/apply/apply.ts'
import type { ApplyResult } from '../../src/apply/events.ts'
import type { ApplyOptions } from '../../src/apply/options.ts'
import { applyExit } from '../../src/cli/commands/apply/exit.ts'
import { EXIT_OF_API_ERROR, exitCode } from '../../src/cli/exit-codes.ts'
import { startDeadline } from '../../src/engine/deadline.ts'
import { readScope } from '../../src/engine/read-scope.ts'
import { type ReadAndPlanOptions, readAndPlan } from '../../src/engine/reconcile.ts'
import { reviewSavedPlan } from '../../src/engine/review-saved-plan.ts'
import { withUnread } from '../../src/engine/unread-destroy.ts'
import { verify } from '../../src/engine/verify.ts'
import { ApiError } from '../../src/model/errors.ts'
import type { DesiredState } from '../../src/model/resource.ts'
import { Secret } from '../../src/model/secret.ts'
import { recordPlan } from '../../src/plan/saved/plan-record.ts'
import { isSavedPlanProblem, readSavedPlan, writeSavedPlan } from '../../src/plan/saved/saved-plan.ts'
import { seenBy } from '../../src/plan/saved/staleness.ts'
import { DEFAULT_PLAN_OPTIONS, type Plan } from '../../src/plan/types.ts'
import { desiredState, type Wanted } from '../support/desired-builder.ts'
import type { Machine } from './machine.ts'
import { REQUEST_TIMEOUT_MS } from './network.ts'
import { rememberBy } from './remember.ts'
import type { RunActor, Scenario } from './scenario.ts'

/** How a run ended. */
export interface RunEnd {
  readonly exit: number
  /** What it planned, for the trace. */
  readonly plan: Plan | undefined
  /** Why it was refused or failed, for the trace. */
  readonly reasons: readonly string[]
}

/** What `vpnctl apply --yes`, `vpnctl apply PLAN` and `vpnctl destroy --yes` do, between the files and the exit code. */
export async function runCommand(
  machine: Machine,
  scenario: Scenario,
  actor: RunActor,
  stop: AbortController,
): Promise<RunEnd> {
  const deadline = startDeadline(machine.clock, actor.timeoutMs)
  const signal = AbortSignal.any([stop.signal, deadline.signal])
  const run = { machine, scenario, actor, signal, random: seededBy(actor) }
  try {
    return actor.command === 'saved' ? await planThenApply(run) : await planAndApply(run)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { exit: exitCode(EXIT_OF_API_ERROR[error.reason]), plan: undefined, reasons: [error.message] }
  } finally {
    deadline.end()
  }
}

// All sessions of a history are given few files.
const desiredBy = rememberBy(desiredState)

interface Run {
  readonly machine: Machine
  readonly scenario: Scenario
  readonly actor: RunActor
  readonly signal: AbortSignal
  readonly random: () => number
}

/** What one process has: its connection, and how it reads. */
interface Session {
  readonly desired: DesiredState
  readonly remote: ApiRemote
  readonly look: ReadAndPlanOptions
}

async function inSession<T>(
  run: Run,
  file: Wanted | undefined,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { machine, scenario, actor, signal, random } = run
  const { clock } = machine
  const remote = createRemote({
    baseUrl: (location) => `https://simulation.invalid/${location.replaceAll('/', '-')}`,
    credentials: { type: 'token', token: new Secret('simulation') },
    parallelism: actor.parallelism,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    userAgent: 'vpnctl/simulation',
    transport: machine.transport,
    clock,
    random,
  })
  const desired = desiredBy(file ?? {})
  const known = new Set(scenario.others)
  const others = readScope(desired).others.filter((location) => known.has(location))
  try {
    return await work({
      desired,
      remote,
      look: {
        plan: { ...actor.plan, destroy: actor.command === 'destroy' },
        others: { remote: remote.aside, locations: others, unread: [] },
        signal,
        clock,
      },
    })
  } finally {
    remote.close()
  }
}

function planAndApply(run: Run): Promise<RunEnd> {
  const { machine, scenario, actor, signal } = run
  return inSession(run, scenario.files[actor.file], async (session) => {
    const plan = await planNow(machine, session)
    if (plan.refusals.length > 0) return refused(plan)
    if (actor.pauseMs > 0) await machine.clock.sleep(actor.pauseMs, signal)
    return carryOut(run, session, plan, {})
  })
}

async function planThenApply(run: Run): Promise<RunEnd> {
  const { machine, scenario, actor, signal } = run
  const first = await inSession(run, scenario.files[actor.file], async ({ desired, remote, look }) => {
    machine.beginRead()
    const { live, plan } = await readAndPlan(desired, remote, look)
    return { plan, text: textOf(plan, look, seenBy(desired, live, plan, actor.plan.targets ?? [])) }
  })
  if (first.plan.refusals.length > 0) return refused(first.plan)
  machine.savePlan(first.text)
  if (actor.pauseMs > 0) await machine.clock.sleep(actor.pauseMs, signal)
  const saved = readSavedPlan(first.text)
  if (isSavedPlanProblem(saved)) throw new Error(`the saved plan is ${saved.type}`)
  return inSession(run, scenario.files[actor.laterFile], async (session) => {
    machine.beginRead()
    const { plan: _, ...look } = session.look
    const review = await reviewSavedPlan(saved, session.desired, session.remote, {
      ...look,
      onStale: actor.onStale,
    })
    machine.endPlan()
    if (review.type === 'refused') return refused(review.plan)
    if (review.type === 'stale') {
      const reasons = review.differences.map(({ how, address, parts }) => `${how} ${address} ${parts.join()}`)
      return { exit: exitCode('stale'), plan: review.plan, reasons }
    }
    const options = { onStale: actor.onStale, withheld: review.withheld }
    return carryOut(run, session, review.plan, options)
  })
}

function textOf(plan: Plan, { plan: options }: ReadAndPlanOptions, seen: ReturnType<typeof seenBy>): string {
  return writeSavedPlan({
    stack: plan.stack,
    endpoints: {},
    source: { files: ['vpn.yaml'], varFiles: [], vars: [], allowPlaintextSecrets: false },
    locations: [],
    options: { ...DEFAULT_PLAN_OPTIONS, ...options },
    seen,
    fileWarnings: [],
    plan: recordPlan(plan),
  })
}

async function planNow(machine: Machine, { desired, remote, look }: Session): Promise<Plan> {
  machine.beginRead()
  const { plan } = await readAndPlan(desired, remote, look)
  machine.endPlan()
  return plan
}

async function carryOut(
  { machine, actor, signal, random }: Run,
  { desired, remote, look }: Session,
  plan: Plan,
  saved: Pick<ApplyOptions, 'onStale' | 'withheld'>,
): Promise<RunEnd> {
  const applied = await apply(plan, remote, {
    wait: true,
    waitTimeoutMs: 30 * 60_000,
    parallelism: actor.parallelism,
    signal,
    clock: machine.clock,
    random,
    ...saved,
  })
  machine.beginRead()
  const verified = await verify(applied, desired, remote, look)
  const result = actor.command === 'destroy' ? withUnread(verified, plan.unread) : verified
  return { exit: applyExit(result), plan, reasons: reasonsOf(result) }
}

function refused(plan: Plan): RunEnd {
  return { exit: exitCode('refused'), plan, reasons: plan.refusals.map(({ message }) => message) }
}

function reasonsOf(result: ApplyResult): readonly string[] {
  return [
    ...result.outcomes.flatMap(({ outcome, change }) =>
      outcome.status === 'failed' ? [`${change.address}: ${outcome.error.message}`] : [],
    ),
    ...(result.leftToDo ?? []).map(({ action, address }) => `left to do: ${action} ${address}`),
  ]
}

// Of its own, so that the draws of one run do not move those of another.
function seededBy({ name }: RunActor): () => number {
  let state = [...name].reduce((sum, char) => Math.imul(sum, 31) + char.charCodeAt(0), 7) >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
