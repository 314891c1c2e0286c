import { safeLine } from './safe-text.ts'

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

/** ` by ben on 2026-08-19 10:11 UTC`: who and when, as far as they are known; empty where neither is. */
export function byText({
  by,
  at,
}: {
  readonly by?: string | undefined
  readonly at?: string | undefined
}): string {
  return `${by === undefined ? '' : ` by ${userName(by)}`}${at === undefined ? '' : ` on ${dateText(at)}`}`
}

/** `2026-08-19 10:11 UTC`; a date in a form that is not known is returned as it is. */
export function dateText(date: string): string {
  const parts = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2}(\.\d+)?)?(Z|[+-]00:?00)$/.exec(date)
  return parts === null ? safeLine(date) : `${parts[1]} ${parts[2]} UTC`
}
