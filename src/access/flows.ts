import { type End, type Endpoint, type Estate, type Gateway, type Lan, networksOfLan } from './estate.ts'
import { byFamily, EVERYWHERE, intersect, type Networks, NOWHERE, subtract, union } from './networks.ts'
import type { Rectangle } from './rectangles.ts'
import { routingOf } from './routing.ts'

/** Packets that are delivered. */
export interface Flow extends Rectangle {
  readonly to: Endpoint
  /** The gateways on the way, the first one first. */
  readonly through: readonly Gateway[]
}

/** How packets came to a gateway. */
interface Arrival {
  /** The endpoint that sent them. */
  readonly from: Endpoint
  readonly through: readonly Gateway[]
}

/**
 * All that an endpoint reaches, not counting itself, or what `isWanted` of it. The flows through one gateway are apart.
 * Forwarding depends on the addresses alone, so a packet that comes to a gateway again never arrives.
 */
export function flowsFrom(
  { gateways }: Estate,
  endpoint: Endpoint,
  isWanted?: (to: Endpoint) => boolean,
): readonly Flow[] {
  if (endpoint.type === 'lan') {
    const networks = networksOfLan(endpoint as Lan)
    const packets = { sources: networks, destinations: subtract(EVERYWHERE, networks) }
    return (endpoint as Lan).gateways.flatMap((gateway) =>
      forward(gateway, packets, { from: endpoint, through: [gateway] }, isWanted),
    )
  }
  const gateway = gateways.get(endpoint.home ?? '')
  // What is behind a linked end is the other gateway, whose endpoints send for themselves.
  if (gateway === undefined || gateway.links.has(endpoint as End)) return []
  const arrival = { from: endpoint, through: [gateway] }
  if (endpoint.type === 'end') {
    return fromEnd(gateway, endpoint, { sources: EVERYWHERE, destinations: EVERYWHERE }, arrival, isWanted)
  }
  const { cloud } = routingOf(gateway)
  return forward(gateway, { sources: cloud, destinations: subtract(EVERYWHERE, cloud) }, arrival, isWanted)
}

/** All addresses that an endpoint may send from. */
export function sourcesOf({ gateways }: Estate, endpoint: Endpoint): Networks {
  if (endpoint.type === 'lan') return networksOfLan(endpoint as Lan)
  const gateway = gateways.get(endpoint.home ?? '')
  if (gateway === undefined || gateway.links.has(endpoint as End)) return NOWHERE
  const { cloud, classes } = routingOf(gateway)
  if (endpoint.type === 'cloud') return cloud
  const all = classes.map(({ sources }) => sources.get(endpoint) ?? NOWHERE)
  return all.length === 1 ? (all[0] ?? NOWHERE) : union(all.flat())
}

/** All addresses of a gateway or an end to which its gateway delivers. */
export function destinationsOf({ gateways }: Estate, endpoint: Endpoint): Networks {
  const gateway = gateways.get(endpoint.home ?? endpoint.key)
  const { classes } = gateway === undefined ? { classes: [] } : routingOf(gateway)
  return union(classes.flatMap(({ routes }) => routes.get(endpoint) ?? []))
}

// A gateway accepts from an end what the end may send, and from it alone.
function fromEnd(
  gateway: Gateway,
  end: Endpoint,
  packets: Rectangle,
  arrival: Arrival,
  isWanted?: (to: Endpoint) => boolean,
): readonly Flow[] {
  return routingOf(gateway).classes.flatMap(({ near, sources }) => {
    const allowed = sources.get(end)
    if (allowed === undefined) return []
    return forward(
      gateway,
      {
        sources: intersect(packets.sources, allowed),
        destinations: intersect(packets.destinations, near),
      },
      arrival,
      isWanted,
    )
  })
}

function forward(
  gateway: Gateway,
  packets: Rectangle,
  { from, through }: Arrival,
  isWanted?: (to: Endpoint) => boolean,
): readonly Flow[] {
  const flows: Flow[] = []
  if (packets.destinations.length === 0) return flows
  for (const { near, routes } of routingOf(gateway).classes) {
    const sources = intersect(packets.sources, near)
    if (sources.length === 0) continue
    for (const [to, networks] of routes) {
      if (isWanted?.(to) === false || to === from || (through.length === 1 && isOneSide(from, to))) continue
      const destinations = intersect(packets.destinations, networks)
      if (destinations.length === 0) continue
      const link = gateway.links.get(to as End)
      if (link === undefined) {
        for (const [one, other] of byFamily(sources, destinations))
          flows.push({ sources: one, destinations: other, to, through })
      } else if (!through.includes(link.gateway)) {
        const arrival = { from, through: [...through, link.gateway] }
        flows.push(...fromEnd(link.gateway, link.end, { sources, destinations }, arrival))
      }
    }
  }
  return flows
}

// The LANs and what is behind them find each other without the gateway, if at all.
function isOneSide(from: Endpoint, to: Endpoint): boolean {
  return from.type === 'cloud' ? to.type !== 'end' : from.type === 'lan' && to.type === 'cloud'
}
