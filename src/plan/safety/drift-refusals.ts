import type { Diagnostic } from '../../model/diagnostic.ts'
import { formatPath } from '../../model/json.ts'
import { byText } from '../../model/live-metadata.ts'
import { optional } from '../../model/optional.ts'
import { lastChangeOf } from '../changes/last-change.ts'
import { writingChanges } from '../saved/digest.ts'
import type { Change, ChangeOf, Plan } from '../types.ts'

/** Each change of a plan that would undo what someone changed live, with who did and what to do about it. */
export function driftRefusals(plan: Plan): readonly Diagnostic[] {
  return writingChanges(plan).flatMap((change): Diagnostic[] => {
    const { origin, address } = change
    if (origin !== 'drift' && origin !== 'mixed' && origin !== 'conflict') return []
    return [
      {
        ...about(change),
        severity: 'error',
        code: 'VPN533',
        message: `${address} ${whatHappened(change)}${lastChangeText(change)}; this plan would undo that`,
        hint: `to undo it: --on-drift revert; to accept it: vpnctl accept ${accepted(change)} --write`,
      },
    ]
  })
}

/** With `leave`: a field that live and the file changed, each to something else. */
export function conflictFinding(change: Change): Diagnostic {
  return {
    ...about(change),
    severity: 'error',
    code: 'VPN534',
    message: `${change.address} cannot be left as it is live: ${changedFields(change, ['conflict'])} changed live${lastChangeText(change)} and in the files`,
    hint: `write the value that is right into the files (vpnctl accept ${accepted(change)} --write takes the live one), or use --on-drift revert`,
  }
}

/** With `leave`: a change below a resource that was deleted live. */
export function blockedFinding(change: ChangeOf<'create'> | ChangeOf<'update'>): Diagnostic {
  return {
    ...about(change),
    severity: 'error',
    code: 'VPN535',
    message: `${change.address} needs its parent, which was deleted live and is not created again with --on-drift leave`,
    hint: 'remove both from the files, or use --on-drift revert',
  }
}

function about(change: Change): Pick<Diagnostic, 'address' | 'at'> {
  const desired = 'desired' in change ? change.desired : undefined
  const at = desired?.locate(['name']) ?? desired?.locate()
  return { address: change.address, ...optional({ at }) }
}

function whatHappened(change: Change): string {
  switch (change.action) {
    case 'create':
      return 'was deleted live'
    case 'update':
      return `was changed live: ${changedFields(change, ['drift', 'conflict'])}`
    default:
      return 'is live and not in the files, nor was it before'
  }
}

function changedFields(change: Change, origins: readonly string[]): string {
  return fieldNames(change, origins).join(', ')
}

// Only what drifted: to accept the whole resource would take back what the files want of it.
function accepted(change: Change): string {
  const fields = fieldNames(change, ['drift', 'conflict'])
  if (fields.length === 0) return change.address
  return fields.map((field) => `${change.address}:${field}`).join(' ')
}

function fieldNames(change: Change, origins: readonly string[]): readonly string[] {
  const fields = 'fields' in change ? change.fields : []
  return fields
    .filter(({ origin }) => origin !== undefined && origins.includes(origin))
    .map(({ path }) => formatPath(path))
}

function lastChangeText(change: Change): string {
  const by = byText(lastChangeOf(change))
  return by === '' ? '' : ` (last change${by})`
}
