import { optional } from '../model/optional.ts'
import type { Secret } from '../model/secret.ts'
import { ask, type ProbeSurroundings } from './ask.ts'
import { type Initiation, initiate, readReply } from './noise.ts'
import type { Verdict } from './verdict.ts'

/** A gateway and the canary that speaks to it; keys in base64. */
export interface WireguardProbe {
  readonly host: string
  readonly port: number
  readonly gatewayKey: string
  readonly ownKey: Secret
}

const KEY_BYTES = 32

/** A handshake with a gateway. Its answer proves that it has the key that we expect, and knows the canary. */
export function probeWireguard(
  around: ProbeSurroundings,
  { host, port, gatewayKey, ownKey }: WireguardProbe,
): Promise<Verdict> {
  const { clock, randomBytes } = around
  return ask(around, host, port, () => {
    const sent: Initiation[] = []
    let cookie: Buffer | undefined
    let cookieAfterMs: number | undefined
    let lastMs = 0
    return {
      compose: () => {
        // The gateway drops an initiation that is not later than the one before.
        lastMs = Math.max(Math.floor(clock.now()), lastMs + 1)
        const initiation = initiate({
          ownKey: Buffer.from(ownKey.reveal().trim(), 'base64'),
          gatewayKey: Buffer.from(gatewayKey, 'base64'),
          ephemeralKey: Buffer.from(randomBytes(KEY_BYTES)),
          index: Buffer.from(randomBytes(4)).readUInt32LE(),
          nowMs: lastMs,
          ...optional({ cookie }),
        })
        sent.push(initiation)
        return initiation.bytes
      },
      read: (bytes, elapsedMs) => {
        // An answer to an earlier attempt may be late.
        for (const initiation of sent.toReversed()) {
          const reply = readReply(initiation, Buffer.from(bytes))
          if (reply.type === 'response')
            return { type: 'verdict', verdict: { type: 'answers', ms: elapsedMs } }
          if (reply.type === 'cookie') {
            cookie = reply.cookie
            cookieAfterMs ??= elapsedMs
            return { type: 'again' }
          }
        }
        return { type: 'ignored' }
      },
      atEnd: () => (cookieAfterMs === undefined ? undefined : { type: 'busy', ms: cookieAfterMs }),
    }
  })
}
