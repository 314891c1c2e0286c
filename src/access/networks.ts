import { parseIpv4, parsePlainIp } from '../kinds/ip.ts'

/**
 * An address as a place on one line: IPv4 as it is, IPv6 above {@link IPV6}. Small numbers take a fraction of the time of large
 * ones, so IPv4 is always a `number` and IPv6 always a `bigint`, which compare with each other.
 */
export type Point = number | bigint

/** Addresses from `first` to `last`. */
export interface Span {
  readonly first: Point
  readonly last: Point
}

/** A set of addresses: spans in order, apart and not adjacent, so that equal sets are equal lists. */
export type Networks = readonly Span[]

const IPV4_END = 2 ** 32
/** Where IPv6 begins. */
export const IPV6 = 1n << 128n

/** The place behind another. */
export function after(point: Point): Point {
  return typeof point === 'number' ? point + 1 : point + 1n
}

/** The place in front of another. */
export function before(point: Point): Point {
  return typeof point === 'number' ? point - 1 : point - 1n
}

export const NOWHERE: Networks = []
/** All addresses of both families. */
export const EVERYWHERE: Networks = [
  { first: 0, last: IPV4_END - 1 },
  { first: IPV6, last: IPV6 + IPV6 - 1n },
]

/** All addresses of IPv4, and of IPv6. */
export const FAMILIES: readonly Networks[] = EVERYWHERE.map((family) => [family])

/** The family of all addresses of a set; undefined for none and for both. */
export function familyOf(networks: Networks): Networks | undefined {
  return networks.length === 0 ? undefined : FAMILIES.find((family) => isWithin(networks, family))
}

/** One address or network with its place among those of its family; undefined for every other text. */
export interface Route extends Span {
  readonly prefix: number
  /** The address as written, host bits kept. */
  readonly address: Point
}

/** Reads `192.0.2.0/24`, `2001:db8::1` and the like. */
export function routeOf(text: string): Route | undefined {
  const ipv4 = parseIpv4(text)
  if (ipv4 !== undefined) return ipv4
  const range = parsePlainIp(text)
  if (range === undefined) return undefined
  const place = (value: bigint): Point => (range.family === 4 ? Number(value) : IPV6 + value)
  const { first, last, prefix, address } = range
  return { first: place(first), last: place(last), prefix, address: place(address) }
}

/** The addresses of all texts that are networks. */
export function networksOf(texts: readonly string[]): Networks {
  return union(texts.flatMap((text) => routeOf(text) ?? []))
}

/** The set of all spans, in whatever order they are. */
export function union(spans: readonly Span[]): Networks {
  const merged: { first: Point; last: Point }[] = []
  for (const { first, last } of [...spans].sort(byFirst)) {
    const lower = merged.at(-1)
    if (lower === undefined || first > after(lower.last)) merged.push({ first, last })
    else if (last > lower.last) lower.last = last
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
  if (isWithin(a, b)) return a
  if (isWithin(b, a)) return b
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

// Whether one span of the other contains all of it, as often for a whole address family.
function isWithin(a: Networks, b: Networks): boolean {
  const around = b[0] as Span
  return (
    b.length === 1 && around.first <= (a[0] as Span).first && (a[a.length - 1] as Span).last <= around.last
  )
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
      if (hole.first > from) left.push({ first: from, last: before(hole.first) })
      from = after(hole.last)
    }
    if (from <= last) left.push({ first: from, last })
  }
  return left
}

/** Pairs of sets of one family each: no packet has one address of each. */
export function byFamily(a: Networks, b: Networks): readonly (readonly [Networks, Networks])[] {
  if (a.length === 0 || b.length === 0) return []
  if (isIpv4(a) && isIpv4(b)) return [[a, b]]
  return FAMILIES.map((family) => [intersect(a, family), intersect(b, family)] as const).filter(
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

/** True when both contain the same addresses. */
export function same(a: Networks, b: Networks): boolean {
  return (
    a === b ||
    (a.length === b.length &&
      a.every(({ first, last }, index) => first === b[index]?.first && last === b[index]?.last))
  )
}
