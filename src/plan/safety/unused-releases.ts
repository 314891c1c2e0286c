import { canonicalLocation } from '../../kinds/locations.ts'
import { splitLocation } from '../../model/address-pattern.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import { optional } from '../../model/optional.ts'
import type { DesiredState, LiveState } from '../../model/resource.ts'
import type { Matching } from '../match/match.ts'

/**
 * Entries of `released` that name nothing that this stack owns. One that is misspelled would not keep what it means
 * from being deleted, so it is an error as soon as the plan deletes something.
 */
export function unusedReleaseFindings(
  matching: Matching,
  desired: DesiredState,
  live: LiveState,
  deletesSomething: boolean,
): readonly Diagnostic[] {
  const { released = [] } = desired
  if (released.length === 0) return []
  const used = new Set(
    [...matching.setAside.values()].flatMap((why) => (why.type === 'released' ? [why.by] : [])),
  )
  const read = new Set(live.locations.map(canonicalLocation))
  return released.flatMap((release): Diagnostic[] => {
    const { location } = splitLocation(release.address)
    if (used.has(release) || (location !== undefined && !read.has(canonicalLocation(location)))) return []
    return [
      {
        severity: deletesSomething ? 'error' : 'warning',
        code: 'VPN542',
        message: `"${release.address}" in the "released" list names nothing live that this stack owns`,
        hint: deletesSomething
          ? 'correct the entry, or remove it, before anything is deleted: it may mean what would be deleted'
          : 'correct the entry; remove it when the resource is deleted',
        ...optional({ at: release.at }),
      },
    ]
  })
}
