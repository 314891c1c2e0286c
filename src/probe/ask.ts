import type { Clock } from '../model/clock.ts'
import type { ProbeNetwork } from './network.ts'
import type { Verdict } from './verdict.ts'

/** What a probe gets from outside. */
export interface ProbeSurroundings {
  readonly network: ProbeNetwork
  readonly clock: Clock
  readonly randomBytes: (count: number) => Uint8Array
  /** Ends every wait. */
  readonly signal: AbortSignal
  /** For all attempts together. */
  readonly timeoutMs: number
}

/** What a datagram leads to: an end, another message at once, or nothing. */
export type Step =
  | { readonly type: 'verdict'; readonly verdict: Verdict }
  | { readonly type: 'again' }
  | { readonly type: 'ignored' }

/** One exchange: composes a message for each attempt and reads what comes back. */
export interface Conversation {
  readonly compose: () => Uint8Array
  readonly read: (bytes: Uint8Array, elapsedMs: number) => Step
  /** What it means that time is up; `silent` where nothing else is known. */
  readonly atEnd?: () => Verdict | undefined
}

/** UDP loses packets: a message is sent again after this time. */
const RESEND_MS = 600
/** A peer that keeps asking for another message must not keep the probe busy. */
const MOST_AGAIN = 3

/** Sends a message until it is answered or time is up. `begin` learns the address that packets leave from. */
export async function ask(
  around: ProbeSurroundings,
  host: string,
  port: number,
  begin: (localAddress: string) => Conversation,
): Promise<Verdict> {
  const { network, clock, signal, timeoutMs } = around
  const startedAt = clock.now()
  const budget = limitTime(clock, timeoutMs, signal)
  try {
    const resolved = await network.resolve(host, budget.signal)
    if (resolved.type === 'none') return { type: 'no-address' }
    const [address] = resolved.type === 'addresses' ? resolved.addresses : []
    if (address === undefined) return { type: 'unresolved' }
    const socket = await network.open(address, port)
    if ('type' in socket) return socket
    try {
      return await converse(around, socket, begin(socket.localAddress), startedAt, budget.signal)
    } finally {
      socket.close()
    }
  } finally {
    budget.end()
  }
}

async function converse(
  { clock }: ProbeSurroundings,
  socket: Exclude<Awaited<ReturnType<ProbeNetwork['open']>>, { type: 'unreachable' }>,
  { compose, read, atEnd }: Conversation,
  startedAt: number,
  signal: AbortSignal,
): Promise<Verdict> {
  let refused: Verdict | undefined
  let left = MOST_AGAIN
  while (!signal.aborted) {
    const message = compose()
    const sentAt = clock.now()
    socket.send(message)
    const turn = limitTime(clock, RESEND_MS, signal)
    let isOver = false
    while (!isOver) {
      const arrived = await socket.receive(turn.signal)
      if (arrived === undefined) break
      if (arrived.type !== 'datagram') {
        // A restart may close a port for a moment: the other attempts decide.
        refused = arrived.type === 'refused' ? { type: 'port-closed' } : { type: 'unreachable' }
        continue
      }
      const step = read(arrived.bytes, clock.now() - sentAt)
      if (step.type === 'verdict') {
        turn.end()
        return step.verdict
      }
      isOver = step.type === 'again' && left > 0
      if (isOver) left -= 1
    }
    turn.end()
  }
  return atEnd?.() ?? refused ?? { type: 'silent', ms: Math.round(clock.now() - startedAt) }
}

/** A signal that fires after a time, or with the one outside; `end` frees its timer. */
export function limitTime(
  clock: Clock,
  ms: number,
  outer: AbortSignal,
): { readonly signal: AbortSignal; readonly end: () => void } {
  const over = new AbortController()
  const freed = new AbortController()
  const end = (): void => freed.abort()
  void clock.sleep(ms, AbortSignal.any([outer, freed.signal])).then(() => {
    if (!freed.signal.aborted) over.abort()
  })
  return { signal: over.signal, end }
}
