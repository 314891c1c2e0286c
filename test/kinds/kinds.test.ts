import { expect, it } from 'vitest'
import { KINDS, kindsUnder } from '../../src/kinds/index.ts'
import { ipsecGateway } from '../../src/kinds/ipsec/gateway.ts'
import { ipsecTunnel } from '../../src/kinds/ipsec/tunnel.ts'
import { wireguardGateway } from '../../src/kinds/wireguard/gateway.ts'
import { wireguardPeer } from '../../src/kinds/wireguard/peer.ts'

it('gateways are at the top, and what is in them under its own', () => {
  expect(kindsUnder(null)).toEqual([wireguardGateway, ipsecGateway])
  expect(kindsUnder(wireguardGateway)).toEqual([wireguardPeer])
  expect(kindsUnder(ipsecGateway)).toEqual([ipsecTunnel])
  expect(kindsUnder(wireguardPeer)).toEqual([])
})

it('parents come before their children', () => {
  KINDS.forEach(({ parent }, index) => {
    if (parent !== null) expect(KINDS.indexOf(parent)).toBeLessThan(index)
  })
})
