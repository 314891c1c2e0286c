import { describe, expect, test } from 'vitest'
import { wireguardGateway } from '../../src/kinds/wireguard/gateway.ts'
import { wireguardPeer } from '../../src/kinds/wireguard/peer.ts'
import { call, handClock, ID, OTHER_ID, sandboxFor, THROWAWAY_KEY } from './calling.ts'

const top = '/wireguardgateways'
const peers = `${top}/${ID}/peers`
const CENTER = '5a029f4a-72e5-11ec-90d6-0242ac120003'
const OTHER_CENTER = '5a029f4a-72e5-11ec-90d6-0242ac120004'

const gateway = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  properties: {
    name: 'hq',
    gatewayIP: id === ID ? '203.0.113.10' : '203.0.113.11',
    interfaceIPv4CIDR: '10.99.0.1/24',
    privateKey: THROWAWAY_KEY,
    connections: [{ datacenterId: CENTER, lanId: '2', ipv4CIDR: '192.168.1.100/24' }],
    ...more,
  },
})
const peer = (number: number) => ({
  name: `peer-${number}`,
  publicKey: THROWAWAY_KEY,
  allowedIPs: [`10.99.0.${number}/32`],
})
const peerId = (number: number) => `0f0f0f0f-0000-4000-8000-0000000001${String(number).padStart(2, '0')}`

describe('the service as strict as it is documented', () => {
  test('a gateway takes 20 peers, those that are on their way out among them', async () => {
    const sandbox = await sandboxFor({ destroyMs: 60_000 })
    await call(sandbox, 'PUT', `${top}/${ID}`, gateway(ID))
    for (let number = 1; number <= 20; number += 1) {
      sandbox.store.seed(wireguardPeer, peer(number), { id: peerId(number), parentId: ID })
    }
    const one = { id: peerId(21), properties: peer(21) }
    const refused = await call(sandbox, 'PUT', `${peers}/${peerId(21)}`, one)
    expect([refused.status, refused.body.messages[0].message]).toEqual([
      422,
      'a WireGuard gateway takes at most 20 peers',
    ])
    await call(sandbox, 'DELETE', `${peers}/${peerId(1)}`)
    expect((await call(sandbox, 'POST', peers, { properties: peer(21) })).status).toBe(422)
    // An update takes no further place.
    const update = { id: peerId(2), properties: { ...peer(2), description: 'new' } }
    expect((await call(sandbox, 'PUT', `${peers}/${peerId(2)}`, update)).status).toBe(200)
  })

  test('the connections of a gateway are in one data center, and the answer names the one that is not', async () => {
    const sandbox = await sandboxFor()
    const connections = [
      { datacenterId: CENTER, lanId: '2', ipv4CIDR: '192.168.1.100/24' },
      { datacenterId: OTHER_CENTER, lanId: '3', ipv4CIDR: '192.168.2.100/24' },
    ]
    const { status, body } = await call(sandbox, 'PUT', `${top}/${ID}`, gateway(ID, { connections }))
    expect([status, body.messages[0].message]).toEqual([
      422,
      'connections.1.datacenterId: all connections of a gateway must be in one data center',
    ])
  })

  test('an address of a LAN is taken once, whichever kind of gateway asks', async () => {
    const sandbox = await sandboxFor({ destroyMs: 60_000 })
    await call(sandbox, 'PUT', `${top}/${ID}`, gateway(ID))
    const { status, body } = await call(sandbox, 'PUT', `${top}/${OTHER_ID}`, gateway(OTHER_ID))
    expect(status).toBe(409)
    expect(body.messages[0].message).toContain('connections')
    expect(body.messages[0].message).toContain('192.168.1.100 is in use by wireguardgateways/')
    await call(sandbox, 'DELETE', `${top}/${ID}`)
    expect((await call(sandbox, 'PUT', `${top}/${OTHER_ID}`, gateway(OTHER_ID))).status).toBe(409)
    const elsewhere = [{ datacenterId: CENTER, lanId: '3', ipv4CIDR: '192.168.1.100/24' }]
    const other = gateway(OTHER_ID, { connections: elsewhere })
    expect(
      (
        await call(sandbox, 'PUT', `/ipsecgateways/${OTHER_ID}`, {
          ...other,
          properties: ipsec(other.properties),
        })
      ).status,
    ).toBe(200)
  })

  test('a read answers 500 for seconds after a DELETE, and never for a peer', async () => {
    const clock = handClock()
    const sandbox = await sandboxFor({ failFirstGetAfterDelete: true, destroyMs: 60_000, now: clock.now })
    sandbox.store.seed(wireguardGateway, gateway(ID).properties, { id: ID })
    sandbox.store.seed(wireguardPeer, peer(1), { id: peerId(1), parentId: ID })
    await call(sandbox, 'DELETE', `${peers}/${peerId(1)}`)
    expect((await call(sandbox, 'GET', `${peers}/${peerId(1)}`)).status).toBe(200)
    await call(sandbox, 'DELETE', `${top}/${ID}`)
    clock.advance(1000)
    expect((await call(sandbox, 'GET', `${top}/${ID}`)).status).toBe(500)
    sandbox.store.seed(wireguardGateway, gateway(OTHER_ID).properties, { id: OTHER_ID })
    await call(sandbox, 'DELETE', `${top}/${OTHER_ID}`)
    clock.advance(5000)
    expect((await call(sandbox, 'GET', `${top}/${OTHER_ID}`)).status).toBe(200)
  })
})

