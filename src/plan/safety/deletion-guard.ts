import { exactPatterns } from '../../model/address-pattern.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import { optional } from '../../model/optional.ts'
import type { DesiredResource, DesiredState, LiveResource, LiveState } from '../../model/resource.ts'
import type { Matching } from '../match/match.ts'
import { elsewhereIn } from '../match/other-locations.ts'
import type { Change, ChangeOf, DeleteLimit, PlanOptions, Reason } from '../types.ts'
import { deletions } from '../types.ts'
import type { Replacement } from './rename-hints.ts'
import { unmanagedChildFindings } from './unmanaged-children.ts'

// Half of what is managed, once that is more than three.
const DEFAULT_PERCENT = 50
const ALWAYS_ALLOWED = 3

const NAMED_IN_FILE: ReadonlySet<string> = new Set<Reason['code']>(['ensure-absent', 'expired'])

/** What the guard looks at. */
export interface Guarded {
  readonly changes: readonly Change[]
  readonly replacements: readonly Replacement[]
  readonly desired: DesiredState
  readonly live: LiveState
  readonly matching: Matching
  readonly options: PlanOptions
}

/** Deletions that a plan must not make unless explicitly allowed. */
export function deletionFindings(guarded: Guarded): readonly Diagnostic[] {
  const { options } = guarded
  const deletes = deletions(guarded.changes)
  const isElsewhere = elsewhereIn(guarded.live)
  // The deletion of a parent does not say that its children are deleted too; `--prune all` says so.
  const findings = [
    ...protectFindings(deletes, guarded),
    ...unmanagedChildFindings(deletes, options, isElsewhere),
  ]
  const isUnlimited =
    options.maxDeletes.type === 'count' && options.maxDeletes.value === Number.POSITIVE_INFINITY
  if (options.destroy || isUnlimited || deletes.length === 0) return findings
  return [...findings, ...thresholdFindings(deletes, guarded)]
}

function protectFindings(
  deletes: readonly ChangeOf<'delete'>[],
  { desired, replacements }: Guarded,
): readonly Diagnostic[] {
  const isListed = exactPatterns(desired.protectedPatterns)
  const successors = new Map(replacements.map(({ deleted, created }) => [deleted.key, created]))
  return deletes.flatMap((change): readonly Diagnostic[] => {
    const { address, target } = change
    const own = protection({ address, location: target.location }, change.desired, isListed)
    if (own !== undefined) return [own]
    const successor = successors.get(change.key)
    if (successor?.desired.protect !== true) return []
    const message = `${successor.address} is protected and would be replaced: ${address} would be deleted for it`
    const hint =
      successor.name === change.name
        ? 'remove "protect: true" from it first, in a change of its own'
        : `to rename it in place, add: renamedFrom: ${JSON.stringify(change.name)}`
    return [protectedError(message, hint, address, successor.desired)]
  })
}

/** Why the files as they are do not allow the deletion of a resource that they have. */
export function deletionProtection(
  resource: DesiredResource,
  { protectedPatterns }: Pick<DesiredState, 'protectedPatterns'>,
): Diagnostic | undefined {
  return protection(resource, resource, exactPatterns(protectedPatterns))
}

function protection(
  { address, location }: Pick<DesiredResource, 'address' | 'location'>,
  entry: DesiredResource | undefined,
  isListed: ReturnType<typeof exactPatterns>,
): Diagnostic | undefined {
  const message = `${address} is protected and would be deleted`
  if (entry?.protect === true)
    return protectedError(
      message,
      'remove "protect: true" from it first, in a change of its own',
      address,
      entry,
    )
  return isListed(address, location)
    ? protectedError(message, 'remove it from the "protected" list first, in a change of its own', address)
    : undefined
}

function protectedError(message: string, hint: string, address: string, entry?: DesiredResource): Diagnostic {
  const at = entry?.locate(['protect'])
  return { severity: 'error', code: 'VPN507', message, hint, address, ...optional({ at }) }
}

function isManaged(resource: LiveResource, { matching }: Guarded): boolean {
  return matching.isOwned(resource) || matching.byLive.get(resource)?.match.type === 'live'
}

function thresholdFindings(deletes: readonly ChangeOf<'delete'>[], guarded: Guarded): readonly Diagnostic[] {
  const {
    desired,
    live,
    options: { maxDeletes },
  } = guarded
  const managed = live.resources.filter(
    (resource) => resource.status !== 'DESTROYING' && isManaged(resource, guarded),
  ).length
  // What the file asks for by name (`ensure: absent`) is intended; what is deleted with it is counted.
  const asked = deletes.filter(({ reason }) => NAMED_IN_FILE.has(reason.code)).length
  const counted = maxDeletes.type === 'default' ? deletes.length - asked : deletes.length
  if (counted === 0) return []
  const unmanaged = deletes.filter((change) => !isManaged(change.live, guarded)).length
  const unmanagedText = `${unmanaged} unmanaged ${unmanaged === 1 ? 'resource' : 'resources'}`
  const allow = `if this is what you want: --max-deletes ${deletes.length}`
  const wantsNothing = desired.resources.every((resource) => resource.ensure === 'absent')
  // A larger number may have been given once for all runs: it says nothing about this plan.
  const isExact = maxDeletes.type === 'count' && maxDeletes.value === deletes.length
  if (wantsNothing && deletes.length > asked && !isExact) {
    const owned = deletes.length - unmanaged
    const all = [
      ...(owned === 0
        ? []
        : [`${owned} ${owned === 1 ? 'resource' : 'resources'} of stack "${desired.stack}"`]),
      ...(unmanaged === 0 ? [] : [unmanagedText]),
    ].join(' and ')
    return [
      {
        severity: 'error',
        code: 'VPN508',
        message: `the files contain no ${desired.resources.length === 0 ? 'resources' : 'resource that stays'}, so everything would be deleted: ${all}`,
        hint: `is a file missing, empty or cut short, or is "stack:" another's? To remove everything use "vpnctl destroy"; ${allow}`,
      },
    ]
  }
  if (counted <= allowed(maxDeletes, managed)) return []
  const owned = counted - unmanaged
  const share = Math.round((owned / managed) * 100)
  const what = [
    ...(owned === 0 ? [] : [`${owned} of ${managed} managed resources (${share} %)`]),
    ...(unmanaged === 0 ? [] : [unmanagedText]),
  ].join(' and ')
  const everything = owned >= managed
  return [
    {
      severity: 'error',
      code: 'VPN506',
      message: `${what} would be deleted, more than the limit of ${limitText(maxDeletes, managed)}`,
      hint: everything
        ? `nothing of stack "${desired.stack}" would stay: is "stack:" right, and is every file there? Otherwise, ${allow}`
        : allow,
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

function limitText(limit: DeleteLimit, managed: number): string {
  const number = allowed(limit, managed)
  switch (limit.type) {
    case 'default':
      return number > ALWAYS_ALLOWED ? `${number} (${DEFAULT_PERCENT} %)` : `${number} (the default)`
    case 'count':
      return String(number)
    case 'percent':
      return `${number} (${limit.value} %)`
    default:
      return limit satisfies never
  }
}
