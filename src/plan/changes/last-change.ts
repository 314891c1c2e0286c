import { optional } from '../../model/optional.ts'
import type { Change } from '../types.ts'

/** Who the API names as the last to change a resource, and when. */
export interface LastChange {
  readonly by?: string
  readonly at?: string
}

/** The last change of what is live; nothing for what is not live. */
export function lastChangeOf(change: Change): LastChange {
  if (change.action === 'create') return {}
  const { lastModifiedBy, lastModifiedDate, createdBy, createdDate } = change.live.metadata
  const by = lastModifiedBy ?? createdBy
  const at = lastModifiedDate ?? createdDate
  return { ...optional({ by, at }) }
}