describe('readLagMs: reads show what was there before', () => {
  const late = async () => {
    const clock = handClock()
    const sandbox = await sandboxFor({ readLagMs: 5000, now: clock.now })
    return {
      sandbox,
      pass: (ms: number) => clock.advance(ms),
      read: async () => {
        const { status, body } = await call(sandbox, 'GET', `${top}/${ID}`)
        const list = await call(sandbox, 'GET', top)
        return [status, body.properties?.description, list.body.items.length]
      },
    }
  }

  test('existence, content and absence arrive late, in lists as in single reads', async () => {
    const { sandbox, pass, read } = await late()
    const made = await call(sandbox, 'PUT', `${top}/${ID}`, gateway(ID, { description: 'one' }))
    expect(made.body.properties.description).toBe('one')
    expect(await read()).toEqual([404, undefined, 0])
    pass(5000)
    expect(await read()).toEqual([200, 'one', 1])
    await call(sandbox, 'PUT', `${top}/${ID}`, gateway(ID, { description: 'two' }))
    pass(4999)
    expect(await read()).toEqual([200, 'one', 1])
    pass(1)
    expect(await read()).toEqual([200, 'two', 1])
    await call(sandbox, 'DELETE', `${top}/${ID}`)
    expect(await read()).toEqual([200, 'two', 1])
    pass(5000)
    expect(await read()).toEqual([404, undefined, 0])
  })

  test('status does, too', async () => {
    const clock = handClock()
    const sandbox = await sandboxFor({ readLagMs: 5000, provisionMs: 10_000, now: clock.now })
    sandbox.store.seed(wireguardGateway, gateway(ID).properties, { id: ID })
    clock.advance(60_000)
    await call(sandbox, 'PUT', `${top}/${ID}`, gateway(ID, { description: 'new' }))
    const status = async () => (await call(sandbox, 'GET', `${top}/${ID}`)).body.metadata.status
    expect(await status()).toBe('AVAILABLE')
    clock.advance(5000)
    expect(await status()).toBe('PROVISIONING')
    clock.advance(10_000)
    expect(await status()).toBe('AVAILABLE')
  })
})

function ipsec({ interfaceIPv4CIDR: _, privateKey: __, ...properties }: Record<string, unknown>): object {
  return properties
}
