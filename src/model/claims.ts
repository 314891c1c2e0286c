import { type FieldPath, getPath, type Plain, type PlainObject } from './json.ts'

/** Something that only so many resources may have at a time within a scope, and how. */
export type Claim =
  /** The value of a field: a public address in its location, a public key among the peers of a gateway. */
  | {
      readonly type: 'value'
      readonly path: FieldPath
      readonly scope: 'location' | 'siblings'
      readonly capacity: 1
    }
  /** A place in a network, a gateway's address in a LAN for one: equal keys, one place. */
  | {
      readonly type: 'place'
      /** The places that a spec takes, each with the field that names it. */
      readonly in: (spec: PlainObject) => readonly { readonly path: FieldPath; readonly key: string }[]
      readonly scope: 'network'
      readonly capacity: 1
    }
  /** One of the slots below a parent; every resource takes one, those of others count. */
  | { readonly type: 'slot'; readonly scope: 'siblings'; readonly capacity: number }

/** The paths of values that only one resource may have within a scope. */
export function claimedPaths(claims: readonly Claim[], scope: 'location' | 'siblings'): readonly FieldPath[] {
  return claims.flatMap((claim) => (claim.type === 'value' && claim.scope === scope ? [claim.path] : []))
}

/** The values that a spec has within a scope. */
export function claimedValues(
  claims: readonly Claim[],
  scope: 'location' | 'siblings',
  spec: PlainObject,
): readonly { readonly path: FieldPath; readonly value: Plain }[] {
  return claimedPaths(claims, scope).flatMap((path) => {
    const value = getPath(spec, path) as Plain | undefined
    return value === undefined ? [] : [{ path, value }]
  })
}

/** The places in networks that a spec takes. */
export function claimedPlaces(
  claims: readonly Claim[],
  spec: PlainObject,
): readonly { readonly path: FieldPath; readonly key: string }[] {
  return claims.flatMap((claim) => (claim.type === 'place' ? claim.in(spec) : []))
}

/** How many resources of a kind one parent can have; undefined: no limit is known. */
export function slotsPerParent(claims: readonly Claim[]): number | undefined {
  return claims.find(({ type }) => type === 'slot')?.capacity
}
