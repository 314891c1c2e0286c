import { describe, expect, test } from 'vitest'
import { ipsecTunnel } from '../../src/kinds/ipsec/tunnel.ts'
import { wireguardGateway } from '../../src/kinds/wireguard/gateway.ts'
import type { PlainObject } from '../../src/model/json.ts'
import type { DesiredSecret, ResourceKind, SecretField } from '../../src/model/resource.ts'
import { Secret } from '../../src/model/secret.ts'
import { compare, creationFields, disruptionsOf } from '../../src/plan/changes/compare.ts'
import type { FieldChange } from '../../src/plan/changes/field-change.ts'
import { diffSpecs, newFields, samePlain } from '../../src/plan/changes/field-diff.ts'
import { gateway, liveOf, wanted } from '../support/plan-builder.ts'

describe('two values', () => {
  test.for([
    [1, 1],
    [
      { a: 1, b: [1, { c: 2 }] },
      { b: [1, { c: 2 }], a: 1 },
    ],
    [undefined, undefined],
    [[], []],
    [{}, {}],
  ] as const)('%j and %j are the same', ([a, b]) => {
    expect(samePlain(a, b)).toBe(true)
  })

  test.for([
    [1, '1'],
    [0, false],
    [null, undefined],
    [[1], [1, 2]],
    [[1, 2], [1]],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [2]],
    [[], {}],
    [{}, []],
    [[1], 1],
    [1, [1]],
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1, b: 2 }, { a: 1 }],
    [{ a: undefined }, { b: undefined }],
    [{ a: 1 }, null],
    [null, { a: 1 }],
    [{ a: 1 }, 'a'],
  ] as const)('%j and %j are not', ([a, b]) => {
    expect(samePlain(a, b)).toBe(false)
  })
})

describe('what changes between two specs', () => {
  const diff = (before: PlainObject, after: PlainObject): readonly FieldChange[] =>
    diffSpecs(before, after, [['nets']])

  test('is reported leaf by leaf, in the order of names', () => {
    expect(
      diff({ z: 1, in: { b: 1, same: 0 }, a: 'x' }, { z: 2, in: { c: 2, same: 0 }, a: 'y' }),
    ).toStrictEqual([
      { type: 'value', path: ['a'], before: 'x', after: 'y' },
      { type: 'value', path: ['in', 'b'], before: 1 },
      { type: 'value', path: ['in', 'c'], after: 2 },
      { type: 'value', path: ['z'], before: 1, after: 2 },
    ])
  })

  test('is reported member by member of a set, and as a whole of a list', () => {
    expect(diff({ nets: ['a', 'b'], list: [1, 2] }, { nets: ['b', 'c'], list: [0, 1, 2] })).toStrictEqual([
      { type: 'value', path: ['list'], before: [1, 2], after: [0, 1, 2] },
      { type: 'set', path: ['nets'], added: ['c'], removed: ['a'], kept: ['b'] },
    ])
  })

  test('is a set that comes or goes too, but not what is not a list', () => {
    expect(diff({}, { nets: ['a'] })).toStrictEqual([
      { type: 'set', path: ['nets'], added: ['a'], removed: [], kept: [] },
    ])
    expect(diff({ nets: ['a'] }, {})).toStrictEqual([
      { type: 'set', path: ['nets'], added: [], removed: ['a'], kept: [] },
    ])
    expect(diff({ nets: ['a'] }, { nets: 'TODO' })).toStrictEqual([
      { type: 'set', path: ['nets'], added: [], removed: ['a'], kept: [] },
    ])
    expect(diff({ nets: 'TODO' }, { nets: 'DONE' })).toStrictEqual([
      { type: 'value', path: ['nets'], before: 'TODO', after: 'DONE' },
    ])
  })

  test('is an object that comes or goes, member by member, or becomes something else', () => {
    expect(diff({}, { in: { a: 1, b: { c: 2 } } })).toStrictEqual([
      { type: 'value', path: ['in', 'a'], after: 1 },
      { type: 'value', path: ['in', 'b', 'c'], after: 2 },
    ])
    expect(diff({ in: { a: 1 } }, {})).toStrictEqual([{ type: 'value', path: ['in', 'a'], before: 1 }])
    expect(diff({ in: { a: 1 } }, { in: 'x' })).toStrictEqual([
      { type: 'value', path: ['in'], before: { a: 1 }, after: 'x' },
    ])
    expect(diff({ in: 'x' }, { in: { a: 1 } })).toStrictEqual([
      { type: 'value', path: ['in'], before: 'x', after: { a: 1 } },
    ])
  })

  test('is reported in the order of names however many there are', () => {
    const names = ['d', 'a', 'c', 'e', 'b']
    const spec = (value: number): PlainObject => Object.fromEntries(names.map((name) => [name, value]))
    const sorted = ['a', 'b', 'c', 'd', 'e']
    expect(diff(spec(1), spec(2)).map(({ path }) => path.join())).toEqual(sorted)
    expect(newFields(spec(1), []).map(({ path }) => path.join())).toEqual(sorted)
  })

  test('is nothing where nothing changes', () => {
    expect(diff({ a: [1], in: { b: 1 } }, { in: { b: 1 }, a: [1] })).toStrictEqual([])
  })
})

