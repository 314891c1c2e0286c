import { createHash } from 'node:crypto'
import { DEFAULT_LOCATION } from '../kinds/locations.ts'
import { getPath, type Plain, type PlainObject, withoutPath, withPath } from '../model/json.ts'
import type { ResourceKind } from '../model/resource.ts'
import type { Habits } from './habits.ts'
import { pathOf, type Stored, statusAt } from './stored.ts'

const CONTRACT = '00000000'
const REDACTED = '**********'

/** Writes resources as the API shows them: never a secret, unless a habit says so. */
export class Wire {
  readonly #habits: Habits
  // Properties are replaced and never changed in place, so what was made of an object stays right as long as it lives.
  readonly #shown = new WeakMap<PlainObject, PlainObject>()
  readonly #readBack = new WeakMap<PlainObject, PlainObject>()

  constructor(habits: Habits) {
    this.#habits = habits
  }

  resource(stored: Stored, now: number) {
    const path = pathOf(stored)
    return {
      id: stored.id,
      type: stored.kind.name.replaceAll('-', ''),
      href: path,
      metadata: this.#metadata(stored, path, now),
      properties: this.#properties(stored),
    }
  }

  #metadata(stored: Stored, path: string, now: number) {
    return {
      createdDate: stored.createdDate,
      createdBy: `ionos:identity:::users/${stored.createdBy}`,
      createdByUserId: stored.createdBy,
      lastModifiedDate: stored.lastModifiedDate,
      lastModifiedBy: `ionos:identity:::users/${stored.lastModifiedBy}`,
      lastModifiedByUserId: stored.lastModifiedBy,
      resourceURN: `ionos:vpn:${DEFAULT_LOCATION}:${CONTRACT}:${path.slice(1)}`,
      status: statusAt(stored, now),
      statusMessage: statusAt(stored, now) === 'FAILED' ? stored.failure : null,
      ...this.#derived(stored),
    }
  }

  #derived(stored: Stored): PlainObject | undefined {
    const { readBack } = stored.kind
    if (readBack === undefined) return undefined
    const known = this.#readBack.get(stored.properties)
    if (known !== undefined) return known
    const derived = readBack(stored.properties, this.#habits.publicKeyForm)
    this.#readBack.set(stored.properties, derived)
    return derived
  }

  #properties(stored: Stored): PlainObject {
    const known = this.#shown.get(stored.properties)
    if (known !== undefined) return known
    const shown = this.#nulls(stored.kind, this.#withoutSecrets(stored.kind, this.#spelt(stored)))
    this.#shown.set(stored.properties, shown)
    return shown
  }

  #spelt(stored: Stored): PlainObject {
    return this.#habits.canonicalReads ? stored.kind.normalise(stored.properties) : stored.properties
  }

  #withoutSecrets(kind: ResourceKind, properties: PlainObject): PlainObject {
    let shown = properties
    for (const { path } of kind.secrets) {
      if (getPath(shown, path) === undefined) continue
      shown = this.#mask(shown, path)
    }
    return shown
  }

  #mask(properties: PlainObject, path: readonly string[]): PlainObject {
    switch (this.#habits.secretsOnRead) {
      case 'absent':
        return withoutPath(properties, path)
      case 'empty':
        return withPath<Plain | undefined>(properties, path, '') as PlainObject
      case 'redacted':
        return withPath<Plain | undefined>(properties, path, REDACTED) as PlainObject
      case 'real':
        return properties
      default:
        return this.#habits.secretsOnRead satisfies never
    }
  }

  #nulls(kind: ResourceKind, properties: PlainObject): PlainObject {
    if (!this.#habits.nullsOnRead) return properties
    const fields = Object.keys((kind.schema.properties ?? {}) as object)
    return { ...Object.fromEntries(fields.map((field) => [field, null])), ...properties }
  }
}

/** The id of a list: a UUID, the same for the same path. */
export function listId(path: string): string {
  const hex = createHash('sha256').update(path).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
