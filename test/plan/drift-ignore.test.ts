import { describe, expect, test } from 'vitest'
import { ignorePattern, isExpired } from '../../src/drift/ignore.ts'
import { driftSeverity, worst } from '../../src/drift/severity.ts'
import { wireguardGateway } from '../../src/kinds/wireguard/gateway.ts'
import { wireguardPeer } from '../../src/kinds/wireguard/peer.ts'
import { driftOf, lines } from '../support/drift-builder.ts'
import { gateway, liveOf, peer } from '../support/plan-builder.ts'

const hq = gateway('hq')
const anna = peer(hq, 'anna')

describe('an accepted drift', () => {
  const live = liveOf(anna, { description: 'x', endpoint: { host: '198.51.100.9', port: 4500 } })
  const rest = (...patterns: readonly string[]) =>
    driftOf([hq, anna], [liveOf(hq), live], { ignores: patterns.map((pattern) => ({ pattern })) })

  test('of a field is reported with that field alone, and as bad as that field', () => {
    const drift = rest('*/anna:description')
    expect(drift.ignored).toMatchObject([
      {
        by: { pattern: '*/anna:description' },
        finding: { severity: 'notice', state: 'changed', fields: [{ change: { path: ['description'] } }] },
      },
    ])
    const [finding] = drift.findings
    if (finding?.state !== 'changed') throw new Error('not changed')
    expect(finding.severity).toBe('warning')
    expect(finding.fields.map(({ change }) => change.path.join('.'))).toEqual([
      'endpoint.host',
      'endpoint.port',
    ])
  })

  test('of a part of a field leaves the other parts, and of the whole takes all of them', () => {
    const [part] = rest('*/anna:endpoint.host', '*/anna:description').findings
    if (part?.state !== 'changed') throw new Error('not changed')
    expect(part.fields.map(({ change }) => change.path.join('.'))).toEqual(['endpoint.port'])
    expect(lines(rest('*/anna:endpoint', '*/anna:description'))).toEqual([])
    const none = rest('*/anna:endpoint.port.x', '*/anna:publicKey')
    expect(lines(none)).toHaveLength(1)
    expect(none.ignored).toEqual([])
  })

  test('of everything takes what earlier ones have left', () => {
    const drift = rest('*/anna:description', '*/anna')
    expect(drift.findings).toEqual([])
    expect(drift.ignored.map(({ finding }) => finding.state === 'changed' && finding.fields.length)).toEqual([
      1, 2,
    ])
  })

  test('of a field says nothing about a resource that is not there', () => {
    const drift = driftOf([hq, anna], [liveOf(hq)], { ignores: [{ pattern: '*/anna:description' }] })
    expect(lines(drift)).toEqual(['warning missing wireguardgateways/hq/peers/anna'])
    expect(drift.ignored).toEqual([])
  })
})

test.each([
  ['wireguardgateways/hq:tier', { address: 'wireguardgateways/hq', field: ['tier'] }],
  ['a:b:tier', { address: 'a:b', field: ['tier'] }],
  // A field of no kind is part of a name, and without an address it is none.
  ['a:colour', { address: 'a:colour' }],
  [':tier', { address: ':tier' }],
  ['tier', { address: 'tier' }],
  ['a:', { address: 'a:' }],
])('the pattern %s is read as its parts', (pattern, parts) => {
  expect(ignorePattern(pattern)).toEqual(parts)
})

test('an entry without a last day never ends', () => {
  expect(isExpired({ pattern: 'a' }, Date.parse('2999-01-01T00:00:00Z'))).toBe(false)
})

test('how bad a field is, is what the kind says of it or of what holds it', () => {
  expect(driftSeverity(wireguardPeer, ['publicKey'])).toBe('critical')
  expect(driftSeverity(wireguardPeer, ['description'])).toBe('notice')
  expect(driftSeverity(wireguardPeer, ['endpoint', 'host'])).toBe('warning')
  expect(driftSeverity(wireguardGateway, ['maintenanceWindow', 'time'])).toBe('notice')
  expect(worst(['notice', 'critical', 'warning'])).toBe('critical')
  expect(worst(['notice', 'warning'])).toBe('warning')
  expect(worst([])).toBe('notice')
})
