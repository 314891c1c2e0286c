import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../src/model/diagnostic.ts'
import { deriveId } from '../../src/model/identity.ts'
import type { DesiredResource, LiveResource } from '../../src/model/resource.ts'
import { matchFindings } from '../../src/plan/match/findings.ts'
import { match } from '../../src/plan/match/match.ts'
import { gateway, ipsecGatewayOf, LOCATION, liveOf, range, STACK } from '../support/plan-builder.ts'

const unowned = (number: number): string => `0000000${number}-0000-4000-8000-000000000000`
const ADDRESS = 'wireguardgateways/hq'
const hq = gateway('hq')
const pinned = (number: number, name = 'hq', spec = {}): DesiredResource =>
  gateway(name, spec, { more: { id: unowned(number) } })

function findings(
  resources: readonly DesiredResource[],
  live: readonly LiveResource[],
  neighbours: readonly string[] = [],
): readonly Diagnostic[] {
  const desired = {
    stack: STACK,
    locations: [LOCATION],
    resources,
    protectedPatterns: [],
    neighbours: neighbours.map((stack) => ({ stack })),
  }
  const { matched } = match(desired, { locations: [LOCATION], resources: live })
  return matchFindings(desired, matched, (address) => address)
}

test('nothing is found where all is as it should be', () => {
  expect(findings([hq, gateway('lab')], [liveOf(hq)])).toEqual([])
})

describe('a name that an unmanaged resource has', () => {
  const base = { severity: 'error', code: 'VPN501', address: ADDRESS, at: range('vpn.yaml', 5, 5, 4) }
  const adopt = (id: string): string => `to adopt it, add to its entry: id: ${id}`

  test('is reported with the id that takes it over', () => {
    expect(findings([hq], [liveOf(hq, {}, { id: unowned(1) })])).toEqual([
      {
        ...base,
        message: `the WireGuard gateway "hq" already exists and is not owned by this stack (id ${unowned(1)}, 203.0.113.10:51820, 10.99.0.1/24)`,
        hint: `${adopt(unowned(1))}; to delete it, add ensure: absent too, apply, and remove these two lines; otherwise choose another name`,
      },
    ])
  })

  test('may be that of several', () => {
    const live = [1, 2].map((number) => liveOf(hq, {}, { id: unowned(number) }))
    expect(findings([hq], live)).toEqual([
      {
        ...base,
        message: `2 resources with the name of WireGuard gateway "hq" already exist and are not owned by this stack: ${unowned(1)}, ${unowned(2)}`,
        hint: `${adopt(unowned(1))}; to delete it, add ensure: absent too, apply, and remove these two lines; otherwise choose another name`,
      },
    ])
  })

  const lab = gateway('lab', { gatewayIP: '203.0.113.12' })
  const byOther = (resource: DesiredResource, stack = 'other'): LiveResource =>
    liveOf(resource, {}, { id: deriveId(stack, LOCATION, resource.address) })
  const hintsOf = (...live: readonly LiveResource[]) => findings([hq, lab], live).map(({ hint }) => hint)

  test('that another stack seems to have made makes the name of the stack doubtful', () => {
    const theirs = byOther(hq)
    expect(hintsOf(theirs)).toEqual([
      `it looks made by another stack: is "stack:" right? If so, ${adopt(theirs.id)}; otherwise choose another name`,
    ])
    const second = byOther(lab)
    expect(hintsOf(theirs, second)).toEqual([
      `2 resources of this file look made by one other stack: is "stack:" right? If so, ${adopt(theirs.id)}`,
      `2 resources of this file look made by one other stack: is "stack:" right? If so, ${adopt(second.id)}`,
    ])
  })

  test('of a resource that was renamed takes an id of its own, without a warning', () => {
    const office = { ...gateway('office'), renamedFrom: 'hq' }
    const renamed = liveOf(hq, { name: 'office' })
    expect(findings([office, pinned(1)], [renamed]).map(({ code }) => code)).toEqual([])
    expect(findings([pinned(1)], []).map(({ code }) => code)).toEqual(['VPN505'])
  })

  test('is proposed the id of no resource that another entry means', () => {
    const matched = [
      { desired: gateway('b'), match: { type: 'live', live: liveOf(hq, {}, { id: unowned(1) }) } },
      {
        desired: hq,
        match: {
          type: 'ambiguous',
          live: [liveOf(hq, {}, { id: unowned(1) }), liveOf(hq, {}, { id: unowned(2) })],
        },
      },
    ] as unknown as Parameters<typeof matchFindings>[1]
    const [found] = matchFindings({ stack: STACK }, matched, (address) => address)
    expect(found?.hint).toContain(`id: ${unowned(2)}`)
  })

  test('that a neighbour owns is not to be adopted', () => {
    const id = deriveId('acme-dev', LOCATION, ADDRESS)
    const [found] = findings([hq], [liveOf(hq, {}, { id })], ['acme-dev'])
    expect(found?.hint).toBe('it belongs to the neighbour "acme-dev": choose another name')
  })

  test('is not attributed to one stack where there are two, or unmanaged resources too', () => {
    const theirs = byOther(hq)
    const plain = [
      `${adopt(theirs.id)}; to delete it, add ensure: absent too, apply, and remove these two lines; otherwise choose another name`,
      expect.stringMatching(/^to adopt it.*; otherwise choose another name$/),
    ]
    expect(hintsOf(theirs, byOther(lab, 'third'))).toEqual(plain)
    expect(hintsOf(theirs, liveOf(lab, {}, { id: unowned(3) }))).toEqual(plain)
  })
})

