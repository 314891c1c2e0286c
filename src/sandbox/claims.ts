import { claimedPlaces, claimedValues } from '../model/claims.ts'
import { canonicalJson, formatPath, type PlainObject } from '../model/json.ts'
import type { ResourceKind } from '../model/resource.ts'
import type { Stored } from './stored.ts'

/** A value that is held already, and by whom. */
export interface Holder {
  /** `gatewayIP`, or the place in a network that is taken. */
  readonly what: string
  readonly holder: Stored
}

/** Who has the values that only one resource may have. A field of one name is one value space for all kinds. */
export class Claims {
  // A set, since seeded states may break the rule.
  readonly #holders = new Map<string, Set<Stored>>()

  hold(stored: Stored): void {
    for (const { key } of claimed(stored.kind, stored.properties)) {
      const holders = this.#holders.get(key)
      if (holders === undefined) this.#holders.set(key, new Set([stored]))
      else holders.add(stored)
    }
  }

  release(stored: Stored): void {
    for (const { key } of claimed(stored.kind, stored.properties)) {
      const holders = this.#holders.get(key)
      if (holders?.delete(stored) && holders.size === 0) this.#holders.delete(key)
    }
  }

  holderOf(kind: ResourceKind, properties: PlainObject, self: Stored | undefined): Holder | undefined {
    for (const { what, key } of claimed(kind, properties)) {
      for (const holder of this.#holders.get(key) ?? []) if (holder !== self) return { what, holder }
    }
    return undefined
  }
}

function claimed(
  kind: ResourceKind,
  properties: PlainObject,
): readonly { readonly what: string; readonly key: string }[] {
  if (kind.claims.every(({ scope }) => scope === 'siblings')) return []
  const canonical = kind.normalise(properties)
  const values = claimedValues(kind.claims, 'location', canonical).map(({ path, value }) => {
    const what = formatPath(path)
    return { what, key: `${what}=${canonicalJson(value)}` }
  })
  const places = claimedPlaces(kind.claims, canonical).map(({ path, key }) => ({
    what: `${formatPath(path)}: ${key}`,
    key: `place ${key}`,
  }))
  return [...values, ...places]
}
