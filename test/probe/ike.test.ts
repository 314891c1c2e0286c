import { describe, expect, it } from 'vitest'
import { tunnelProbing } from '../../src/kinds/ipsec/probing.ts'
import { ipsecTunnel } from '../../src/kinds/ipsec/tunnel.ts'
import { getPath } from '../../src/model/json.ts'
import { probeIke } from '../../src/probe/ike.ts'
import { FakeNetwork, probing } from './fake-network.ts'

// Recorded with charon 5.9.8: the initiator's SPI is 01 01 ..
const ACCEPTED =
  '010101010101010156aba21be88c4d282120222000000000000000c02200002800000024010100030300000c01000014800e0100030000080200000500000008040000132800004800130000fe002825114a5880a287307d213638e5b825ec6e0e6c04de1207dcd8a60db903dd146b125863b44bc41c4d266ecb3db02c3a2449f4076c428d835c64e5fa70c629000024a9d2289f4bf4037e6e77743cd3d29dab38c888a1e9c3c8a0db9ce7925599864e29000008000040220000000800004014'
const NO_PROPOSAL = '01010101010101010000000000000000292022200000000000000024000000080000000e'

const ALGORITHMS = {
  encryptionAlgorithm: 'AES256-GCM-16',
  integrityAlgorithm: 'SHA256',
  diffieHellmanGroup: '19-ECP256',
}
const AT = Date.UTC(2026, 0, 1)

function notify(type: number, data: Buffer): Buffer {
  const payload = Buffer.concat([Buffer.from([0, 0, 0, 8 + data.length, 0, 0, type >> 8, type & 255]), data])
  const header = Buffer.from('0101010101010101000000000000000029202220000000000000', 'hex')
  return Buffer.concat([header, Buffer.from([0, 28 + payload.length]), payload])
}

const probed = (network: FakeNetwork, ike = {}, remoteHost = '203.0.113.20') => {
  const spec = { remoteHost, ike }
  const target = tunnelProbing.target({ spec: { gatewayIP: '203.0.113.10' }, secrets: [] }, spec)
  if (target?.protocol !== 'ike') throw new Error('no target')
  return probing(network, AT, (around) => probeIke(around, target))
}
const answering = (hex: string, localAddress?: string): FakeNetwork =>
  new FakeNetwork(() => [Buffer.from(hex, 'hex')], {}, localAddress)

describe('an IKE probe', () => {
  it('takes the recorded acceptance of a real gateway as an answer', async () => {
    expect(await probed(answering(ACCEPTED), ALGORITHMS)).toEqual({ type: 'answers', ms: 0 })
  })

  it('is certain of a refusal at the address of the remote host only', async () => {
    const refusal = { type: 'refuses', ms: 0, reason: 'NO_PROPOSAL_CHOSEN' }
    expect(await probed(answering(NO_PROPOSAL), ALGORITHMS)).toEqual({ ...refusal, isCertain: true })
    expect(await probed(answering(NO_PROPOSAL, '198.51.100.7'), ALGORITHMS)).toEqual({
      ...refusal,
      isCertain: false,
    })
  })

  it('compares its own address with that of the name of the remote host', async () => {
    const names = { 'vpn.example.com': { type: 'addresses', addresses: ['203.0.113.20'] } } as const
    const network = new FakeNetwork(() => [Buffer.from(NO_PROPOSAL, 'hex')], names)
    expect(await probed(network, ALGORITHMS, 'vpn.example.com')).toMatchObject({ isCertain: true })
  })

  it('takes no answer to another request, no request, and no cut-off answer', async () => {
    const accepted = Buffer.from(ACCEPTED, 'hex')
    const others = [
      Buffer.concat([Buffer.alloc(8, 2), accepted.subarray(8)]),
      Buffer.concat([accepted.subarray(0, 19), Buffer.from([0x08]), accepted.subarray(20)]),
      accepted.subarray(0, 100),
      Buffer.alloc(0),
    ]
    for (const other of others)
      expect(await probed(new FakeNetwork(() => [other]), ALGORITHMS)).toEqual({ type: 'silent', ms: 1800 })
  })

  it('sends a cookie back as the first payload, and the rest unchanged', async () => {
    const cookie = Buffer.from('aabbccdd', 'hex')
    const network = new FakeNetwork((_, number) =>
      number === 1 ? [notify(16390, cookie)] : [Buffer.from(ACCEPTED, 'hex')],
    )
    expect(await probed(network, ALGORITHMS)).toMatchObject({ type: 'answers' })
    const [first, second] = network.sent as [Buffer, Buffer]
    expect(second.readUInt8(16)).toBe(41)
    expect(second.subarray(28, 40).toString('hex')).toBe('2100000c00004006aabbccdd')
    expect(second.subarray(40)).toEqual(first.subarray(28))
  })

  it('offers another of its groups where the gateway asks for it, and reports one that it does not offer', async () => {
    const asks = (group: number) =>
      new FakeNetwork((_, number) =>
        number === 1 ? [notify(17, Buffer.from([0, group]))] : [Buffer.from(ACCEPTED, 'hex')],
      )
    const network = asks(16)
    expect(await probed(network, {})).toMatchObject({ type: 'answers' })
    expect(network.sent).toHaveLength(2)
    expect(await probed(asks(16), ALGORITHMS)).toMatchObject({
      type: 'refuses',
      reason: 'it expects key exchange group 16',
      isCertain: true,
    })
  })

  it('has a proposal for every combination of algorithms that the API knows', async () => {
    const allowed = (field: string): readonly string[] =>
      getPath(ipsecTunnel.schema, ['properties', 'ike', 'properties', field, 'enum']) as string[]
    let count = 0
    for (const encryptionAlgorithm of allowed('encryptionAlgorithm'))
      for (const integrityAlgorithm of allowed('integrityAlgorithm'))
        for (const diffieHellmanGroup of allowed('diffieHellmanGroup')) {
          const spec = {
            remoteHost: '203.0.113.20',
            ike: { encryptionAlgorithm, integrityAlgorithm, diffieHellmanGroup },
          }
          const target = tunnelProbing.target({ spec: { gatewayIP: '203.0.113.10' }, secrets: [] }, spec)
          if (target?.protocol !== 'ike') throw new Error('no target')
          expect(target.proposals).toHaveLength(1)
          const [proposal] = target.proposals
          expect(proposal?.ciphers).toHaveLength(1)
          expect(proposal?.prfs).toHaveLength(1)
          expect(proposal?.groups).toHaveLength(1)
          expect(proposal?.integrity).toHaveLength(/-(GCM|CCM)-/.test(encryptionAlgorithm) ? 0 : 1)
          count += 1
        }
    expect(count).toBe(320)
  })
})
