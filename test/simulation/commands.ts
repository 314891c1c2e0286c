import { createRemote } from '../../src/api/remote.ts'
import { apply } from '../../src/apply/apply.ts'
import type { ApplyResult } from '../../src/apply/events.ts'
import { applyExit } from '../../src/cli/commands/apply/exit.ts'
import { EXIT_OF_API_ERROR, exitCode } from '../../src/cli/exit-codes.ts'
import { startDeadline } from '../../src/engine/deadline.ts'
import { readAndPlan } from '../../src/engine/reconcile.ts'
import { verify } from '../../src/engine/verify.ts'
import { ApiError } from '../../src/model/errors.ts'
import type { DesiredState } from '../../src/model/resource.ts'
import { Secret } from '../../src/model/secret.ts'
import type { Plan, PlanOptions } from '../../src/plan/types.ts'
import type { Machine } from './machine.ts'
import { REQUEST_TIMEOUT_MS } from './network.ts'
import type { RunActor } from './scenario.ts'

/** How a run ended. */
export interface RunEnd {
  readonly exit: number
  /** What it planned, for the trace. */
  readonly plan: Plan | undefined
  /** Why it was refused or failed, for the trace. */
  readonly reasons: readonly string[]
}

/** What `vpnctl apply --yes` and `vpnctl destroy --yes` do, between the files and the exit code. */
export async function runCommand(
  machine: Machine,
  desired: DesiredState,
  actor: RunActor,
  stop: AbortController,
): Promise<RunEnd> {
  const { clock } = machine
  const random = seededBy(actor)
  const deadline = startDeadline(clock, actor.timeoutMs)
  const signal = AbortSignal.any([stop.signal, deadline.signal])
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
  let plan: Plan | undefined
  try {
    const options: Partial<PlanOptions> = { ...actor.plan, destroy: actor.command === 'destroy' }
    const read = { plan: options, signal, clock }
    machine.beginRead()
    plan = (await readAndPlan(desired, remote, read)).plan
    machine.endPlan()
    if (plan.refusals.length > 0) {
      return { exit: exitCode('refused'), plan, reasons: plan.refusals.map(({ message }) => message) }
    }
    if (actor.pauseMs > 0) await clock.sleep(actor.pauseMs, signal)
    const applied = await apply(plan, remote, {
      wait: true,
      waitTimeoutMs: 30 * 60_000,
      parallelism: actor.parallelism,
      signal,
      clock,
      random,
    })
    machine.beginRead()
    const result = await verify(applied, desired, remote, read)
    return { exit: applyExit(result), plan, reasons: reasonsOf(result) }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { exit: exitCode(EXIT_OF_API_ERROR[error.reason]), plan, reasons: [error.message] }
  } finally {
    deadline.end()
    remote.close()
  }
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