test('a new resource is reported in the order of names, sets as members that come', () => {
  expect(newFields({ z: 1, list: [1], nets: ['a'], in: { b: 2 } }, [['nets']])).toStrictEqual([
    { type: 'value', path: ['in', 'b'], after: 2 },
    { type: 'value', path: ['list'], after: [1] },
    { type: 'set', path: ['nets'], added: ['a'], removed: [], kept: [] },
    { type: 'value', path: ['z'], after: 1 },
  ])
})

describe('the comparison of a gateway', () => {
  const key = (value: Secret | null): DesiredSecret => ({
    path: ['privateKey'],
    reference: { from: 'env', name: 'KEY' },
    value,
  })

  test('marks what is filled in, and not what the file says', () => {
    const written = gateway('hq', { tier: 'STANDARD' })
    const live = { tier: 'PREMIUM', listenPort: 4500 }
    const { fields } = compare(written, liveOf(written, live), false)
    expect(fields).toEqual([
      { type: 'value', path: ['listenPort'], before: 4500, after: 51820, from: 'default' },
      { type: 'value', path: ['tier'], before: 'PREMIUM', after: 'STANDARD' },
    ])
    const other = gateway('hq', { listenPort: 4501 })
    expect(compare(other, liveOf(other, { listenPort: 4500 }), false).fields).toEqual([
      { type: 'value', path: ['listenPort'], before: 4500, after: 4501 },
    ])
  })

  test('marks nothing as filled in that is not the default, be it in the file or not', () => {
    const nowhere = { more: { locate: () => undefined } }
    const unexpected = gateway('hq', { listenPort: 4501, description: 'x' }, nowhere)
    const { fields } = compare(unexpected, liveOf(unexpected, { listenPort: 4500, description: 'y' }), false)
    expect(fields).toStrictEqual([
      { type: 'value', path: ['description'], before: 'y', after: 'x' },
      { type: 'value', path: ['listenPort'], before: 4500, after: 4501 },
    ])
    const bare = gateway('hq', {}, nowhere)
    expect(compare(bare, liveOf(bare, { description: 'y' }), false).fields).toStrictEqual([
      { type: 'value', path: ['description'], before: 'y' },
    ])
  })

  test('carries over what the server chose, unless the file chooses', () => {
    const window = { dayOfTheWeek: 'Monday', time: '03:00:00' }
    const silent = gateway()
    const carried = compare(silent, liveOf(silent, { maintenanceWindow: window }), false)
    expect(carried.fields).toEqual([])
    expect(carried.spec.maintenanceWindow).toEqual(window)
    const own = gateway('hq', { maintenanceWindow: { dayOfTheWeek: 'Friday', time: '03:00:00' } })
    expect(compare(own, liveOf(own, { maintenanceWindow: window }), false).fields).toEqual([
      { type: 'value', path: ['maintenanceWindow', 'dayOfTheWeek'], before: 'Monday', after: 'Friday' },
    ])
  })

  test('does not carry over into an object that is not there', () => {
    const tunnel = wanted(ipsecTunnel, 'berlin', { remoteHost: '198.51.100.1' })
    const live = liveOf(tunnel, { esp: { integrityAlgorithm: 'SHA256' } })
    expect(compare(tunnel, live, false).spec.esp).toMatchObject({ integrityAlgorithm: 'SHA256' })
    const bare = { ...tunnel, spec: { name: 'berlin' } }
    expect(compare(bare, live, false).spec).toEqual({ name: 'berlin' })
  })

  test('sends a secret along with other changes, and by itself when it is asked to', () => {
    const secrets = [key(new Secret('no key at all'))]
    const hq = gateway('hq', {}, { secrets })
    const secret = (change: string) => ({ type: 'secret', path: ['privateKey'], change, source: 'env KEY' })
    const same = compare(hq, liveOf(hq), false)
    expect(same).toMatchObject({ fields: [], uncompared: secrets })
    expect(compare(hq, liveOf(hq), true).fields).toEqual([secret('forced')])
    expect(compare(hq, liveOf(hq, { tier: 'PREMIUM' }), false).fields.slice(1)).toEqual([
      secret('sent-along'),
    ])
    expect(compare(hq, liveOf(hq, { tier: 'PREMIUM' }), true).fields.slice(1)).toEqual([secret('forced')])
    expect(creationFields(hq).at(-1)).toEqual(secret('new'))
  })

  test('compares a secret that a read returns, without the line end of its file', () => {
    const returned = [{ path: ['privateKey'], value: new Secret('abc') }]
    const verdictFor = (value: Secret | null) => {
      const hq = gateway('hq', {}, { secrets: [key(value)] })
      const { fields, uncompared } = compare(hq, liveOf(hq, {}, { secrets: returned }), false)
      return [fields.map((field) => field.type === 'secret' && field.change), uncompared.length]
    }
    expect(verdictFor(new Secret('abc\n'))).toEqual([[], 0])
    expect(verdictFor(new Secret('abd'))).toEqual([['changed'], 0])
    expect(verdictFor(null)).toEqual([[], 1])
  })
})

