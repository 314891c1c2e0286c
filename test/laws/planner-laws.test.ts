import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { hasFingerprint, stackFingerprint } from '../../src/model/identity.ts'
import { canonicalJson } from '../../src/model/json.ts'
import type { DesiredResource, DesiredState } from '../../src/model/resource.ts'
import { plan } from '../../src/plan/plan.ts'
import { recordPlan, restorePlan } from '../../src/plan/saved/plan-record.ts'
import { differencesBetween } from '../../src/plan/saved/staleness.ts'
import type { PlanOptions } from '../../src/plan/types.ts'
import { ApiModel } from '../support/api-model.ts'
import { desiredState, type Entry, type Wanted } from '../support/desired-builder.ts'
import { RANDOM_TIMEOUT_MS, Reached, RUNS } from '../support/random-runs.ts'
import {
  comparable,
  LOCATIONS,
  type Meddling,
  meddle,
  meddling,
  NO_MEDDLING,
  pinnedIds,
  plain,
  shuffled,
  targets,
  wanted,
} from './arbitraries.ts'

vi.setConfig({ testTimeout: RANDOM_TIMEOUT_MS })

const ALL: Partial<PlanOptions> = { maxDeletes: { type: 'count', value: Number.POSITIVE_INFINITY } }

/** What is live after `first` was applied and someone meddled. */
function liveAfter(first: Wanted, by: Meddling): ApiModel {
  const api = new ApiModel()
  api.apply(plan(desiredState(first), api.live(LOCATIONS), ALL))
  meddle(api, by)
  return api
}

function picker(seeds: readonly number[]): (ready: number) => number {
  let at = 0
  return (ready) => (seeds[at++ % seeds.length] ?? 0) % Math.max(1, ready)
}

/** The same files, in which all secrets were replaced at a time. */
function rotated(desired: DesiredState, rotatedAt: string | undefined): DesiredState {
  if (rotatedAt === undefined) return desired
  const resources = desired.resources.map((each) => ({
    ...each,
    secrets: each.secrets.map((secret) => ({ ...secret, rotatedAt })),
  }))
  return { ...desired, resources }
}

const isRotated = (resource: DesiredResource | undefined): boolean =>
  resource?.secrets.some(({ rotatedAt }) => rotatedAt !== undefined) === true

const seeds = fc.array(fc.nat(1000), { minLength: 1, maxLength: 8 })

