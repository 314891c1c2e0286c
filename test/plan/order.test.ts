import { describe, expect, test } from 'vitest'
import { plan } from '../../src/plan/plan.ts'
import type { Change, Plan } from '../../src/plan/types.ts'
import { ApiModel, collectionOf, unownedId } from '../support/api-model.ts'
import {
  desiredState,
  type Entry,
  ipsec,
  lan,
  peer,
  sampleKey,
  type Wanted,
  wireguard,
} from '../support/desired-builder.ts'

const ip = (last: number): { readonly gatewayIP: string } => ({ gatewayIP: `203.0.113.${last}` })
const file = (...wireguardGateways: readonly Entry[]): Wanted => ({ wireguardGateways })
const hq = (...peers: readonly Entry[]): Entry => wireguard('hq', { peers })

function applied(before: Wanted): ApiModel {
  const api = new ApiModel()
  api.apply(plan(desiredState(before), api.live()))
  return api
}

function planOf(before: Wanted, after: Wanted): Plan {
  return plan(desiredState(after), applied(before).live())
}

const changeOf = ({ changes }: Plan, address: string): Change | undefined =>
  changes.find((change) => change.address === address)

/** The addresses of what has to be done first, sorted. */
function needsOf(planned: Plan, address: string): readonly string[] {
  const found = changeOf(planned, address)
  if (found === undefined) throw new Error(`no change of ${address}`)
  return found.needs.map((key) => planned.changes.find((change) => change.key === key)?.address ?? key).sort()
}

const IN_HQ = 'wireguardgateways/hq/peers/'

describe('a public key', () => {
  test('is given to a new peer after the deletion of the one that had it', () => {
    const planned = planOf(file(hq(peer('old', 2))), file(hq(peer('new', 2))))
    expect(needsOf(planned, `${IN_HQ}new`)).toEqual(['wireguardgateways/hq', `${IN_HQ}old`])
    expect(needsOf(planned, `${IN_HQ}old`)).toEqual([])
  })

  test('is given to another peer after the one that had it has got a new one', () => {
    const planned = planOf(file(hq(peer('a', 2), peer('b', 3))), file(hq(peer('a', 4), peer('b', 2))))
    expect(needsOf(planned, `${IN_HQ}b`)).toEqual(['wireguardgateways/hq', `${IN_HQ}a`])
    expect(needsOf(planned, `${IN_HQ}a`)).toEqual(['wireguardgateways/hq'])
  })

  test('that two peers exchange goes over in one order, whichever comes first in the file', () => {
    const before = file(hq(peer('a', 2), peer('b', 3)))
    const needs = [
      [peer('a', 3), peer('b', 2)],
      [peer('b', 2), peer('a', 3)],
    ].map((peers) => {
      const planned = planOf(before, file(hq(...peers)))
      expect(planned.refusals).toEqual([])
      return [needsOf(planned, `${IN_HQ}a`), needsOf(planned, `${IN_HQ}b`)]
    })
    expect(needs[0]).toEqual(needs[1])
    expect(needs[0]?.flat().filter((address) => address.startsWith(IN_HQ))).toHaveLength(1)
  })

  test('that three peers pass on in a circle is not a refusal, and two of them wait', () => {
    const planned = planOf(
      file(hq(peer('a', 2), peer('b', 3), peer('c', 4))),
      file(hq(peer('a', 3), peer('b', 4), peer('c', 2))),
    )
    expect(planned.refusals).toEqual([])
    const needs = ['a', 'b', 'c'].flatMap((name) => needsOf(planned, `${IN_HQ}${name}`))
    expect(needs.filter((address) => address.startsWith(IN_HQ))).toHaveLength(2)
  })

  test('that an unmanaged peer of the gateway holds is not waited for, but refused', () => {
    const api = applied(file(hq(peer('a', 2))))
    const gateway = api.live().resources.find(({ name }) => name === 'hq')
    const collection = collectionOf('wireguard-peer', [gateway?.id ?? ''])
    api.put({ ...collection, id: unownedId(7) }, { name: 'x', publicKey: sampleKey(9), allowedIPs: [] })
    const planned = plan(desiredState(file(hq(peer('a', 9)))), api.live())
    expect(needsOf(planned, `${IN_HQ}a`)).toEqual(['wireguardgateways/hq'])
    expect(planned.warnings).toEqual([])
    expect(planned.refusals.map(({ code }) => code)).toEqual(['VPN521'])
  })

  test('of a peer on another gateway is nobody else’s', () => {
    const lab = (...peers: readonly Entry[]): Entry => wireguard('lab', { ...ip(11), peers })
    const planned = planOf(file(hq(peer('a', 2)), lab()), file(hq(), lab(peer('a', 2))))
    expect(needsOf(planned, 'wireguardgateways/lab/peers/a')).toEqual(['wireguardgateways/lab'])
  })

  test('that stays holds up nobody', () => {
    const planned = planOf(
      file(hq(peer('a', 2), peer('b', 3))),
      file(hq(peer('a', 2, { description: 'new' }), peer('b', 3, { description: 'new' }))),
    )
    expect(needsOf(planned, `${IN_HQ}a`)).toEqual(['wireguardgateways/hq'])
    expect(needsOf(planned, `${IN_HQ}b`)).toEqual(['wireguardgateways/hq'])
  })
})

