import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { ApplyEvent } from '../../src/apply/events.ts'
import { targetKey } from '../../src/model/resource.ts'
import type { Change } from '../../src/plan/types.ts'
import { scene } from '../support/applying.ts'
import { change, gatewayTarget, peerTarget } from '../support/changes.ts'
import { apiError } from '../support/fake-remote.ts'
import { RANDOM_TIMEOUT_MS, Reached, runs } from '../support/random-runs.ts'

vi.setConfig({ testTimeout: RANDOM_TIMEOUT_MS })

type Fate = 'fine' | 'rejected' | 'FAILED' | 'lost'

interface Member {
  readonly action: 'create' | 'update' | 'delete' | 'keep'
  readonly fate: Fate
}

const fate: fc.Arbitrary<Fate> = fc.constantFrom('fine', 'fine', 'fine', 'fine', 'rejected', 'FAILED', 'lost')
const member: fc.Arbitrary<Member> = fc.record({
  action: fc.constantFrom('create', 'update', 'delete', 'keep'),
  fate,
})
const estate = fc.array(fc.record({ gateway: member, peers: fc.array(member, { maxLength: 4 }) }), {
  maxLength: 5,
})
const world = fc.record({
  strictParent: fc.boolean(),
  provisionMs: fc.constantFrom(0, 300, 5000),
  destroyMs: fc.constantFrom(0, 300, 5000),
  latencyMs: fc.constantFrom(0, 1, 50),
})

/** A plan as the planner would make it: peers need their gateway, a gateway's deletion needs those of its peers. */
function planFrom(trees: readonly { gateway: Member; peers: readonly Member[] }[]): {
  changes: Change[]
  fates: Map<string, Fate>
} {
  const fates = new Map<string, Fate>()
  const changes = trees.flatMap((tree, number) => {
    const gateway = gatewayTarget(`g${number}`)
    const goes = tree.gateway.action === 'delete'
    const isNew = tree.gateway.action === 'create'
    fates.set(targetKey(gateway), tree.gateway.fate)
    const peers = tree.peers.map(({ action, fate }, index) => {
      const target = peerTarget(gateway.id, `g${number}p${index}`)
      fates.set(targetKey(target), fate)
      const fitting = goes ? 'delete' : isNew ? 'create' : action
      return change(fitting, target, { needs: fitting === 'delete' ? [] : [gateway] })
    })
    const needs = goes ? peers.map(({ target }) => target) : []
    return [change(tree.gateway.action, gateway, { needs }), ...peers]
  })
  return { changes, fates }
}

test('law: whatever fails, each change ends once, a write is blocked iff a need did not succeed, and none breaks a need', async () => {
  const [failed, blocked, written] = [new Reached(), new Reached(), new Reached()]
  await fc.assert(
    fc.asyncProperty(estate, world, async (trees, options) => {
      const { changes, fates } = planFrom(trees)
      const { remote, run, events } = scene({
        ...options,
        before: ({ key, method }) => {
          const mine = fates.get(key)
          if (method === 'PUT' && mine === 'rejected') throw apiError('rejected', 'PUT', 400)
          if ((method === 'PUT' || method === 'DELETE') && mine === 'lost') throw apiError('network', method)
        },
      })
      for (const { action, target } of changes) {
        if (action !== 'create') remote.seed(target, { name: target.id })
        if (fates.get(targetKey(target)) === 'FAILED') remote.willFail(target, 'no capacity')
      }
      const result = await run(changes)

      expect(result.outcomes.map((entry) => entry.change)).toEqual(changes)
      const outcomes = new Map(result.outcomes.map(({ change, outcome }) => [change.key, outcome]))
      const statuses = [...outcomes.values()].map(({ status }) => status)
      failed.count(statuses.includes('failed'))
      blocked.count(statuses.includes('blocked'))
      written.count(remote.writes().length > 1)
      const done = (key: string) => ['applied', 'kept'].includes(outcomes.get(key)?.status ?? '')
      for (const { key, needs, action } of changes) {
        const isBlocked = action !== 'keep' && needs.some((need) => !done(need))
        expect(outcomes.get(key)?.status === 'blocked').toBe(isBlocked)
        expect(outcomes.get(key)?.status).not.toBe('cancelled')
      }
      for (const write of remote.writes()) {
        const needs = changes.find(({ key }) => key === write.key)?.needs ?? []
        for (const need of needs) expect(finishedAt(events, need)).toBeLessThanOrEqual(write.at)
      }
      const finished = events.flatMap((event) => (event.type === 'finished' ? [event.change.key] : []))
      expect(finished.sort()).toEqual(changes.map(({ key }) => key).sort())
      for (const { key, target, action } of changes) {
        if (done(key)) expect(remote.has(target)).toBe(action !== 'delete')
      }
    }),
    { numRuns: runs(100) },
  )
  failed.expectShare(0.3)
  blocked.expectShare(0.1)
  written.expectShare(0.3)
})

function finishedAt(events: readonly ApplyEvent[], key: string): number {
  return (
    events.find((event) => event.type === 'finished' && event.change.key === key)?.at ??
    Number.POSITIVE_INFINITY
  )
}
