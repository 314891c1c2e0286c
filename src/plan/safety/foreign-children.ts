import type { Diagnostic } from '../../model/diagnostic.ts'
import { parentKey } from '../order/needs.ts'
import type { ChangeOf } from '../types.ts'

type Deletion = ChangeOf<'delete'>

/**
 * Deletions of what others made that nobody asked for: it goes because its parent does, whatever the reason for that.
 * One finding for each parent, since its address is what allows exactly this.
 */
export function foreignChildFindings(deletes: readonly Deletion[]): readonly Diagnostic[] {
  const byKey = new Map(deletes.map((change) => [change.key, change]))
  const along = new Map<Deletion, Deletion[]>()
  for (const change of deletes) {
    if (change.reason.code !== 'parent-deleted' || !change.reason.stranger) continue
    const top = topOf(change, byKey)
    along.set(top, [...(along.get(top) ?? []), change])
  }
  return [...along].map(([top, strangers]) => finding(top, strangers))
}

// With targets the parent may be left out, and then the stranger stands for itself.
function topOf(change: Deletion, byKey: ReadonlyMap<string, Deletion>): Deletion {
  const key = parentKey(change.target)
  const parent = key === undefined ? undefined : byKey.get(key)
  return parent === undefined ? change : topOf(parent, byKey)
}

function finding(top: Deletion, strangers: readonly Deletion[]): Diagnostic {
  const { address } = top
  const at = top.desired?.locate(['ensure']) ?? top.desired?.locate(['name'])
  return {
    severity: 'error',
    code: 'VPN515',
    message: strangers.includes(top)
      ? `${address} would be deleted, and this stack did not make it`
      : `the deletion of ${address} would take along what this stack did not make: ${strangers.map((change) => change.address).join(', ')}`,
    hint: `if this is what you want: --prune all --target ${address}`,
    address,
    ...(at === undefined ? {} : { at }),
  }
}
