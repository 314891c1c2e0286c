import { optional } from '../model/optional.ts'
import type { DesiredResource, DesiredState, LiveResource, LiveState } from '../model/resource.ts'
import { match } from '../plan/match/match.ts'

/** A resource of the file and what is live under its name without being this stack's. */
export interface Adoptable {
  readonly desired: DesiredResource
  readonly live: LiveResource
}

/** What could be taken over by name. */
export interface Adoptions {
  /** In the order of the file. */
  readonly adoptable: readonly Adoptable[]
  /** Names that more than one live resource has: someone has to choose. */
  readonly ambiguous: readonly { readonly desired: DesiredResource; readonly live: readonly LiveResource[] }[]
}

/**
 * Finds unmanaged live resources that have the names of the file, children of those that are found among them: each
 * round takes the ids of the one before for written.
 */
export function findAdoptions(desired: DesiredState, live: LiveState): Adoptions {
  const found = new Map<DesiredResource, LiveResource>()
  let state = desired
  let originals: ReadonlyMap<DesiredResource, DesiredResource> = new Map()
  for (;;) {
    const matching = match(state, live)
    const before = found.size
    const ambiguous: { desired: DesiredResource; live: readonly LiveResource[] }[] = []
    for (const { desired: resource, match: result } of matching.matched) {
      if (result.type !== 'foreign') continue
      const original = originals.get(resource) ?? resource
      const [only, ...more] = result.live
      if (only !== undefined && more.length === 0) found.set(original, only)
      else ambiguous.push({ desired: original, live: result.live })
    }
    if (found.size === before) {
      const adoptable = desired.resources.flatMap((resource) => {
        const counterpart = found.get(resource)
        return counterpart === undefined ? [] : [{ desired: resource, live: counterpart }]
      })
      return { adoptable, ambiguous }
    }
    const pinned = withIds(desired, found)
    state = pinned.state
    originals = pinned.originals
  }
}

function withIds(
  desired: DesiredState,
  ids: ReadonlyMap<DesiredResource, LiveResource>,
): { readonly state: DesiredState; readonly originals: ReadonlyMap<DesiredResource, DesiredResource> } {
  const copies = new Map<DesiredResource, DesiredResource>()
  for (const resource of desired.resources) {
    const id = ids.get(resource)?.id ?? resource.id
    const parent = resource.parent === null ? null : (copies.get(resource.parent) ?? resource.parent)
    copies.set(resource, { ...resource, parent, ...optional({ id }) })
  }
  const originals = new Map([...copies].map(([original, copy]) => [copy, original]))
  return { state: { ...desired, resources: [...copies.values()] }, originals }
}
