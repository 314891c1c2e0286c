import type { End, Endpoint, Gateway } from './estate.ts'
import { type Lead, mostSpecific } from './most-specific.ts'
import {
  EVERYWHERE,
  intersect,
  type Networks,
  NOWHERE,
  networksOf,
  type Route,
  routeOf,
  subtract,
  union,
} from './networks.ts'

/** How a gateway forwards what has one address, source or destination, in a set on its own side. */
export interface RoutingClass {
  /** Addresses that the same ends exchange packets with. */
  readonly near: Networks
  /** What each end may send from. */
  readonly sources: ReadonlyMap<Endpoint, Networks>
  /** What is delivered where, for packets from `near`. */
  readonly routes: ReadonlyMap<Endpoint, Networks>
}

/** The tables of a gateway. */
export interface Routing {
  readonly classes: readonly RoutingClass[]
  /** Networks behind the LANs that tunnels open: no connection shows where they are. */
  readonly cloud: Networks
}

// Of equal networks: the gateway's own address, then ends in their order, then a LAN, then the network of the tunnels.
const OWN = -1
const LAN = 1_000_000
const INSIDE = 2 * LAN

type Target = Endpoint | 'inside'

const known = new WeakMap<Gateway, Routing>()

/** The tables of a gateway, made once. */
export function routingOf(gateway: Gateway): Routing {
  const found = known.get(gateway) ?? makeRouting(gateway)
  known.set(gateway, found)
  return found
}

function makeRouting(gateway: Gateway): Routing {
  const interfaces = routesOf(gateway.role.interfaces)
  const own = interfaces.map(({ address }) => ({ first: address, last: address, to: gateway, rank: OWN }))
  const near: readonly Lead<Target>[] = [
    ...gateway.lans.flatMap(({ lan, networks }, index) =>
      leads<Target>(routesOf(networks), lan, LAN + index),
    ),
    ...leads<Target>(interfaces, 'inside', INSIDE),
  ]
  const far = gateway.ends.flatMap((end, rank) => leads<Endpoint>(routesOf(end.role.behind), end, rank))
  const opened = gateway.ends.flatMap(({ role }) => role.opens ?? [])
  const cloud = opened.length === 0 ? NOWHERE : subtract(networksOf(opened), union([...own, ...near, ...far]))
  const classes = classesOf(gateway.ends).map(({ addresses, ends }): RoutingClass => {
    const open = ends.size === gateway.ends.length ? far : far.filter(({ rank }) => ends.has(rank))
    const sources = mostSpecific<Endpoint>([...own, ...open])
    return {
      near: addresses,
      sources,
      routes: routesFor(gateway, mostSpecific([...own, ...open, ...near]), sources, cloud),
    }
  })
  return { classes, cloud }
}

function routesFor(
  gateway: Gateway,
  shares: ReadonlyMap<Target, Networks>,
  ends: ReadonlyMap<Endpoint, Networks>,
  cloud: Networks,
): ReadonlyMap<Endpoint, Networks> {
  const routes = new Map<Endpoint, Networks>()
  for (const [to, networks] of shares) if (to !== 'inside') routes.set(to, networks)
  // The interface has no routes of its own: the most specific end gets the packet.
  const inside = shares.get('inside') ?? NOWHERE
  for (const [end, networks] of inside.length === 0 ? [] : ends) {
    const more = intersect(inside, networks)
    if (more.length > 0) routes.set(end, union([...(routes.get(end) ?? []), ...more]))
  }
  if (cloud.length > 0) routes.set(gateway.cloud, cloud)
  return routes
}

function routesOf(texts: readonly string[] = []): readonly Route[] {
  return texts.map(routeOf).filter((route) => route !== undefined)
}

function leads<T>(routes: readonly Route[], to: T, rank: number): readonly Lead<T>[] {
  return routes.map(({ first, last }) => ({ first, last, to, rank }))
}

interface AddressClass {
  readonly addresses: Networks
  /** Indexes. */
  readonly ends: ReadonlySet<number>
}

// All addresses, by which ends may exchange packets with them.
function classesOf(ends: readonly End[]): readonly AddressClass[] {
  const open = new Set([...ends.keys()].filter((index) => ends[index]?.role.opens === undefined))
  let classes: readonly AddressClass[] = [{ addresses: EVERYWHERE, ends: open }]
  for (const [index, { role }] of ends.entries()) {
    if (role.opens === undefined) continue
    const opens = networksOf(role.opens)
    classes = classes.flatMap(({ addresses, ends: before }) => {
      const [inner, outer] = [intersect(addresses, opens), subtract(addresses, opens)]
      return [
        ...(inner.length === 0 ? [] : [{ addresses: inner, ends: new Set([...before, index]) }]),
        ...(outer.length === 0 ? [] : [{ addresses: outer, ends: before }]),
      ]
    })
  }
  return classes
}
