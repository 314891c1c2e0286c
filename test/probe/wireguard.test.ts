import { createCipheriv, createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { derivePublicKey } from '../../src/kinds/wireguard/keys.ts'
import { Secret } from '../../src/model/secret.ts'
import { blake2sMac } from '../../src/probe/blake2s.ts'
import { probeWireguard } from '../../src/probe/wireguard.ts'
import { hchacha20 } from '../../src/probe/xchacha.ts'
import { FakeNetwork, type OtherSide, probing } from './fake-network.ts'

// Recorded with wireguard-go 0.0.20220316 on 2026-01-01T00:00:00Z: gateway 99 99 .., canary 7 7 .., ephemeral 1 1 ..
const INITIATION =
  '0100000002020202a4e09292b651c278b9772c569f5fa9bb13d906b46ab68c9df9dc2b4409f8a209ac6c36c42369baba6c2ee29ddafd6343f902e2bfcc7e089fd2d860e294506f8a13c59f9e1dc17b741cecf23c1d5e62dbcce1a1e145bf3652ffd42be46dce1e7b1a9411482d3cdbf5e3c9e53b82162131fa94a13990a6a4385409e5c100000000000000000000000000000000'
const RESPONSE =
  '02000000cf664fd702020202af5553ac41bf808b5a2f314382dcba8d9723c5d97ffee520a6224d25e5814b71f746bd6421242ce3e1b05608af3237901cebd48bd9f73b5f1810a6f8bd3debae00000000000000000000000000000000'
const AT = Date.UTC(2026, 0, 1)
const keyOf = (seed: number): string => Buffer.alloc(32, seed).toString('base64')
const GATEWAY = Buffer.from(derivePublicKey(keyOf(99)) ?? '', 'base64')

const probed = (network: FakeNetwork) =>
  probing(network, AT, (around) =>
    probeWireguard(around, {
      host: '203.0.113.10',
      port: 51820,
      gatewayKey: GATEWAY.toString('base64'),
      ownKey: new Secret(`${keyOf(7)}\n`),
    }),
  )
const flipped = (bytes: Buffer, at: number): Buffer => {
  const other = Buffer.from(bytes)
  other.writeUInt8(other.readUInt8(at) ^ 1, at)
  return other
}
const nothing: OtherSide = () => []

/** A cookie reply as the protocol describes it. */
function cookieReply(initiation: Buffer, cookie: Buffer): Buffer {
  const nonce = Buffer.alloc(24, 5)
  const key = createHash('blake2s256').update('cookie--').update(GATEWAY).digest()
  const cipher = createCipheriv(
    'chacha20-poly1305',
    hchacha20(key, nonce.subarray(0, 16)),
    Buffer.concat([Buffer.alloc(4), nonce.subarray(16)]),
    { authTagLength: 16 },
  )
  cipher.setAAD(initiation.subarray(116, 132), { plaintextLength: cookie.length })
  const sealed = Buffer.concat([cipher.update(cookie), cipher.final(), cipher.getAuthTag()])
  return Buffer.concat([Buffer.from([3, 0, 0, 0]), initiation.subarray(4, 8), nonce, sealed])
}

describe('a WireGuard probe', () => {
  it('sends the recorded initiation, and takes the recorded response of a real gateway as an answer', async () => {
    const network = new FakeNetwork((sent) =>
      sent.toString('hex') === INITIATION ? [Buffer.from(RESPONSE, 'hex')] : [],
    )
    expect(await probed(network)).toEqual({ type: 'answers', ms: 0 })
    expect(network.sent).toHaveLength(1)
  })

  // The sender's index is the gateway's own and in no hash but that of mac1; mac2 is not checked by the initiator.
  it('takes no response for an answer that differs in one bit', async () => {
    const recorded = Buffer.from(RESPONSE, 'hex')
    const accepted: number[] = []
    for (let at = 0; at < 76; at += 1) {
      const network = new FakeNetwork(() => [flipped(recorded, at)])
      if ((await probed(network)).type !== 'silent') accepted.push(at)
    }
    expect(accepted).toEqual([])
  })

  it('tries three times with a later time each before it calls a gateway silent', async () => {
    const network = new FakeNetwork(nothing)
    expect(await probed(network)).toEqual({ type: 'silent', ms: 1800 })
    expect(network.sent).toHaveLength(3)
    expect(new Set(network.sent.map((sent) => sent.subarray(8, 40).toString('hex'))).size).toBe(3)
  })

  it('takes the answer to an earlier attempt', async () => {
    const network = new FakeNetwork((_, number) => (number === 2 ? [Buffer.from(RESPONSE, 'hex')] : []))
    expect(await probed(network)).toMatchObject({ type: 'answers' })
  })

  it('sends the cookie of a gateway under load along at once, with its MAC', async () => {
    const cookie = Buffer.alloc(16, 9)
    const network = new FakeNetwork((sent, number) => (number === 1 ? [cookieReply(sent, cookie)] : []))
    expect(await probed(network)).toMatchObject({ type: 'busy' })
    const [first, second] = network.sent
    expect(first?.subarray(132)).toEqual(Buffer.alloc(16))
    expect(second?.subarray(132)).toEqual(blake2sMac(cookie, second?.subarray(0, 132) as Buffer, 16))
  })

  it('is not kept busy by a gateway that sends cookies for ever', async () => {
    const network = new FakeNetwork((sent) => [cookieReply(sent, Buffer.alloc(16, 9))])
    expect(await probed(network)).toMatchObject({ type: 'busy' })
    expect(network.sent.length).toBeLessThan(8)
  })

  it('takes no cookie that the key of the gateway did not seal', async () => {
    const network = new FakeNetwork((sent) => [flipped(cookieReply(sent, Buffer.alloc(16, 9)), 40)])
    expect(await probed(network)).toMatchObject({ type: 'silent' })
  })

  it('distinguishes a closed port and a missing route from silence, unless a later attempt is answered', async () => {
    const refused: OtherSide = () => [{ type: 'refused' }]
    expect(await probed(new FakeNetwork(refused))).toEqual({ type: 'port-closed' })
    const noRoute: OtherSide = () => [{ type: 'unreachable' }]
    expect(await probed(new FakeNetwork(noRoute))).toEqual({ type: 'unreachable' })
    const restarts: OtherSide = (_, number) =>
      number === 1 ? [{ type: 'refused' }] : [Buffer.from(RESPONSE, 'hex')]
    expect(await probed(new FakeNetwork(restarts))).toMatchObject({ type: 'answers' })
  })

  it('says that a name has no address, or that nothing is known about it', async () => {
    const names = { '203.0.113.10': { type: 'none' } } as const
    expect(await probed(new FakeNetwork(nothing, names))).toEqual({ type: 'no-address' })
    const failing = { '203.0.113.10': { type: 'failed' } } as const
    expect(await probed(new FakeNetwork(nothing, failing))).toEqual({ type: 'unresolved' })
  })
})
