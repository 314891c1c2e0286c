import { InternalError } from '../model/errors.ts'
import { optional } from '../model/optional.ts'
import type { Remote } from '../model/remote.ts'
import { type Change, isDisruptive, type Plan } from '../plan/types.ts'
import { endingOf } from './ending.ts'
import type { ApplyResult, ApplySummary, Outcome } from './events.ts'
import { APPLY_DEFAULTS, type ApplyOptions } from './options.ts'
import { inTurn } from './rollout.ts'
import { ApplyRun } from './run.ts'
import { perform } from './steps.ts'
import { interruptionOf } from './stop.ts'
import { walk } from './walk.ts'

/** A change that has an outcome. */
type Doing = Exclude<Change, { action: 'unmanaged' }>

/**
 * Carries out a plan: each change as soon as its own needs are done. Trouble of the API becomes outcomes; only
 * errors of ours are thrown, among them a plan that must not be applied. Whatever happens, planning and applying
 * again continues where this stopped.
 */
export async function apply(plan: Plan, remote: Remote, options: ApplyOptions): Promise<ApplyResult> {
  if (plan.refusals.length > 0) throw new InternalError('a plan with refusals must not be applied')
  const rollout = inTurn(plan.changes, options.maxDisruptive ?? APPLY_DEFAULTS.maxDisruptive)
  const changes = rollout.changes.filter((change) => change.action !== 'unmanaged')
  const run = new ApplyRun(
    { changes: rollout.changes, ...optional({ readAt: plan.readAt }) },
    remote,
    options,
  )
  try {
    const ends = await walk<Doing, End>(changes, {
      visit: (change) => {
        if (options.withheld?.has(change.key) === true) return end(run, change, WITHHELD)
        const outcome = confirmed(perform(run, change), change, options)
        if (!(outcome instanceof Promise)) return end(run, change, outcome)
        return outcome.then(
          (outcome) => end(run, change, outcome),
          (error: unknown) => {
            // Ends the waits of the others, so that the error is seen now.
            run.stop.abort({ type: 'signal' })
            throw error
          },
        )
      },
      skip: (change, unmet) => {
        const reason = skipped(unmet)
        // What is as it should be stays so; what needs it has to wait all the same.
        return { ...end(run, change, change.action === 'keep' ? { status: 'kept' } : reason), reason }
      },
      succeeded: ({ outcome, reason }) =>
        reason === undefined && (outcome.status === 'applied' || outcome.status === 'kept'),
    })
    const outcomes = ends.map(({ change, outcome, elapsedMs }) => ({ change, outcome, elapsedMs }))
    const result = {
      stack: plan.stack,
      ...optional({ unread: plan.unread }),
      ...(rollout.heldBack.length === 0 ? {} : { heldBack: rollout.heldBack }),
      outcomes,
      summary: summarise(outcomes),
      writes: run.writes,
      verified: 'skipped' as const,
      ...optional({ stopped: run.stop.reason }),
      ...interruptionOf(options.signal),
      ...requestsOf(remote),
    }
    return { ...result, ending: endingOf(result) }
  } finally {
    run.stop.dispose()
  }
}

// A gateway that was interrupted has to be of use again before what comes after it.
function confirmed(
  outcome: Outcome | Promise<Outcome>,
  change: Doing,
  { confirm }: ApplyOptions,
): Outcome | Promise<Outcome> {
  if (confirm === undefined || !isDisruptive(change) || change.action === 'delete') return outcome
  return Promise.resolve(outcome).then(async (ended): Promise<Outcome> => {
    if (ended.status !== 'applied' || ended.unconfirmed !== undefined) return ended
    const error = await confirm(change)
    return error === undefined ? ended : { status: 'failed', error }
  })
}

const WITHHELD: Outcome = {
  status: 'failed',
  error: {
    reason: 'stale',
    message: 'not written: the plan of today is not what was saved',
    hint: 'plan again, and look at what has changed',
  },
}

type End = ApplyResult['outcomes'][number] & { readonly reason?: Outcome }

function end(run: ApplyRun, change: Doing, outcome: Outcome): End {
  return { change, outcome, elapsedMs: run.finish(change, outcome) }
}

// The root of the trouble: a need that was blocked itself names what blocked it.
function skipped(unmet: readonly { readonly node: Change; readonly result: End }[]): Outcome {
  for (const { node, result } of unmet) {
    if (result.outcome.status === 'failed') return { status: 'blocked', by: node.address }
    if (result.reason?.status === 'blocked') return result.reason
  }
  return { status: 'cancelled' }
}

function summarise(outcomes: readonly End[]): ApplySummary {
  const summary = { applied: 0, failed: 0, blocked: 0, cancelled: 0, kept: 0 }
  for (const { outcome } of outcomes) summary[outcome.status] += 1
  return summary
}

/** How much was asked of the API so far, where the remote counts it. */
export function requestsOf(remote: Remote): Pick<ApplyResult, 'requests'> {
  if (remote.counts === undefined) return {}
  const { total, retries } = remote.counts()
  return { requests: { total, retries } }
}
