import { describe, expect, test } from 'vitest'
import type { DesiredResource, LiveResource } from '../../src/model/resource.ts'
import { Secret } from '../../src/model/secret.ts'
import { markOrigins } from '../../src/plan/changes/origins.ts'
import type { Plan } from '../../src/plan/types.ts'
import { gateway, liveOf, peer, planOf } from '../support/plan-builder.ts'

function marks(
  base: readonly DesiredResource[],
  now: readonly DesiredResource[],
  live: readonly LiveResource[],
): Plan {
  return markOrigins(planOf(now, live), { base: planOf(base, live) }, 'base.yaml')
}

function originOf(plan: Plan, name: string): string | undefined {
  return plan.changes.find((change) => change.name === name)?.origin
}

function fieldsOf(plan: Plan, name: string): Record<string, string | undefined> {
  const change = plan.changes.find((each) => each.name === name)
  const fields = change !== undefined && 'fields' in change ? change.fields : []
  return Object.fromEntries(fields.map(({ path, origin }) => [path.join('.'), origin]))
}

const UNOWNED_ID = '11111111-1111-4111-8111-111111111111'
const hq = gateway('hq')
const anna = peer(hq, 'anna')
const tiered = gateway('hq', { tier: 'PREMIUM' })

describe('a field', () => {
  test('is intent when live is as the base says', () => {
    const plan = marks([hq], [tiered], [liveOf(hq)])
    expect(fieldsOf(plan, 'hq')).toEqual({ tier: 'intent' })
    expect(originOf(plan, 'hq')).toBe('intent')
  })

  test('is drift when the file is as the base says', () => {
    const plan = marks([hq], [hq], [liveOf(hq, { tier: 'PREMIUM' })])
    expect(fieldsOf(plan, 'hq')).toEqual({ tier: 'drift' })
    expect(originOf(plan, 'hq')).toBe('drift')
  })

  test('is a conflict when both changed, each to something else', () => {
    const plan = marks([hq], [gateway('hq', { description: 'file' })], [liveOf(hq, { description: 'live' })])
    expect(fieldsOf(plan, 'hq')).toEqual({ description: 'conflict' })
    expect(originOf(plan, 'hq')).toBe('conflict')
    expect(plan.base?.summary).toEqual({ intent: 0, drift: 0, conflict: 1, mixed: 0, pending: 0 })
  })

  test('makes a change mixed next to a field of the other sort', () => {
    const plan = marks([hq], [gateway('hq', { description: 'file' })], [liveOf(hq, { tier: 'PREMIUM' })])
    expect(fieldsOf(plan, 'hq')).toEqual({ description: 'intent', tier: 'drift' })
    expect(originOf(plan, 'hq')).toBe('mixed')
  })

  test('that both changed to the same is no difference', () => {
    const plan = marks([hq], [tiered], [liveOf(hq, { tier: 'PREMIUM' })])
    expect(plan.summary.update).toBe(0)
    expect(plan.base?.summary).toEqual({ intent: 0, drift: 0, conflict: 0, mixed: 0, pending: 0 })
  })
})

describe('a set, member by member,', () => {
  const withIps = (...allowedIPs: string[]): DesiredResource => peer(hq, 'anna', { allowedIPs })
  test.each([
    ['the file adds one', ['10.0.0.1/32'], ['10.0.0.1/32', '10.0.0.2/32'], ['10.0.0.1/32'], 'intent'],
    [
      'the file drops one',
      ['10.0.0.1/32', '10.0.0.2/32'],
      ['10.0.0.1/32'],
      ['10.0.0.1/32', '10.0.0.2/32'],
      'intent',
    ],
    ['someone added one', ['10.0.0.1/32'], ['10.0.0.1/32'], ['10.0.0.1/32', '10.0.0.9/32'], 'drift'],
    [
      'someone dropped one',
      ['10.0.0.1/32', '10.0.0.2/32'],
      ['10.0.0.1/32', '10.0.0.2/32'],
      ['10.0.0.1/32'],
      'drift',
    ],
    [
      'both added',
      ['10.0.0.1/32'],
      ['10.0.0.1/32', '10.0.0.2/32'],
      ['10.0.0.1/32', '10.0.0.9/32'],
      'conflict',
    ],
  ])('%s', (_what, base, now, live, origin) => {
    const plan = marks([hq, withIps(...base)], [hq, withIps(...now)], [liveOf(hq), liveOf(withIps(...live))])
    expect(fieldsOf(plan, 'anna')).toEqual({ allowedIPs: origin })
  })
})

describe('a resource', () => {
  test('that is new in the file is intent', () => {
    expect(originOf(marks([hq], [hq, anna], [liveOf(hq)]), 'anna')).toBe('intent')
  })

  test('that the base wanted too and that is not live is drift', () => {
    expect(originOf(marks([hq, anna], [hq, anna], [liveOf(hq)]), 'anna')).toBe('drift')
  })

  test('that the file drops is intent, a conflict when live is not what the base knew', () => {
    expect(originOf(marks([hq, anna], [hq], [liveOf(hq), liveOf(anna)]), 'anna')).toBe('intent')
    const edited = liveOf(anna, { allowedIPs: ['0.0.0.0/0'] })
    expect(originOf(marks([hq, anna], [hq], [liveOf(hq), edited]), 'anna')).toBe('conflict')
  })

  test('that neither wants and that is ours is drift, and so is an unmanaged resource', () => {
    expect(originOf(marks([hq], [hq], [liveOf(hq), liveOf(anna)]), 'anna')).toBe('drift')
    const unowned = liveOf(anna, {}, { id: '11111111-1111-4111-8111-111111111111' })
    expect(originOf(marks([hq], [hq], [liveOf(hq), unowned]), 'anna')).toBe('drift')
  })

  test('that is renamed in place is intent', () => {
    const renamed = peer(hq, 'anne', {}, { more: { renamedFrom: 'anna' } })
    expect(originOf(marks([hq, anna], [hq, renamed], [liveOf(hq), liveOf(anna)]), 'anne')).toBe('intent')
  })

  test('that the base did not speak of is intent in all its fields', () => {
    const adopted = peer(
      hq,
      'anna',
      { allowedIPs: ['10.0.0.5/32'] },
      { more: { id: '11111111-1111-4111-8111-111111111111' } },
    )
    const unowned = liveOf(anna, {}, { id: '11111111-1111-4111-8111-111111111111' })
    expect(originOf(marks([hq], [hq, adopted], [liveOf(hq), unowned]), 'anna')).toBe('intent')
  })
})

