import type { ApplyResult, Outcome } from '../../apply/events.ts'
import type { Change } from '../../plan/types.ts'

/** A change with an outcome of one status. */
export type Entry<S extends Outcome['status']> = {
  readonly change: Change
  readonly outcome: Extract<Outcome, { status: S }>
}

/** The verdict of an apply in one line. */
export function resultLine(result: ApplyResult, isDestroy: boolean): string {
  const { applied, failed, blocked } = result.summary
  const cancelled = notStarted(result).length
  const waiting = waitedFor(result).length
  if (isDone(result)) {
    const done = entriesOf(result, 'applied').map(({ change }) => change.action)
    const by = (action: Change['action']): number => done.filter((each) => each === action).length
    if (isDestroy) return `Destroy complete! Resources: ${by('delete')} destroyed.`
    return `Apply complete! Resources: ${by('create')} added, ${by('update')} changed, ${by('delete')} destroyed.`
  }
  const parts = [
    `${applied} applied`,
    `${failed} failed`,
    ...(blocked === 0 ? [] : [`${blocked} skipped`]),
    ...(cancelled === 0 ? [] : [`${cancelled} not started`]),
    ...(waiting === 0 ? [] : [`${waiting} still waited for`]),
  ]
  const cause = causeOf(result)
  return `Apply incomplete${cause === undefined ? '' : ` (${cause})`}: ${parts.join(', ')}.`
}

/** Changes that a stop left undone. */
export function notStarted(result: ApplyResult): readonly Entry<'cancelled'>[] {
  return entriesOf(result, 'cancelled').filter(({ change }) => change.action !== 'keep')
}

/** What is as the files say, and was not AVAILABLE yet at a stop. */
export function waitedFor(result: ApplyResult): readonly Entry<'cancelled'>[] {
  return entriesOf(result, 'cancelled').filter(({ change }) => change.action === 'keep')
}

/** Every change was done, whatever the verification says. */
export function isAllDone(result: ApplyResult): boolean {
  return isDone(result) || result.ending === 'not-converged' || result.ending === 'not-verified'
}

/** Every change was done, and the verification found nothing. */
export function isDone({ ending }: ApplyResult): boolean {
  return ending === 'converged' || ending === 'applied'
}

function causeOf({ ending, interrupted, stopped }: ApplyResult): string | undefined {
  switch (ending) {
    case 'converged':
    case 'applied':
      return undefined
    case 'not-converged':
      return 'not converged'
    case 'not-verified':
      return 'not verified'
    case 'timed-out':
      return 'timed out'
    case 'interrupted':
      return `stopped by ${interrupted ?? 'a signal'}`
    case 'incomplete':
      if (stopped === undefined) return undefined
      return stopped.type === 'stale' ? 'stopped: live has changed' : 'stopped by an error'
    default:
      return ending satisfies never
  }
}

/** The changes that ended with one status. */
export function entriesOf<S extends Outcome['status']>(result: ApplyResult, status: S): readonly Entry<S>[] {
  return result.outcomes.flatMap(({ change, outcome }) =>
    outcome.status === status ? [{ change, outcome: outcome as Extract<Outcome, { status: S }> }] : [],
  )
}
