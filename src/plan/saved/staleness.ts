import type { Address } from '../../model/address.ts'
import { type DesiredState, type LiveState, targetKey } from '../../model/resource.ts'
import type { Change, Plan } from '../types.ts'
import {
  changeFingerprints,
  desiredFingerprints,
  desiredKey,
  type Fingerprint,
  liveFingerprints,
} from './digest.ts'
import type { PlanRecord } from './plan-record.ts'

/** Something that is not what it was when a plan was made. */
export interface Moved {
  readonly key: string
  readonly address: Address
  /** `plan`: neither file nor live moved, but what was not known then, a secret for instance, is known now. */
  readonly side: 'file' | 'live' | 'plan'
  readonly how: 'added' | 'removed' | 'changed'
  /** Who the API names as the last to change it. */
  readonly by?: string
  readonly at?: string
}

/** What a plan saw and was about to do. */
export interface Seen {
  readonly desired: readonly Fingerprint[]
  readonly live: readonly Fingerprint[]
  readonly changes: readonly Fingerprint[]
}

/** A plan with what it saw. */
export interface Look {
  readonly seen: Seen
  readonly plan: PlanRecord | Plan
}

/** What a plan has to remember so that a later look can tell what moved. `targets`: only the rest is looked at. */
export function seenBy(desired: DesiredState, live: LiveState, plan: Plan, targets: readonly string[]): Seen {
  const changes = changeFingerprints(plan)
  const known = new Set(changes.map(({ key }) => key))
  const all = liveFingerprints(live)
  return {
    desired: desiredFingerprints(desired),
    live: targets.length === 0 ? all : all.filter(({ key }) => known.has(key)),
    changes,
  }
}

/**
 * What differs between what a plan saw and a later look. What the plan itself was to do and is done has not moved:
 * a run that was cut off can be run again.
 */
export function movedBetween(before: Look, now: Look, live: LiveState): readonly Moved[] {
  const isDone = doneAlready(before.plan, now.plan)
  const history = new Map(live.resources.map((resource) => [targetKey(resource), resource.metadata]))
  const file = differences(before.seen.desired, now.seen.desired).map(
    (found): Moved => ({ ...found, side: 'file' }),
  )
  const world = differences(before.seen.live, now.seen.live)
    .filter(({ key }) => !isDone(key))
    .map((found): Moved => {
      const metadata = found.how === 'removed' ? undefined : history.get(found.key)
      const by = metadata?.lastModifiedBy ?? metadata?.createdBy
      const at = metadata?.lastModifiedDate ?? metadata?.createdDate
      return {
        ...found,
        side: 'live',
        ...(by === undefined ? {} : { by }),
        ...(at === undefined ? {} : { at }),
      }
    })
  // What follows from a file or a world that moved is told by that.
  if (file.length + world.length > 0) return [...file, ...world]
  return differences(before.seen.changes, now.seen.changes)
    .filter(({ key }) => !isDone(key))
    .map((found) => ({ ...found, side: 'plan' }))
}

type Actions = Pick<PlanRecord, 'changes'> | Pick<Plan, 'changes'>

function doneAlready(before: Actions, now: Actions): (key: string) => boolean {
  const planned = actionsOf(before)
  const left = actionsOf(now)
  return (key) => {
    const action = planned.get(key)
    if (action === 'create' || action === 'update') return left.get(key) === 'keep'
    return action === 'delete' && !left.has(key)
  }
}

function actionsOf({ changes }: Actions): ReadonlyMap<string, unknown> {
  return new Map(changes.map((change) => [change.key, 'rest' in change ? change.rest.action : change.action]))
}

type Difference = Pick<Moved, 'key' | 'address' | 'how'>

function differences(before: readonly Fingerprint[], now: readonly Fingerprint[]): readonly Difference[] {
  const old = new Map(before.map((each) => [each.key, each]))
  const left = new Set(now.map(({ key }) => key))
  const removed = before
    .filter(({ key }) => !left.has(key))
    .map(({ key, address }): Difference => ({ key, address, how: 'removed' }))
  const others = now.flatMap(({ key, address, digest }): Difference[] => {
    const was = old.get(key)
    if (was === undefined) return [{ key, address, how: 'added' }]
    return was.digest === digest ? [] : [{ key, address, how: 'changed' }]
  })
  return [...removed, ...others]
}

/**
 * The saved plan with the secrets of today. What moved keeps what the plan saw, so that its precondition refuses it
 * just before the write; the rest is as it is now.
 */
export function withoutMoved(
  saved: Plan,
  desired: DesiredState,
  live: LiveState,
  moved: ReadonlySet<string>,
): Plan {
  const wanted = new Map(desired.resources.map((resource) => [desiredKey(resource), resource]))
  const found = new Map(live.resources.map((resource) => [targetKey(resource), resource]))
  const changes = saved.changes.map((change): Change => {
    const current = moved.has(change.key) ? undefined : found.get(change.key)
    const own =
      'desired' in change && change.desired !== undefined ? wanted.get(desiredKey(change.desired)) : undefined
    return {
      ...change,
      ...(own === undefined ? {} : { desired: own }),
      ...(current === undefined || change.action === 'create' ? {} : { live: current }),
    } as Change
  })
  return { ...saved, changes, missingSecrets: [] }
}
