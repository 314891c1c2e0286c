import { located } from '../model/address.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { formatPath, type PlainObject, withoutPath, withPath } from '../model/json.ts'
import type { DesiredResource, DesiredState } from '../model/resource.ts'
import type { FieldChange } from './changes/field-change.ts'
import { lastChangeOf } from './changes/last-change.ts'
import { blockedFinding, conflictFinding } from './safety/drift-refusals.ts'
import type { Change, ChangeOf, LeftDrift, Plan } from './types.ts'

/** Files that want live's own state where live changed and the files did not. */
export interface Kept {
  readonly kept: DesiredState
  readonly left: readonly LeftDrift[]
  /** Ids of live resources that `kept` releases. */
  readonly ids: ReadonlySet<string>
  readonly refusals: readonly Diagnostic[]
}

/**
 * What to plan for so that drift stays as it is. A field that the file changed too is refused, and so is a change below
 * a resource that was deleted live: both would be half of what the file says.
 */
export function leaveDrift(desired: DesiredState, marked: Plan): Kept {
  const drift = marked.changes.filter(hasDrift)
  const ids = new Set(drift.flatMap((change) => (change.action === 'delete' ? [change.live.id] : [])))
  const updates = new Map(
    drift.flatMap((change) =>
      change.action === 'update' ? [[located(change.desired), change] as const] : [],
    ),
  )
  const dropped = new Set(
    drift.flatMap((change) =>
      change.action === 'create' || (change.action === 'delete' && change.desired !== undefined)
        ? [located(change.desired as DesiredResource)]
        : [],
    ),
  )
  const { resources, blocked } = withLiveValues(desired, updates, dropped)
  const releases = [...ids].map((address) => ({ address }))
  return {
    kept: {
      ...desired,
      resources,
      ...(ids.size === 0 ? {} : { released: [...(desired.released ?? []), ...releases] }),
    },
    left: drift.map(toLeft),
    ids,
    refusals: [
      ...marked.changes.filter(({ origin }) => origin === 'conflict').map(conflictFinding),
      ...marked.changes.flatMap((change) =>
        isWanted(change) && blocked.has(located(change.desired)) ? [blockedFinding(change)] : [],
      ),
    ],
  }
}

type Drift = ChangeOf<'create'> | ChangeOf<'update'> | ChangeOf<'delete'>

// Of an update that is a conflict or partly intended, only some fields are drift.
function hasDrift(change: Change): change is Drift {
  if (change.action === 'update') return change.fields.some(({ origin }) => origin === 'drift')
  return (change.action === 'create' || change.action === 'delete') && change.origin === 'drift'
}

function isWanted(change: Change): change is ChangeOf<'create'> | ChangeOf<'update'> {
  return (change.action === 'create' || change.action === 'update') && change.origin !== 'drift'
}

function withLiveValues(
  { resources }: DesiredState,
  updates: ReadonlyMap<string, ChangeOf<'update'>>,
  dropped: ReadonlySet<string>,
): { readonly resources: readonly DesiredResource[]; readonly blocked: ReadonlySet<string> } {
  const copies = new Map<DesiredResource, DesiredResource>()
  const blocked = new Set<string>()
  for (const resource of resources) {
    const parent = resource.parent === null ? null : copies.get(resource.parent)
    const key = located(resource)
    if (parent === undefined) blocked.add(key)
    if (parent === undefined || dropped.has(key)) continue
    const update = updates.get(key)
    copies.set(resource, { ...resource, parent, ...(update === undefined ? {} : { spec: liveSpec(update) }) })
  }
  return { resources: [...copies.values()], blocked }
}

function liveSpec({ desired, fields }: ChangeOf<'update'>): PlainObject {
  // A list that live added to has another order in its canonical form.
  return desired.kind.normalise(
    fields.filter(({ origin }) => origin === 'drift').reduce(withLive, desired.spec),
  )
}

function withLive(spec: PlainObject, field: FieldChange): PlainObject {
  switch (field.type) {
    case 'value':
      return field.before === undefined
        ? withoutPath(spec, field.path)
        : withPath(spec, field.path, field.before)
    case 'set':
      return withPath(spec, field.path, [...field.kept, ...field.removed])
    // Never drift: the value behind a reference may have been changed anywhere.
    case 'secret':
      return spec
    default:
      return field satisfies never
  }
}

function toLeft(change: Drift): LeftDrift {
  const fields =
    change.action === 'update'
      ? change.fields.filter(({ origin }) => origin === 'drift').map(({ path }) => formatPath(path))
      : []
  return { address: change.address, action: change.action, fields, ...lastChangeOf(change) }
}