describe('laws of the planner, for any file and whatever is live', () => {
  test('what was applied needs nothing more: a PUT and what the API fills in are what is compared', () => {
    const reached = new Reached()
    fc.assert(
      fc.property(wanted(), wanted(), meddling, seeds, (before, after, by, order) => {
        const api = liveAfter(before, by)
        const desired = desiredState(after)
        const first = plan(desired, api.live(LOCATIONS), ALL)
        reached.when(first.refusals.length === 0)
        api.apply(first, picker(order))
        const second = plan(desired, api.live(LOCATIONS), ALL)
        expect(second.refusals).toEqual([])
        expect(second.summary).toMatchObject({ create: 0, update: 0, delete: 0 })
      }),
      { numRuns: RUNS },
    )
    reached.expectShare(0.3)
  })

  test('no order that the needs allow makes two gateways hold one address, or a child without its parent', () => {
    const reached = new Reached()
    fc.assert(
      fc.property(wanted(), wanted(), seeds, (before, after, order) => {
        // Without ids of its own: what it pinned would be unmanaged, and have its address.
        const api = liveAfter(plain(before), NO_MEDDLING)
        const planned = plan(desiredState(after), api.live(LOCATIONS), ALL)
        reached.when(planned.refusals.length === 0)
        api.apply(planned, picker(order), () => expect(api.sharedAddresses()).toEqual([]))
      }),
      { numRuns: RUNS },
    )
    reached.expectShare(0.35)
  })

  test('a plan that may be applied has no circle, and only an exchange of addresses is refused for one', () => {
    const refused = new Reached()
    fc.assert(
      fc.property(wanted(), wanted(), fc.boolean(), seeds, (before, other, isExchange, order) => {
        const api = liveAfter(plain(before), NO_MEDDLING)
        const after = plain(isExchange ? exchanged(before) : other)
        const planned = plan(desiredState(after), api.live(LOCATIONS), ALL)
        for (const { code } of planned.refusals) expect(code).toBe('VPN509')
        if (refused.count(planned.refusals.length > 0))
          expect(() => api.apply(planned, picker(order))).toThrow('nothing is ready')
        else expect(() => api.apply(planned, picker(order))).not.toThrow()
      }),
      { numRuns: RUNS },
    )
    refused.expectShare(0.05)
  })

  test('a saved plan that is read back is not stale where nothing has changed', () => {
    const reached = new Reached()
    const date = fc.constantFrom(undefined, '2026-01-02T03:04:05Z', '2027-01-02T03:04:05Z')
    fc.assert(
      fc.property(wanted(), wanted(), meddling, date, (before, after, by, rotatedAt) => {
        const live = liveAfter(before, by).live(LOCATIONS)
        const desired = rotated(desiredState(after), rotatedAt)
        const saved = plan(desired, live, ALL)
        reached.when(saved.changes.some((change) => 'desired' in change && isRotated(change.desired)))
        const read = restorePlan(JSON.parse(JSON.stringify(recordPlan(saved))))
        expect(differencesBetween(read, plan(desired, live, ALL))).toEqual([])
      }),
      { numRuns: RUNS },
    )
    reached.expectShare(0.3)
  })

  test('the order of live pages changes nothing', () => {
    fc.assert(
      fc.property(wanted(), wanted(), meddling, fc.nat(), (before, after, by, seed) => {
        const live = liveAfter(before, by).live(LOCATIONS)
        const desired = desiredState(after)
        expect(comparable(plan(desired, shuffled(live, seed)))).toEqual(comparable(plan(desired, live)))
      }),
      { numRuns: RUNS },
    )
  })

  test('the order of lists in the file changes nothing but the order in which things are reported', () => {
    const reversed = (entries: readonly Entry[] = []): readonly Entry[] =>
      entries.map(reversedEntry).reverse()
    const reversedEntry = (entry: Entry): Entry =>
      Object.fromEntries(
        Object.entries(entry).map(([key, value]) => [
          key,
          key === 'peers' || key === 'tunnels'
            ? reversed(value as readonly Entry[])
            : Array.isArray(value)
              ? [...value].reverse()
              : value,
        ]),
      ) as Entry
    const REFUSED = 'refused'
    const allowed = new Reached()
    const sorted = (desired: DesiredState, live: ReturnType<ApiModel['live']>): unknown => {
      const planned = plan(desired, live)
      // Which of two that claim one resource gets it is open, and refused.
      if (planned.refusals.length > 0) return REFUSED
      const { changes, summary } = comparable(planned) as { changes: { key: string }[]; summary: unknown }
      return { summary, changes: changes.sort((a, b) => (a.key < b.key ? -1 : 1)) }
    }
    fc.assert(
      fc.property(wanted(), wanted(), meddling, (before, after, by) => {
        const live = liveAfter(before, by).live(LOCATIONS)
        const other: Wanted = {
          ...after,
          wireguardGateways: reversed(after.wireguardGateways),
          ipsecGateways: reversed(after.ipsecGateways),
        }
        const one = sorted(desiredState(after), live)
        expect(sorted(desiredState(other), live)).toEqual(one)
        allowed.when(one !== REFUSED)
      }),
      { numRuns: RUNS },
    )
    allowed.expectShare(0.2)
  })

  test('unmanaged resources are neither changed nor deleted without --prune all or its own id in the file', () => {
    const fingerprint = stackFingerprint('acme')
    const orders = fc.constantFrom<Partial<PlanOptions>>({}, {}, { prune: 'none' }, { destroy: true })
    const pointed = fc.option(targets, { nil: [] })
    const reached = new Reached()
    fc.assert(
      fc.property(wanted(), wanted(), meddling, orders, pointed, (before, after, by, order, at) => {
        const options = { ...ALL, ...order, targets: at }
        const planned = plan(desiredState(after), liveAfter(before, by).live(LOCATIONS), options)
        reached.when(planned.refusals.length === 0)
        const pinned = pinnedIds(after)
        for (const change of planned.changes) {
          const { id, parentIds } = change.target
          // The end of what someone else destroys is waited for, no more.
          if (change.reason.code === 'destroying') continue
          const isWrite = change.action === 'update' || change.action === 'delete'
          if (isWrite && !pinned.has(id)) expect(hasFingerprint(id, fingerprint), change.address).toBe(true)
          const isDeletedWithParent = parentIds.some((parent) => pinned.has(parent))
          if (order.prune === 'none' && !pinned.has(id) && !isDeletedWithParent)
            expect(change.action).not.toBe('delete')
        }
      }),
      { numRuns: RUNS },
    )
    reached.expectShare(0.2)
  })

  test('a plan with targets does nothing that the whole plan does not, and the rest can follow', () => {
    const [reached, followed] = [new Reached(), new Reached()]
    fc.assert(
      fc.property(wanted(), wanted(), meddling, targets, seeds, (before, after, by, pointed, order) => {
        const desired = desiredState(after)
        const api = liveAfter(before, by)
        const whole = plan(desired, api.live(LOCATIONS), ALL)
        const part = plan(desired, api.live(LOCATIONS), { ...ALL, targets: pointed })
        const actions = new Map(whole.changes.map(({ key, action }) => [key, action]))
        for (const { key, action } of part.changes) expect(action).toBe(actions.get(key))
        reached.when(part.refusals.length === 0)
        api.apply(part, picker(order))
        const again = plan(desired, api.live(LOCATIONS), { ...ALL, targets: pointed })
        expect(again.summary).toMatchObject({ create: 0, update: 0, delete: 0 })
        if (!followed.count(whole.refusals.length === 0)) return
        const rest = plan(desired, api.live(LOCATIONS), ALL)
        // A file that renames from a name which it wants anew as well: with the new one made first, both mean it.
        if (renamesFromWanted(after) && rest.refusals.length > 0) {
          expect(new Set(rest.refusals.map(({ code }) => code))).toEqual(new Set(['VPN503']))
          return
        }
        expect(rest.refusals).toEqual([])
        api.apply(rest, picker(order))
        expect(plan(desired, api.live(LOCATIONS), ALL).summary).toMatchObject({
          create: 0,
          update: 0,
          delete: 0,
        })
      }),
      { numRuns: RUNS },
    )
    reached.expectShare(0.12)
    followed.expectShare(0.35)
  })

  test('two stacks on one contract never touch each other', () => {
    const ofStack = (api: ApiModel, stack: string): string =>
      canonicalJson(
        api
          .live(LOCATIONS)
          .resources.filter(({ id }) => hasFingerprint(id, stackFingerprint(stack)))
          .map(({ id, spec }) => ({ id, spec }))
          .sort((a, b) => (a.id < b.id ? -1 : 1)),
      )
    const apart = (file: Wanted): Wanted => ({
      ...file,
      wireguardGateways:
        file.wireguardGateways?.map((entry) => ({
          ...entry,
          gatewayIP: String(entry.gatewayIP).replace('203.0.113', '198.51.100'),
        })) ?? [],
      ipsecGateways:
        file.ipsecGateways?.map((entry) => ({
          ...entry,
          gatewayIP: String(entry.gatewayIP).replace('203.0.113', '198.51.100'),
        })) ?? [],
    })
    const applied = new Reached()
    fc.assert(
      fc.property(
        fc.array(fc.tuple(wanted('acme').map(plain), wanted('other').map(plain).map(apart)), {
          minLength: 1,
          maxLength: 3,
        }),
        (turns) => {
          const api = new ApiModel()
          for (const turn of turns) {
            for (const [mine, file] of [
              ['other', turn[0]],
              ['acme', turn[1]],
            ] as const) {
              const before = ofStack(api, mine)
              const planned = plan(desiredState(file), api.live(LOCATIONS), ALL)
              if (applied.count(planned.refusals.length === 0)) api.apply(planned)
              expect(ofStack(api, mine)).toBe(before)
            }
          }
        },
      ),
      { numRuns: RUNS },
    )
    applied.expectShare(0.4)
  })
})

/** The same gateways, the first with the address of the last, and so on. */
function exchanged(file: Wanted): Wanted {
  const gateways = file.wireguardGateways ?? []
  const addresses = gateways.map(({ gatewayIP }) => gatewayIP).reverse()
  return {
    ...file,
    wireguardGateways: gateways.map((entry, index) => ({ ...entry, gatewayIP: addresses[index] })),
  }
}

function renamesFromWanted(file: Wanted): boolean {
  const gateways = [...(file.wireguardGateways ?? []), ...(file.ipsecGateways ?? [])]
  const families = [
    file.wireguardGateways,
    file.ipsecGateways,
    ...gateways.flatMap((gateway) => [gateway.peers, gateway.tunnels]),
  ]
  return families.some((family) => {
    const siblings = Array.isArray(family) ? (family as readonly Named[]) : []
    const names = new Set(siblings.map(({ name }) => name))
    return siblings.some(({ renamedFrom }) => renamedFrom !== undefined && names.has(renamedFrom))
  })
}

interface Named {
  readonly name: unknown
  readonly renamedFrom?: unknown
}
