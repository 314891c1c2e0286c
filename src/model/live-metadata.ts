/** Who created and who changed a resource, and when. Dates are as the API wrote them. */
export interface Authorship {
  readonly createdDate?: string
  readonly createdBy?: string
  readonly lastModifiedDate?: string
  readonly lastModifiedBy?: string
}

/** What the service says about a resource. */
export interface LiveMetadata extends Authorship {
  /** What the service derives from a secret, under the names that the kind gives in `verifiedBy`. */
  readonly [derived: string]: string | undefined
}

/**
 * What distinguishes one user from another in an identity of the API: `ionos:identity:::users/5b1d7a52-...` without what all
 * of them begin with. Anything else is returned as it is.
 */
export function userName(identity: string): string {
  return /^ionos:identity:.*\/([^/]+)$/.exec(identity)?.[1] ?? identity
}
