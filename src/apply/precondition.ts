import { decodeLive } from '../model/decode.ts'
import type { LiveResource } from '../model/resource.ts'
import { userName } from '../model/user-name.ts'
import { compare } from '../plan/changes/compare.ts'
import { samePlain } from '../plan/changes/field-diff.ts'
import type { ChangeOf } from '../plan/types.ts'
import type { OutcomeError } from './events.ts'
import type { ApplyRun } from './run.ts'

/** What a look just before a write says. */
export type Precondition =
  | { readonly type: 'holds' }
  /** A deletion that somebody else has done already. */
  | { readonly type: 'already-gone' }
  | { readonly type: 'moved'; readonly error: OutcomeError }

/** A change that writes. */
export type WritingChange = ChangeOf<'create'> | ChangeOf<'update'> | ChangeOf<'delete'>

/** Compares the resource as it is now with what the plan saw. Throws {@link ApiError}. */
export async function checkPrecondition(run: ApplyRun, change: WritingChange): Promise<Precondition> {
  const wire = await run.remote.get(change.target, run.stop.noRequests)
  const now = wire === null ? undefined : decodeLive(change.target, wire)
  if (change.action === 'create') {
    // The same content is what a lost answer of ours leaves behind.
    return now === undefined || compare(change.desired, now, false).fields.length === 0
      ? { type: 'holds' }
      : moved(`it exists already with other content${by(now)}`)
  }
  if (now === undefined) {
    return change.action === 'delete' ? { type: 'already-gone' } : moved('it is gone')
  }
  if (now.status === 'DESTROYING' && change.action === 'update')
    return moved(`it is being destroyed${by(now)}`)
  return hasMoved(run, change.live, now, change.key) ? moved(`it was changed${by(now)}`) : { type: 'holds' }
}

function hasMoved(run: ApplyRun, seen: LiveResource, now: LiveResource, key: string): boolean {
  if (!samePlain(seen.spec, now.spec)) return true
  const keys = [seen.metadata.publicKey, now.metadata.publicKey]
  if (keys.every((publicKey) => publicKey !== undefined) && keys[0] !== keys[1]) return true
  // The date also moves when the service ends what was under way, and perhaps with every write of ours below.
  if (seen.status !== 'AVAILABLE' || run.lock(key).used) return false
  return seen.metadata.lastModifiedDate !== now.metadata.lastModifiedDate
}

function by(live: LiveResource): string {
  const { lastModifiedBy: who, lastModifiedDate: when } = live.metadata
  return `${who === undefined ? '' : ` by ${userName(who)}`}${when === undefined ? '' : ` at ${when}`}`
}

function moved(what: string): Precondition {
  return {
    type: 'moved',
    error: {
      reason: 'stale',
      message: `not written: ${what} since the plan was made`,
      hint: 'plan again, and look at what has changed',
    },
  }
}
