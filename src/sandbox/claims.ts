import {
  canonicalJson,
  type FieldPath,
  formatPath,
  getPath,
  type Plain,
  type PlainObject,
} from '../model/json.ts'
import type { ResourceKind } from '../model/resource.ts'
import type { Stored } from './stored.ts'

/** A value that is held already, and by whom. */
export interface Holder {
  readonly path: FieldPath
  readonly holder: Stored
}

/** Who holds the values that only one resource may hold. A field of one name is one value space for all kinds. */
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

  rival(kind: ResourceKind, properties: PlainObject, self: Stored | undefined): Holder | undefined {
    for (const { path, key } of claimed(kind, properties)) {
      for (const holder of this.#holders.get(key) ?? []) if (holder !== self) return { path, holder }
    }
    return undefined
  }
}

function claimed(kind: ResourceKind, properties: PlainObject): { path: FieldPath; key: string }[] {
  if (kind.exclusive.length === 0) return []
  const canonical = kind.normalise(properties)
  return kind.exclusive.flatMap((path) => {
    const value = getPath(canonical, path) as Plain | undefined
    return value === undefined ? [] : [{ path, key: `${formatPath(path)}=${canonicalJson(value)}` }]
  })
}
