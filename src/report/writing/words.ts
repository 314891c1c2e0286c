import { namesIn } from '../../model/address.ts'
import type { SourceRange } from '../../model/diagnostic.ts'
import { derivingStack } from '../../model/identity.ts'
import { getPath } from '../../model/json.ts'
import { dateText, userName } from '../../model/live-metadata.ts'
import type { LiveMetadata, Target } from '../../model/resource.ts'
import type { Change, Reason } from '../../plan/types.ts'
import { safeLine } from './safe-text.ts'

/** `1 error`, `2 errors`. */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount} ${amount === 1 ? one : many}`
}

/** Whose a live resource is that is neither this stack's nor a neighbour's, as far as its id shows. */
export function notOwnedText(id: string): string {
  const stack = derivingStack(id)
  return stack === undefined ? 'not owned by this stack' : `owned by another stack (${stack})`
}

/** Why a change is in the plan, as part of a sentence. */
export function reasonText({ reason, target }: Pick<Change, 'reason' | 'target'>): string {
  switch (reason.code) {
    case 'missing':
      return 'not live'
    case 'differs':
      return 'differs from the file'
    case 'added':
      return 'new in the files'
    case 'changed':
      return 'changed in the files'
    case 'removed':
      return 'removed from the files'
    case 'renamed':
      return `renamed in the file, was ${safeLine(JSON.stringify(reason.from))}`
    case 'resend-secrets':
      return 'no known difference; --resend-secrets sends its secrets'
    case 'failed':
      return reason.statusMessage === undefined
        ? 'live status is FAILED; the same settings are sent again'
        : `live status is FAILED (${safeLine(JSON.stringify(reason.statusMessage))}); the same settings are sent again`
    case 'same':
      return 'live is as the file says'
    case 'not-in-file':
      return 'removed from the files, owned by this stack'
    case 'secret-rotated':
      return `no known difference; its secret was rotated at ${dateText(reason.rotatedAt)}`
    case 'expired':
      return `expired: its last day was ${safeLine(reason.on)}`
    case 'ensure-absent':
      return 'the file says ensure: absent'
    case 'prune-all':
      return `not in the files, ${notOwnedText(target.id)}; --prune all deletes it`
    case 'parent-deleted':
      return `deleted with ${safeLine(reason.parent)}${ownerText(reason)}`
    case 'destroy':
      return 'owned by this stack; destroy deletes it'
    case 'destroy-adopted':
      return 'ADOPTED: the files adopted it by its id, so destroy deletes it too'
    case 'destroying':
      return 'its deletion is already in progress; other changes wait for it'
    case 'foreign':
      return `not in the files, ${notOwnedText(target.id)}`
    case 'prune-none':
      return 'removed from the files; --prune none keeps it'
    default:
      return reason satisfies never
  }
}

function ownerText({
  isUnmanaged,
  setAside,
  isAdopted,
}: Extract<Reason, { code: 'parent-deleted' }>): string {
  if (!isUnmanaged) return isAdopted === true ? '; ADOPTED: the files adopted it by its id' : ''
  if (setAside === undefined) return '; NOT owned by this stack'
  return setAside.type === 'released' ? '; RELEASED' : `; of the NEIGHBOUR ${safeLine(setAside.stack)}`
}

/** Whose wish a change is, as a remark. */
export const ORIGIN_TEXTS: Readonly<Record<NonNullable<Change['origin']>, string>> = {
  intent: 'intent: the file changed since the base',
  drift: 'drift: live changed, the file did not',
  conflict: 'conflict: both the file and live changed since the base',
  mixed: 'partly intent, partly drift',
  pending: 'pending: merged, not applied yet',
}

/** `hq/anna-laptop`: the names of an address, without its collections. */
function nameTrail(change: Change): string {
  const prefix = `${change.target.location}:`
  const isPrefixed = change.address.startsWith(prefix)
  const names = namesIn(isPrefixed ? change.address.slice(prefix.length) : change.address).join('/')
  return safeLine(isPrefixed ? `${prefix}${names}` : names)
}

/** `peer hq/anna-laptop`. */
export function titleOf(change: Change): string {
  return `${change.target.kind.noun} ${nameTrail(change)}`
}

/** The place of a change in the user's file; undefined for what only live knows. */
export function placeOf(change: Change): SourceRange | undefined {
  const desired = change.action === 'unmanaged' ? undefined : change.desired
  return desired?.locate(['name']) ?? desired?.locate()
}

/** `vpn.yaml:31`. */
export function placeText(at: SourceRange): string {
  return `${safeLine(at.file)}:${at.start.line}`
}

/** `created 2026-08-19 10:11 UTC by max@example.com`, `last change ...`, as far as the API says. */
export function historyOf(metadata: LiveMetadata): readonly string[] {
  const created = whoAndWhen('created', metadata.createdDate, metadata.createdBy)
  return [...(created === undefined ? [] : [created]), ...lastChangeOf(metadata)]
}

/** `last change 2026-11-02 21:40 UTC by max@example.com`; nothing for what is as it was created. */
export function lastChangeOf(metadata: LiveMetadata): readonly string[] {
  const { createdDate, createdBy, lastModifiedDate, lastModifiedBy } = metadata
  if (lastModifiedDate === createdDate && lastModifiedBy === createdBy) return []
  const changed = whoAndWhen('last change', lastModifiedDate, lastModifiedBy)
  return changed === undefined ? [] : [changed]
}

function whoAndWhen(what: string, when: string | undefined, who: string | undefined): string | undefined {
  if (when === undefined && who === undefined) return undefined
  const date = when === undefined ? '' : ` ${dateText(when)}`
  return `${what}${date}${who === undefined ? '' : ` by ${safeLine(userName(who))}`}`
}

/** Paths of fields that the server will fill in. */
export function serverChosenPaths(target: Target, spec: unknown): readonly (readonly string[])[] {
  return target.kind.serverChosen.filter((path) => getPath(spec, path) === undefined)
}
