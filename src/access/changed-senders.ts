import type { End, Endpoint, Estate, Gateway } from './estate.ts'
import { type Flow, flowsFrom, sourcesOf } from './flows.ts'
import { EVERYWHERE, intersect, type Networks, NOWHERE, type Span, same, union } from './networks.ts'
import { type RoutingClass, routingOf } from './routing.ts'

/** Endpoints that may reach something else than before, with what each of them reaches but for itself. */
export interface ChangedSenders {
  readonly senders: readonly Endpoint[]
  readonly before: readonly Flow[]
  readonly after: readonly Flow[]
  /** All that a sender may send from, before and after; undefined for several senders, who always send from all. */
  readonly all?: { readonly before: Networks; readonly after: Networks }
  /** Whether packets may take one gateway only, so that flows are apart. */
  readonly isApart: boolean
}

/**
 * The senders at gateways that differ, or are linked to such. Those at one gateway that send from what they sent from
 * before, or that are new, or gone, share the gateway's table, so one entry represents all of them: a gateway with n ends
 * takes n steps and not n * n.
 */
export function changedSenders(before: Estate, after: Estate): readonly ChangedSenders[] {
  const changed: ChangedSenders[] = []
  const lans = new Map<string, Endpoint>()
  const alone = (key: string, one: Endpoint | undefined, other: Endpoint | undefined): void => {
    const sender = other ?? one
    if (sender !== undefined) changed.push(oneSender(before, after, sender, one, other))
    lans.delete(key)
  }
  for (const key of affectedGateways(before, after)) {
    const [one, other] = [before.gateways.get(key), after.gateways.get(key)]
    const shared = isPlain(one) && isPlain(other) ? sharedTable(one, other) : []
    changed.push(...shared)
    const done = new Set(shared.flatMap(({ senders }) => senders.map((sender) => sender.key)))
    for (const end of keysOf([one?.ends ?? [], other?.ends ?? []])) {
      if (done.has(end)) continue
      alone(
        end,
        one?.ends.find((each) => each.key === end),
        other?.ends.find((each) => each.key === end),
      )
    }
    alone('', one?.cloud, other?.cloud)
    for (const { lan } of [...(one?.lans ?? []), ...(other?.lans ?? [])]) lans.set(lan.key, lan)
  }
  for (const key of [...lans.keys()]) alone(key, before.lans.get(key), after.lans.get(key))
  return changed
}

function keysOf(lists: readonly (readonly Endpoint[])[]): ReadonlySet<string> {
  return new Set(lists.flatMap((list) => list.map(({ key }) => key)))
}

function oneSender(
  before: Estate,
  after: Estate,
  sender: Endpoint,
  one: Endpoint | undefined,
  other: Endpoint | undefined,
): ChangedSenders {
  const ways = [before, after].map(({ lans }) => lans.get(sender.key)?.gateways.length ?? 1)
  return {
    senders: [sender],
    before: one === undefined ? [] : flowsFrom(before, one),
    after: other === undefined ? [] : flowsFrom(after, other),
    all: {
      before: one === undefined ? NOWHERE : sourcesOf(before, one),
      after: other === undefined ? NOWHERE : sourcesOf(after, other),
    },
    isApart: Math.max(...ways) === 1,
  }
}

// Forwards by destination alone, to its own ends and LANs.
function isPlain(gateway: Gateway | undefined): boolean {
  return gateway === undefined || (gateway.links.size === 0 && routingOf(gateway).classes.length === 1)
}

function sharedTable(one: Gateway | undefined, other: Gateway | undefined): readonly ChangedSenders[] {
  const groups = new Map<string, { senders: Endpoint[]; family: Networks; isOld: boolean; isNew: boolean }>()
  const was = new Map(one?.ends.map((end) => [end.key, end]))
  const is = new Map(other?.ends.map((end) => [end.key, end]))
  for (const key of new Set([...was.keys(), ...is.keys()])) {
    const [old, now] = [was.get(key), is.get(key)]
    const sources = tableSources(other ?? one, now) ?? tableSources(one, old) ?? NOWHERE
    const family = familyOf(sources)
    const sender = now ?? old
    if (family === undefined || sender === undefined) continue
    if (old !== undefined && now !== undefined && !same(tableSources(one, old) ?? NOWHERE, sources)) continue
    const id = `${family[0]?.first} ${old !== undefined} ${now !== undefined}`
    const group = groups.get(id) ?? {
      senders: [],
      family,
      isOld: old !== undefined,
      isNew: now !== undefined,
    }
    groups.set(id, group)
    group.senders.push(sender)
  }
  return [...groups.values()].map(({ senders, family, isOld, isNew }) => ({
    senders,
    before: isOld && one !== undefined ? tableFlows(one, family, senders) : [],
    after: isNew && other !== undefined ? tableFlows(other, family, senders) : [],
    isApart: true,
  }))
}

function tableSources(gateway: Gateway | undefined, end: Endpoint | undefined): Networks | undefined {
  return gateway === undefined || end === undefined
    ? undefined
    : routingOf(gateway).classes[0]?.sources.get(end)
}

// Senders of both families are left to themselves.
function familyOf(sources: Networks): Networks | undefined {
  if (sources.length === 0) return undefined
  return EVERYWHERE.map((family) => [family]).find((family) => same(intersect(sources, family), sources))
}

function tableFlows(gateway: Gateway, family: Networks, senders: readonly Endpoint[]): readonly Flow[] {
  const [only, ...more] = senders
  const flows: Flow[] = []
  for (const [to, networks] of routingOf(gateway).classes[0]?.routes ?? []) {
    const destinations = to.key === only?.key && more.length === 0 ? NOWHERE : intersect(networks, family)
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
  const { sources, routes } = routingOf(gateway).classes[0] as RoutingClass
  return EVERYWHERE.flatMap((family) => {
    const senders = gateway.ends.filter((end) => intersect(sources.get(end) ?? NOWHERE, [family]).length > 0)
    return [...routes].map(([to, networks]) => {
      const isReached = senders.some((sender) => sender !== to)
      return isReached ? intersect(networks, [family]) : NOWHERE
    })
  })
}
