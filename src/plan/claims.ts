import {
  canonicalJson,
  type FieldPath,
  formatPath,
  getPath,
  type Plain,
  type PlainObject,
} from '../model/json.ts'
import { type Collection, collectionKey, type LiveResource } from '../model/resource.ts'
import type { Change } from './types.ts'

/** A value that only one resource should hold: anywhere, or among its siblings. */
export interface Claim {
  readonly path: FieldPath
  readonly scope: 'everywhere' | 'siblings'
  /** Equal for equal values of one field and scope. */
  readonly value: string
}

/** The exclusive values in a spec. */
function claimsIn(place: Collection, spec: PlainObject): readonly Claim[] {
  const { exclusive, exclusiveAmongSiblings } = place.kind
  if (exclusive.length + exclusiveAmongSiblings.length === 0) return []
  const claims: Claim[] = []
  for (const path of exclusive) add(claims, spec, path, 'everywhere', '')
  if (exclusiveAmongSiblings.length > 0) {
    const where = collectionKey(place)
    for (const path of exclusiveAmongSiblings) add(claims, spec, path, 'siblings', where)
  }
  return claims
}

function add(
  claims: Claim[],
  spec: PlainObject,
  path: FieldPath,
  scope: Claim['scope'],
  where: string,
): void {
  const value = getPath(spec, path) as Plain | undefined
  if (value === undefined) return
  claims.push({ path, scope, value: `${where}\0${formatPath(path)}\0${canonicalJson(value)}` })
}

/** The values that a write takes and that the resource does not hold yet. */
export function newClaims(change: Change): readonly Claim[] {
  if (change.action !== 'create' && change.action !== 'update') return []
  if (change.action === 'create') return claimsIn(change.target, change.spec)
  const { kind } = change.target
  const moved = (path: FieldPath): boolean => getPath(change.spec, path) !== getPath(change.live.spec, path)
  if (!kind.exclusive.some(moved) && !kind.exclusiveAmongSiblings.some(moved)) return []
  const held = new Set(claimsIn(change.live, change.live.spec).map(({ value }) => value))
  return claimsIn(change.target, change.spec).filter(({ value }) => !held.has(value))
}

/** Which live resources hold the values that are claimed. */
export function holdersOf(
  values: ReadonlySet<string>,
  resources: readonly LiveResource[],
): ReadonlyMap<string, readonly LiveResource[]> {
  const holders = new Map<string, LiveResource[]>()
  if (values.size === 0) return holders
  for (const resource of resources) {
    for (const { value } of claimsIn(resource, resource.spec)) {
      if (!values.has(value)) continue
      const same = holders.get(value)
      if (same === undefined) holders.set(value, [resource])
      else same.push(resource)
    }
  }
  return holders
}

/** True when the change ends the holding of a value. */
export function frees(change: Change | undefined, claim: Claim): boolean {
  if (change?.action === 'delete') return true
  if (change?.action !== 'update') return false
  return !claimsIn(change.target, change.spec).some(({ value }) => value === claim.value)
}
