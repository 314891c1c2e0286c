import { type Address, formatAddress } from '../model/address.ts'
import { matchesAny } from '../model/address-pattern.ts'
import type { LiveResource, LiveState } from '../model/resource.ts'

/**
 * The part of a live state that any of the patterns means, with what is below it and, since a child needs its
 * parents, what is above it. Patterns that mean nothing are reported.
 */
export function selectLive(
  live: LiveState,
  patterns: readonly string[],
): { readonly live: LiveState; readonly unmatched: readonly string[] } {
  if (patterns.length === 0) return { live, unmatched: [] }
  const byId = new Map(live.resources.map((resource) => [keyOf(resource.location, resource.id), resource]))
  const addresses = live.resources.map((resource) => addressOf(resource, byId))
  const kept = new Set<LiveResource>()
  const isMeant = matchesAny(patterns)
  for (const [index, resource] of live.resources.entries()) {
    if (!isMeant(addresses[index] ?? '', resource.location)) continue
    kept.add(resource)
    for (const parent of parentsOf(resource, byId)) kept.add(parent)
  }
  const unmatched = patterns.filter((pattern) => {
    const isHit = matchesAny([pattern])
    return !live.resources.some(({ location }, index) => isHit(addresses[index] ?? '', location))
  })
  return { live: { ...live, resources: live.resources.filter((resource) => kept.has(resource)) }, unmatched }
}

type ById = ReadonlyMap<string, LiveResource>

function addressOf(resource: LiveResource, byId: ById): Address {
  return formatAddress(
    [...parentsOf(resource, byId), resource].map(({ kind, name }) => ({ collection: kind.collection, name })),
  )
}

function parentsOf({ location, parentIds }: LiveResource, byId: ById): readonly LiveResource[] {
  return parentIds.flatMap((id) => byId.get(keyOf(location, id)) ?? [])
}

function keyOf(location: string, id: string): string {
  return `${location}:${id}`
}
