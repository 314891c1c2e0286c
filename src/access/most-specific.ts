import { after, before, type Networks, type Point, type Span } from './networks.ts'

/** A network that leads to a target. */
export interface Lead<T> extends Span {
  readonly to: T
  /** Of two leads with one network, the lower one counts. */
  readonly rank: number
}

/**
 * Which addresses go to which target when the most specific network decides. Networks contain each other or are apart;
 * takes the time of sorting them.
 */
export function mostSpecific<T>(leads: readonly Lead<T>[]): ReadonlyMap<T, Networks> {
  const shares = new Map<T, { first: Point; last: Point }[]>()
  const open: Lead<T>[] = []
  let at: Point = 0
  const give = (last: Point): void => {
    const inner = open.at(-1)
    if (inner !== undefined && at <= last) add(shares, inner.to, at, last)
  }
  const closeBefore = (first: Point | undefined): void => {
    for (let inner = open.at(-1); inner !== undefined && (first === undefined || inner.last < first); ) {
      give(inner.last)
      if (inner.last >= at) at = after(inner.last)
      open.pop()
      inner = open.at(-1)
    }
  }
  for (const lead of [...leads].sort(outerFirst)) {
    closeBefore(lead.first)
    give(before(lead.first))
    at = lead.first
    open.push(lead)
  }
  closeBefore(undefined)
  return shares
}

function outerFirst(a: Lead<unknown>, b: Lead<unknown>): number {
  if (a.first !== b.first) return a.first < b.first ? -1 : 1
  if (a.last !== b.last) return a.last > b.last ? -1 : 1
  return b.rank - a.rank
}

// Shares of one target come in order, so the last one is the only one that can be adjacent.
function add<T>(shares: Map<T, { first: Point; last: Point }[]>, to: T, first: Point, last: Point): void {
  const own = shares.get(to)
  const lower = own?.at(-1)
  if (own === undefined) shares.set(to, [{ first, last }])
  else if (lower !== undefined && after(lower.last) === first) lower.last = last
  else own.push({ first, last })
}
