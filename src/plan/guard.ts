import type { Diagnostic } from '../model/diagnostic.ts'
import { type DesiredState, type LiveState, targetKey } from '../model/resource.ts'
import { matchesAny } from './address-pattern.ts'
import type { Matching } from './match.ts'
import type { Change, ChangeOf, DeleteLimit, PlanOptions } from './types.ts'

// Half of everything, once it is more than a handful.
const DEFAULT_PERCENT = 50
const ALWAYS_ALLOWED = 3

/** Deletions that a plan must not make without being told so explicitly. */
export function deletionFindings(
  changes: readonly Change[],
  desired: DesiredState,
  matching: Matching,
  live: LiveState,
  options: PlanOptions,
): readonly Diagnostic[] {
  const deletes = changes.filter(
    (change): change is ChangeOf<'delete'> =>
      change.action === 'delete' && change.reason.code !== 'destroying',
  )
  const findings = protectFindings(deletes, desired)
  if (options.destroy || deletes.length === 0) return findings
  const matchedKeys = new Set(matching.matched.map((entry) => targetKey(entry.target)))
  const managed = live.resources.filter(
    (resource) => matching.isOwned(resource) || matchedKeys.has(targetKey(resource)),
  )
  // What the file asks for by name (`ensure: absent`) is no accident; what goes along with it is counted.
  const counted = deletes.filter((change) => change.reason.code !== 'ensure-absent').length
  const wantsNothing = desired.resources.every((resource) => resource.ensure === 'absent')
  return [...findings, ...thresholdFindings(counted, managed.length, wantsNothing, options.maxDeletes)]
}

function protectFindings(
  deletes: readonly ChangeOf<'delete'>[],
  desired: DesiredState,
): readonly Diagnostic[] {
  const isListed = matchesAny(desired.protectedPatterns)
  return deletes.flatMap((change): Diagnostic[] => {
    const flagged = change.desired?.protect === true
    if (!flagged && !isListed(change.address, change.target.location)) return []
    const at = change.desired?.locate(['protect'])
    return [
      {
        severity: 'error',
        code: 'VPN507',
        message: `${change.address} is protected and would be deleted`,
        hint: flagged
          ? 'remove "protect: true" from it first, in a change of its own'
          : 'remove it from the "protected" list first, in a change of its own',
        address: change.address,
        ...(at === undefined ? {} : { at }),
      },
    ]
  })
}

function thresholdFindings(
  counted: number,
  managed: number,
  wantsNothing: boolean,
  limit: DeleteLimit,
): readonly Diagnostic[] {
  const allow = `if this is what you want: --max-deletes ${counted}`
  if (wantsNothing && counted > 0 && limit.type === 'default') {
    return [
      {
        severity: 'error',
        code: 'VPN508',
        message: `the file wants no resources at all, so all ${counted} that this stack manages would be deleted`,
        hint: `is a file missing, empty or cut short, or is "stack:" another's? To remove everything use "vpnctl destroy"; ${allow}`,
      },
    ]
  }
  if (counted <= allowed(limit, managed)) return []
  const share = managed === 0 ? 100 : Math.round((counted / managed) * 100)
  return [
    {
      severity: 'error',
      code: 'VPN506',
      message: `${counted} of ${managed} live resources (${share} %) would be deleted, more than the limit of ${limitText(limit)}`,
      hint: allow,
    },
  ]
}

function allowed(limit: DeleteLimit, managed: number): number {
  switch (limit.type) {
    case 'default':
      return Math.max(ALWAYS_ALLOWED, Math.floor((managed * DEFAULT_PERCENT) / 100))
    case 'count':
      return limit.value
    case 'percent':
      return Math.floor((managed * limit.value) / 100)
    default:
      return limit satisfies never
  }
}

function limitText(limit: DeleteLimit): string {
  switch (limit.type) {
    case 'default':
      return `${DEFAULT_PERCENT} %`
    case 'count':
      return String(limit.value)
    case 'percent':
      return `${limit.value} %`
    default:
      return limit satisfies never
  }
}
