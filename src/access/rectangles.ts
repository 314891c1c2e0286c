import { intersect, type Networks, NOWHERE, subtract } from './networks.ts'

/** Packets with one address in each set. */
export interface Rectangle {
  readonly sources: Networks
  readonly destinations: Networks
}

/** The packets of the one that are not among the other's. */
export function withoutPart(part: Rectangle, other: Rectangle): readonly Rectangle[] {
  const destinations = intersect(part.destinations, other.destinations)
  const sources = destinations.length === 0 ? NOWHERE : intersect(part.sources, other.sources)
  if (sources.length === 0) return [part]
  const remaining = subtract(part.sources, other.sources)
  const below = subtract(part.destinations, other.destinations)
  return [
    ...(remaining.length === 0 ? [] : [{ sources: remaining, destinations: part.destinations }]),
    ...(below.length === 0 ? [] : [{ sources, destinations: below }]),
  ]
}
