import type { ProbeSurroundings } from '../../src/probe/ask.ts'
import type { Arrived, ProbeNetwork, Resolved } from '../../src/probe/network.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

/** What the other side does with a message: what arrives for it. */
export type OtherSide = (sent: Buffer, number: number) => readonly (Arrived | Buffer)[]

/** A network on which one other side answers at once; its messages are kept. */
export class FakeNetwork implements ProbeNetwork {
  readonly sent: Buffer[] = []
  readonly localAddress: string
  readonly #other: OtherSide
  readonly #names: Readonly<Record<string, Resolved>>

  constructor(
    other: OtherSide,
    names: Readonly<Record<string, Resolved>> = {},
    localAddress = '203.0.113.20',
  ) {
    this.#other = other
    this.#names = names
    this.localAddress = localAddress
  }

  resolve(host: string): Promise<Resolved> {
    return Promise.resolve(this.#names[host] ?? { type: 'addresses', addresses: [host] })
  }

  open(): ReturnType<ProbeNetwork['open']> {
    const arrived: Arrived[] = []
    return Promise.resolve({
      localAddress: this.localAddress,
      send: (bytes) => {
        this.sent.push(Buffer.from(bytes))
        for (const each of this.#other(Buffer.from(bytes), this.sent.length))
          arrived.push(Buffer.isBuffer(each) ? { type: 'datagram', bytes: each } : each)
      },
      receive: async (signal) => {
        const next = arrived.shift()
        if (next !== undefined || signal.aborted) return next
        await new Promise<void>((resolve) =>
          signal.addEventListener('abort', () => resolve(), { once: true }),
        )
        return undefined
      },
      close: () => undefined,
    })
  }
}

/** Runs a probe at a moment: random bytes are 1, 1, .. then 2, 2, .., and time passes only in waits. */
export function probing<T>(
  network: ProbeNetwork,
  nowMs: number,
  work: (around: ProbeSurroundings) => Promise<T>,
): Promise<T> {
  let count = 1
  const clock = new VirtualClock({ start: nowMs })
  return clock.run(
    work({
      network,
      clock,
      randomBytes: (length) => Buffer.alloc(length, count++),
      signal: new AbortController().signal,
      timeoutMs: 1800,
    }),
  )
}
