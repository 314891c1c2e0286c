import { describe, expect, it } from 'vitest'
import { loadText } from '../setup/load-text.ts'

const HEAD = 'version: 1\nstack: acme-prod\n'
const codesOf = async (text: string) => (await loadText(text)).diagnostics.map(({ code }) => code)
const chain = (levels: number, first: string, next: (index: number) => string) =>
  Array.from(
    { length: levels },
    (_, index) => `x-${index}: &a${index} ${index === 0 ? first : next(index - 1)}`,
  )
    .map((line) => `${line}\n`)
    .join('')

describe('a bomb is refused', () => {
  it('when it is made of aliases of aliases', async () => {
    expect(await codesOf(HEAD + chain(40, '[x, x]', (index) => `[*a${index}, *a${index}]`))).toEqual([
      'VPN108',
    ])
  })

  it('when it is made of merges', async () => {
    const merged = chain(40, '{ k: 1 }', (index) => `{ <<: [*a${index}, *a${index}], k${index}: *a${index} }`)
    expect(await codesOf(HEAD + merged)).toEqual(['VPN108'])
  })

  it('when it is made of brackets', async () => {
    expect(await codesOf(`${HEAD}x-deep: ${'['.repeat(20_000)}\n`)).toContain('VPN109')
    expect(await codesOf(`${HEAD}x-deep: ${'['.repeat(100)}${']'.repeat(100)}\n`)).toEqual(['VPN109'])
  })

  it('when aliases nest what is flat as it is written', async () => {
    expect(await codesOf(HEAD + chain(80, '[x]', (index) => `[*a${index}]`))).toEqual(['VPN109'])
  })

  it('when it has an alias inside its own anchor', async () => {
    expect(await codesOf(`${HEAD}x-loop: &loop { a: [*loop] }\n`)).toEqual(['VPN108'])
    expect(await codesOf(`${HEAD}x-loop: &loop { <<: *loop }\n`)).toEqual(['VPN108'])
  })

  it('when one mapping has more than ten thousand members', async () => {
    const members = Array.from({ length: 10_001 }, (_, index) => `  k${index}: 1\n`).join('')
    expect(await codesOf(`${HEAD}vars:\n${members}`)).toEqual(['VPN115'])
  })
})

describe('aliases and merges within bounds', () => {
  const text = `${HEAD}x-base: &base
  tier: ENHANCED
  connections: [{ datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: 1, ipv4CIDR: 192.168.1.9/24 }]
ipsecGateways:
  - <<: *base
    name: a
    gatewayIP: 203.0.113.1
    tier: PREMIUM
  - { <<: *base, name: b, gatewayIP: 203.0.113.2 }
`

  it('give what they mean, and what is written next to them wins', async () => {
    const { desired, diagnostics } = await loadText(text)
    // Both gateways get the one LAN address that the anchor holds.
    expect(diagnostics.map(({ code }) => code)).toEqual(['VPN382'])
    expect(desired?.resources.map(({ spec }) => spec.tier)).toEqual(['PREMIUM', 'ENHANCED'])
  })

  it('show the use and the definition of what is wrong', async () => {
    const { diagnostics } = await loadText(text.replace('192.168.1.9/24', '192.168.1.9'))
    expect(diagnostics).toMatchObject([
      {
        code: 'VPN205',
        at: { start: { line: 7, column: 9 } },
        related: [
          { at: { start: { line: 5 } }, message: 'it is written here' },
          { at: { start: { line: 11 } }, message: 'used here too' },
        ],
      },
    ])
  })
})
