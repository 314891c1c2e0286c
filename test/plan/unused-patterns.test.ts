import { describe, expect, test } from 'vitest'
import { didYouMeanAny, type Named, suggestAddresses } from '../../src/model/addresses/suggest-address.ts'
import { plan } from '../../src/plan/plan.ts'
import { unusedPatterns } from '../../src/plan/safety/unused-patterns.ts'
import type { Plan, PlanOptions } from '../../src/plan/types.ts'
import { ApiModel } from '../support/api-model.ts'
import { desiredState, peer, type Wanted, wireguard } from '../support/desired-builder.ts'

const named = (...addresses: readonly string[]): readonly Named[] =>
  addresses.map((address) => ({ address, location: 'de/fra' }))

test('a pattern that names nothing is distinguished from one that does', () => {
  const hq = named('wireguardgateways/hq')
  expect(unusedPatterns(['*/hq', '*/hk', 'de/txl:*'], hq)).toEqual(['*/hk', 'de/txl:*'])
})

describe('in place of a pattern that names nothing', () => {
  const HQ = 'wireguardgateways/hq'
  const ANNA = `${HQ}/peers/anna-laptop`
  const estate = named(HQ, ANNA, 'wireguardgateways/lab', 'wireguardgateways/lab/peers/anna-laptop')

  test.each([
    ['hq', [HQ]],
    ['hq/anna-laptop', [ANNA]],
    ['hq/peers/anna-laptop', [ANNA]],
    ['anna-laptop', [ANNA, 'wireguardgateways/lab/peers/anna-laptop']],
    ['hk', [HQ]],
    ['wireguardgateways/qh', [HQ]],
    ['wireguardGateways/hq', [HQ]],
    ['wireguardgateway/hq', [HQ]],
    [`${HQ}/peers/ana-laptop`, [ANNA]],
    [`${HQ}/peer/anna-laptop`, [ANNA]],
    ['ipsecgateways/hq', [HQ]],
    ['/wireguardgateways/hq/', [HQ]],
    ['hq/peers/*', ['*/hq/peers/*']],
    ['wireguardGateways/hq/peers/*', [`${HQ}/peers/*`]],
    ['de/txl:wireguardgateways/hq', ['de/fra:wireguardgateways/hq']],
    ['de/fra:hq', ['de/fra:wireguardgateways/hq']],
    ['de/fra:wireguardGateways/hq/*', ['de/fra:wireguardgateways/hq/*']],
  ])('%s, these are suggested: %j', (pattern, suggestions) => {
    expect(suggestAddresses(pattern, estate)).toEqual(suggestions)
  })

  test.each([
    ['wireguardgateways/berlin'],
    ['*/berlin'],
    ['/'],
    ['de/fra:'],
  ])('%s, nothing is suggested that only looks alike in its collection', (pattern) => {
    expect(suggestAddresses(pattern, estate)).toEqual([])
  })

  test('what is suggested reads as a question, of one as of several', () => {
    expect(didYouMeanAny([])).toBe('')
    expect(didYouMeanAny(['a'])).toBe(' (did you mean "a"?)')
    expect(didYouMeanAny(['a', 'b', 'c'])).toBe(' (did you mean "a", "b" or "c"?)')
  })

  test('of several, no more than three are suggested', () => {
    const many = named(...['a', 'b', 'c', 'd'].map((gateway) => `wireguardgateways/${gateway}/peers/x`))
    expect(suggestAddresses('x', many)).toHaveLength(3)
  })

  test('the address that a plan shows is suggested, with its location where two share it', () => {
    const api = new ApiModel()
    const file = desiredState({
      wireguardGateways: [wireguard('hq'), wireguard('hq', { location: 'de/txl', gatewayIP: '203.0.113.9' })],
    })
    const [refusal] = plan(file, api.live(['de/fra', 'de/txl']), { targets: ['hq'] }).refusals
    expect(refusal?.message).toBe(
      '--target hq names nothing in the file or live (did you mean "de/fra:wireguardgateways/hq" or "de/txl:wireguardgateways/hq"?)',
    )
    const resend = plan(file, api.live(['de/fra', 'de/txl']), { resendSecrets: ['wireguardgateways/hk'] })
    expect(resend.refusals[0]?.message).toContain('--resend-secrets wireguardgateways/hk names nothing')
    expect(resend.refusals[0]?.message).toContain('did you mean')
  })
})

describe('an entry of the "protected" list that names nothing', () => {
  const hq = wireguard('hq', { peers: [peer('a', 2), peer('b', 3)] })

  /** The plan for a file that lost peer `b`, or nothing. */
  function planned(
    list: readonly string[],
    loses: 'b' | 'nothing',
    options: Partial<PlanOptions> = {},
  ): Plan {
    const api = new ApiModel()
    const wanted = (peers: Wanted): Wanted => ({ ...peers, protected: list })
    api.apply(plan(desiredState({ wireguardGateways: [hq] }), api.live()))
    const left = loses === 'b' ? wireguard('hq', { peers: [peer('a', 2)] }) : hq
    return plan(desiredState(wanted({ wireguardGateways: [left] })), api.live(), options)
  }

  const codes = ({ warnings, refusals }: Plan): unknown => [
    warnings.map(({ code }) => code),
    refusals.map(({ code }) => code),
  ]

  test('is a warning while nothing is deleted, and refuses every deletion', () => {
    for (const entry of [
      'wireguardgateways/qh',
      'hq',
      'wireguardgateway/hq',
      'ipsecgateways/old',
      'wireguardgateway/*',
    ]) {
      expect(codes(planned([entry], 'nothing'))).toEqual([['VPN518'], []])
      expect(codes(planned([entry], 'b'))).toEqual([[], ['VPN518']])
    }
    expect(codes(planned(['wireguardgateways/hq'], 'b'))).toEqual([[], []])
  })

  test('says what it may mean', () => {
    expect(planned(['hq'], 'b').refusals[0]?.message).toBe(
      '"hq" in the "protected" list names nothing, so it protects nothing of what this plan deletes (did you mean "wireguardgateways/hq"?)',
    )
    expect(planned(['hq'], 'nothing').warnings[0]?.message).toBe(
      '"hq" in the "protected" list names nothing, so it protects nothing (did you mean "wireguardgateways/hq"?)',
    )
  })

  test('refuses destroy too, and no deletion that is left out by a target', () => {
    expect(codes(planned(['hq'], 'nothing', { destroy: true }))).toEqual([[], ['VPN518']])
    const targets = ['wireguardgateways/hq/peers/a']
    expect(codes(planned(['hq'], 'b', { targets }))).toEqual([['VPN513', 'VPN518'], []])
  })

  test('stays a warning where no name is in it that could be misspelled', () => {
    for (const entry of ['ipsecgateways/*', 'ipsecgateways/*/tunnels/*']) {
      expect(codes(planned([entry], 'b'))).toEqual([['VPN518'], []])
    }
  })

  test('stays a warning for a location that is not read, since nothing is deleted there', () => {
    expect(codes(planned(['de/txl:wireguardgateways/hq'], 'b'))).toEqual([['VPN518'], []])
    expect(codes(planned(['de/fra:wireguardgateways/qh'], 'b'))).toEqual([[], ['VPN518']])
  })
})
