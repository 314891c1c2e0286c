import type { KeyForm } from '../model/resource.ts'

/** What a read contains where a secret was written; the real service's behaviour is not known. */
export type SecretsOnRead = 'absent' | 'empty' | 'redacted' | 'real'

/** How this API behaves where the documents are silent, or where a test wants something unexpected. All optional. */
export interface BehaviourOptions {
  /** Milliseconds from a write to AVAILABLE. Default 0: at once. */
  readonly provisionMs?: number
  /** Milliseconds from a DELETE to 404. Default 0: at once. */
  readonly destroyMs?: number
  /** Leaves what is being destroyed out of lists. Default false. */
  readonly hideDestroying?: boolean
  /** Reads show what was there so many milliseconds ago; answers to writes are up to date. Default 0. */
  readonly readLagMs?: number
  /** Resources of these names end FAILED. */
  readonly failNames?: readonly string[]
  /** The first GET within 3 s after a DELETE answers 500, for kinds that are known for it. Default false. */
  readonly failFirstGetAfterDelete?: boolean
  /** Child writes need an AVAILABLE parent (else 409; deletions may have a FAILED one) and put it back to PROVISIONING. Default false. */
  readonly strictParent?: boolean
  /** PUT of an id that does not exist answers 404. Default false: it creates. */
  readonly putNeverCreates?: boolean
  /** Collections, by path segment, whose lists always answer 500. */
  readonly failLists?: readonly string[]
  /** Default `absent`. */
  readonly secretsOnRead?: SecretsOnRead
  /** Default `pem`. */
  readonly publicKeyForm?: KeyForm
  /** Reads show fields that are not set as null. Default false: they leave them out. */
  readonly nullsOnRead?: boolean
  /** Reads show values in their canonical form. Default false: as they were written. */
  readonly canonicalReads?: boolean
  /** The answer to a value that another resource has. Default 409. */
  readonly exclusiveStatus?: 409 | 422
  /** `_links.next` stays filled past the last page. Default false. */
  readonly endlessNext?: boolean
  /** The maximum number of resources in a page, whatever `limit` says. Default 1000. */
  readonly pageCap?: number
}

/** {@link BehaviourOptions} with nothing left open. */
export type Behaviour = Required<BehaviourOptions>

/** The documented behaviour, or the likeliest one. */
export function behaviourOf(options: BehaviourOptions): Behaviour {
  return {
    provisionMs: options.provisionMs ?? 0,
    destroyMs: options.destroyMs ?? 0,
    hideDestroying: options.hideDestroying ?? false,
    readLagMs: options.readLagMs ?? 0,
    failNames: options.failNames ?? [],
    failFirstGetAfterDelete: options.failFirstGetAfterDelete ?? false,
    strictParent: options.strictParent ?? false,
    putNeverCreates: options.putNeverCreates ?? false,
    failLists: options.failLists ?? [],
    secretsOnRead: options.secretsOnRead ?? 'absent',
    publicKeyForm: options.publicKeyForm ?? 'pem',
    nullsOnRead: options.nullsOnRead ?? false,
    canonicalReads: options.canonicalReads ?? false,
    exclusiveStatus: options.exclusiveStatus ?? 409,
    endlessNext: options.endlessNext ?? false,
    pageCap: options.pageCap ?? 1000,
  }
}
