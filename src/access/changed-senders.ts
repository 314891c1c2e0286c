import type { End, Endpoint, Estate, Gateway } from './estate.ts'
import { type Flow, flowsFrom, sourcesOf } from './flows.ts'
import {
  FAMILIES,
  familyOf,
  intersect,
  meets,
  type Networks,
  NOWHERE,
  type Span,
  same,
  union,
} from './networks.ts'
import { type RoutingClass, routingOf } from './routing.ts'

/** Endpoints that may reach something else than before, with what each of them reaches but for itself. */
export interface ChangedSenders {
  readonly senders: readonly Endpoint[]
  readonly before: readonly Flow[]
  readonly after: readonly Flow[]
  /** All that a sender may send from, before and after; undefined for several senders, who always send from all. */
  readonly all?: { readonly before: Networks; readonly after: Networks }
  /** Whose packets may differ when they are sent from what a sender sent from before. */
  readonly isWanted: Wanted | undefined
  /** Whether packets may take one gateway only, so that flows are apart. */
  readonly isApart: boolean
}

/**
 * The senders at gateways that differ, or are linked to such. Those at one gateway that send from what they sent from
 * before, or that are new, or gone, share the gateway's table, so one entry represents all of them: a gateway with n ends
 * takes n steps and not n * n.
 */
export function* changedSenders(before: Estate, after: Estate): Generator<ChangedSenders> {
  const lans = new Map<string, Wanted | undefined>()
  for (const key of affectedGateways(before, after)) {
    const [one, other] = [before.gateways.get(key), after.gateways.get(key)]
    const ends = new Map<string, Pair<End>>()
    for (const end of one?.ends ?? []) ends.set(end.key, [end, undefined])
    for (const end of other?.ends ?? []) ends.set(end.key, [ends.get(end.key)?.[0], end])
    const done = new Set<string>()
    const isWanted = changedTargets(one, other)
    for (const shared of isWanted === undefined ? [] : sharedTable([one, other], ends, isWanted)) {
      for (const sender of shared.senders) done.add(sender.key)
      yield shared
    }
    for (const [end, [was, is]] of ends)
      if (!done.has(end)) yield* oneSender(before, after, was, is, isWanted)
    yield* oneSender(before, after, one?.cloud, other?.cloud, isWanted)
    for (const { lan } of [...(one?.lans ?? []), ...(other?.lans ?? [])]) lans.set(lan.key, isWanted)
  }
  for (const [key, isWanted] of lans) {
    const [one, other] = [before.lans.get(key), after.lans.get(key)]
    const [was, is] = [one?.gateways ?? [], other?.gateways ?? []]
    const hasOneWay = was.length === 1 && is.length === 1 && was[0]?.key === is[0]?.key
    yield* oneSender(before, after, one, other, hasOneWay ? isWanted : undefined)
  }
}

// Before and after.
type Pair<T> = readonly [T | undefined, T | undefined]

function* oneSender(
  before: Estate,
  after: Estate,
  one: Endpoint | undefined,
  other: Endpoint | undefined,
  isWanted: Wanted | undefined,
): Generator<ChangedSenders> {
  const sender = other ?? one
  if (sender === undefined) return
  const all = {
    before: one === undefined ? NOWHERE : sourcesOf(before, one),
    after: other === undefined ? NOWHERE : sourcesOf(after, other),
  }
  if (all.before.length + all.after.length === 0) return
  const isAlike = same(all.before, all.after)
  const wanted = isAlike ? isWanted : undefined
  const ways = [before, after].map(({ lans }) => lans.get(sender.key)?.gateways.length ?? 1)
  yield {
    senders: [sender],
    before: one === undefined ? [] : flowsFrom(before, one, wanted),
    after: other === undefined ? [] : flowsFrom(after, other, wanted),
    all,
    // What a LAN has of its own it does not send through the gateway, and that differs with what it sends from.
    isWanted: isAlike || sender.type === 'end' ? isWanted : undefined,
    isApart: Math.max(...ways) === 1,
  }
}

type Wanted = (to: Endpoint) => boolean

// Whose networks differ; undefined where what reaches an endpoint depends on more than one table on each side.
function changedTargets(one: Gateway | undefined, other: Gateway | undefined): Wanted | undefined {
  if (!isPlain(one) || !isPlain(other)) return undefined
  const was = new Map<string, Networks>()
  for (const [to, networks] of one === undefined ? [] : tableOf(one).routes) was.set(to.key, networks)
  const unchanged = new Set<string>()
  for (const [{ key }, networks] of other === undefined ? [] : tableOf(other).routes)
    if (same(was.get(key) ?? NOWHERE, networks)) unchanged.add(key)
  return ({ key }) => !unchanged.has(key)
}

function tableOf(gateway: Gateway): RoutingClass {
  return routingOf(gateway).classes[0] as RoutingClass
}

// Forwards by destination alone, to its own ends and LANs.
function isPlain(gateway: Gateway | undefined): boolean {
  return gateway === undefined || (gateway.links.size === 0 && routingOf(gateway).classes.length === 1)
}