test('a changed secret is intent behind a new reference, and not known behind the same', () => {
  const key = (name: string, text: string): DesiredResource =>
    gateway(
      'hq',
      {},
      {
        secrets: [
          {
            path: ['privateKey'],
            reference: { from: 'env', name },
            value: text === '' ? null : new Secret(text),
          },
        ],
      },
    )
  const live = liveOf(hq, {}, { secrets: [{ path: ['privateKey'], value: new Secret('throw-away-1') }] })
  expect(fieldsOf(marks([key('OLD', '')], [key('NEW', 'throw-away-2')], [live]), 'hq')).toEqual({
    privateKey: 'intent',
  })
  expect(fieldsOf(marks([key('OLD', '')], [key('OLD', 'throw-away-2')], [live]), 'hq')).toEqual({
    privateKey: undefined,
  })
})

describe('a secret', () => {
  const stored = { secrets: [{ path: ['privateKey'], value: new Secret('throw-away-1') }] }
  const keyed = (name: string, value: string, spec = {}): DesiredResource =>
    gateway('hq', spec, {
      secrets: [{ path: ['privateKey'], reference: { from: 'env', name }, value: new Secret(value) }],
    })
  const change = ({ changes }: Plan, name = 'hq') => changes.find((each) => each.name === name)

  test('that the base did not have is intent, and not known for what the base did not have', () => {
    const live = [liveOf(hq, {}, stored)]
    expect(originOf(marks([hq], [keyed('HQ', 'throw-away-2')], live), 'hq')).toBe('intent')
    expect(fieldsOf(marks([], [keyed('HQ', 'throw-away-2')], live), 'hq')).toEqual({ privateKey: undefined })
    const adopted = { ...keyed('HQ', 'throw-away-2'), id: UNOWNED_ID }
    const unowned = [liveOf(hq, {}, { ...stored, id: UNOWNED_ID })]
    expect(fieldsOf(marks([], [adopted], unowned), 'hq')).toEqual({ privateKey: undefined })
  })

  test('next to another one is compared with its own reference', () => {
    const both = (name: string): DesiredResource => ({
      ...keyed(name, 'throw-away-2'),
      secrets: [
        { path: ['other'], reference: { from: 'env', name: 'NEW' }, value: null },
        ...keyed(name, 'throw-away-2').secrets,
      ],
    })
    const plan = marks([both('OLD')], [both('NEW')], [liveOf(hq, {}, stored)])
    expect(fieldsOf(plan, 'hq')).toMatchObject({ privateKey: 'intent' })
  })

  test('that only is deleted too, or is sent because someone says so, has no mark and adds none', () => {
    const along = marks([keyed('OLD', 'x')], [keyed('NEW', 'x', { tier: 'PREMIUM' })], [liveOf(hq)])
    expect(fieldsOf(along, 'hq')).toEqual({ tier: 'intent', privateKey: undefined })
    expect(originOf(along, 'hq')).toBe('intent')
    const forced = planOf([keyed('NEW', 'x')], [liveOf(hq)], { resendSecrets: ['all'] })
    const marked = change(
      markOrigins(forced, { base: planOf([keyed('OLD', 'x')], [liveOf(hq)]) }, 'base.yaml'),
    )
    expect(marked?.action).toBe('update')
    expect(marked).not.toHaveProperty('origin')
    expect(marked && 'fields' in marked ? marked.fields[0] : {}).not.toHaveProperty('origin')
  })
})

test('a conflict in one field makes the whole change a conflict', () => {
  const file = gateway('hq', { description: 'file', tier: 'PREMIUM' })
  const plan = marks([hq], [file], [liveOf(hq, { description: 'live' })])
  expect(fieldsOf(plan, 'hq')).toEqual({ description: 'conflict', tier: 'intent' })
  expect(originOf(plan, 'hq')).toBe('conflict')
})

test('what is only left alone, or only waited for, does not count', () => {
  const unowned = liveOf(anna, {}, { id: UNOWNED_ID })
  expect(marks([hq], [hq], [liveOf(hq), unowned]).base).toEqual({
    name: 'base.yaml',
    summary: { intent: 0, drift: 0, conflict: 0, mixed: 0, pending: 0 },
  })
  const leaving = marks([hq], [], [liveOf(hq), liveOf(anna, {}, { status: 'DESTROYING' })])
  expect(leaving.changes.map(({ name, origin }) => [name, origin]).sort()).toEqual([
    ['anna', undefined],
    ['hq', 'intent'],
  ])
})

test('of which the base did not know what it was, all is intent', () => {
  const open = liveOf(hq, { tier: 'PREMIUM' }, { id: UNOWNED_ID })
  const adopted = gateway('hq', {}, { more: { id: UNOWNED_ID } })
  expect(planOf([hq], [open]).changes).toEqual([])
  expect(fieldsOf(marks([hq], [adopted], [open]), 'hq')).toEqual({ tier: 'intent' })
})
