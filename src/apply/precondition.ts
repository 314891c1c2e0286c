import { verifyingNames } from '../model/decode.ts'
import { getPath, type Plain, type PlainObject, withoutPath } from '../model/json.ts'
import { optional } from '../model/optional.ts'
import type { LiveResource } from '../model/resource.ts'
import { compare } from '../plan/changes/compare.ts'
import { samePlain } from '../plan/changes/field-diff.ts'
import type { ChangeOf } from '../plan/types.ts'

/** A change that writes. */
export type WritingChange = ChangeOf<'create'> | ChangeOf<'update'> | ChangeOf<'delete'>

/** What this run has done so far that may show in the resource. */
export interface OwnWrites {
  /** An earlier attempt of this change was sent, and its answer is not known. */
  readonly maybeWritten: boolean
  /** Children of it were written, which may change its date. */
  readonly children: boolean
}

/** What the last read of a resource means for a write of it. */
export type Precondition =
  | { readonly type: 'holds' }
  /** A deletion that is done already. */
  | { readonly type: 'already-gone' }
  /** An earlier attempt of ours has created again what was deleted. */
  | { readonly type: 'recreated'; readonly live: LiveResource }
  /** `what` finishes the sentence "not written: ...". */
  | { readonly type: 'changed'; readonly what: string; readonly live?: LiveResource }

/** Compares a resource as it was read last with what the plan saw. Pure. */
export function checkPrecondition(
  change: WritingChange,
  now: LiveResource | undefined,
  own: OwnWrites,
): Precondition {
  switch (change.action) {
    case 'create':
      // The same content is what a lost answer of ours leaves behind.
      return now === undefined || now.status === 'DESTROYING' || isAsDesired(change, now)
        ? HOLDS
        : changed('it was created with other content', now)
    case 'update':
      if (now === undefined) return changed('it is gone')
      if (isAnother(change.live, now)) {
        return own.maybeWritten && isAsDesired(change, now)
          ? { type: 'recreated', live: now }
          : changed('it was deleted and created again', now)
      }
      if (now.status === 'DESTROYING') return changed('it is being destroyed', now)
      if (!hasChanged(change.live, now, own)) return HOLDS
      return isOwnEdit(change, now, own) ? HOLDS : changed('it was changed', now)
    case 'delete':
      if (now === undefined) return { type: 'already-gone' }
      if (isAnother(change.live, now)) return changed('it was deleted and created again', now)
      if (now.status === 'DESTROYING' || !hasChanged(change.live, now, own)) return HOLDS
      return changed('it was changed', now)
    default:
      return change satisfies never
  }
}

/** True when the two are not one resource over time: it was deleted and created again in between. */
export function isAnother(before: LiveResource, after: LiveResource): boolean {
  const [was, is] = [before.metadata.createdDate, after.metadata.createdDate]
  return was !== undefined && is !== undefined && was !== is
}

/** More than the service may take between the two dates of a creation. */
const CREATION_MS = 500

/**
 * True when the answer to an update shows something that others created before it: the update changed theirs and
 * created nothing, so there is nothing to take back.
 */
export function existedBefore(answer: LiveResource): boolean {
  const { createdDate = '', lastModifiedDate = '' } = answer.metadata
  return Date.parse(lastModifiedDate) - Date.parse(createdDate) > CREATION_MS
}

/** True when the answer to a write shows that whoever wrote has created it too: an earlier attempt may have. */
export function isCreatedByItsEditor({ metadata: { createdBy, lastModifiedBy } }: LiveResource): boolean {
  return createdBy !== undefined && createdBy === lastModifiedBy
}

const HOLDS: Precondition = { type: 'holds' }

function changed(what: string, live?: LiveResource): Precondition {
  return { type: 'changed', what, ...optional({ live }) }
}

/** True when live has what the change writes, as far as that can be compared. */
export function isAsDesired(change: ChangeOf<'create'> | ChangeOf<'update'>, now: LiveResource): boolean {
  return compare(change.desired, now, false).fields.length === 0
}

// What we want already exists: by an attempt of ours, or by another run of the same files. Where the plan writes
// secrets alone this is not a sign, since the rest was as we want it before.
function isOwnEdit(change: ChangeOf<'update'>, now: LiveResource, own: OwnWrites): boolean {
  return isAsDesired(change, now) && (own.maybeWritten || !samePlain(change.live.spec, now.spec))
}

function hasChanged(seen: LiveResource, now: LiveResource, own: OwnWrites): boolean {
  const isIdle = seen.status === 'AVAILABLE' || seen.status === 'FAILED'
  if (!samePlain(seen.spec, isIdle ? now.spec : withoutFilledIn(seen, now))) return true
  if (verifyingNames(seen.kind).some((name) => differ(seen.metadata[name], now.metadata[name]))) return true
  // The date also changes when the service ends what was in progress.
  if (seen.status !== 'AVAILABLE' || own.children) return false
  return seen.metadata.lastModifiedDate !== now.metadata.lastModifiedDate
}

// What one of two reads did not show says nothing.
function differ(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other
}

// The service may fill in defaults and what it chooses while it works; every other field was written by someone.
function withoutFilledIn({ kind, spec: seen }: LiveResource, now: LiveResource): PlainObject {
  const spec = kind.serverChosen
    .filter((path) => getPath(seen, path) === undefined)
    .reduce((left, path) => withoutPath(left, path), now.spec)
  const isFilledIn = ([field, value]: readonly [string, Plain | undefined]): boolean =>
    !(field in seen) && value === kind.defaults[field]
  return Object.fromEntries(Object.entries(spec).filter((entry) => !isFilledIn(entry)))
}
