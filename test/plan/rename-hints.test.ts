import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../src/model/diagnostic.ts'
import type { DesiredResource, LiveResource } from '../../src/model/resource.ts'
import { findReplacements, renameHints } from '../../src/plan/safety/rename-hints.ts'
import type { Change, PlanOptions } from '../../src/plan/types.ts'
import { gateway, liveOf, peer, planOf, range } from '../support/plan-builder.ts'

const UNOWNED_ID = '11111111-1111-4111-8111-111111111111'
const OTHER_KEY = 'AUZamfNQEsqO/M8dQQikOYVVHO/6RRyf9ZXK/86l3mc='

function changesOf(
  desired: readonly DesiredResource[],
  live: readonly LiveResource[],
  options: Partial<PlanOptions> = {},
): readonly Change[] {
  return planOf(desired, live, options).changes
}

const replaced = (changes: readonly Change[]): readonly string[] =>
  findReplacements(changes).map(({ deleted, created, how }) => `${deleted.name} ${how} ${created.name}`)
const hints = (changes: readonly Change[]): readonly Diagnostic[] => renameHints(findReplacements(changes))

const old = gateway('old')
const fresh = gateway('new')
const other = { gatewayIP: '203.0.113.77' }

describe('a deletion and a creation', () => {
  test('that are alike but for the name look renamed', () => {
    expect(hints(changesOf([fresh], [liveOf(old)]))).toEqual([
      {
        severity: 'warning',
        code: 'VPN510',
        message: 'wireguardgateways/old would be deleted and wireguardgateways/new created: it looks renamed',
        hint: 'to rename in place, without a gap, add: renamedFrom: "old"',
        address: 'wireguardgateways/new',
        at: range('vpn.yaml', 5, 5, 4),
      },
    ])
  })

  test('are marked at a renamedFrom that names nothing live', () => {
    const wrong = gateway('new', {}, { more: { renamedFrom: 'odl' } })
    expect(hints(changesOf([wrong], [liveOf(old)]))[0]).toMatchObject({
      message: expect.stringContaining('; no live resource of this stack has the name "odl"'),
      hint: 'to rename in place, without a gap, write: renamedFrom: "old"',
    })
  })

  test('of which the deleted one is unmanaged are reported with its id', () => {
    const changes = changesOf([fresh], [liveOf(old, {}, { id: UNOWNED_ID })], { prune: 'all' })
    expect(hints(changes)[0]?.hint).toBe(`to rename in place, without a gap, add: id: ${UNOWNED_ID}`)
  })

  test('have no place where the name has none', () => {
    const nowhere = gateway('new', {}, { more: { locate: () => undefined } })
    expect(hints(changesOf([nowhere], [liveOf(old)]))[0]).not.toHaveProperty('at')
  })

  test('have nothing to do with each other where what marks them differs', () => {
    expect(replaced(changesOf([gateway('new', other)], [liveOf(old)]))).toEqual([])
    expect(replaced(changesOf([fresh], []))).toEqual([])
    expect(replaced(changesOf([], [liveOf(old)]))).toEqual([])
    // What is left alone is not deleted, and what others destroy is not ours to rename.
    expect(replaced(changesOf([fresh], [liveOf(old, {}, { id: UNOWNED_ID })]))).toEqual([])
    expect(replaced(changesOf([fresh], [liveOf(old, {}, { status: 'DESTROYING' })]))).toEqual([])
  })

  test('have nothing to do with each other where nothing marks them', () => {
    const unmarked = { gatewayIP: undefined } as never
    expect(replaced(changesOf([gateway('new', unmarked)], [liveOf(gateway('old', unmarked))]))).toEqual([])
  })

  test('of peers are reported within one gateway', () => {
    const hq = gateway('hq')
    const lab = gateway('lab', other)
    const live = [liveOf(hq), liveOf(lab), liveOf(peer(hq, 'anna'))]
    expect(replaced(changesOf([hq, lab, peer(hq, 'anna-2')], live))).toEqual(['anna renamed anna-2'])
    expect(replaced(changesOf([hq, lab, peer(lab, 'anna-2')], live))).toEqual([])
    expect(replaced(changesOf([hq, lab, peer(lab, 'anna')], live))).toEqual([])
  })

  test('of one gateway in two places are a move, which is reported with what it costs', () => {
    const moved = gateway('old', {}, { more: { location: 'de/txl' } })
    const changes = [...changesOf([moved], []), ...changesOf([], [liveOf(old)])].map((change) =>
      change.action === 'create' ? { ...change, target: { ...change.target, location: 'de/txl' } } : change,
    )
    expect(replaced(changes)).toEqual(['old moved old'])
    expect(hints(changes)).toEqual([
      {
        severity: 'warning',
        code: 'VPN519',
        message:
          'old moves from de/fra to de/txl: it would be deleted there and created here, with all that is in it',
        hint: 'a location cannot be changed in place: expect an interruption',
        address: 'wireguardgateways/old',
        at: range('vpn.yaml', 5, 5, 4),
      },
    ])
    const at = range('vpn.yaml', 7, 1)
    const placed = (locate: DesiredResource['locate']) =>
      changes.map((change) =>
        change.action === 'create' ? { ...change, desired: { ...moved, locate } } : change,
      )
    const atLocation = placed((path = []) => (path.join() === 'location' ? at : undefined))
    expect(hints(atLocation)[0]?.at).toEqual(at)
    expect(hints(placed(() => undefined))[0]).not.toHaveProperty('at')
  })

  test('of one name in one place are not a move, though one replaces the other', () => {
    const again = gateway('old', other, { more: { id: UNOWNED_ID } })
    const changes = [...changesOf([again], []), ...changesOf([], [liveOf(old)])]
    expect(replaced(changes)).toEqual(['old moved old'])
    expect(hints(changes)).toEqual([])
    const alike = gateway('old', {}, { more: { id: UNOWNED_ID } })
    const same = [...changesOf([alike], []), ...changesOf([], [liveOf(old)])]
    expect(replaced(same)).toEqual(['old renamed old'])
    expect(hints(same)).toEqual([])
  })

  test('of what is below a replaced gateway belong together by their name', () => {
    const desired = [fresh, peer(fresh, 'anna', { publicKey: OTHER_KEY }), peer(fresh, 'carl')]
    const live = [liveOf(old), liveOf(peer(old, 'anna')), liveOf(peer(old, 'ben'))]
    const changes = changesOf(desired, live)
    expect(replaced(changes)).toEqual(['old renamed new', 'anna inside anna'])
    expect(hints(changes).map(({ code }) => code)).toEqual(['VPN510'])
  })
})
