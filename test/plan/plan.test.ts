import { describe, expect, test } from 'vitest'
import { plan } from '../../src/plan/plan.ts'
import type { Plan, PlanOptions } from '../../src/plan/types.ts'
import { ApiModel, collectionOf, unownedId } from '../support/api-model.ts'
import { desiredState, ipsec, lan, peer, tunnel, type Wanted, wireguard } from '../support/desired-builder.ts'

function planOf(api: ApiModel, file: Wanted, options: Partial<PlanOptions> = {}): Plan {
  return plan(desiredState(file), api.live(), options)
}

function applied(file: Wanted): ApiModel {
  const api = new ApiModel()
  api.apply(planOf(api, file))
  return api
}

const codes = ({ refusals, warnings }: Plan) => [...refusals, ...warnings].map(({ code }) => code).sort()
const ip = (last: number): { readonly gatewayIP: string } => ({ gatewayIP: `203.0.113.${last}` })

describe('destroy', () => {
  test('asks nothing of the file: neither whose a name is nor what its secrets are', () => {
    const api = applied({ wireguardGateways: [wireguard('lab', ip(11))] })
    api.put(
      { ...collectionOf('wireguard-gateway'), id: unownedId(1) },
      { name: 'hq', connections: [lan('2', '192.168.1.100/24')] },
    )
    const file = { wireguardGateways: [wireguard('hq'), wireguard('lab', { ...ip(11), privateKey: null })] }
    expect(codes(planOf(api, file))).toEqual(['VPN501'])
    expect(planOf(api, file).uncompared).toHaveLength(1)
    const planned = planOf(api, file, { destroy: true, resendSecrets: ['nothing'] })
    expect(codes(planned)).toEqual([])
    expect(planned.uncompared).toEqual([])
    expect(planned.changes.map(({ action, name }) => `${action} ${name}`)).toEqual([
      'delete lab',
      'unmanaged hq',
    ])
  })
})

describe('with targets', () => {
  const tunnels = [tunnel('berlin'), tunnel('paris')]
  const branch = { ipsecGateways: [ipsec('branch', { tunnels })] }

  test('secrets that nothing can be compared with are reported of what is targeted alone', () => {
    const api = applied(branch)
    const addresses = (targets: readonly string[]) =>
      planOf(api, branch, { targets }).uncompared.map(({ address }) => address)
    expect(addresses([])).toEqual(['berlin', 'paris'].map((name) => `ipsecgateways/branch/tunnels/${name}`))
    expect(addresses(['*/paris'])).toEqual(['ipsecgateways/branch/tunnels/paris'])
  })

  test('addresses and ids that are in use hold up nobody else', () => {
    const api = applied({ wireguardGateways: [wireguard('hq')] })
    const file = {
      wireguardGateways: [wireguard('hq'), wireguard('lab'), wireguard('far', ip(12))],
    }
    expect(codes(planOf(api, file))).toEqual(['VPN517'])
    expect(codes(planOf(api, file, { targets: ['*/far'] }))).toEqual(['VPN513'])
    expect(codes(planOf(api, file, { targets: ['*/lab'] }))).toEqual(['VPN513', 'VPN517'])
  })

  test('what a name means is decided for what is targeted alone', () => {
    const api = new ApiModel()
    api.put(
      { ...collectionOf('wireguard-gateway'), id: unownedId(1) },
      { name: 'hq', connections: [lan('2', '192.168.1.100/24')] },
    )
    const file = { wireguardGateways: [wireguard('hq'), wireguard('far', ip(12))] }
    expect(codes(planOf(api, file, { targets: ['*/far'] }))).toEqual(['VPN513'])
    expect(codes(planOf(api, file, { targets: ['*/hq'] }))).toEqual(['VPN501', 'VPN513'])
  })
})

test('what lies in a location that was not read is left out, reported once, and nothing is created from it', () => {
  const file: Wanted = {
    wireguardGateways: [
      wireguard('hq', { location: 'de/fra' }),
      wireguard('a', { location: 'de/txl', ...ip(11), peers: [peer('anna', 2)] }),
      wireguard('b', { location: 'gb/lhr', ...ip(12) }),
    ],
  }
  const planned = planOf(new ApiModel(), file)
  expect(planned.changes.map(({ name }) => name)).toEqual(['hq'])
  expect(planned.warnings).toHaveLength(1)
  expect(planned.warnings[0]?.message).toContain('3 resources in de/txl, gb/lhr')
  const everywhere = plan(desiredState(file), new ApiModel().live(['de/fra/2', 'de/txl', 'gb/lhr']))
  expect(everywhere.summary.create).toBe(4)
  expect(everywhere.warnings).toEqual([])
})