describe('the comparison of a resource with two secrets', () => {
  const [privateKey, token] = [['privateKey'], ['token']]
  const plain: SecretField = {
    path: token,
    isReal: () => true,
    problem: () => undefined,
    whenShared: { severity: 'error', effect: 'none' },
    trim: false,
    example: 'openssl rand -base64 32',
    variable: 'TOKEN',
  }
  const kind: ResourceKind = { ...wireguardGateway, secrets: [...wireguardGateway.secrets, plain] }
  const secret = (path: readonly string[], value: string | null): DesiredSecret => ({
    path,
    reference: { from: 'env', name: path.join('_').toUpperCase() },
    value: value === null ? null : new Secret(value),
  })
  const changes = (
    secrets: readonly DesiredSecret[],
    returned: readonly (readonly [readonly string[], string])[],
  ) => {
    const hq = { ...gateway('hq', {}, { secrets }), kind }
    const live = returned.map(([path, text]) => ({ path, value: new Secret(text) }))
    const { fields, uncompared } = compare(hq, liveOf(hq, {}, { secrets: live }), false)
    return [
      fields.map((field) => (field.type === 'secret' ? `${field.path} ${field.change}` : field.type)),
      uncompared.map(({ path }) => path.join()),
    ]
  }

  test('sends the one that cannot be compared along with the one that changed', () => {
    const both = [secret(privateKey, null), secret(token, 'b')]
    expect(changes(both, [[token, 'a']])).toEqual([
      ['token changed', 'privateKey sent-along'],
      ['privateKey'],
    ])
    expect(changes(both, [[token, 'b']])).toEqual([[], ['privateKey']])
  })

  test('compares each with its own, in the way of its kind', () => {
    const both = [secret(privateKey, 'a\n'), secret(token, 'b\n')]
    const live = [
      [token, 'b\n'],
      [privateKey, 'a'],
    ] as const
    expect(changes(both, live)).toEqual([[], []])
    expect(changes([secret(token, 'b')], live)).toEqual([['token changed'], []])
    // A secret that the kind does not know is compared as it is.
    expect(changes([secret(['other'], 'c')], [[['other'], 'c']])).toEqual([[], []])
    expect(changes([secret(['other'], 'c')], live)).toEqual([[], ['other']])
  })
})

describe('what a change interrupts', () => {
  const effects = (...fields: readonly FieldChange[]): readonly string[] =>
    disruptionsOf(wireguardGateway, fields)

  test('is reported for a field and what is in it, each effect once', () => {
    const ipv4: FieldChange = { type: 'value', path: ['interfaceIPv4CIDR'], before: 'a', after: 'b' }
    const ipv6: FieldChange = { type: 'value', path: ['interfaceIPv6CIDR'], before: 'a', after: 'b' }
    expect(effects(ipv4, ipv6)).toEqual([
      'traffic of all peers is interrupted: apply, then make addresses and networks of every peer match',
    ])
    expect(effects({ type: 'value', path: ['tier', 'x'], after: 'b' })).toEqual([
      'the gateway may be restarted',
    ])
    expect(effects({ type: 'value', path: ['description'], after: 'b' })).toEqual([])
  })

  test('is reported for a field within a field, and not for its neighbours', () => {
    const kind = { ...wireguardGateway, disruptive: [{ path: ['ike', 'lifetime'], effect: 'renewed' }] }
    const reported = (...path: readonly string[]) => disruptionsOf(kind, [{ type: 'value', path, after: 1 }])
    expect(reported('ike', 'lifetime')).toEqual(['renewed'])
    expect(reported('ike', 'group')).toEqual([])
    expect(reported('esp', 'lifetime')).toEqual([])
  })

  test('is reported for a secret only when it is known to differ', () => {
    const secret = (change: 'changed' | 'forced' | 'sent-along'): FieldChange => ({
      type: 'secret',
      path: ['privateKey'],
      change,
      source: 'env KEY',
    })
    expect(effects(secret('changed'))).toEqual([
      "peers are cut off until their configuration has the gateway's public key: apply, then update it where it differs",
    ])
    expect(effects(secret('forced'), secret('sent-along'))).toEqual([])
  })
})