function sharedTable(
  [one, other]: Pair<Gateway>,
  ends: ReadonlyMap<string, Pair<End>>,
  isWanted: Wanted,
): readonly ChangedSenders[] {
  const groups = new Map<string, { senders: Endpoint[]; family: Networks; isOld: boolean; isNew: boolean }>()
  for (const [old, now] of ends.values()) {
    const sources = tableSources(other ?? one, now) ?? tableSources(one, old) ?? NOWHERE
    // Senders of both families are left to themselves.
    const family = familyOf(sources)
    const sender = now ?? old
    if (family === undefined || sender === undefined) continue
    // Packets to its own networks go nowhere, so a sender that gets others is compared alone.
    const isKept = old !== undefined && now !== undefined
    if (isKept && (isWanted(now) || !same(tableSources(one, old) ?? NOWHERE, sources))) continue
    const id = `${FAMILIES.indexOf(family)} ${old !== undefined} ${now !== undefined}`
    const group = groups.get(id) ?? {
      senders: [],
      family,
      isOld: old !== undefined,
      isNew: now !== undefined,
    }
    groups.set(id, group)
    group.senders.push(sender)
  }
  return [...groups.values()].map(({ senders, family, isOld, isNew }) => {
    const wanted = isOld && isNew ? isWanted : undefined
    return {
      senders,
      before: isOld && one !== undefined ? tableFlows(one, family, senders, wanted) : [],
      after: isNew && other !== undefined ? tableFlows(other, family, senders, wanted) : [],
      isWanted: wanted,
      isApart: true,
    }
  })
}

/** Ends that share the table of their gateway, and what each of them reaches but for itself. */
export function tablesOf(gateway: Gateway, ends: readonly Endpoint[]): readonly SharedTable[] {
  if (!isPlain(gateway)) return []
  return FAMILIES.flatMap((family) => {
    const senders = ends.filter((end) => familyOf(tableSources(gateway, end) ?? NOWHERE) === family)
    return senders.length === 0 ? [] : [{ senders, flows: tableFlows(gateway, family, senders) }]
  })
}

/** See {@link tablesOf}. */
export interface SharedTable {
  readonly senders: readonly Endpoint[]
  readonly flows: readonly Flow[]
}

function tableSources(gateway: Gateway | undefined, end: Endpoint | undefined): Networks | undefined {
  return gateway === undefined || end === undefined ? undefined : tableOf(gateway).sources.get(end)
}

function tableFlows(
  gateway: Gateway,
  family: Networks,
  senders: readonly Endpoint[],
  isWanted?: Wanted,
): readonly Flow[] {
  const [only, ...more] = senders
  const flows: Flow[] = []
  for (const [to, networks] of tableOf(gateway).routes) {
    if (isWanted?.(to) === false || (to.key === only?.key && more.length === 0)) continue
    const destinations = intersect(networks, family)
    if (destinations.length > 0) flows.push({ sources: family, destinations, to, through: [gateway] })
  }
  return flows
}

function affectedGateways(before: Estate, after: Estate): ReadonlySet<string> {
  const affected = new Set<string>()
  const add = (gateway: Gateway): void => {
    if (affected.has(gateway.key)) return
    affected.add(gateway.key)
    for (const estate of [before, after]) {
      const same = estate.gateways.get(gateway.key)
      for (const { gateway: linked } of same?.links.values() ?? []) add(linked)
      for (const { lan } of same?.lans ?? [])
        if (!isSameLan(lan.key, before, after)) lan.gateways.forEach(add)
    }
  }
  for (const key of new Set([...before.gateways.keys(), ...after.gateways.keys()])) {
    const [one, other] = [before.gateways.get(key), after.gateways.get(key)]
    if (one !== undefined && !isSame(one, other)) add(one)
    if (other !== undefined && !isSame(other, one)) add(other)
  }
  return affected
}

// Its networks depend on the connections of all its gateways.
function isSameLan(key: string, before: Estate, after: Estate): boolean {
  const [one, other] = [before, after].map(({ lans }) => [...(lans.get(key)?.texts ?? [])].sort().join())
  return one === other
}

function isSame(gateway: Gateway, other: Gateway | undefined): boolean {
  return (
    other !== undefined &&
    isEqual(gateway, other) &&
    gateway.ends.length === other.ends.length &&
    gateway.ends.every((one, index) => {
      const end = other.ends[index]
      return end !== undefined && one.key === end.key && isEqual(one, end)
    })
  )
}

// Roles are made member by member in one order.
function isEqual(one: Pick<End, 'spec' | 'role'>, other: Pick<End, 'spec' | 'role'>): boolean {
  return one.spec === other.spec || JSON.stringify(one.role) === JSON.stringify(other.role)
}

/** All addresses that anyone reaches. Of a gateway's table, what it delivers to an end another end has to send. */
export function reachedNetworks(estate: Estate): Networks {
  const spans: Span[] = []
  const add = (endpoint: Endpoint): void => {
    for (const { destinations } of flowsFrom(estate, endpoint)) spans.push(...destinations)
  }
  for (const gateway of estate.gateways.values()) {
    if (isPlain(gateway)) for (const networks of tableReached(gateway)) spans.push(...networks)
    else for (const endpoint of [...gateway.ends, gateway.cloud]) add(endpoint)
  }
  for (const lan of estate.lans.values()) add(lan)
  return union(spans)
}

function tableReached(gateway: Gateway): readonly Networks[] {
  const { sources, routes } = tableOf(gateway)
  return FAMILIES.flatMap((family) => {
    const senders = gateway.ends.filter((end) => meets(sources.get(end) ?? NOWHERE, family))
    return [...routes].map(([to, networks]) => {
      const isReached = senders.some((sender) => sender !== to)
      return isReached ? intersect(networks, family) : NOWHERE
    })
  })
}
