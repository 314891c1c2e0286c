import { describe, expect, test } from 'vitest'
import { wireguardGateway } from '../../src/kinds/wireguard/gateway.ts'
import { wireguardPeer } from '../../src/kinds/wireguard/peer.ts'
import type { PlainObject } from '../../src/model/json.ts'
import { splitKnown } from '../../src/plan/changes/known-fields.ts'
import { CONNECTION } from '../support/plan-builder.ts'

const unknown = (spec: PlainObject): readonly string[] =>
  splitKnown(wireguardGateway, spec).unknown.map((path) => path.join('.'))

describe('a live spec that our schema', () => {
  test('knows all of comes back as the same object', () => {
    const spec = { name: 'hq', connections: [CONNECTION], maintenanceWindow: { time: '03:00:00' } }
    const known = splitKnown(wireguardGateway, spec)
    expect(known.spec).toBe(spec)
    expect(known.unknown).toEqual([])
  })

  test('does not know all of loses that, at every depth, and keeps the rest', () => {
    const spec = {
      name: 'hq',
      zeta: 1,
      alpha: { inner: true },
      maintenanceWindow: { time: '03:00:00', length: 4 },
      connections: [{ ...CONNECTION, speed: 10 }, CONNECTION],
    }
    expect(splitKnown(wireguardGateway, spec).spec).toEqual({
      name: 'hq',
      listenPort: 51820,
      tier: 'STANDARD',
      maintenanceWindow: { time: '03:00:00' },
      // Without what made them differ, the two are one.
      connections: [CONNECTION],
    })
    expect(spec.connections[0]).toHaveProperty('speed')
    expect(spec).toHaveProperty('zeta')
    expect(unknown(spec)).toEqual(['alpha', 'connections[].speed', 'maintenanceWindow.length', 'zeta'])
  })

  test('does not know in several members of a list is reported once', () => {
    const spec = { connections: [{ speed: 1 }, { speed: 2, mtu: 3 }] }
    expect(unknown(spec)).toEqual(['connections[].mtu', 'connections[].speed'])
  })

  test('takes for something else than it is stays as it is', () => {
    const spec = {
      maintenanceWindow: ['Monday'],
      connections: { datacenterId: 'x' },
      tier: { size: 1 },
      description: null,
      gatewayIP: ['203.0.113.10', { a: 1 }],
    }
    expect(unknown({ connections: ['TODO', null, 3, { speed: 1 }] })).toEqual(['connections[].speed'])
    expect(unknown({ ...spec, connections: [] })).toEqual([])
    const peer = { allowedIPs: ['10.99.0.2/32', { unexpected: 1 }] }
    expect(splitKnown(wireguardPeer, peer).spec).toBe(peer)
  })
})
