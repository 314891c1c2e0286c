import { KINDS } from '../../kinds/index.ts'
import type { SourceRange } from '../../model/diagnostic.ts'
import { InternalError } from '../../model/errors.ts'
import { type FieldPath, isPlainObject, type Plain, type PlainObject } from '../../model/json.ts'
import { optional } from '../../model/optional.ts'
import type {
  DesiredResource,
  DesiredSecret,
  LiveMetadata,
  LiveResource,
  Target,
} from '../../model/resource.ts'
import { splitKnown } from '../changes/known-fields.ts'
import type { Change, Plan } from '../types.ts'

/** A plan as JSON, whole enough to be shown again in every form. No secret is in it. */
export type PlanRecord = Omit<Plan, 'changes' | 'readAt'> & { readonly changes: readonly ChangeRecord[] }

interface DesiredRecord {
  readonly name: string
  readonly address: string
  readonly id?: string
  readonly renamedFrom?: string
  readonly protect: boolean
  readonly ensure: 'present' | 'absent'
  readonly expires?: string
  readonly secrets: readonly Omit<DesiredSecret, 'value'>[]
  readonly at?: SourceRange
}

interface LiveRecord {
  readonly name: string
  readonly spec: PlainObject
  readonly status: string
  readonly statusMessage?: string
  readonly metadata: LiveMetadata
}

/** One change: what is plain data stays as it is. */
export interface ChangeRecord {
  readonly key: string
  readonly address: string
  readonly name: string
  readonly kind: string
  readonly location: string
  readonly parentIds: readonly string[]
  readonly id: string
  readonly desired?: DesiredRecord
  readonly live?: LiveRecord
  readonly leaving?: LiveRecord
  /** The members of the change that contain neither a kind nor a secret. */
  readonly rest: Readonly<Record<string, unknown>>
}

/** The plan as a JSON value. */
export function recordPlan(plan: Plan): PlanRecord {
  // A time of this run's clock means nothing to another run.
  const { readAt: _, ...lasting } = plan
  return { ...lasting, changes: plan.changes.map(recordChange) }
}

/** The plan again. Its secrets have no values, and the only places it knows are those of names. */
export function restorePlan(record: PlanRecord): Plan {
  return { ...record, changes: record.changes.map(restoreChange) }
}

function recordChange(change: Change): ChangeRecord {
  const { key, address, name, target, ...more } = change
  const { desired, live, leaving, ...rest } = more as typeof more & {
    readonly desired?: DesiredResource
    readonly live?: LiveResource
    readonly leaving?: LiveResource
  }
  return {
    key,
    address,
    name,
    kind: target.kind.name,
    location: target.location,
    parentIds: target.parentIds,
    id: target.id,
    ...(desired === undefined ? {} : { desired: recordDesired(desired) }),
    ...(live === undefined ? {} : { live: recordLive(live) }),
    ...(leaving === undefined ? {} : { leaving: recordLive(leaving) }),
    rest,
  }
}

function restoreChange(record: ChangeRecord): Change {
  const { key, address, name, kind: kindName, location, parentIds, id, desired, live, leaving, rest } = record
  const kind = KINDS.find((known) => known.name === kindName)
  if (kind === undefined) throw new InternalError(`a saved plan holds the kind ${kindName}`)
  const target: Target = { kind, location, parentIds, id }
  const spec = isPlainObject(rest.spec) ? rest.spec : {}
  return {
    key,
    address,
    name,
    target,
    ...(desired === undefined ? {} : { desired: restoreDesired(desired, target, spec) }),
    ...(live === undefined ? {} : { live: { ...target, ...live, secrets: [] } }),
    ...(leaving === undefined ? {} : { leaving: { ...target, ...leaving, secrets: [] } }),
    ...rest,
  } as unknown as Change
}

function recordDesired(desired: DesiredResource): DesiredRecord {
  const { name, address, id, renamedFrom, protect, ensure, expires, secrets } = desired
  const at = desired.locate(['name']) ?? desired.locate()
  return {
    name,
    address,
    ...optional({ id, renamedFrom }),
    protect,
    ensure,
    ...optional({ expires }),
    // Whatever else describes a secret is part of the record: a plan that lacks it is stale.
    secrets: secrets.map(({ value: _, ...rest }) => rest),
    ...optional({ at }),
  }
}

function restoreDesired(record: DesiredRecord, target: Target, spec: PlainObject): DesiredResource {
  const { at, secrets, ...rest } = record
  return {
    ...rest,
    kind: target.kind,
    location: target.location,
    parent: null,
    spec,
    secrets: secrets.map((secret) => ({ ...secret, value: null })),
    locate: (path = []) => (path.length === 0 || path[0] === 'name' ? at : undefined),
  }
}

function recordLive(live: LiveResource): LiveRecord {
  const { name, status, statusMessage, metadata } = live
  const spec = withoutUnknownValues(live)
  return { name, spec, status, ...optional({ statusMessage }), metadata }
}

const NOT_KEPT = '(not kept)'

// A field that our schema does not know may be a secret: its name stays, its value goes.
function withoutUnknownValues({ kind, spec }: LiveResource): PlainObject {
  const known = splitKnown(kind, spec)
  return known.unknown.reduce<PlainObject>((emptied, path) => withEmpty(emptied, path), known.spec)
}

function withEmpty(object: PlainObject, path: FieldPath): PlainObject {
  const [first = '', ...rest] = path
  if (rest.length === 0) return { ...object, [first]: NOT_KEPT }
  if (!first.endsWith('[]')) {
    const inner = object[first]
    return { ...object, [first]: withEmpty(isPlainObject(inner) ? inner : {}, rest) }
  }
  const name = first.slice(0, -2)
  const list = object[name]
  const items = Array.isArray(list) ? (list as readonly Plain[]) : []
  return { ...object, [name]: items.map((item) => (isPlainObject(item) ? withEmpty(item, rest) : item)) }
}
