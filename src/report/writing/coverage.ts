import { optional } from '../../model/optional.ts'
import type { LiveState, UnreadLocation } from '../../model/resource.ts'

/** What a read covered beyond the locations of the files, as members of a JSON document. */
export interface CoverageDocument {
  /** Locations that no file names, read for what the stack owns. Absent: the endpoint is the only location. */
  readonly otherLocations?: readonly string[]
  /** Locations in which leftovers of the stack could not be seen. */
  readonly unreadLocations?: readonly UnreadLocation[]
}

/** The coverage of a read. */
export function coverageDocument({ others, unread }: Pick<LiveState, 'others' | 'unread'>): CoverageDocument {
  return {
    ...optional({ otherLocations: others, unreadLocations: unread }),
  }
}

/** What was not read, as a sentence without its full stop; undefined when all was. */
export function unreadText(unread: readonly UnreadLocation[] = []): string | undefined {
  if (unread.length === 0) return undefined
  const names = unread.map(({ location }) => location).join(', ')
  const count = unread.length === 1 ? '1 location was' : `${unread.length} locations were`
  return `${count} not read (${names}): leftovers there cannot be seen`
}
