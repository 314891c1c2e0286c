import { describe, expect, test } from 'vitest'
import type { DesiredResource, LiveResource } from '../../src/model/resource.ts'
import type { PlanOptions } from '../../src/plan/types.ts'
import { gateway, liveOf, peer, planOf } from '../support/plan-builder.ts'

const UNOWNED_ID = '11111111-1111-4111-8111-111111111111'
const KEY = 'AUZamfNQEsqO/M8dQQikOYVVHO/6RRyf9ZXK/86l3mc='
const OTHER_KEY = 'HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw='

const hq = gateway('hq')
const laptop = peer(hq, 'anna-laptop', { publicKey: KEY, allowedIPs: ['10.99.0.2/32'] })
const live = (
  name: string,
  publicKey: string,
  allowedIPs: readonly string[],
  id = UNOWNED_ID,
): LiveResource => liveOf(peer(hq, name, { publicKey, allowedIPs }), {}, { id })

function found(
  desired: readonly DesiredResource[],
  resources: readonly LiveResource[],
  options: Partial<PlanOptions> = {},
) {
  const { warnings, refusals } = planOf(desired, resources, options)
  return [...refusals, ...warnings]
    .filter(({ code }) => code === 'VPN521' || code === 'VPN522')
    .map(({ code, severity, address }) => `${severity} ${code} ${address}`)
}

const ADDRESS = 'wireguardgateways/hq/peers/anna-laptop'

describe('an unmanaged peer of a managed gateway', () => {
  const anna = live('anna', KEY, ['10.99.0.9/32'])
  const sameRange = live('ben', OTHER_KEY, ['10.99.0.2/32'])

  test('refuses a new peer with its public key, and says how to adopt it', () => {
    expect(found([hq, laptop], [liveOf(hq), anna])).toEqual([`error VPN521 ${ADDRESS}`])
    const [refusal] = planOf([hq, laptop], [liveOf(hq), anna]).refusals
    expect(refusal?.hint).toContain(`write in the file, at "anna-laptop": id: ${UNOWNED_ID}`)
    expect(refusal?.at?.start.line).toBe(31)
  })

  test('refuses a new peer with its range, in any form', () => {
    expect(found([hq, laptop], [liveOf(hq), sameRange])).toEqual([`error VPN522 ${ADDRESS}`])
    const mapped = live('ben', OTHER_KEY, ['::ffff:10.99.0.2/128'])
    expect(found([hq, laptop], [liveOf(hq), mapped])).toEqual([`error VPN522 ${ADDRESS}`])
  })

  test('is a warning where a range lies in another one, as in a file', () => {
    const wide = live('ben', OTHER_KEY, ['10.99.0.0/28'])
    expect(found([hq, laptop], [liveOf(hq), wide])).toEqual([`warning VPN522 ${ADDRESS}`])
  })

  test('refuses an update that takes its key, and warns where both were live before', () => {
    const before = liveOf(laptop, { publicKey: OTHER_KEY })
    expect(found([hq, laptop], [liveOf(hq), before, anna])).toEqual([`error VPN521 ${ADDRESS}`])
    expect(found([hq, laptop], [liveOf(hq), liveOf(laptop), anna])).toEqual([`warning VPN521 ${ADDRESS}`])
    const described = liveOf(laptop, { description: 'by hand' })
    expect(found([hq, laptop], [liveOf(hq), described, anna])).toEqual([`warning VPN521 ${ADDRESS}`])
  })

  test.each([
    [
      'adopted by its id',
      [hq, peer(hq, 'anna-laptop', { publicKey: KEY }, { more: { id: UNOWNED_ID } })],
      [anna],
      {},
    ],
    ['deleted by the same plan', [hq, laptop], [anna], { prune: 'all' }],
    ['being destroyed', [hq, laptop], [{ ...anna, status: 'DESTROYING' }], {}],
    ['of another key and range', [hq, laptop], [live('ben', OTHER_KEY, ['10.99.0.3/32'])], {}],
    ['outside of the targets', [hq, laptop], [anna], { targets: ['wireguardgateways/hq/peers/nobody'] }],
    ['destroyed with its gateway', [hq, laptop], [anna], { destroy: true, prune: 'all' }],
  ] as const)('says nothing when it is %s', (_, desired, lives, options) => {
    expect(found(desired, [liveOf(hq), ...lives], options)).toEqual([])
  })

  test('on another gateway does not matter', () => {
    const lab = gateway('lab', { gatewayIP: '203.0.113.99' })
    const there = liveOf(peer(lab, 'anna', { publicKey: KEY }), {}, { id: UNOWNED_ID })
    expect(found([hq, laptop, lab], [liveOf(hq), liveOf(lab), there])).toEqual([])
  })

  test('is compared with the peers of an adopted gateway too', () => {
    const id = '22222222-2222-4222-8222-222222222222'
    const adopted = gateway('hq', {}, { more: { id } })
    const wanted = peer(adopted, 'anna-laptop', { publicKey: KEY })
    const lives = [liveOf(adopted), { ...anna, parentIds: [id] }]
    expect(found([adopted, wanted], lives)).toEqual([`error VPN521 ${ADDRESS}`])
  })

  test('is named by its id when several have the value, whatever the order of pages', () => {
    const another = live('zoe', KEY, ['10.99.0.8/32'], '22222222-2222-4222-8222-222222222222')
    const reported = (...lives: LiveResource[]) => planOf([hq, laptop], [liveOf(hq), ...lives]).refusals
    expect(reported(anna, another)).toEqual(reported(another, anna))
    expect(reported(anna, another)).toHaveLength(1)
  })
})
