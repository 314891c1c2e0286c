import type { Diagnostic } from '../../model/diagnostic.ts'
import { optional } from '../../model/optional.ts'
import type { IsElsewhere } from '../match/other-locations.ts'
import type { SetAside } from '../match/set-aside.ts'
import { parentKey } from '../order/needs.ts'
import type { ChangeOf, PlanOptions } from '../types.ts'

type Deletion = ChangeOf<'delete'>

/**
 * Deletions of unmanaged resources that no one asked for: their parent is deleted, for any reason.
 * One finding for each parent, since its address is what allows exactly this.
 */
export function unmanagedChildFindings(
  deletes: readonly Deletion[],
  options: Pick<PlanOptions, 'prune'>,
  isElsewhere: IsElsewhere,
): readonly Diagnostic[] {
  const byKey = new Map(deletes.map((change) => [change.key, change]))
  const unmanaged = new Map<Deletion, Deletion[]>()
  const setAside = new Map<Deletion, Deletion[]>()
  for (const change of deletes) {
    const { reason } = change
    if (reason.code !== 'parent-deleted' || !reason.isUnmanaged) continue
    const isAllowed = options.prune === 'all' && !isElsewhere(change.target.location)
    if (isAllowed && reason.setAside === undefined) continue
    const along = reason.setAside === undefined ? unmanaged : setAside
    const top = topOf(change, byKey)
    along.set(top, [...(along.get(top) ?? []), change])
  }
  return [
    ...[...unmanaged].map(([top, children]) => ({
      ...finding(top, children),
      hint: hintOf(top, setAside.has(top), isElsewhere),
    })),
    ...[...setAside].map(([top, children]) => setAsideFinding(top, children)),
  ]
}

// With targets the parent may be left out, and then the child is itself.
function topOf(change: Deletion, byKey: ReadonlyMap<string, Deletion>): Deletion {
  const key = parentKey(change.target)
  const parent = key === undefined ? undefined : byKey.get(key)
  return parent === undefined ? change : topOf(parent, byKey)
}

function finding(top: Deletion, children: readonly Deletion[]): Diagnostic {
  const { address } = top
  return {
    severity: 'error',
    code: 'VPN515',
    message: children.includes(top)
      ? `${address} would be deleted, and is not owned by this stack`
      : `deleting ${address} would also delete unmanaged children: ${listOf(children)}`,
    ...placeOf(top),
  }
}

function hintOf({ address, target }: Deletion, hasSetAside: boolean, isElsewhere: IsElsewhere): string {
  // In a location that nothing names, no setting means what the stack does not own.
  const named = isElsewhere(target.location) ? `--location ${target.location} ` : ''
  const flags = `${named}--prune all --target ${address}`
  // No flag allows the deletion of what is set aside, so the flags alone would be refused again.
  if (hasSetAside)
    return `to delete all of it, first delete or move what other stacks manage there; then run the same command with ${flags}`
  return target.kind.parent === null
    ? `nothing below a gateway can be kept without it: create it on another gateway first, or keep this one; to delete it too, run the same command with ${flags}`
    : `to delete it all the same, run the same command with ${flags}`
}

function setAsideFinding(top: Deletion, children: readonly Deletion[]): Diagnostic {
  const owners = new Set(
    children.flatMap(({ reason }) => (reason.code === 'parent-deleted' ? ownerOf(reason) : [])),
  )
  const whose = [...owners].join(' or ')
  return {
    severity: 'error',
    code: 'VPN515',
    message: children.includes(top)
      ? `${top.address} would be deleted, and it ${whose}`
      : `the deletion of ${top.address} would delete what ${whose}: ${listOf(children)}`,
    hint: 'no flag allows this: delete or move it in the stack that manages it first',
    ...placeOf(top),
  }
}

function ownerOf({ setAside }: { readonly setAside?: SetAside }): readonly string[] {
  if (setAside === undefined) return []
  return [setAside.type === 'released' ? 'is released' : `belongs to the neighbour ${setAside.stack}`]
}

function listOf(children: readonly Deletion[]): string {
  return children.map((change) => change.address).join(', ')
}

function placeOf(top: Deletion): Pick<Diagnostic, 'address' | 'at'> {
  const at = top.desired?.locate(['ensure']) ?? top.desired?.locate(['name'])
  return { address: top.address, ...optional({ at }) }
}
