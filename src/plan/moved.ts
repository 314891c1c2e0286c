import type { Address } from '../model/address.ts'
import { type DesiredState, type LiveState, targetKey } from '../model/resource.ts'
import { changeFingerprints, desiredFingerprints, type Fingerprint, liveFingerprints } from './digest.ts'
import type { Plan } from './types.ts'

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

/** What differs between two looks, by what the first one was about. */
export function movedBetween(before: Seen, now: Seen, live: LiveState): readonly Moved[] {
  const history = new Map(live.resources.map((resource) => [targetKey(resource), resource.metadata]))
  const file = differences(before.desired, now.desired).map((found) => ({ ...found, side: 'file' as const }))
  const world = differences(before.live, now.live).map((found): Moved => {
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
  return differences(before.changes, now.changes).map((found) => ({ ...found, side: 'plan' }))
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
