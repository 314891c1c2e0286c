import type { Endpoint } from './estate.ts'
import type { Flow } from './flows.ts'
import { networkTexts } from './network-texts.ts'
import { type Networks, union } from './networks.ts'
import { inOrder, type NameOf } from './reach.ts'

/** An endpoint in a report. */
export interface AccessEnd {
  readonly name: string
  /** The address of the resource; absent for LANs and what is behind them. */
  readonly address?: string
  readonly unmanaged?: true
}

/** One line about who reaches what: plain data. An endpoint in `from` and `at` does not reach its own networks. */
export interface AccessChange {
  /**
   * `moved`: packets to the networks are delivered to `at` and no longer to `instead`. `unreached`: nobody reaches them
   * any more. `unmanaged`: no change; what an unmanaged endpoint reaches.
   */
  readonly type: 'gain' | 'loss' | 'moved' | 'unreached' | 'unmanaged'
  /** Who sends; empty for `unreached`. */
  readonly from: readonly AccessEnd[]
  /** Only from these of its addresses; absent: from all. */
  readonly sources?: readonly string[]
  readonly networks: readonly string[]
  /** Where the packets are delivered. */
  readonly at: readonly AccessEnd[]
  readonly instead?: readonly AccessEnd[]
  /** The gateways on the way. */
  readonly through: readonly AccessEnd[]
}

/** Packets that each of the senders but the receiver itself sends. */
export interface Piece extends Flow {
  readonly senders: readonly Endpoint[]
  readonly instead?: Endpoint | undefined
  /** Whether `sources` are not all that the sender sends from. */
  readonly isPart?: boolean
}

/**
 * Pieces as lines. Endpoints that reach the same through the same gateways share a line, also where each of them is
 * among what the others reach, as new peers of one gateway are.
 */
export function linesOf(
  type: AccessChange['type'],
  pieces: readonly Piece[],
  nameOf: NameOf,
): readonly AccessChange[] {
  return groupBy(pieces, wayOf).flatMap((hub) => {
    const bySender = groupBy(hub, ({ senders }) => senders.map(({ key }) => key).join('\n'))
    const groups: Sender[][] = []
    for (const own of bySender) {
      const [first, ...more] = own[0]?.senders ?? []
      const sender = {
        own,
        targets: new Map(own.map((piece) => [keyOf(piece), piece.to.key])),
        only: more.length === 0 ? first?.key : undefined,
      }
      const group = groups.find((others) => shareOneLine([...others, sender]))
      if (group === undefined) groups.push([sender])
      else group.push(sender)
    }
    return groups.map((alike) =>
      lineOf(
        type,
        alike.flatMap(({ own }) => own),
        nameOf,
      ),
    )
  })
}

interface Sender {
  readonly own: readonly Piece[]
  /** What it reaches, each with the key of its receiver. */
  readonly targets: ReadonlyMap<string, string>
  /** The key of a sender that is one endpoint. */
  readonly only: string | undefined
}

// Each reaches all that any of them reaches, but for itself.
function shareOneLine(group: readonly Sender[]): boolean {
  return group.every(({ targets, only }) =>
    group.every((other) => {
      if (other.targets === targets) return true
      for (const [key, to] of other.targets) if (!targets.has(key) && to !== only) return false
      return true
    }),
  )
}

function lineOf(type: AccessChange['type'], pieces: readonly Piece[], nameOf: NameOf): AccessChange {
  const [first] = pieces
  const ends = (endpoints: readonly Endpoint[]): readonly AccessEnd[] =>
    [...new Map(endpoints.map((endpoint) => [endpoint.key, endpoint])).values()]
      .sort(inOrder)
      .map((endpoint) => accessEnd(endpoint, nameOf))
  const instead = pieces.flatMap((piece) => piece.instead ?? [])
  return {
    type,
    from: type === 'unreached' ? [] : ends(pieces.flatMap(({ senders }) => senders)),
    ...(first?.isPart === true ? { sources: networkTexts(first.sources) } : {}),
    networks: networkTexts(union(pieces.flatMap(({ destinations }) => destinations))),
    at: ends(pieces.map(({ to }) => to)),
    ...(instead.length === 0 ? {} : { instead: ends(instead) }),
    through: (first?.through ?? []).map((gateway) => accessEnd(gateway, nameOf)),
  }
}

/** An endpoint as reports name it. */
export function accessEnd(endpoint: Endpoint, nameOf: NameOf): AccessEnd {
  const { address, unmanaged } = endpoint
  return {
    name: nameOf(endpoint),
    ...(address === undefined ? {} : { address }),
    ...(unmanaged ? { unmanaged: true as const } : {}),
  }
}

// Packets that go elsewhere from one receiver to another, or that come from some addresses only, are a line of their own.
function wayOf({ through, to, instead, sources, isPart }: Piece): string {
  const way = through.map(({ key }) => key).join('\n')
  const other = instead === undefined ? '' : `\n${to.key}\n${instead.key}`
  return isPart === true ? `${way}${other}\n${textOf(sources)}` : `${way}${other}`
}

function keyOf({ to, destinations }: Piece): string {
  return `${to.key} ${textOf(destinations)}`
}

function textOf(networks: Networks): string {
  return networks.map(({ first, last }) => `${first}-${last}`).join()
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return [...groups.values()]
}
