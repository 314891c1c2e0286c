import {
  canonicalJson,
  type FieldPath,
  formatPath,
  getPath,
  type Plain,
  type PlainObject,
} from '../../model/json.ts'
import { type Collection, collectionKey, type LiveResource, targetKey } from '../../model/resource.ts'
import type { Change, ChangeOf } from '../types.ts'

/**
 * A value or a place that only one resource should hold: anywhere, among its siblings, or in a network. The first is
 * refused where it cannot be had; for the others, what frees one goes before what takes it, unless they are exchanged.
 */
export interface Claim {
  readonly path: FieldPath
  readonly scope: 'everywhere' | 'siblings' | 'network'
  /** Equal for equal values of one field and scope. */
  readonly value: string
}

/** The exclusive values in a spec. */
function claimsIn(place: Collection, spec: PlainObject): readonly Claim[] {
  const claimsOf = (scope: Claim['scope'], paths: readonly FieldPath[]): readonly Claim[] =>
    paths.flatMap((path) => {
      const value = getPath(spec, path) as Plain | undefined
      if (value === undefined) return []
      const where = scope === 'everywhere' ? scope : collectionKey(place)
      return [{ path, scope, value: `${where}\0${formatPath(path)}\0${canonicalJson(value)}` }]
    })
  const { exclusive, exclusiveAmongSiblings, placesTaken } = place.kind
  const places = (placesTaken?.(spec) ?? []).map(
    ({ path, key }): Claim => ({ path, scope: 'network', value: `place\0${formatPath(path)}\0${key}` }),
  )
  return [...claimsOf('everywhere', exclusive), ...places, ...claimsOf('siblings', exclusiveAmongSiblings)]
}

/** The values that a write takes and that the resource does not hold yet. */
export function newClaims(change: ChangeOf<'create' | 'update'>): readonly Claim[] {
  const wanted = claimsIn(change.target, change.spec)
  if (change.action === 'create') return wanted
  const held = new Set(claimsIn(change.live, change.live.spec).map(({ value }) => value))
  return wanted.filter(({ value }) => !held.has(value))
}

/** Which live resources hold the values that are claimed. */
export function holdersOf(
  values: ReadonlySet<string>,
  resources: readonly LiveResource[],
): ReadonlyMap<string, readonly LiveResource[]> {
  const holders = new Map<string, LiveResource[]>([...values].map((value) => [value, []]))
  if (values.size === 0) return holders
  for (const resource of resources) {
    for (const { value } of claimsIn(resource, resource.spec)) holders.get(value)?.push(resource)
  }
  // A place is often held by several, and the same plan must be the same value.
  for (const list of holders.values())
    if (list.length > 1) list.sort((a, b) => (targetKey(a) < targetKey(b) ? -1 : 1))
  return holders
}

/** True when the change ends the holding of a value. */
export function frees(change: Change | undefined, claim: Claim): boolean {
  if (change?.action === 'delete') return true
  if (change?.action !== 'update') return false
  return !claimsIn(change.target, change.spec).some(({ value }) => value === claim.value)
}
