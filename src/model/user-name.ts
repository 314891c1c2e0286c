/**
 * What distinguishes one user from another in an identity of the API: `ionos:identity:::users/5b1d7a52-...` without what all
 * of them begin with. Anything else is returned as it is.
 */
export function userName(identity: string): string {
  return /^ionos:identity:.*\/([^/]+)$/.exec(identity)?.[1] ?? identity
}
