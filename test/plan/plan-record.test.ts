import { describe, expect, test } from 'vitest'
import { InternalError } from '../../src/model/errors.ts'
import type { PlainObject } from '../../src/model/json.ts'
import type { DesiredResource, LiveResource } from '../../src/model/resource.ts'
import { Secret } from '../../src/model/secret.ts'
import { type ChangeRecord, recordPlan, restorePlan } from '../../src/plan/saved/plan-record.ts'
import type { Change } from '../../src/plan/types.ts'
import { CONNECTION, gateway, liveOf, METADATA, peer, planOf, range } from '../support/plan-builder.ts'

const KEY = { path: ['privateKey'], reference: { from: 'env', name: 'HQ' } } as const
const hq = gateway('hq', {}, { secrets: [{ ...KEY, value: new Secret('throw-away') }] })

function only<T>(list: readonly T[]): T {
  const [first] = list
  if (first === undefined || list.length > 1) throw new Error(`${list.length} of them`)
  return first
}
const recordOf = (desired: readonly DesiredResource[], live: readonly LiveResource[]): ChangeRecord =>
  only(recordPlan(planOf(desired, live)).changes)
const again = (desired: readonly DesiredResource[], live: readonly LiveResource[]): Change =>
  only(restorePlan(JSON.parse(JSON.stringify(recordPlan(planOf(desired, live))))).changes)

describe('the record of a change', () => {
  test('says what the file wants, by references, and what is live', () => {
    const live = liveOf(hq, { tier: 'PREMIUM' }, { metadata: METADATA })
    const record = recordOf([hq], [live])
    expect(record).toMatchObject({
      address: 'wireguardgateways/hq',
      name: 'hq',
      kind: 'wireguard-gateway',
      location: 'de/fra',
      parentIds: [],
      id: live.id,
    })
    expect(record.desired).toEqual({
      name: 'hq',
      address: 'wireguardgateways/hq',
      protect: false,
      ensure: 'present',
      secrets: [KEY],
      at: range('vpn.yaml', 5, 5, 4),
    })
    expect(record.live).toEqual({ name: 'hq', spec: live.spec, status: 'AVAILABLE', metadata: METADATA })
    expect(record).not.toHaveProperty('leaving')
    expect(record.rest).not.toHaveProperty('live')
    expect(record.rest).not.toHaveProperty('desired')
  })

  test('says more where there is more', () => {
    const more = { id: '11111111-1111-4111-8111-111111111111', renamedFrom: 'old', protect: true }
    const pinned = gateway('hq', {}, { more })
    expect(recordOf([pinned], []).desired).toMatchObject(more)
    expect(recordOf([pinned], [])).not.toHaveProperty('live')
    const failed = liveOf(hq, {}, { status: 'FAILED', statusMessage: 'no capacity' })
    expect(recordOf([hq], [failed]).live).toMatchObject({ status: 'FAILED', statusMessage: 'no capacity' })
    const leaving = liveOf(hq, {}, { status: 'DESTROYING' })
    expect(recordOf([hq], [leaving]).leaving).toMatchObject({ name: 'hq', status: 'DESTROYING' })
  })

  test('has the place of the resource where its name has none, or none at all', () => {
    const at = range('vpn.yaml', 9, 1)
    const nameless = gateway(
      'hq',
      {},
      { more: { locate: (path = []) => (path.length > 0 ? undefined : at) } },
    )
    expect(recordOf([nameless], []).desired?.at).toEqual(at)
    const nowhere = gateway('hq', {}, { more: { locate: () => undefined } })
    expect(recordOf([nowhere], []).desired).not.toHaveProperty('at')
  })

  test('keeps the names of fields that nobody knows, at every depth, and not their values', () => {
    const spec: PlainObject = {
      future: 'throw-away',
      maintenanceWindow: { time: '03:00:00', dayOfTheWeek: 'Monday', token: 'throw-away' },
      connections: [{ ...CONNECTION, token: 'throw-away' }],
    }
    const record = recordOf([hq], [liveOf(hq, { ...spec, tier: 'PREMIUM' })])
    expect(record.live?.spec).toMatchObject({
      tier: 'PREMIUM',
      future: '(not kept)',
      maintenanceWindow: { time: '03:00:00', dayOfTheWeek: 'Monday', token: '(not kept)' },
      connections: [{ ...CONNECTION, token: '(not kept)' }],
    })
    expect(JSON.stringify(record)).not.toContain('throw-away')
  })
})

describe('a change from its record', () => {
  test('has its target, both sides and no value of a secret', () => {
    const live = liveOf(hq, { tier: 'PREMIUM' }, { metadata: METADATA, secrets: [] })
    const [made] = planOf([hq], [live]).changes
    const read = again([hq], [live])
    if (read.action !== 'update' || made?.action !== 'update') throw new Error(read.action)
    expect(read.target).toEqual(made.target)
    expect(read.live).toEqual(live)
    expect(read.fields).toEqual(made.fields)
    expect(read.desired).toMatchObject({
      kind: hq.kind,
      location: 'de/fra',
      name: 'hq',
      address: 'wireguardgateways/hq',
      parent: null,
      spec: made.spec,
      secrets: [{ ...KEY, value: null }],
    })
    expect(read.desired).not.toHaveProperty('at')
    const at = range('vpn.yaml', 5, 5, 4)
    expect(read.desired.locate()).toEqual(at)
    expect(read.desired.locate(['name'])).toEqual(at)
    expect(read.desired.locate(['tier'])).toBeUndefined()
  })

  test('has no side that it had not', () => {
    const created = again([hq], [])
    expect(created.action).toBe('create')
    expect(created).not.toHaveProperty('live')
    expect(created).not.toHaveProperty('leaving')
    const deleted = again([], [liveOf(hq)])
    expect(deleted.action).toBe('delete')
    expect(deleted).not.toHaveProperty('desired')
    const leaving = liveOf(hq, {}, { status: 'DESTROYING' })
    expect(again([hq], [leaving])).toMatchObject({ action: 'create', leaving })
    expect(again([hq], [liveOf(hq)])).toMatchObject({ action: 'keep', desired: { spec: {} } })
  })

  test('of a kind that this version does not know is our fault', () => {
    const record = recordPlan(planOf([hq, peer(hq, 'anna')], []))
    const unexpected = {
      ...record,
      changes: record.changes.map((change) => ({ ...change, kind: 'openvpn' })),
    }
    expect(() => restorePlan(unexpected)).toThrow(InternalError)
    expect(() => restorePlan(unexpected)).toThrow('a saved plan holds the kind openvpn')
  })
})
