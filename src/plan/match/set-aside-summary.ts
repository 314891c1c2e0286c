import { withinTargets } from '../../model/address-pattern.ts'
import type { Named } from '../../model/addresses/suggest-address.ts'
import { optional } from '../../model/optional.ts'
import type { DesiredState, LiveResource } from '../../model/resource.ts'
import { compareAddresses } from '../changes/reading-order.ts'
import type { Plan, ReleasedResources } from '../types.ts'
import type { DisplayAddress } from './display-address.ts'
import { liveAddresses } from './live-address.ts'
import type { Matching } from './match.ts'

/** What a plan says of the resources that it leaves alone: released ones by their topmost, neighbours by a count. */
export function setAsideSummary(
  matching: Matching,
  { neighbours = [] }: DesiredState,
  display: DisplayAddress,
  targets: readonly string[],
): Pick<Plan, 'released' | 'neighbours'> {
  const addressOf = liveAddresses(matching)
  const isTarget = withinTargets(targets)
  const counts = new Map(neighbours.map(({ stack }) => [stack, 0]))
  const tops = new Map<LiveResource, number>()
  for (const [resource, why] of matching.setAside) {
    if (why.type === 'released') {
      const top = topOf(resource, matching)
      tops.set(top, (tops.get(top) ?? 0) + 1)
    } else if (isTarget(addressOf(resource), resource.location)) {
      counts.set(why.stack, (counts.get(why.stack) ?? 0) + 1)
    }
  }
  const released = [...tops].flatMap(([live, resources]): ReleasedResources[] => {
    const why = matching.setAside.get(live)
    const reason = why?.type === 'released' ? why.by.reason : undefined
    const address = addressOf(live)
    if (!isTarget(address, live.location)) return []
    const { id, location } = live
    return [
      {
        address: display(address, location),
        id,
        location,
        ...optional({ reason }),
        resources,
      },
    ]
  })
  return {
    released: released.sort((a, b) =>
      compareAddresses({ address: a.address, key: a.id }, { address: b.address, key: b.id }),
    ),
    // With targets, none within them does not mean that there are none.
    neighbours: [...counts]
      .filter(([, resources]) => targets.length === 0 || resources > 0)
      .map(([stack, resources]) => ({ stack, resources })),
  }
}

/** Resources that patterns may name although no change is about them. */
export function setAsideNames(matching: Matching, display: DisplayAddress): readonly Named[] {
  if (matching.setAside.size === 0) return []
  const addressOf = liveAddresses(matching)
  return [...matching.setAside.keys()].map((live) => ({
    address: display(addressOf(live), live.location),
    location: live.location,
  }))
}

// The highest released resource above it, or itself.
function topOf(resource: LiveResource, matching: Matching): LiveResource {
  const parent = matching.index.parentOf(resource)
  if (parent === undefined || matching.setAside.get(parent)?.type !== 'released') return resource
  return topOf(parent, matching)
}
