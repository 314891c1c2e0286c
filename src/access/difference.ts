import { type ChangedSenders, changedSenders, reachedNetworks } from './changed-senders.ts'
import type { Endpoint, Estate } from './estate.ts'
import type { Flow } from './flows.ts'
import { type AccessChange, linesOf, type Piece } from './lines.ts'
import {
  areApart,
  EVERYWHERE,
  FAMILIES,
  intersect,
  type Networks,
  same,
  subtract,
  union,
} from './networks.ts'
import { type NameOf, namesIn } from './reach.ts'
import { type Rectangle, withoutPart } from './rectangles.ts'

/**
 * Who reaches what behind the gateways in `after` and not in `before`, and the other way round, as few lines as say it. Takes time in
 * proportion to the gateways that differ.
 */
export function accessDifference(before: Estate, after: Estate): readonly AccessChange[] {
  const [gained, losses, moved]: [Piece[], Piece[], Piece[]] = [[], [], []]
  for (const changed of changedSenders(before, after)) {
    const found = compareFlows(withoutOwnAddresses(changed))
    gained.push(...found.gained)
    losses.push(...found.lost)
    moved.push(...found.moved)
  }
  if (gained.length + losses.length + moved.length === 0) return []
  const unreached = unreachedOf(losses, after)
  const nameOf = namesIn(before, after)
  return [
    ...linesOf('moved', moved, nameOf),
    ...linesOf('gain', gained, nameOf),
    ...linesOf('loss', without(losses, unreached), nameOf),
    ...unreachedLines(losses, unreached, nameOf),
  ]
}

/** Of {@link accessDifference}, packets that are delivered before and after, and somewhere else. */
export function movedAccess(before: Estate, after: Estate): readonly AccessChange[] {
  const moved: Piece[] = []
  for (const changed of changedSenders(before, after)) {
    if (changed.before.length === 0 || changed.after.length === 0) continue
    moved.push(...compareFlows(withoutOwnAddresses(changed)).moved)
  }
  return moved.length === 0 ? [] : linesOf('moved', moved, namesIn(before, after))
}

// Whoever reaches anything through a gateway reaches the gateway, so that is not listed.
function withoutOwnAddresses(changed: ChangedSenders): ChangedSenders {
  const isOther = ({ to }: Flow): boolean => to.type !== 'gateway'
  return { ...changed, before: changed.before.filter(isOther), after: changed.after.filter(isOther) }
}

interface Compared {
  readonly gained: readonly Piece[]
  readonly lost: readonly Piece[]
  readonly moved: readonly Piece[]
}

function compareFlows({ senders, before, after, all, isWanted, isApart }: ChangedSenders): Compared {
  // What is sent from new addresses only is new, so flows from all others are compared.
  const isAlike = all === undefined || same(all.before, all.after)
  const common = isAlike ? EVERYWHERE : intersect(all.before, all.after)
  const [was, is] = [before, after].map((flows) =>
    sentFrom(common, isWanted === undefined ? flows : flows.filter(({ to }) => isWanted(to))),
  ) as [readonly Flow[], readonly Flow[]]
  const [gone, come] = [onlyIn(was, is), onlyIn(is, was)]
  const more = isAlike ? [] : sentFrom(subtract(all.after, common), after)
  const less = isAlike ? [] : sentFrom(subtract(all.before, common), before)
  // "anna gains" and "anna loses" the same would contradict each other without her addresses.
  const isReplaced = common.length === 0 && all !== undefined && all.before.length > 0 && all.after.length > 0
  const mark = (own: Networks | undefined, parts: readonly Part[]) =>
    marked(senders, own, parts).map((piece) => (isReplaced ? { ...piece, isPart: true } : piece))
  return {
    gained: mark(all?.after, [...more, ...remaining(come, isApart ? gone : was)]),
    lost: mark(all?.before, [...less, ...remaining(gone, isApart ? come : is)]),
    // A LAN with two gateways may still take the other way.
    moved: isApart ? marked(senders, all?.after, movedTo(come, gone)) : [],
  }
}

function sentFrom(networks: Networks, flows: readonly Flow[]): readonly Flow[] {
  if (networks.length === 0 || networks === EVERYWHERE) return networks.length === 0 ? [] : flows
  return flows
    .map(({ to, through, sources, destinations }) => ({
      to,
      through,
      sources: intersect(sources, networks),
      destinations,
    }))
    .filter(({ sources }) => sources.length > 0)
}

function onlyIn(flows: readonly Flow[], others: readonly Flow[]): readonly Flow[] {
  if (others.length === 0) return flows
  const byTarget = new Map<string, Flow[]>()
  for (const flow of others) {
    const alike = byTarget.get(flow.to.key)
    if (alike === undefined) byTarget.set(flow.to.key, [flow])
    else alike.push(flow)
  }
  return flows.filter(
    ({ to, sources, destinations }) =>
      byTarget
        .get(to.key)
        ?.some((other) => same(other.sources, sources) && same(other.destinations, destinations)) !== true,
  )
}

type Part = Flow & Pick<Piece, 'instead'>

function marked(
  senders: readonly Endpoint[],
  all: Networks | undefined,
  parts: readonly Part[],
): readonly Piece[] {
  const whole = all === undefined ? [] : [all, ...FAMILIES.map((family) => intersect(all, family))]
  return parts.map(({ to, through, sources, destinations, instead }) => {
    const isPart = all !== undefined && !whole.some((own) => same(own, sources))
    return { to, through, sources, destinations, instead, senders, isPart }
  })
}

function remaining(flows: readonly Flow[], others: readonly Flow[]): readonly Flow[] {
  return flows.flatMap((flow) => {
    let left: readonly Rectangle[] = [flow]
    for (const other of others) {
      if (areApart(flow.destinations, other.destinations) || areApart(flow.sources, other.sources)) continue
      left = left.flatMap((part) => withoutPart(part, other))
    }
    return left.map((part): Flow => ({ ...flow, ...part }))
  })
}

function movedTo(come: readonly Flow[], gone: readonly Flow[]): readonly Part[] {
  return come.flatMap((flow) =>
    gone.flatMap(({ to, sources, destinations }): Part[] => {
      if (to.key === flow.to.key) return []
      const common = {
        sources: intersect(flow.sources, sources),
        destinations: intersect(flow.destinations, destinations),
      }
      if (common.sources.length === 0 || common.destinations.length === 0) return []
      return [{ ...flow, ...common, instead: to }]
    }),
  )
}

// What was lost and is delivered to nobody else's packets either.
function unreachedOf(losses: readonly Piece[], after: Estate): Networks {
  const lost = union(losses.flatMap(({ destinations }) => destinations))
  if (lost.length === 0) return lost
  return subtract(lost, reachedNetworks(after))
}

function without(pieces: readonly Piece[], networks: Networks): readonly Piece[] {
  if (networks.length === 0) return pieces
  return pieces.flatMap((piece) => {
    const destinations = subtract(piece.destinations, networks)
    return destinations.length === 0 ? [] : [{ ...piece, destinations }]
  })
}

function unreachedLines(
  losses: readonly Piece[],
  unreached: Networks,
  nameOf: NameOf,
): readonly AccessChange[] {
  const pieces = losses.flatMap((piece): Piece[] => {
    const destinations = intersect(piece.destinations, unreached)
    // Who sent the packets does not matter: nobody is left.
    return destinations.length === 0
      ? []
      : [{ ...piece, destinations, isPart: false, senders: piece.through.slice(0, 1) }]
  })
  return linesOf('unreached', pieces, nameOf)
}
