import { expect, test } from 'vitest'
import { displayAddress } from '../../src/plan/match/display-address.ts'
import { plan } from '../../src/plan/plan.ts'
import { ApiModel } from '../support/api-model.ts'
import { desiredState, type Entry, ipsec, peer, wireguard } from '../support/desired-builder.ts'

const [FRA, TXL] = ['de/fra', 'de/txl']
const at = (location: string, name: string, last: number): Entry =>
  wireguard(name, { location, gatewayIP: `203.0.113.${last}`, peers: [peer('anna', 2)] })

/** The addresses that a plan shows when a file wants one thing and another was applied before. */
function shown(before: readonly Entry[], after: readonly Entry[]): readonly string[] {
  const api = new ApiModel()
  const live = () => api.live([FRA, TXL])
  api.apply(plan(desiredState({ wireguardGateways: before }), live()))
  return plan(desiredState({ wireguardGateways: after }), live()).changes.map(({ address }) => address)
}

test('an address that two locations share is shown with its location, with all that is below it', () => {
  expect(shown([], [at(FRA, 'hq', 1), at(TXL, 'hq', 2)])).toEqual([
    'de/fra:wireguardgateways/hq',
    'de/fra:wireguardgateways/hq/peers/anna',
    'de/txl:wireguardgateways/hq',
    'de/txl:wireguardgateways/hq/peers/anna',
  ])
})

test('other addresses are not, in as many locations as there are', () => {
  const addresses = shown([], [at(FRA, 'hq', 1), at(TXL, 'hq', 2), at(TXL, 'lab', 3), at(FRA, 'far', 4)])
  expect(addresses.filter((address) => !address.includes('hq'))).toEqual([
    'wireguardgateways/lab',
    'wireguardgateways/lab/peers/anna',
    'wireguardgateways/far',
    'wireguardgateways/far/peers/anna',
  ])
})

test('an address that one location wants and another one has is shared too', () => {
  expect(shown([at(TXL, 'hq', 2)], [at(FRA, 'hq', 1)]).toSorted()).toEqual([
    'de/fra:wireguardgateways/hq',
    'de/fra:wireguardgateways/hq/peers/anna',
    'de/txl:wireguardgateways/hq',
    'de/txl:wireguardgateways/hq/peers/anna',
  ])
  expect(shown([at(FRA, 'hq', 1), at(TXL, 'hq', 2)], [])).toHaveLength(4)
  expect(shown([at(FRA, 'hq', 1), at(TXL, 'hq', 2)], [])[0]).toMatch(/^de\/.*:/)
})

test('a name that two kinds share is not a shared address', () => {
  const file = desiredState({
    wireguardGateways: [at(FRA, 'hq', 1)],
    ipsecGateways: [ipsec('hq', { location: TXL })],
  })
  const display = displayAddress(file, { locations: [FRA, TXL], resources: [] })
  expect(display('wireguardgateways/hq', FRA)).toBe('wireguardgateways/hq')
  expect(display('ipsecgateways/hq', TXL)).toBe('ipsecgateways/hq')
})
