import type { Address } from '../../model/address.ts'
import { formatPath, isPlainObject, type Plain } from '../../model/json.ts'
import type { DesiredState, LiveResource, LiveState } from '../../model/resource.ts'
import { compare } from '../changes/compare.ts'
import { diffSpecs, samePlain } from '../changes/field-diff.ts'
import { lastChangeOf } from '../changes/last-change.ts'
import type { Change, Plan } from '../types.ts'
import {
  changeFacts,
  changeFingerprints,
  desiredFingerprints,
  type Fingerprint,
  holdersOf,
  liveFacts,
  liveFingerprints,
  settingsOf,
  type WritingChange,
  writingChanges,
} from './digest.ts'

/** What a saved plan remembers of the moment when it was made. Only its changes are compared; the rest is for people. */
export interface Seen {
  readonly desired: readonly Fingerprint[]
  readonly live: readonly Fingerprint[]
  readonly changes: readonly Fingerprint[]
}

/** A part of a change that is not what it was. */
export type ChangedPart = 'action' | 'body' | 'live' | 'resent' | 'holders' | 'settings'

/** A change that a saved plan and the plan of today do not share. */
export interface Difference {
  readonly key: string
  readonly address: Address
  /** `added`: only today's plan has it. `removed`: only the saved one. `changed`: each has another one. */
  readonly how: 'added' | 'removed' | 'changed'
  /** The action in the saved plan; undefined: none. */
  readonly saved: WritingChange['action'] | undefined
  /** The action in the plan of today; undefined: there is no change for the resource, and it is not kept either. */
  readonly today: Change['action'] | undefined
  /** For `changed`, for `added` where the saved plan kept the resource, and for `removed` where a secret is not sent. */
  readonly parts: readonly ChangedPart[]
  /** Fields that are sent, or that are live, with other values than the saved plan has. */
  readonly fields: readonly string[]
  /** What today's change needs and the saved one does not. */
  readonly needs: readonly Address[]
  /** Who the API names as the last to change what is live. */
  readonly by?: string
  readonly at?: string
}

/** What a plan saw, for the file that it is saved in. `targets`: only what they name. */
export function seenBy(desired: DesiredState, live: LiveState, plan: Plan, targets: readonly string[]): Seen {
  const known = new Set(plan.changes.map(({ key }) => key))
  const all = liveFingerprints(live)
  return {
    desired: desiredFingerprints(desired),
    live: targets.length === 0 ? all : all.filter(({ key }) => known.has(key)),
    changes: changeFingerprints(plan),
  }
}

/**
 * What differs between a saved plan and the plan of today, change by change. No difference: the saved plan is fresh,
 * whatever else happened in the files or live. What the saved plan was to do and is done is no difference, and neither
 * is that something which was to be freed first is free by now: a run that was cut off can be run again.
 */
export function differencesBetween(saved: Plan, today: Plan): readonly Difference[] {
  const then = new Map(writingChanges(saved).map((change) => [change.key, change]))
  const before = new Map(saved.changes.map((change) => [change.key, change]))
  const now = new Map(today.changes.map((change) => [change.key, change]))
  const writes = writingChanges(today)
  const stillWritten = new Set(writes.map(({ key }) => key))
  const removed = [...then.values()].flatMap((change): Difference[] => {
    if (stillWritten.has(change.key) || isDone(change, now.get(change.key))) return []
    const left = now.get(change.key)
    const isUnsent = left !== undefined && 'live' in left && hasFormerSecret(change, left.live)
    const parts = isUnsent ? (['resent'] as const) : []
    return [{ ...removal(change, left), parts, ...(left === undefined ? {} : lastChangeOf(left)) }]
  })
  const others = writes.flatMap((change): Difference[] => {
    const was = then.get(change.key)
    if (was === undefined) return [{ ...addition(change, before.get(change.key)), ...lastChangeOf(change) }]
    const isAgain = isSentAgain(was, change)
    const parts = changedParts(was, change, saved, today).filter((part) => part === 'settings' || !isAgain)
    return parts.length === 0 ? [] : [changed(was, change, parts, now)]
  })
  return [...removed, ...others]
}

// What is live now is what the saved change would have made of it.
function isDone(change: WritingChange, now: Change | undefined): boolean {
  if (change.action === 'delete') return now === undefined || now.reason.code === 'destroying'
  return now?.action === 'keep' && isMade(change, now.live)
}

// What the saved change would have made is live and FAILED: the same settings are sent once more.
function isSentAgain(change: WritingChange, now: WritingChange): boolean {
  if (change.action === 'delete' || now.action !== 'update') return false
  return now.reason.code === 'failed' && samePlain(change.spec, now.spec) && isMade(change, now.live)
}

