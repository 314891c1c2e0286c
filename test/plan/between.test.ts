import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import type { DesiredState } from '../../src/model/resource.ts'
import { planBetween } from '../../src/plan/between.ts'
import { plan } from '../../src/plan/plan.ts'
import type { Change, Plan } from '../../src/plan/types.ts'
import { LOCATIONS, plain, wanted } from '../laws/arbitraries.ts'
import { ApiModel } from '../support/api-model.ts'
import { desiredState, type Entry } from '../support/desired-builder.ts'
import { RANDOM_TIMEOUT_MS, Reached, RUNS } from '../support/random-runs.ts'

vi.setConfig({ testTimeout: RANDOM_TIMEOUT_MS })

const VERSIONS = { before: 'a.yaml', after: 'b.yaml' }
const NOW = '2026-12-01T09:00:00.000Z'

function between(before: DesiredState, after: DesiredState, targets: readonly string[] = []): Plan {
  return planBetween(before, after, VERSIONS, { targets, asOf: NOW })
}

function gateway(more: object = {}): Entry {
  return { name: 'hq', gatewayIP: '203.0.113.10', connections: [], privateKey: null, ...more }
}

function state(...gateways: readonly Entry[]): DesiredState {
  return desiredState({ wireguardGateways: gateways })
}

function shown({ changes }: Plan): readonly string[] {
  return changes.map(({ action, address, reason }) => `${action} ${address}: ${reason.code}`)
}

/** The secrets of a state behind other references. */
function withSecrets(desired: DesiredState, name: string, rotatedAt?: string): DesiredState {
  const resources = desired.resources.map((resource) => ({
    ...resource,
    secrets: resource.secrets.map((secret) => ({
      ...secret,
      reference: { from: 'env' as const, name },
      ...(rotatedAt === undefined ? {} : { rotatedAt }),
    })),
  }))
  return { ...desired, resources }
}

describe('planBetween', () => {
  test('says what is added, changed and removed, and that nothing was read live', () => {
    const before = state(gateway(), gateway({ name: 'old', gatewayIP: '203.0.113.11' }))
    const after = state(
      gateway({ description: 'Office' }),
      gateway({ name: 'new', gatewayIP: '203.0.113.12' }),
    )
    const planned = between(before, after)
    expect(shown(planned)).toEqual([
      'delete wireguardgateways/old: removed',
      'update wireguardgateways/hq: changed',
      'create wireguardgateways/new: added',
    ])
    expect(planned.between).toEqual(VERSIONS)
  })

  test('a resource with another name and renamedFrom is renamed, also where its id is pinned', () => {
    for (const pinned of [{}, { id: '6f1a0000-0000-4000-8000-000000000001' }]) {
      const after = state(gateway({ ...pinned, name: 'office', renamedFrom: 'hq' }))
      expect(shown(between(state(gateway(pinned)), after))).toEqual([
        'update wireguardgateways/office: renamed',
      ])
    }
  })

  test('warns of no id that only the later version has: what is live is not read', () => {
    const after = state(gateway(), gateway({ name: 'lab', id: '6f1a0000-0000-4000-8000-000000000002' }))
    expect(between(state(gateway()), after).warnings).toEqual([])
  })

  test('what is absent in the earlier version is not removed again, and its children are not either', () => {
    const peers = [{ name: 'anna', allowedIPs: ['10.0.0.2/32'], publicKey: 'x' }]
    const absent = state(gateway({ ensure: 'absent', peers }))
    expect(shown(between(absent, state()))).toEqual([])
    expect(shown(between(absent, state(gateway({ peers }))))).toEqual([
      'create wireguardgateways/hq: added',
      'create wireguardgateways/hq/peers/anna: added',
    ])
  })

  test('a secret is changed when its reference or its rotatedAt is another, and needs no value', () => {
    const before = withSecrets(state(gateway()), 'HQ_KEY')
    const changed = (after: DesiredState): readonly string[] => shown(between(before, after))
    expect(changed(withSecrets(state(gateway()), 'HQ_KEY'))).toEqual(['keep wireguardgateways/hq: same'])
    for (const after of [
      withSecrets(state(gateway()), 'OTHER_KEY'),
      withSecrets(state(gateway()), 'HQ_KEY', '2026-11-30T00:00:00Z'),
    ]) {
      expect(changed(after)).toEqual(['update wireguardgateways/hq: changed'])
    }
    expect(between(before, withSecrets(state(gateway({ name: 'b' })), 'B')).missingSecrets).toEqual([])
  })

  test('a location that only the earlier version names is compared too', () => {
    const before = state(gateway(), gateway({ name: 'berlin', location: 'de/txl' }))
    expect(shown(between(before, state(gateway())))).toContain(
      'delete de/txl:wireguardgateways/berlin: removed',
    )
  })

  test('protection refuses a removal, and there is no limit on their number', () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const many = state(...names.map((name, at) => gateway({ name, gatewayIP: `203.0.113.${at + 1}` })))
    expect(between(many, state()).refusals).toEqual([])
    const kept = { ...state(), protectedPatterns: ['wireguardgateways/c'] }
    expect(between(many, kept).refusals.map(({ code }) => code)).toEqual(['VPN507'])
  })

  test('it is the plan of the later version over an estate that the earlier one made', () => {
    const reached = new Reached()
    fc.assert(
      fc.property(wanted(), wanted(), (first, second) => {
        const [before, after] = [desiredState(plain(first)), desiredState(plain(second))]
        const api = new ApiModel()
        const options = { maxDeletes: { type: 'count', value: Number.POSITIVE_INFINITY } } as const
        api.apply(plan(before, api.live(LOCATIONS), options))
        const real = plan(after, api.live(LOCATIONS), options)
        reached.when(real.changes.some(({ action }) => action !== 'keep'))
        expect(without(between(before, after).changes)).toEqual(without(real.changes))
      }),
      { numRuns: RUNS },
    )
    reached.expectShare(0.8)
  })
})

// A secret has no live value here, and the service chooses what the files leave open.
function without(changes: readonly Change[]): readonly string[] {
  const texts = changes.flatMap(({ action, target, ...change }) => {
    const fields = 'fields' in change ? change.fields.filter(({ type }) => type !== 'secret') : []
    const isUpdate = action === 'update' && fields.length > 0
    if (action === 'keep' || (action === 'update' && !isUpdate)) return []
    return [`${action} ${target.kind.name} ${target.location} ${target.id}`]
  })
  // An address may have its location in front, by which it is sorted.
  return texts.sort()
}
