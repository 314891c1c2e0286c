import { describe, expect, test } from 'vitest'
import { wireguardPeer } from '../../src/kinds/wireguard/peer.ts'
import { loadText } from '../setup/load-text.ts'
import { sample, toYaml } from '../setup/sample-files.ts'

const FORMS = [
  [['0.0.0.0/0'], '0.0.0.0/0'],
  [['192.0.2.9/0'], '0.0.0.0/0'],
  [['::/0'], '::/0'],
  [['0:0:0:0:0:0:0:0/0'], '::/0'],
  [['::ffff:0:0/96'], '0.0.0.0/0'],
  [['::ffff:0.0.0.0/96'], '0.0.0.0/0'],
  [['0:0:0:0:0:FFFF:0:0/96'], '0.0.0.0/0'],
  [['0.0.0.0/1', '128.0.0.0/1'], '0.0.0.0/1, 128.0.0.0/1'],
  [['128.0.0.0/1', '10.0.0.0/8', '0.0.0.0/2', '64.0.0.0/2'], '10.0.0.0/8'],
  [['::/1', '8000::/1'], '8000::/1, ::/1'],
] as const

const codesOf = async (allowedIPs: readonly string[]) => {
  const file = sample()
  file.wireguardGateways[0].peers[0].allowedIPs = allowedIPs
  const { diagnostics } = await loadText(toYaml(file))
  return diagnostics.map(({ code }) => code)
}

describe.each(FORMS)('%j in allowedIPs', (allowedIPs, shown) => {
  test('has the warning that 0.0.0.0/0 has', async () => {
    expect(await codesOf(allowedIPs)).toContain('VPN306')
  })

  test('is a risk where live has it', () => {
    const risk = wireguardPeer.risk(wireguardPeer.normalise({ name: 'anna', allowedIPs: [...allowedIPs] }))
    expect(risk).toContain('may send from every address')
    expect(risk).toContain(shown)
  })
})

test.each([
  [['0.0.0.0/1']],
  [['0.0.0.0/1', '128.0.0.0/2']],
  [['0.0.0.0/1', '8000::/1']],
  [['::/96']],
])('%j does not mean every address', async (allowedIPs) => {
  expect(await codesOf(allowedIPs)).not.toContain('VPN306')
  expect(wireguardPeer.risk(wireguardPeer.normalise({ name: 'anna', allowedIPs }))).toBeUndefined()
})

test('an IPv4 network in the form of IPv6 overlaps the same network in its own form', async () => {
  const file = sample()
  const [first, second] = file.wireguardGateways[0].peers
  first.allowedIPs = ['10.99.0.7/32']
  second.allowedIPs = ['::ffff:10.99.0.7/128']
  expect((await loadText(toYaml(file))).diagnostics.map(({ code }) => code)).toContain('VPN302')
})
