import { describe, expect, test } from 'vitest'
import { deriveId } from '../../src/model/identity.ts'
import type { DesiredResource, DesiredState, LiveResource, LiveState } from '../../src/model/resource.ts'
import { plan } from '../../src/plan/plan.ts'
import type { PlanSummary } from '../../src/plan/types.ts'
import { type Estate, estateOf } from '../support/estate.ts'

// How often the planner looks at a member of a resource does not depend on the machine. Twice the resources must not
// take more than twice the reads, whatever there is to do.
let looks = 0

function counted<T extends object>(object: T): T {
  return new Proxy(object, {
    get: (target, key) => {
      looks += 1
      return Reflect.get(target, key)
    },
  })
}

function wanted(gateways: number, revision: Readonly<Record<string, string>> = {}): DesiredState {
  const peers = Array.from({ length: 10 }, (_, index) => `p-${index}`)
  const estate: Estate = Object.fromEntries(
    Array.from({ length: gateways }, (_, index) => [`g-${index}`, peers]),
  )
  return estateOf(estate, revision)
}

// The live state that the desired one describes, as if applied; `stack` makes it another's.
function applied({ resources, locations }: DesiredState, stack = 'test'): LiveState {
  const ids = new Map<DesiredResource, readonly string[]>()
  const live = resources.map((resource): LiveResource => {
    const { kind, location, name, address, parent, spec } = resource
    const id = deriveId(stack, location, address)
    const parentIds = parent === null ? [] : (ids.get(parent) ?? [])
    ids.set(resource, [...parentIds, id])
    return { kind, location, parentIds, id, name, spec, secrets: [], status: 'AVAILABLE', metadata: {} }
  })
  return { locations, resources: live }
}

const nothing = (state: DesiredState): DesiredState => ({ ...state, resources: [] })
const emptyOf = ({ locations }: DesiredState): LiveState => ({ locations, resources: [] })

interface Scene {
  readonly what: string
  readonly make: (gateways: number) => { readonly desired: DesiredState; readonly live: LiveState }
  readonly action: keyof PlanSummary
  /** How often that, for each gateway. */
  readonly count: number
}

const SCENES: readonly Scene[] = [
  {
    what: 'everything is as it should be',
    make: (n) => ({ desired: wanted(n), live: applied(wanted(n)) }),
    action: 'keep',
    count: 11,
  },
  {
    what: 'everything is to be created',
    make: (n) => ({ desired: wanted(n), live: emptyOf(wanted(n)) }),
    action: 'create',
    count: 11,
  },
  {
    what: 'everything is to go',
    make: (n) => ({ desired: nothing(wanted(n)), live: applied(wanted(n)) }),
    action: 'delete',
    count: 11,
  },
  {
    what: 'a peer of each gateway differs',
    make: (n) => ({ desired: wanted(n, { 'p-3': 'changed' }), live: applied(wanted(n)) }),
    action: 'update',
    count: 1,
  },
  {
    what: 'everything is someone else\u2019s',
    make: (n) => ({ desired: nothing(wanted(n)), live: applied(wanted(n), 'another') }),
    action: 'unmanaged',
    count: 11,
  },
  {
    what: 'everything moves to other names',
    make: (n) => {
      const { resources, ...rest } = wanted(n)
      const desired = resources.map((resource) =>
        resource.parent === null
          ? resource
          : {
              ...resource,
              name: `new-${resource.name}`,
              address: resource.address.replace('/peers/', '/peers/new-'),
              spec: { ...resource.spec, name: `new-${resource.name}` },
            },
      )
      return { desired: { ...rest, resources: desired }, live: applied(wanted(n)) }
    },
    action: 'create',
    count: 10,
  },
]

function looksOf({ make, action, count }: Scene, gateways: number): number {
  const { desired, live } = make(gateways)
  const seen = new Map<DesiredResource, DesiredResource>()
  for (const resource of desired.resources) {
    const parent = resource.parent === null ? null : (seen.get(resource.parent) ?? null)
    seen.set(resource, counted({ ...resource, parent }))
  }
  const resources = [...seen.values()]
  looks = 0
  const { summary } = plan({ ...desired, resources }, { ...live, resources: live.resources.map(counted) })
  expect(summary[action]).toBe(count * gateways)
  return looks
}

describe('planning takes a number of looks that grows with the estate and no faster, when', () => {
  test.each(SCENES.map((scene) => [scene.what, scene] as const))('%s', (_what, scene) => {
    const [small, large] = [looksOf(scene, 50), looksOf(scene, 200)]
    expect(small).toBeGreaterThan(50 * 11)
    expect(large / small).toBeLessThan(4.2)
  })
})