test('several of ours that could be meant are reported with all their ids', () => {
  const renamed = gateway('hq', {}, { more: { renamedFrom: 'old' } })
  const live = [liveOf(hq), liveOf(gateway('old', { gatewayIP: '203.0.113.12' }))]
  const ids = live.map(({ id }) => id).toSorted()
  expect(findings([renamed], live)).toEqual([
    {
      severity: 'error',
      code: 'VPN502',
      message: `${ADDRESS} could be any of ${ids.join(', ')}`,
      hint: `write the right one as its id, for instance: id: ${ids[0]}`,
      address: ADDRESS,
      at: range('vpn.yaml', 5, 5, 4),
    },
  ])
})

describe('an id that nothing live has', () => {
  const base = { code: 'VPN505', address: ADDRESS, at: range('vpn.yaml', 5, 5, 4) }

  test('is a warning, since it may be meant', () => {
    expect(findings([pinned(1)], [])).toEqual([
      {
        ...base,
        severity: 'warning',
        message: `nothing live has the id ${unowned(1)} of ${ADDRESS}; it would be created with this id`,
        hint: 'check the id, or leave it out',
      },
    ])
    expect(findings([hq], [])).toEqual([])
    const absent = gateway('hq', {}, { more: { id: unowned(1), ensure: 'absent' } })
    expect(findings([absent], [])).toEqual([])
  })

  test('is an error next to the name of one that this stack made', () => {
    const { id } = liveOf(hq)
    expect(findings([pinned(1)], [liveOf(hq)])).toEqual([
      {
        ...base,
        severity: 'error',
        message: `nothing live has the id ${unowned(1)} of ${ADDRESS}, but ${id} has its name and is owned by this stack`,
        hint: 'leave the id out, or write the right one; under this id a second one would be created',
      },
    ])
  })
})

