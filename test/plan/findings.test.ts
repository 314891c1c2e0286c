import { describe, expect, test } from 'vitest'
import { deriveId } from '../../src/model/identity.ts'
import type { DesiredResource } from '../../src/model/resource.ts'
import {
  cycleFinding,
  heldIdFindings,
  heldValueFindings,
  unknownFieldFindings,
  unreadFinding,
} from '../../src/plan/safety/findings.ts'
import type { Change, ChangeOf } from '../../src/plan/types.ts'
import { change, gatewayTarget, peerTarget } from '../support/changes.ts'
import { gateway, liveOf, planOf, range } from '../support/plan-builder.ts'

const LATER = '11111111-1111-4111-8111-111111111111'

function creation(desired: DesiredResource): ChangeOf<'create'> {
  const [made] = planOf([desired], []).changes
  if (made?.action !== 'create') throw new Error('no creation')
  return made
}

describe('a value that only one can have', () => {
  const hq = gateway('hq')
  const path = ['gatewayIP']

  test('and that two of a file want is an error at the field', () => {
    const holder = { change: creation(gateway('lab')) }
    expect(heldValueFindings([{ change: creation(hq), path, holder }])).toEqual([
      {
        severity: 'error',
        code: 'VPN517',
        message: 'wireguardgateways/hq and wireguardgateways/lab want the same gatewayIP',
        hint: 'only one can have it: give one of them another',
        address: 'wireguardgateways/hq',
        at: range('vpn.yaml', 5, 5, 9),
      },
    ])
  })

  test('and that something live has is a warning', () => {
    const holder = { live: liveOf(gateway('lab'), {}, { id: LATER }) }
    expect(heldValueFindings([{ change: creation(hq), path, holder }])).toEqual([
      {
        severity: 'warning',
        code: 'VPN512',
        message: `gatewayIP of wireguardgateways/hq is used by the WireGuard gateway "lab" (id ${LATER})`,
        hint: 'the API will probably refuse it: free it first, or choose another',
        address: 'wireguardgateways/hq',
        at: range('vpn.yaml', 5, 5, 9),
      },
    ])
  })

  test('is reported at the resource where the field has no place, or at none', () => {
    const holder = { change: creation(gateway('lab')) }
    const at = range('vpn.yaml', 9, 1)
    const unplaced = gateway(
      'hq',
      {},
      { more: { locate: (field = []) => (field.length > 0 ? undefined : at) } },
    )
    expect(heldValueFindings([{ change: creation(unplaced), path, holder }])[0]?.at).toEqual(at)
    const nowhere = gateway('hq', {}, { more: { locate: () => undefined } })
    expect(heldValueFindings([{ change: creation(nowhere), path, holder }])[0]).not.toHaveProperty('at')
  })
})

describe('an id that stays with another resource', () => {
  const holder = liveOf(gateway('lab'), {}, { id: LATER })

  test('is reported with an id that is free', () => {
    const free = deriveId('acme', 'de/fra', `wireguardgateways/hq\0${LATER}`)
    expect(heldIdFindings([{ change: creation(gateway('hq')), holder }], 'acme')).toEqual([
      {
        severity: 'error',
        code: 'VPN504',
        message: `the id ${LATER} of wireguardgateways/hq is in use by the WireGuard gateway "lab" under another parent`,
        hint: `let this run delete that one (see --prune), or give the new one an id of its own: id: ${free}`,
        address: 'wireguardgateways/hq',
        at: range('vpn.yaml', 5, 5, 4),
      },
    ])
  })

  test('is reported at the name, at the resource, or at no place', () => {
    const at = range('vpn.yaml', 9, 1)
    const placed = (locate: DesiredResource['locate']) =>
      heldIdFindings([{ change: creation(gateway('hq', {}, { more: { locate } })), holder }], 'acme')[0]
    expect(placed((path = []) => (path.join() === 'name' ? at : undefined))?.at).toEqual(at)
    expect(placed((path = []) => (path.length === 0 ? at : undefined))?.at).toEqual(at)
    expect(placed(() => undefined)).not.toHaveProperty('at')
  })
})

describe('changes that wait for each other', () => {
  test('are reported with the one that has to be given a third value', () => {
    const [hq, lab] = [creation(gateway('hq')), creation(gateway('lab'))]
    const old = change('delete', gatewayTarget('old'))
    expect(cycleFinding([old, hq, lab])).toEqual({
      severity: 'error',
      code: 'VPN509',
      message:
        'wireguardgateways/old and wireguardgateways/hq and wireguardgateways/lab exchange gatewayIP, which cannot be done in one go',
      hint: 'give wireguardgateways/hq a third gatewayIP first, apply, and then the final one',
      address: 'wireguardgateways/old',
      at: range('vpn.yaml', 5, 5, 9),
    })
  })

  test('are reported with a change as well as with a creation', () => {
    const updates = ['a', 'b'].map((id) => change('update', gatewayTarget(id)))
    const finding = cycleFinding(updates)
    expect(finding.hint).toContain('give wireguardgateways/a a third gatewayIP')
    expect(finding).not.toHaveProperty('at')
  })

  test('may have nothing exclusive, and none of them may be to write', () => {
    const peers = [change('keep', peerTarget('hq', 'a')), change('delete', peerTarget('hq', 'b'))]
    expect(cycleFinding(peers)).toMatchObject({
      message: expect.stringMatching(/ exchange a value, which/),
      hint: 'give one of them a third a value first, apply, and then the final one',
    })
    expect(cycleFinding([])).not.toHaveProperty('address')
  })
})

test('fields that an update would drop are reported, and nothing of what stays', () => {
  const update = (unknownFields: readonly (readonly string[])[], id: string): Change =>
    ({ ...change('update', gatewayTarget(id)), unknownFields }) as Change
  const changes = [
    update([], 'a'),
    update([['future'], ['connections[]', 'speed']], 'b'),
    change('keep', gatewayTarget('c')),
    change('create', gatewayTarget('d')),
  ]
  expect(unknownFieldFindings(changes)).toEqual([
    {
      severity: 'warning',
      code: 'VPN511',
      message:
        'wireguardgateways/b has live fields that this version does not know: future, connections[].speed',
      hint: 'the update would reset them, since a PUT replaces everything: look for a newer version first',
      address: 'wireguardgateways/b',
    },
  ])
})

test('unknown fields that many resources share are one warning', () => {
  const update = (id: string, field: string): Change =>
    ({ ...change('update', gatewayTarget(id)), unknownFields: [[field]] }) as Change
  const updates = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => update(id, 'future'))
  const other = update('g', 'speed')
  expect(unknownFieldFindings([...updates, other]).map(({ message }) => message)).toEqual([
    '6 resources have live fields that this version does not know: future (wireguardgateways/a, wireguardgateways/b, wireguardgateways/c, wireguardgateways/d, wireguardgateways/e and 1 more)',
    'wireguardgateways/g has live fields that this version does not know: speed',
  ])
})

test('what was left out is reported in the number that it has', () => {
  const hint = 'run once without --only-location before you rely on the result'
  const base = { severity: 'warning', code: 'VPN513', hint }
  expect(unreadFinding(['de/txl'], 1)).toEqual({
    ...base,
    message: '1 resource in de/txl was not compared; it may differ',
  })
  expect(unreadFinding(['de/txl', 'gb/lhr'], 2)).toEqual({
    ...base,
    message: '2 resources in de/txl, gb/lhr were not compared; they may differ',
  })
})