describe('a public address', () => {
  test('is taken after it was given up, whether by a deletion or by a change, across kinds', () => {
    const branch = { wireguardGateways: [], ipsecGateways: [ipsec('branch', ip(10))] }
    expect(needsOf(planOf(file(hq()), branch), 'ipsecgateways/branch')).toEqual(['wireguardgateways/hq'])
    const moved = planOf(file(hq()), { ...branch, wireguardGateways: [wireguard('hq', ip(11))] })
    expect(needsOf(moved, 'ipsecgateways/branch')).toEqual(['wireguardgateways/hq'])
    expect(needsOf(moved, 'wireguardgateways/hq')).toEqual([])
  })

  test('is claimed in its location alone: a gateway elsewhere waits for none that gives it up', () => {
    const lanOf = (last: number) => ({ connections: [lan('2', `192.168.1.${last}/24`)] })
    const api = applied(file(wireguard('old', { ...ip(10), ...lanOf(10) })))
    const neededIn = (location: string) => {
      const next = wireguard('new', { ...ip(10), ...lanOf(11), location })
      const { changes } = plan(desiredState(file(next)), api.live(['de/fra', 'de/txl']))
      expect(changes.map(({ action }) => action).sort()).toEqual(['create', 'delete'])
      return changes.find(({ action }) => action === 'create')?.needs.length
    }
    expect(neededIn('de/fra')).toBe(1)
    expect(neededIn('de/txl')).toBe(0)
  })

  test('is taken after a deletion that waits for the deletions of children', () => {
    const planned = planOf(file(hq(peer('a', 2), peer('b', 3))), file(wireguard('lab')))
    expect(needsOf(planned, 'wireguardgateways/lab')).toEqual(['wireguardgateways/hq'])
    expect(needsOf(planned, 'wireguardgateways/hq')).toEqual([`${IN_HQ}a`, `${IN_HQ}b`])
  })

  test('that two gateways exchange is refused, with both named', () => {
    const [a, b] = ['a', 'b']
    const planned = planOf(
      file(wireguard(a, ip(1)), wireguard(b, ip(2))),
      file(wireguard(a, ip(2)), wireguard(b, ip(1))),
    )
    expect(planned.refusals.map(({ code }) => code)).toEqual(['VPN509'])
    expect(planned.refusals[0]?.message).toContain('wireguardgateways/a')
    expect(planned.refusals[0]?.message).toContain('wireguardgateways/b')
  })

  test('that two gateways exchange is refused without naming who only waits for them', () => {
    const [a, b, c] = ['b', 'c', 'a']
    const planned = planOf(
      file(wireguard(a, ip(1)), wireguard(b, ip(2)), wireguard(c, ip(3))),
      file(wireguard(a, ip(2)), wireguard(b, ip(1)), wireguard(c, ip(4)), wireguard('d', ip(3))),
    )
    expect(planned.refusals.map(({ code }) => code)).toEqual(['VPN509'])
    expect(planned.refusals[0]?.message).not.toContain('wireguardgateways/a')
    const waiting = planOf(
      file(wireguard('y', ip(1)), wireguard('z', ip(2))),
      file(wireguard('x', ip(1)), wireguard('y', ip(2)), wireguard('z', ip(1))),
    )
    const cycle = waiting.refusals.find(({ code }) => code === 'VPN509')
    expect(cycle?.message).toContain('wireguardgateways/y')
    expect(cycle?.message).not.toContain('wireguardgateways/x')
  })

  test('of one of ours that is changed and keeps it is refused to others', () => {
    const planned = planOf(
      file(wireguard('hq')),
      file(wireguard('hq', { description: 'new' }), wireguard('lab')),
    )
    expect(planned.refusals.map(({ code, address }) => [code, address])).toEqual([
      ['VPN517', 'wireguardgateways/lab'],
    ])
  })

  test('that three gateways pass on in a line is taken one after the other', () => {
    const [a, b, c] = ['a', 'b', 'c']
    const planned = planOf(
      file(wireguard(a, ip(1)), wireguard(b, ip(2)), wireguard(c, ip(3))),
      file(wireguard(a, ip(2)), wireguard(b, ip(3)), wireguard(c, ip(4))),
    )
    expect(planned.refusals).toEqual([])
    expect(needsOf(planned, 'wireguardgateways/a')).toEqual(['wireguardgateways/b'])
    expect(needsOf(planned, 'wireguardgateways/b')).toEqual(['wireguardgateways/c'])
    expect(needsOf(planned, 'wireguardgateways/c')).toEqual([])
  })

  test('of one of ours that stays is refused to others, and to no more than those', () => {
    const planned = planOf(file(hq()), file(hq(), wireguard('lab'), wireguard('far', ip(12))))
    expect(planned.refusals.map(({ code, address }) => [code, address])).toEqual([
      ['VPN517', 'wireguardgateways/lab'],
    ])
  })

  test('that an unmanaged resource holds is no reason to speak while the gateway has it already', () => {
    const api = applied(file(hq()))
    api.put(
      { ...collectionOf('wireguard-gateway'), id: unownedId(7) },
      { name: 'x', gatewayIP: '203.0.113.10', connections: [lan('2', '192.168.1.7/24')] },
    )
    const changed = plan(desiredState(file(wireguard('hq', { description: 'new' }))), api.live())
    expect(changed.summary.update).toBe(1)
    expect([...changed.warnings, ...changed.refusals]).toEqual([])
    const another = plan(desiredState(file(hq(), ipsec('branch', ip(12)) as Entry)), api.live())
    expect(another.warnings.map(({ code }) => code)).toEqual([])
  })
})

