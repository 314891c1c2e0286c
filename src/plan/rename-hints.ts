import type { Diagnostic } from '../model/diagnostic.ts'
import { canonicalJson, getPath, type Plain, type PlainObject } from '../model/json.ts'
import { collectionKey, type ResourceKind } from '../model/resource.ts'
import type { Change } from './types.ts'

/** A deletion and a creation under one parent that look like one resource under two names. */
export function renameHints(changes: readonly Change[]): readonly Diagnostic[] {
  const created = new Map<string, Change & { action: 'create' }>()
  for (const change of changes) {
    if (change.action !== 'create') continue
    const print = fingerprint(change.target.kind, change.spec)
    if (print !== undefined) created.set(`${collectionKey(change.target)}\0${print}`, change)
  }
  return changes.flatMap((change): Diagnostic[] => {
    if (change.action !== 'delete') return []
    const print = fingerprint(change.target.kind, change.live.spec)
    const twin = print === undefined ? undefined : created.get(`${collectionKey(change.target)}\0${print}`)
    if (twin === undefined) return []
    const at = twin.desired.locate(['name'])
    return [
      {
        severity: 'warning',
        code: 'VPN510',
        message: `${change.address} would be deleted and ${twin.address} created: it looks renamed`,
        hint: `to rename in place, without a gap, add: renamedFrom: ${JSON.stringify(change.name)}`,
        address: twin.address,
        ...(at === undefined ? {} : { at }),
      },
    ]
  })
}

function fingerprint(kind: ResourceKind, spec: PlainObject): string | undefined {
  const values = kind.fingerprint.map((path) => getPath(spec, path))
  if (values.length === 0 || values.includes(undefined)) return undefined
  return canonicalJson(values as readonly Plain[])
}
