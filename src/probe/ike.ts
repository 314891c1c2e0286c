import { createECDH, getDiffieHellman } from 'node:crypto'
import { isIP } from 'node:net'
import type { IkeProposal, ProbeTarget } from '../model/probe.ts'
import { ask, type ProbeSurroundings, type Step } from './ask.ts'
import { encodeRequest, readAnswer } from './ike-message.ts'
import type { Verdict } from './verdict.ts'

/** A gateway, and what a tunnel offers it. */
export type IkeProbe = Pick<
  Extract<ProbeTarget, { protocol: 'ike' }>,
  'host' | 'port' | 'proposals' | 'otherEnd'
>

// OpenSSL's names of IANA's groups.
const CURVES: Readonly<Record<number, string>> = {
  19: 'prime256v1',
  20: 'secp384r1',
  21: 'secp521r1',
  28: 'brainpoolP256r1',
  29: 'brainpoolP384r1',
  30: 'brainpoolP512r1',
}
const MODP: Readonly<Record<number, string>> = { 15: 'modp15', 16: 'modp16' }
const MODP_BYTES: Readonly<Record<number, number>> = { 15: 384, 16: 512 }
const SPI_BYTES = 8
const NONCE_BYTES = 32

/** The first exchange with a gateway: whether it speaks IKEv2 and accepts the algorithms. No key is needed for it. */
export async function probeIke(around: ProbeSurroundings, probe: IkeProbe): Promise<Verdict> {
  const { randomBytes, network, signal } = around
  const { host, port, proposals, otherEnd } = probe
  const offered = [...new Set(proposals.flatMap(({ groups }) => groups))]
  const spi = Buffer.from(randomBytes(SPI_BYTES))
  const nonce = Buffer.from(randomBytes(NONCE_BYTES))
  const values = new Map<number, Buffer>()
  let group = offered[0] ?? 0
  let cookie: Buffer | undefined
  let from = ''
  const verdict = await ask(around, host, port, (localAddress) => {
    from = localAddress
    return {
      compose: () => {
        const publicValue = values.get(group) ?? newPublicValue(group)
        values.set(group, publicValue)
        const common = { spi, nonce, proposals: preferring(proposals, group), group, publicValue }
        return encodeRequest(cookie === undefined ? common : { ...common, cookie })
      },
      read: (bytes, ms): Step => {
        const reply = readAnswer(Buffer.from(bytes), spi)
        switch (reply.type) {
          case 'accepted':
            return { type: 'verdict', verdict: { type: 'answers', ms } }
          case 'cookie':
            cookie = reply.cookie
            return { type: 'again' }
          case 'group':
            if (!offered.includes(reply.group) || reply.group === group)
              return refused(ms, `it expects key exchange group ${reply.group}`, true)
            group = reply.group
            return { type: 'again' }
          case 'refused':
            return refused(ms, reply.reason, false)
          case 'unknown':
            return { type: 'ignored' }
          default:
            return reply satisfies never
        }
      },
    }
  })
  if (verdict.type !== 'refuses' || verdict.isCertain) return verdict
  // From the address of the other end itself nothing but the proposal can be wrong.
  const expected = isIP(otherEnd) === 0 ? await network.resolve(otherEnd, signal) : undefined
  const addresses = expected?.type === 'addresses' ? expected.addresses : [otherEnd]
  return { ...verdict, isCertain: addresses.includes(from) }
}

function refused(ms: number, reason: string, isCertain: boolean): Step {
  return { type: 'verdict', verdict: { type: 'refuses', ms, reason, isCertain } }
}

// The key exchange value belongs to the group that is named first.
function preferring(proposals: readonly IkeProposal[], group: number): readonly IkeProposal[] {
  return proposals.map((proposal) => ({
    ...proposal,
    groups: proposal.groups.toSorted((a, b) => Number(b === group) - Number(a === group)),
  }))
}

function newPublicValue(group: number): Buffer {
  const curve = CURVES[group]
  // Without the byte that says that the point is not compressed (RFC 5903, section 7).
  if (curve !== undefined) return createECDH(curve).generateKeys().subarray(1)
  const value = getDiffieHellman(MODP[group] ?? '').generateKeys()
  const bytes = Buffer.alloc(MODP_BYTES[group] ?? value.length)
  value.copy(bytes, bytes.length - value.length)
  return bytes
}