function isMade(change: Exclude<WritingChange, { action: 'delete' }>, live: LiveResource): boolean {
  const { fields } = compare({ ...change.desired, spec: change.spec, secrets: [] }, live, false)
  return fields.length === 0 && !hasFormerSecret(change, live)
}

// A plan knew that a secret differs by what the service derives from it: as long as that is the same, it was not sent.
function hasFormerSecret(change: WritingChange, live: LiveResource): boolean {
  if (change.action !== 'update') return false
  const { metadata } = change.live
  return change.fields.some((field) => {
    if (field.type !== 'secret' || field.change !== 'changed') return false
    const path = formatPath(field.path)
    const { verifiedBy = '' } = live.kind.secrets.find((each) => formatPath(each.path) === path) ?? {}
    const shown = metadata[verifiedBy] === undefined ? 'lastModifiedDate' : verifiedBy
    return metadata[shown] === live.metadata[shown]
  })
}

function changedParts(
  was: WritingChange,
  now: WritingChange,
  saved: Plan,
  today: Plan,
): readonly ChangedPart[] {
  const [before, after] = [changeFacts(was), changeFacts(now)]
  const held = new Set(holdersOf(was))
  return [
    ...(['action', 'body', 'live', 'resent'] as const).filter(
      (part) => !samePlain(before[part], after[part]),
    ),
    ...(holdersOf(now).every((key) => held.has(key)) ? [] : (['holders'] as const)),
    ...(samePlain(settingsOf(saved.options), settingsOf(today.options)) ? [] : (['settings'] as const)),
  ]
}

function removal(change: WritingChange, left: Change | undefined): Difference {
  const { key, address, action } = change
  return {
    key,
    address,
    how: 'removed',
    saved: action,
    today: left?.action,
    parts: [],
    fields: [],
    needs: [],
  }
}

function addition(change: WritingChange, before: Change | undefined): Difference {
  const { key, address, action } = change
  const none = { key, address, how: 'added', saved: undefined, today: action, needs: [] } as const
  // Only of what was live then can be said what has changed: live, or else the files.
  if (before === undefined || !('live' in before) || !('live' in change))
    return { ...none, parts: [], fields: [] }
  const [was, is] = [liveFacts(before.live), liveFacts(change.live)]
  if (!samePlain(was, is)) return { ...none, parts: ['live'], fields: differingFields(was, is, change) }
  if (change.action === 'delete') return { ...none, parts: ['body'], fields: [] }
  const fields = change.action === 'update' ? change.fields.filter(({ type }) => type !== 'secret') : []
  if (fields.length === 0) return { ...none, parts: ['resent'], fields: [] }
  return { ...none, parts: ['body'], fields: fields.map(({ path }) => formatPath(path)) }
}

function changed(
  was: WritingChange,
  now: WritingChange,
  parts: readonly ChangedPart[],
  today: ReadonlyMap<string, Change>,
): Difference {
  const held = new Set(holdersOf(was))
  const needs = holdersOf(now).filter((key) => !held.has(key))
  return {
    key: now.key,
    address: now.address,
    how: 'changed',
    saved: was.action,
    today: now.action,
    parts,
    fields: parts.includes('action') ? [] : changedFields(was, now, parts),
    needs: needs.map((key) => today.get(key)?.address ?? key),
    ...(parts.includes('live') ? lastChangeOf(now) : {}),
  }
}

function changedFields(
  was: WritingChange,
  now: WritingChange,
  parts: readonly ChangedPart[],
): readonly string[] {
  const [before, after] = [changeFacts(was), changeFacts(now)]
  const part = parts.includes('live') ? 'live' : 'body'
  return [...differingFields(before[part], after[part], now), ...differingSecrets(before[part], after[part])]
}

// Each fact begins with the path of its secret.
function differingSecrets(before: Plain | undefined, after: Plain | undefined): readonly string[] {
  const [was, is] = [secretsOf(before), secretsOf(after)]
  const facts = [...was.filter((fact) => !is.includes(fact)), ...is.filter((fact) => !was.includes(fact))]
  return [...new Set(facts.map((fact) => fact.slice(0, fact.indexOf(' '))))]
}

function secretsOf(facts: Plain | undefined): readonly string[] {
  const secrets = isPlainObject(facts) ? facts.secrets : undefined
  return Array.isArray(secrets) ? secrets.map(String) : []
}

function differingFields(
  before: Plain | undefined,
  after: Plain | undefined,
  { target }: WritingChange,
): readonly string[] {
  return diffSpecs(specOf(before), specOf(after), target.kind.sets).map(({ path }) => formatPath(path))
}

function specOf(facts: Plain | undefined) {
  const spec = isPlainObject(facts) ? facts.spec : undefined
  return isPlainObject(spec) ? spec : {}
}
