import { networkText, parsePlainIp } from '../kinds/ip.ts'

/** Addresses from `first` to `last` on one line of numbers: IPv4 as it is, IPv6 above {@link IPV6}. */
export interface Span {
  readonly first: bigint
  readonly last: bigint
}

/** A set of addresses: spans in order, apart and not adjacent, so that equal sets are equal lists. */
export type Networks = readonly Span[]

const IPV4_END = 1n << 32n
const IPV6 = 1n << 128n

export const NOWHERE: Networks = []
/** All addresses of both families. */
export const EVERYWHERE: Networks = [
  { first: 0n, last: IPV4_END - 1n },
  { first: IPV6, last: IPV6 + IPV6 - 1n },
]

/** One address or network with its place among those of its family; undefined for every other text. */
export interface Route extends Span {
  readonly prefix: number
  /** The address as written, host bits kept. */
  readonly host: bigint
}

/** Reads `192.0.2.0/24`, `2001:db8::1` and the like. */
export function routeOf(text: string): Route | undefined {
  const range = parsePlainIp(text)
  if (range === undefined) return undefined
  const base = range.family === 4 ? 0n : IPV6
  const { first, last, prefix, address } = range
  return { first: base + first, last: base + last, prefix, host: base + address }
}

/** The addresses of all texts that are networks. */
export function networksOf(texts: readonly string[]): Networks {
  return union(texts.flatMap((text) => routeOf(text) ?? []))
}

/** The set of all spans, in whatever order they are. */
export function union(spans: readonly Span[]): Networks {
  const merged: { first: bigint; last: bigint }[] = []
  for (const { first, last } of [...spans].sort(byFirst)) {
    const before = merged.at(-1)
    if (before === undefined || first > before.last + 1n) merged.push({ first, last })
    else if (last > before.last) before.last = last
  }
  return merged
}

function byFirst(a: Span, b: Span): number {
  return a.first < b.first ? -1 : a.first > b.first ? 1 : 0
}

/** What is in both. */
export function intersect(a: Networks, b: Networks): Networks {
  if (a === EVERYWHERE || a === b) return b
  if (b === EVERYWHERE) return a
  if (areApart(a, b)) return NOWHERE
  const common: Span[] = []
  for (let i = startAt(a, b), j = startAt(b, a); i < a.length && j < b.length; ) {
    const [one, other] = [a[i] as Span, b[j] as Span]
    const first = one.first > other.first ? one.first : other.first
    const last = one.last < other.last ? one.last : other.last
    if (first <= last) common.push({ first, last })
    if (one.last < other.last) i += 1
    else j += 1
  }
  return common
}

/** True when one ends before the other begins: most pairs of sets are far from each other. */
export function areApart(a: Networks, b: Networks): boolean {
  const [from, to] = [a[0], b[0]]
  if (from === undefined || to === undefined) return true
  return (a[a.length - 1] as Span).last < to.first || (b[b.length - 1] as Span).last < from.first
}

// The index of the first span that does not end before the other set begins.
function startAt(networks: Networks, other: Networks): number {
  const first = (other[0] as Span).first
  let [low, high] = [0, networks.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((networks[middle] as Span).last < first) low = middle + 1
    else high = middle
  }
  return low
}

/** What is in `a` and not in `b`. */
export function subtract(a: Networks, b: Networks): Networks {
  if (a === b) return NOWHERE
  if (areApart(a, b)) return a
  const left: Span[] = []
  let j = startAt(b, a)
  for (const { first, last } of a) {
    let from = first
    while (j < b.length && (b[j] as Span).last < from) j += 1
    for (let k = j; k < b.length && (b[k] as Span).first <= last; k += 1) {
      const hole = b[k] as Span
      if (hole.first > from) left.push({ first: from, last: hole.first - 1n })
      from = hole.last + 1n
    }
    if (from <= last) left.push({ first: from, last })
  }
  return left
}

/** Pairs of sets of one family each: no packet has one address of each. */
export function byFamily(a: Networks, b: Networks): readonly (readonly [Networks, Networks])[] {
  if (a.length === 0 || b.length === 0) return []
  if (isIpv4(a) && isIpv4(b)) return [[a, b]]
  return EVERYWHERE.map((family) => [intersect(a, [family]), intersect(b, [family])] as const).filter(
    ([one, other]) => one.length > 0 && other.length > 0,
  )
}

function isIpv4(networks: Networks): boolean {
  return (networks.at(-1) as Span).last < IPV4_END
}

/** True when both have an address in common. */
export function meets(a: Networks, b: Networks): boolean {
  return intersect(a, b).length > 0
}

/** True when both hold the same addresses. */
export function same(a: Networks, b: Networks): boolean {
  return (
    a === b ||
    (a.length === b.length &&
      a.every(({ first, last }, index) => first === b[index]?.first && last === b[index]?.last))
  )
}

/**
 * For people: what lacks little of a network is written as `10.20.0.0/16 except 10.20.5.0/24`, which is shorter than the
 * networks around the gap.
 */
export function conciseTexts(networks: Networks): readonly string[] {
  const texts = networkTexts(networks)
  if (texts.length <= MOST_AS_THEY_ARE) return texts
  return EVERYWHERE.flatMap((family) => shortened(intersect(networks, [family])))
}

const MOST_AS_THEY_ARE = 3
const MOST_EXCEPTIONS = 3

function shortened(networks: Networks): readonly string[] {
  const texts = networkTexts(networks)
  const around = smallestAround(networks)
  if (texts.length <= 2 || around === undefined) return texts
  const gaps = networkTexts(subtract([around], networks))
  if (gaps.length <= MOST_EXCEPTIONS && gaps.length + 1 < texts.length)
    return [`${networkTexts([around]).join('')} except ${gaps.join(', ')}`]
  const middle = around.first + (around.last - around.first) / 2n
  const halves = [
    { first: around.first, last: middle },
    { first: middle + 1n, last: around.last },
  ]
  return halves.flatMap((half) => shortened(intersect(networks, [half])))
}

function smallestAround(networks: Networks): Span | undefined {
  const [head, tail] = [networks[0], networks.at(-1)]
  if (head === undefined || tail === undefined) return undefined
  let bits = 0n
  while (head.first >> bits !== tail.last >> bits) bits += 1n
  const first = (head.first >> bits) << bits
  return { first, last: first + (1n << bits) - 1n }
}

/** The fewest networks that cover the set and nothing else, in order, in their shortest form. */
export function networkTexts(networks: Networks): readonly string[] {
  const texts: string[] = []
  for (const { first, last } of networks) {
    const isIpv6 = first >= IPV6
    const width = isIpv6 ? 128 : 32
    const base = isIpv6 ? IPV6 : 0n
    for (let at = first - base; at <= last - base; ) {
      let bits = 0
      // The largest network that starts here and does not go beyond the end.
      while (
        bits < width &&
        (at & ((2n << BigInt(bits)) - 1n)) === 0n &&
        at + (2n << BigInt(bits)) - 1n <= last - base
      )
        bits += 1
      texts.push(networkText(at, isIpv6 ? 6 : 4, width - bits))
      at += 1n << BigInt(bits)
    }
  }
  return texts
}

/** An address of a set that is not empty: the second of its first span, since the first often names the network. */
export function exampleAddress([span]: Networks): string {
  if (span === undefined) return ''
  const address = span.last - span.first < 3n ? span.first : span.first + 1n
  return (networkTexts([{ first: address, last: address }])[0] ?? '').replace(/\/\d+$/, '')
}
