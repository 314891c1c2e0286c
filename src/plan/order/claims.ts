import { type Claim, claimedPlaces, claimedValues } from '../../model/claims.ts'
import { canonicalJson, type FieldPath, formatPath, type PlainObject } from '../../model/json.ts'
import { type Collection, collectionKey, type LiveResource, targetKey } from '../../model/resource.ts'
import type { Change, ChangeOf } from '../types.ts'

/**
 * A value or a place that only one resource should have: in its location, among its siblings, or in a network. The first
 * is refused where it cannot be had; for the others, what frees one goes before what takes it, unless they are exchanged.
 */
export interface HeldClaim {
  readonly path: FieldPath
  readonly scope: Claim['scope']
  /** Equal for equal values of one field and scope. */
  readonly value: string
}

/** The exclusive values in a spec. */
function claimsIn(place: Collection, spec: PlainObject): readonly HeldClaim[] {
  const { claims } = place.kind
  const valuesIn = (scope: 'location' | 'siblings'): readonly HeldClaim[] => {
    const where = scope === 'location' ? place.location : collectionKey(place)
    return claimedValues(claims, scope, spec).map(({ path, value }) => ({
      path,
      scope,
      value: `${where}\0${formatPath(path)}\0${canonicalJson(value)}`,
    }))
  }
  const places = claimedPlaces(claims, spec).map(
    ({ path, key }): HeldClaim => ({ path, scope: 'network', value: `place\0${formatPath(path)}\0${key}` }),
  )
  return [...valuesIn('location'), ...places, ...valuesIn('siblings')]
}

/** The values that a write takes and that the resource does not hold yet. */
export function newClaims(change: ChangeOf<'create' | 'update'>): readonly HeldClaim[] {
  const wanted = claimsIn(change.target, change.spec)
  if (change.action === 'create') return wanted
  const held = new Set(claimsIn(change.live, change.live.spec).map(({ value }) => value))
  return wanted.filter(({ value }) => !held.has(value))
}

/** Which live resources have the values that are claimed. */
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
export function frees(change: Change | undefined, claim: HeldClaim): boolean {
  if (change?.action === 'delete') return true
  if (change?.action !== 'update') return false
  return !claimsIn(change.target, change.spec).some(({ value }) => value === claim.value)
}