describe('an id that is taken', () => {
  const at = range('vpn.yaml', 5, 5, 4)

  test('by something of another kind is reported with what has it', () => {
    const branch = liveOf(ipsecGatewayOf('branch'), {}, { id: unowned(1) })
    expect(findings([pinned(1)], [branch])).toEqual([
      {
        severity: 'error',
        code: 'VPN504',
        message: `the id ${unowned(1)} of ${ADDRESS} belongs to the IPSec gateway "branch" elsewhere`,
        hint: 'ids cannot move between parents: leave the id out to create a new resource',
        address: ADDRESS,
        at,
      },
    ])
  })

  const free = (address: string, id: string): string =>
    `if ${address} is the new one, give it an id of its own: id: ${deriveId(STACK, LOCATION, `${address}\0${id}`)}`
  const LAB = 'wireguardgateways/lab'
  const lab = (more: Partial<DesiredResource> = {}): DesiredResource =>
    gateway('lab', { gatewayIP: '203.0.113.12' }, { line: 9, more: { id: unowned(1), ...more } })

  test('by another entry of the file is reported at the later one, with the other', () => {
    expect(findings([pinned(1), lab()], []).filter(({ severity }) => severity === 'error')).toEqual([
      {
        severity: 'error',
        code: 'VPN503',
        message: `${ADDRESS} and ${LAB} would have one id`,
        hint: free(LAB, unowned(1)),
        address: LAB,
        at: range('vpn.yaml', 9, 5, 4),
        related: [{ at, message: 'the other one' }],
      },
    ])
  })

  test('by another entry that means the same live one takes the one with its name for the old one', () => {
    const named = (name: string): LiveResource => liveOf(hq, {}, { id: unowned(1), name })
    const reported = (live: LiveResource, ...desired: readonly DesiredResource[]) =>
      findings(desired, [live]).map(({ message, hint }) => [message, hint])
    const both = (name: string): string =>
      `${ADDRESS} and ${LAB} both mean the live resource ${unowned(1)} (now named "${name}")`
    expect(reported(named('hq'), pinned(1), lab())).toEqual([[both('hq'), free(LAB, unowned(1))]])
    expect(reported(named('lab'), pinned(1), lab())).toEqual([[both('lab'), free(ADDRESS, unowned(1))]])
    expect(reported(named('x'), pinned(1), lab())).toEqual([[both('x'), free(LAB, unowned(1))]])
  })

  test('by another entry that means the same live one takes the renamed one for the old one', () => {
    const named = liveOf(hq, {}, { id: unowned(1), name: 'x' })
    const hintOf = (...desired: readonly DesiredResource[]) => findings(desired, [named])[0]?.hint
    const first = gateway('hq', {}, { more: { id: unowned(1), renamedFrom: 'x' } })
    expect(hintOf(first, lab())).toBe(free(LAB, unowned(1)))
    expect(hintOf(pinned(1), lab({ renamedFrom: 'x' }))).toBe(free(ADDRESS, unowned(1)))
    expect(hintOf(pinned(1), lab({ renamedFrom: 'y' }))).toBe(free(LAB, unowned(1)))
    const other = gateway('hq', {}, { more: { id: unowned(1), renamedFrom: 'y' } })
    expect(hintOf(other, lab({ renamedFrom: 'x' }))).toBe(free(ADDRESS, unowned(1)))
  })

  test('has no place where the file has none', () => {
    const nowhere = { more: { id: unowned(1), locate: () => undefined } }
    const desired = [gateway('hq', {}, nowhere), gateway('lab', { gatewayIP: '203.0.113.12' }, nowhere)]
    const finding = findings(desired, []).find(({ code }) => code === 'VPN503')
    expect(finding).not.toHaveProperty('at')
    expect(finding).not.toHaveProperty('related')
    const whole = { more: { id: unowned(1), locate: (path?: readonly string[]) => (path ? undefined : at) } }
    expect(findings([gateway('hq', {}, whole)], [])[0]?.at).toEqual(at)
    const name = range('vpn.yaml', 7, 3)
    const locate: DesiredResource['locate'] = (path = []) => (path.join() === 'name' ? name : at)
    const both = [gateway('hq', {}, { more: { id: unowned(1), locate } }), lab()]
    const [first, second] = findings(both, [])
    expect(first?.at).toEqual(name)
    expect(second?.related).toEqual([{ at: name, message: 'the other one' }])
  })
})
