import type { Diagnostic } from '../../model/diagnostic.ts'
import { canonicalJson, getPath, type Plain, type PlainObject } from '../../model/json.ts'
import { optional } from '../../model/optional.ts'
import { collectionKey, type ResourceKind } from '../../model/resource.ts'
import type { Change, ChangeOf } from '../types.ts'
import { deletions } from '../types.ts'

/** A deletion and a creation that are one resource to a reader. */
export interface Replacement {
  readonly deleted: ChangeOf<'delete'>
  readonly created: ChangeOf<'create'>
  /** `renamed`: alike but for the name. `moved`: one address in two locations. `inside`: below a replaced one. */
  readonly how: 'renamed' | 'moved' | 'inside'
}

/** Pairs of a deletion and a creation that look like one resource under two names or in two places. */
export function findReplacements(changes: readonly Change[]): readonly Replacement[] {
  const deletes = deletions(changes)
  if (deletes.length === 0) return []
  const alike = new Map<string, ChangeOf<'create'>>()
  const named = new Map<string, ChangeOf<'create'>>()
  for (const change of changes) {
    if (change.action !== 'create') continue
    const { kind, parentIds } = change.target
    const print = fingerprint(kind, change.spec)
    if (print !== undefined) alike.set(`${collectionKey(change.target)}\0${print}`, change)
    if (parentIds.length === 0) named.set(`${kind.name}\0${change.name}`, change)
    else named.set(`${kind.name}\0${parentIds.join('/')}\0${change.name}`, change)
  }
  const newParents = new Map<string, string>()
  return deletes.flatMap((deleted): Replacement[] => {
    const found = replacementOf(deleted, alike, named, newParents)
    if (found === undefined) return []
    newParents.set(deleted.target.id, found.created.target.id)
    return [found]
  })
}

// Parents come before their children among the deletions, since addresses are sorted.
function replacementOf(
  deleted: ChangeOf<'delete'>,
  alike: ReadonlyMap<string, ChangeOf<'create'>>,
  named: ReadonlyMap<string, ChangeOf<'create'>>,
  newParents: ReadonlyMap<string, string>,
): Replacement | undefined {
  const { kind, parentIds } = deleted.target
  const print = fingerprint(kind, deleted.live.spec)
  const twin = print === undefined ? undefined : alike.get(`${collectionKey(deleted.target)}\0${print}`)
  if (twin !== undefined) return { deleted, created: twin, how: 'renamed' }
  if (parentIds.length === 0) {
    const moved = named.get(`${kind.name}\0${deleted.name}`)
    return moved === undefined ? undefined : { deleted, created: moved, how: 'moved' }
  }
  const parent = newParents.get(parentIds.at(-1) ?? '')
  if (parent === undefined) return undefined
  const path = [...parentIds.slice(0, -1), parent].join('/')
  const inside = named.get(`${kind.name}\0${path}\0${deleted.name}`)
  return inside === undefined ? undefined : { deleted, created: inside, how: 'inside' }
}

/** Reports what would make a replacement a change in place. */
export function renameHints(replacements: readonly Replacement[]): readonly Diagnostic[] {
  return replacements.flatMap((replacement): Diagnostic[] => {
    const { deleted, created, how } = replacement
    if (how === 'moved') return movedHint(replacement)
    // One name under two ids, or below a replaced parent.
    if (deleted.name === created.name) return []
    const { renamedFrom } = created.desired
    const at = created.desired.locate([renamedFrom === undefined ? 'name' : 'renamedFrom'])
    const former =
      renamedFrom === undefined
        ? ''
        : `; no live resource of this stack has the name ${JSON.stringify(renamedFrom)}`
    return [
      {
        severity: 'warning',
        code: 'VPN510',
        message: `${deleted.address} would be deleted and ${created.address} created: it looks renamed${former}`,
        hint:
          deleted.reason.code === 'prune-all'
            ? `to rename in place, without a gap, add: id: ${deleted.target.id}`
            : `to rename in place, without a gap, ${renamedFrom === undefined ? 'add' : 'write'}: renamedFrom: ${JSON.stringify(deleted.name)}`,
        address: created.address,
        ...optional({ at }),
      },
    ]
  })
}

function movedHint({ deleted, created }: Replacement): Diagnostic[] {
  const [from, to] = [deleted.target.location, created.target.location]
  if (from === to) return []
  const at = created.desired.locate(['location']) ?? created.desired.locate(['name'])
  return [
    {
      severity: 'warning',
      code: 'VPN519',
      message: `${created.name} moves from ${from} to ${to}: it would be deleted there and created here, with all that is in it`,
      hint: 'a location cannot be changed in place: expect an interruption',
      address: created.address,
      ...optional({ at }),
    },
  ]
}

function fingerprint(kind: ResourceKind, spec: PlainObject): string | undefined {
  const values = kind.fingerprint.map((path) => getPath(spec, path))
  if (values.length === 0 || values.includes(undefined)) return undefined
  return canonicalJson(values as readonly Plain[])
}
