import { groupBy } from '../model/lists.ts'
import type { Endpoint } from './estate.ts'
import type { Flow } from './flows.ts'
import { networkTexts } from './network-texts.ts'
import { type Networks, same, union } from './networks.ts'
import { inOrder, type NameOf } from './reach.ts'

/** An endpoint in a report. */
export interface AccessEnd {
  readonly name: string
  /** The address of the resource; absent for LANs and what is behind them. */
  readonly address?: string
  readonly unmanaged?: true
}

/** Where packets are delivered, and which of the networks of the line are there. */
export interface AccessReceiver extends AccessEnd {
  readonly networks: readonly string[]
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
  readonly at: readonly AccessReceiver[]
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
  return [...groupBy(pieces, wayOf).values()].flatMap((hub) => {
    const lines: Line[] = []
    for (const own of groupBy(hub, sendersOf).values()) {
      const sender = { senders: own[0].senders, reached: new Reached(own) }
      const line = lines.find((each) => mayJoin(sender, each))
      if (line === undefined) lines.push({ members: [sender], reached: new Reached(own) })
      else {
        line.members.push(sender)
        for (const piece of own) line.reached.add(piece)
      }
    }
    return lines.map((line) => lineOf(type, line, nameOf))
  })
}

interface Sender {
  readonly senders: readonly Endpoint[]
  readonly reached: Reached
}

/** Each reaches all that any of them reaches, but for itself. */
interface Line {
  readonly members: Sender[]
  readonly reached: Reached
}

/** Pieces but for their senders, each once. */
class Reached {
  readonly pieces: Piece[] = []
  readonly #byTarget = new Map<string, Piece[]>()

  constructor(pieces: readonly Piece[]) {
    for (const piece of pieces) this.add(piece)
  }

  add(piece: Piece): void {
    if (this.has(piece)) return
    this.pieces.push(piece)
    const alike = this.#byTarget.get(piece.to.key)
    if (alike === undefined) this.#byTarget.set(piece.to.key, [piece])
    else alike.push(piece)
  }

  has(piece: Piece): boolean {
    return (
      this.#byTarget.get(piece.to.key)?.some((other) => same(other.destinations, piece.destinations)) === true
    )
  }
}

function mayJoin(sender: Sender, { members, reached }: Line): boolean {
  for (const piece of reached.pieces) if (!sender.reached.has(piece) && !isItself(sender, piece)) return false
  for (const piece of sender.reached.pieces) {
    if (!reached.has(piece) && !members.every((member) => isItself(member, piece))) return false
  }
  return true
}

function isItself({ senders }: Sender, { to }: Piece): boolean {
  return senders.length === 1 && senders[0]?.key === to.key
}

function lineOf(type: AccessChange['type'], { members, reached }: Line, nameOf: NameOf): AccessChange {
  const { pieces } = reached
  const [first] = pieces
  const ends = (endpoints: readonly Endpoint[]): readonly AccessEnd[] =>
    [...new Map(endpoints.map((endpoint) => [endpoint.key, endpoint])).values()]
      .sort(inOrder)
      .map((endpoint) => accessEnd(endpoint, nameOf))
  const instead = pieces.flatMap((piece) => piece.instead ?? [])
  return {
    type,
    from: type === 'unreached' ? [] : ends(members.flatMap(({ senders }) => senders)),
    ...(first?.isPart === true ? { sources: networkTexts(first.sources) } : {}),
    networks: networkTexts(union(pieces.flatMap(({ destinations }) => destinations))),
    at: receivers(pieces, nameOf),
    ...(instead.length === 0 ? {} : { instead: ends(instead) }),
    through: (first?.through ?? []).map((gateway) => accessEnd(gateway, nameOf)),
  }
}

function receivers(pieces: readonly Piece[], nameOf: NameOf): readonly AccessReceiver[] {
  return [...groupBy(pieces, ({ to }) => to.key).values()]
    .sort(([a], [b]) => inOrder(a.to, b.to))
    .map((own) => ({
      ...accessEnd(own[0].to, nameOf),
      networks: networkTexts(union(own.flatMap(({ destinations }) => destinations))),
    }))
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
  const way = keysOf(through)
  if (instead === undefined && isPart !== true) return way
  const other = instead === undefined ? '' : `\n${to.key}\n${instead.key}`
  return isPart === true ? `${way}${other}\n${textOf(sources)}` : `${way}${other}`
}

function textOf(networks: Networks): string {
  return networks.map(({ first, last }) => `${first}-${last}`).join()
}

function sendersOf({ senders }: Piece): string {
  return keysOf(senders)
}

function keysOf(endpoints: readonly Endpoint[]): string {
  const [only] = endpoints
  return only !== undefined && endpoints.length === 1 ? only.key : endpoints.map(({ key }) => key).join('\n')
}
