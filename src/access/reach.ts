import { compareText } from '../model/lists.ts'
import { type Endpoint, type Estate, endpointsOf, type Gateway } from './estate.ts'
import { type Flow, flowsFrom } from './flows.ts'
import { intersect } from './networks.ts'
import type { Selection } from './select.ts'

/** Packets of an endpoint that are delivered. */
export interface Reach extends Flow {
  readonly from: Endpoint
}

/** All packets from one selection that are delivered to the other; by sender, then by receiver. */
export function reachOf(estate: Estate, from: Selection, to: Selection): readonly Reach[] {
  return endpointsOf(estate)
    .filter(from.includes)
    .flatMap((endpoint) => within(endpoint, flowsFrom(estate, endpoint), from, to))
    .sort((a, b) => inOrder(a.from, b.from) || inOrder(a.to, b.to))
}

function within(
  endpoint: Endpoint,
  flows: readonly Flow[],
  from: Selection,
  to: Selection,
): readonly Reach[] {
  return flows.flatMap((flow): Reach[] => {
    if (!to.includes(flow.to)) return []
    const sources = intersect(flow.sources, from.networks)
    const destinations = intersect(flow.destinations, to.networks)
    return sources.length === 0 || destinations.length === 0
      ? []
      : [{ ...flow, from: endpoint, sources, destinations }]
  })
}

/** Resources by their addresses, then LANs by their names. */
export function inOrder(a: Endpoint, b: Endpoint): number {
  return (
    compareText(orderOf(a), orderOf(b)) ||
    compareText(a.location ?? '', b.location ?? '') ||
    compareText(a.key, b.key)
  )
}

function orderOf({ address, name }: Endpoint): string {
  return address === undefined ? `\uffff${name}` : address
}

/** Names for readers: a resource's own name where no other endpoint has it, else its address. */
export type NameOf = (endpoint: Endpoint) => string

/** Names that distinguish the endpoints of some estates. */
export function namesIn(...estates: readonly Estate[]): NameOf {
  const owners = new Map<string, string>()
  const shared = new Set<string>()
  for (const estate of estates) {
    for (const { name, key } of endpointsOf(estate)) {
      const owner = owners.get(name)
      if (owner === undefined) owners.set(name, key)
      else if (owner !== key) shared.add(name)
    }
  }
  return ({ name, fullName }) => (shared.has(name) ? fullName : name)
}

/** `hq`, or `hq, then txl`. */
export function throughText(through: readonly Gateway[], nameOf: NameOf): string {
  return through.map(nameOf).join(', then ')
}
