import { hash } from 'node:crypto'
import { getPath, type Plain, type PlainObject, withoutPath, withPath } from '../model/json.ts'
import type { ResourceKind } from '../model/resource.ts'
import type { Behaviour } from './behaviour.ts'
import { pathOf, type Stored, type StoredStatus, statusAt } from './stored.ts'

const CONTRACT = '00000000'
const REDACTED = '**********'

/** Writes resources as the API shows them: never a secret, unless the behaviour says so. */
export class Wire {
  readonly #behaviour: Behaviour
  readonly #location: string
  // Pages of 1000 out of 100,000 resources are usually resources that no one changed since they were last read.
  readonly #texts = new WeakMap<Stored, Text>()

  constructor(behaviour: Behaviour, location: string) {
    this.#behaviour = behaviour
    this.#location = location
  }

  /** A resource as JSON text. */
  resource(stored: Stored, now: number): string {
    const { properties, lastModifiedDate, lastModifiedBy, failure } = stored
    const status = statusAt(stored, now)
    const known = this.#texts.get(stored)
    const isFresh =
      known?.properties === properties &&
      known.status === status &&
      known.lastModifiedDate === lastModifiedDate &&
      known.lastModifiedBy === lastModifiedBy &&
      known.failure === failure
    if (isFresh) return known.text
    const text = JSON.stringify(this.#compose(stored, status))
    this.#texts.set(stored, { properties, status, lastModifiedDate, lastModifiedBy, failure, text })
    return text
  }

  #compose(stored: Stored, status: StoredStatus) {
    const path = pathOf(stored)
    return {
      id: stored.id,
      type: stored.kind.name.replaceAll('-', ''),
      href: path,
      metadata: {
        createdDate: stored.createdDate,
        createdBy: identity(stored.createdBy),
        createdByUserId: stored.createdBy,
        lastModifiedDate: stored.lastModifiedDate,
        lastModifiedBy: identity(stored.lastModifiedBy),
        lastModifiedByUserId: stored.lastModifiedBy,
        resourceURN: `ionos:vpn:${this.#location}:${CONTRACT}:${path.slice(1)}`,
        status,
        statusMessage: status === 'FAILED' ? stored.failure : null,
        ...stored.kind.readBack?.(stored.properties, this.#behaviour.publicKeyForm),
      },
      properties: this.#shown(stored),
    }
  }

  #shown(stored: Stored): PlainObject {
    return this.#nulls(stored.kind, this.#withoutSecrets(stored.kind, this.#spelt(stored)))
  }

  #spelt(stored: Stored): PlainObject {
    return this.#behaviour.canonicalReads ? stored.kind.normalise(stored.properties) : stored.properties
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
    switch (this.#behaviour.secretsOnRead) {
      case 'absent':
        return withoutPath(properties, path)
      case 'empty':
        return withPath<Plain | undefined>(properties, path, '') as PlainObject
      case 'redacted':
        return withPath<Plain | undefined>(properties, path, REDACTED) as PlainObject
      case 'real':
        return properties
      default:
        return this.#behaviour.secretsOnRead satisfies never
    }
  }

  #nulls(kind: ResourceKind, properties: PlainObject): PlainObject {
    if (!this.#behaviour.nullsOnRead) return properties
    const fields = Object.keys((kind.schema.properties ?? {}) as object)
    return { ...Object.fromEntries(fields.map((field) => [field, null])), ...properties }
  }
}

// Everything that a text depends on and that can change: properties are replaced, never changed in place.
interface Text extends Pick<Stored, 'properties' | 'lastModifiedDate' | 'lastModifiedBy' | 'failure'> {
  readonly status: StoredStatus
  readonly text: string
}

function identity(user: string): string {
  return `ionos:identity:::users/${user}`
}

/** The id of a list: a UUID, the same for the same path. */
export function listId(path: string): string {
  const hex = hash('sha256', path, 'hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
