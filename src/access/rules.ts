import type { AccessRule } from '../model/networks/access-rule.ts'
import { type Endpoint, type Estate, endpointsOf } from './estate.ts'
import { destinationsOf, flowsFrom, sourcesOf } from './flows.ts'
import { conciseList, exampleAddress } from './network-texts.ts'
import { byFamily, intersect, type Networks, NOWHERE, subtract, union } from './networks.ts'
import { type NameOf, namesIn, reachOf, throughText } from './reach.ts'
import { type Rectangle, withoutPart } from './rectangles.ts'
import { isBadWord, type Selection, selectionOf } from './select.ts'

/** A rule that does not hold, with a packet that shows it. */
export interface Violation {
  readonly rule: AccessRule
  /** A sentence without the rule's own words. */
  readonly message: string
}

/** The rules that do not hold in an estate. A rule with a word that cannot be read is left out: it is reported apart. */
export function violations(rules: readonly AccessRule[], estate: Estate): readonly Violation[] {
  if (rules.length === 0) return []
  const nameOf = namesIn(estate)
  return rules.flatMap((rule) => {
    const read = readRule(rule)
    if (read === undefined) return []
    const message = rule.effect === 'deny' ? denied(read, estate, nameOf) : missing(read, estate, nameOf)
    return message === undefined ? [] : [{ rule, message }]
  })
}

interface ReadRule {
  readonly from: Selection
  readonly to: Selection
  readonly isExcepted: (endpoint: Endpoint) => boolean
  readonly exceptedNetworks: Networks
}

function readRule({ from, to, except }: AccessRule): ReadRule | undefined {
  const [sender, receiver] = [selectionOf(from.text), selectionOf(to.text)]
  const exceptions = except.map(({ text }) => selectionOf(text))
  if (isBadWord(sender) || isBadWord(receiver) || exceptions.some(isBadWord)) return undefined
  const [patterns, networks] = split(exceptions as readonly Selection[])
  return {
    from: sender,
    to: receiver,
    isExcepted: (endpoint) => patterns.some(({ includes }) => includes(endpoint)),
    exceptedNetworks: networks.length === 0 ? NOWHERE : union(networks.flatMap((each) => each.networks)),
  }
}

function split(selections: readonly Selection[]): readonly [readonly Selection[], readonly Selection[]] {
  return [selections.filter(({ isPattern }) => isPattern), selections.filter(({ isPattern }) => !isPattern)]
}

function denied(
  { from, to, isExcepted, exceptedNetworks }: ReadRule,
  estate: Estate,
  nameOf: NameOf,
): string | undefined {
  const reached = reachOf(estate, from, to)
    .filter((reach) => !isExcepted(reach.from) && !isExcepted(reach.to))
    .map((reach) => ({
      ...reach,
      sources: subtract(reach.sources, exceptedNetworks),
      destinations: subtract(reach.destinations, exceptedNetworks),
    }))
    .filter(({ sources, destinations }) => sources.length > 0 && destinations.length > 0)
  const [first] = reached
  if (first === undefined) return undefined
  const more = new Set(reached.map((reach) => reach.from)).size - 1
  const others = more === 0 ? '' : `, as ${more === 1 ? 'does 1 other' : `do ${more} others`}`
  return `${nameOf(first.from)} reaches ${conciseList(first.destinations)} (${nameOf(first.to)}) through ${throughText(first.through, nameOf)}${others}: ${packet(first)} is delivered`
}

function missing(rule: ReadRule, estate: Estate, nameOf: NameOf): string | undefined {
  const senders = endpointsOf(estate)
    .filter((endpoint) => rule.from.includes(endpoint) && !rule.isExcepted(endpoint))
    .map((endpoint) => ({
      endpoint,
      sources: subtract(intersect(sourcesOf(estate, endpoint), rule.from.networks), rule.exceptedNetworks),
    }))
    .filter(({ sources }) => sources.length > 0)
  if (senders.length === 0) {
    return rule.from.isPattern ? undefined : `nothing in these files sends from ${rule.from.text}`
  }
  for (const { endpoint, sources } of senders) {
    const gap = firstGap(endpoint, sources, rule, estate)
    if (gap === undefined) continue
    return `${nameOf(endpoint)} does not reach ${conciseList(gap.destinations)}: ${packet(gap)} is not delivered`
  }
  return undefined
}

// Of what a sender has to reach, the first part that is not delivered.
function firstGap(
  endpoint: Endpoint,
  sources: Networks,
  rule: ReadRule,
  estate: Estate,
): Rectangle | undefined {
  const flows = flowsFrom(estate, endpoint)
  for (const { networks, receiver } of wantedBy(endpoint, rule, estate)) {
    let left: readonly Rectangle[] = byFamily(sources, networks).map(([one, other]) => ({
      sources: one,
      destinations: other,
    }))
    for (const flow of flows) {
      if (receiver === undefined || flow.to === receiver)
        left = left.flatMap((part) => withoutPart(part, flow))
    }
    if (left[0] !== undefined) return left[0]
  }
  return undefined
}

interface Wanted {
  readonly networks: Networks
  /** Who has to get the packets; anyone who has the address unless given. */
  readonly receiver?: Endpoint
}

// An endpoint needs nobody to reach its own networks.
function wantedBy(endpoint: Endpoint, rule: ReadRule, estate: Estate): readonly Wanted[] {
  const { to, isExcepted, exceptedNetworks } = rule
  if (!to.isPattern) {
    return [{ networks: subtract(subtract(to.networks, exceptedNetworks), sourcesOf(estate, endpoint)) }]
  }
  return endpointsOf(estate)
    .filter((receiver) => receiver !== endpoint && to.includes(receiver) && !isExcepted(receiver))
    .map((receiver) => ({ receiver, networks: subtract(destinationsOf(estate, receiver), exceptedNetworks) }))
}

function packet({ sources, destinations }: Rectangle): string {
  return `a packet from ${exampleAddress(sources)} to ${exampleAddress(destinations)}`
}
