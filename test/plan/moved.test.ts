import { describe, expect, test } from 'vitest'
import type { DesiredResource, LiveMetadata, LiveResource } from '../../src/model/resource.ts'
import { Secret } from '../../src/model/secret.ts'
import { recordPlan } from '../../src/plan/saved/plan-record.ts'
import { type Moved, movedBetween, seenBy, withoutMoved } from '../../src/plan/saved/staleness.ts'
import type { PlanOptions } from '../../src/plan/types.ts'
import { gateway, LOCATION, liveOf, METADATA, peer, planOf, STACK } from '../support/plan-builder.ts'

const STRANGER = '11111111-1111-4111-8111-111111111111'
const PEERS = 'wireguardgateways/hq/peers'
const hq = gateway('hq')
const anna = peer(hq, 'anna')
const changed = peer(hq, 'anna', { allowedIPs: ['10.99.0.9/32'] })
const bob = peer(hq, 'bob', { publicKey: 'Ym9i' })
const rogue = liveOf(peer(hq, 'rogue', { publicKey: 'cm9n' }), {}, { id: STRANGER })

interface World {
  readonly file: readonly DesiredResource[]
  readonly live: readonly LiveResource[]
}

const desired = (resources: readonly DesiredResource[]) => ({
  stack: STACK,
  locations: [LOCATION],
  resources,
  protectedPatterns: [],
})
const liveState = (resources: readonly LiveResource[]) => ({ locations: [LOCATION], resources })

function look({ file, live }: World, options: Partial<PlanOptions>) {
  const plan = planOf(file, live, options)
  return { seen: seenBy(desired(file), liveState(live), plan, options.targets ?? []), plan }
}

function moved(before: World, now: World, options: Partial<PlanOptions> = {}): readonly Moved[] {
  const first = look(before, options)
  const found = movedBetween(first, look(now, options), liveState(now.live))
  // What is read from a file says the same as what is in memory.
  const saved = { seen: first.seen, plan: recordPlan(first.plan) }
  expect(movedBetween(saved, look(now, options), liveState(now.live))).toEqual(found)
  return found
}

const told = (found: readonly Moved[]) => found.map(({ side, how, address }) => `${side} ${how} ${address}`)

describe('what a plan was to do has moved', () => {
  const live = [liveOf(hq), liveOf(anna), liveOf(bob)]
  const file = [hq, changed]

  test('not when it is done', () => {
    const done = [liveOf(hq), liveOf(changed)]
    expect(moved({ file, live }, { file, live: done })).toEqual([])
  })

  test('when live became something else again', () => {
    const other = liveOf(anna, { allowedIPs: ['10.99.0.7/32'] })
    expect(told(moved({ file, live }, { file, live: [liveOf(hq), other, liveOf(bob)] }))).toEqual([
      `live changed ${PEERS}/anna`,
    ])
  })

  test('when what was to be deleted is there still, and another', () => {
    const other = liveOf(bob, { allowedIPs: ['10.99.0.7/32'] })
    expect(told(moved({ file, live }, { file, live: [liveOf(hq), liveOf(anna), other] }))).toEqual([
      `live changed ${PEERS}/bob`,
    ])
  })
})

test('what a plan left alone has moved when it is gone', () => {
  const file = [hq]
  expect(told(moved({ file, live: [liveOf(hq), rogue] }, { file, live: [liveOf(hq)] }))).toEqual([
    `live removed ${PEERS}/rogue`,
  ])
})

test('what a plan could not settle has moved when it is another, though it was no change', () => {
  const open = liveOf(hq, {}, { id: STRANGER })
  const other = liveOf(hq, { description: 'by hand' }, { id: STRANGER })
  expect(planOf([hq], [open]).changes).toEqual([])
  expect(told(moved({ file: [hq], live: [open] }, { file: [hq], live: [other] }))).toEqual([
    'live changed wireguardgateways/hq',
  ])
})

test('with targets only what they name is looked at, and that closely', () => {
  const targets = [`${PEERS}/anna`]
  const before = { file: [hq, anna], live: [liveOf(hq), liveOf(anna)] }
  const gatewayMoved = { ...before, live: [liveOf(hq, { description: 'by hand' }), liveOf(anna)] }
  const peerMoved = { ...before, live: [liveOf(hq), liveOf(changed)] }
  expect(moved(before, gatewayMoved, { targets })).toEqual([])
  expect(told(moved(before, peerMoved, { targets }))).toEqual([`live changed ${PEERS}/anna`])
})