describe('a deletion', () => {
  test('of a child is no need of a parent that stays', () => {
    const planned = planOf(file(hq(peer('a', 2), peer('b', 3))), file(hq(peer('a', 2))))
    expect(needsOf(planned, 'wireguardgateways/hq')).toEqual([])
    expect(needsOf(planned, `${IN_HQ}a`)).toEqual(['wireguardgateways/hq'])
    expect(needsOf(planned, `${IN_HQ}b`)).toEqual([])
  })
})

describe('an id', () => {
  test('that a resource elsewhere has and keeps is refused to a new one', () => {
    const api = new ApiModel()
    const unowned = { ...collectionOf('wireguard-gateway'), id: unownedId(1) }
    api.put(unowned, { name: 'hq', connections: [lan('2', '192.168.1.100/24')] })
    const pinned = wireguard('hq', { id: unownedId(1), peers: [peer('anna', 2)] })
    api.apply(plan(desiredState(file(pinned)), api.live()))
    api.edit(unownedId(1), ({ properties }) => Object.assign(properties, { name: 'left over' }))
    const after = desiredState(file(wireguard('hq', { ...ip(12), peers: [peer('anna', 2)] })))
    const planned = plan(after, api.live(), { prune: 'none' })
    expect(planned.refusals.map(({ address }) => address)).toEqual([`${IN_HQ}anna`])
    expect(plan(after, api.live()).refusals).toEqual([])
  })
})

describe('what someone else destroys', () => {
  test('is waited for by who takes its address, and by the deletion of its parent', () => {
    const api = applied(file(hq(peer('a', 2))))
    for (const { id, name } of api.live().resources) {
      if (name === 'a') api.edit(id, ({ metadata }) => Object.assign(metadata, { status: 'DESTROYING' }))
    }
    const planned = plan(desiredState(file(wireguard('lab'))), api.live())
    expect(needsOf(planned, 'wireguardgateways/lab')).toEqual(['wireguardgateways/hq'])
    expect(needsOf(planned, 'wireguardgateways/hq')).toEqual([`${IN_HQ}a`])
    expect(changeOf(planned, `${IN_HQ}a`)?.reason).toEqual({ code: 'destroying' })
    expect(planned.summary).toMatchObject({ create: 1, delete: 1 })
  })

  test('is waited for once by all who need its end', () => {
    const api = applied(file(wireguard('old', ip(1))))
    for (const { id } of api.live().resources) {
      api.edit(id, ({ metadata }) => Object.assign(metadata, { status: 'DESTROYING' }))
    }
    const planned = plan(desiredState(file(wireguard('new', ip(1)))), api.live())
    expect(planned.changes.map(({ action, address }) => [action, address])).toEqual([
      ['delete', 'wireguardgateways/old'],
      ['create', 'wireguardgateways/new'],
    ])
    expect(needsOf(planned, 'wireguardgateways/new')).toEqual(['wireguardgateways/old'])
    expect(planned.summary).toMatchObject({ create: 1, delete: 0 })
    // Nobody waits for what nobody needs.
    expect(
      plan(
        desiredState(file(wireguard('new', { ...ip(2), connections: [lan('3', '192.168.3.100/24')] }))),
        api.live(),
      ).changes,
    ).toHaveLength(1)
  })
})