describe('who moved it, and when,', () => {
  const before = { file: [hq, anna], live: [liveOf(hq), liveOf(anna, {}, { metadata: METADATA })] }
  const writtenWith = (metadata: LiveMetadata): World => ({
    file: before.file,
    live: [liveOf(hq), liveOf(changed, {}, { metadata })],
  })
  const byAndAt = (now: World) => moved(before, now).map(({ by, at }) => [by, at])

  test('is the last to change it, else who made it', () => {
    expect(byAndAt(writtenWith(METADATA))).toEqual([['erika@example.com', '2026-03-01T09:30:00Z']])
    const { createdDate = '', createdBy = '' } = METADATA
    expect(byAndAt(writtenWith({ createdDate, createdBy }))).toEqual([
      ['max@example.com', '2025-11-02T08:00:00Z'],
    ])
  })

  test('is not told when the service does not say, nor of what is gone', () => {
    const [unknown] = moved(before, writtenWith({}))
    expect(unknown).not.toHaveProperty('by')
    expect(unknown).not.toHaveProperty('at')
    const gone = movedBetween(
      look(before, {}),
      look({ file: before.file, live: [liveOf(hq)] }, {}),
      liveState(before.live),
    )
    expect(told(gone)).toEqual([`live removed ${PEERS}/anna`])
    expect(gone[0]).not.toHaveProperty('by')
  })
})

describe('a saved plan without what moved', () => {
  const withKey = (value: string | null, tier: string): DesiredResource =>
    gateway(
      'hq',
      { tier },
      {
        secrets: [
          {
            path: ['privateKey'],
            reference: { from: 'env', name: 'HQ' },
            value: value === null ? null : new Secret(value),
          },
        ],
      },
    )
  const carol = peer(hq, 'carol', { publicKey: 'Y2Fyb2w=' })
  const saved = () =>
    planOf([withKey(null, 'PREMIUM'), changed, carol], [liveOf(hq), liveOf(anna), liveOf(bob), rogue])
  const file = [withKey('throw-away', 'PREMIUM'), changed, carol]
  const now = [
    liveOf(hq, {}, { status: 'PROVISIONING' }),
    liveOf(anna, { allowedIPs: ['10.99.0.7/32'] }),
    liveOf(bob, {}, { status: 'FAILED' }),
    rogue,
  ]
  const keyOf = (name: string): string => saved().changes.find((change) => change.name === name)?.key ?? ''
  const left = () => withoutMoved(saved(), desired(file), liveState(now), new Set([keyOf('anna')]))
  const changeOf = (name: string) => left().changes.find((change) => change.name === name)

  test('has the changes of then, with the secrets of today', () => {
    expect(saved().missingSecrets).toHaveLength(1)
    expect(left().missingSecrets).toEqual([])
    expect(left().changes.map(({ action, name }) => [action, name])).toEqual(
      saved().changes.map(({ action, name }) => [action, name]),
    )
    expect(changeOf('hq')).toHaveProperty('desired', file[0])
    expect(changeOf('carol')).toHaveProperty('desired', carol)
    expect(left().summary).toEqual(saved().summary)
  })

  test('has what is live now, but for what moved: its precondition must see what the plan saw', () => {
    expect(changeOf('hq')).toHaveProperty('live.status', 'PROVISIONING')
    expect(changeOf('bob')).toHaveProperty('live.status', 'FAILED')
    expect(changeOf('bob')).not.toHaveProperty('desired')
    expect(changeOf('anna')).toHaveProperty('live', liveOf(anna))
    expect(changeOf('rogue')).toHaveProperty('live', rogue)
    expect(changeOf('carol')).not.toHaveProperty('live')
  })

  test('creates what is there by now without taking it for what the plan saw', () => {
    const there = withoutMoved(saved(), desired(file), liveState([...now, liveOf(carol)]), new Set())
    expect(there.changes.find(({ name }) => name === 'carol')).not.toHaveProperty('live')
  })

  test('keeps what the file of then wanted of something that today’s does not have', () => {
    const without = withoutMoved(saved(), desired([hq]), liveState(now), new Set())
    expect(without.changes.find(({ name }) => name === 'carol')).toHaveProperty('desired', carol)
  })
})
