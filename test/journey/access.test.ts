import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { displayWidth } from '../../src/report/writing/display-width.ts'
import { type Journey, startJourney } from '../support/journey.ts'
import { faultsOf } from '../support/report-schemas.ts'

const HQ = `version: 1
stack: acme-prod
location: de/fra
wireguardGateways:
  - name: hq
    gatewayIP: 203.0.113.10
    connections:
      - { datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "2", ipv4CIDR: 192.168.1.100/24 }
    interfaceIPv4CIDR: 10.99.0.1/24
    privateKey: { env: QUICKSTART_PRIVATE_KEY }
    peers:
      - { name: anna-laptop, publicKey: SfwTrc5AWuqT5MS7wvXHB4hIVfCYzIOZ3oha4kt5cxs=, allowedIPs: [10.99.0.2/32] }
`
const RULES = `version: 1
stack: acme-prod
access:
  - allow: { from: peers/anna-*, to: 192.168.1.0/24 }
`
const ROGUE = {
  name: 'rogue',
  publicKey: '9GCzWfGEkeM855tl2kjVtE+MnzHBkv1sJi4+Swo1c2E=',
  allowedIPs: ['10.99.0.66/32'],
}

let journey: Journey
beforeEach(async () => {
  journey = await startJourney()
  journey.write(HQ)
})
afterEach(() => journey.close())

interface Answer {
  readonly source: string
  readonly access: readonly { readonly from: { readonly name: string; readonly unmanaged?: true } }[]
  readonly unreached: readonly string[]
}

async function ask(...argv: readonly string[]): Promise<Answer> {
  const { code, stdout } = await journey.vpnctl('access', ...argv, '--format', 'json')
  expect(code).toBe(0)
  expect(faultsOf('access', JSON.parse(stdout))).toEqual([])
  return JSON.parse(stdout)
}

async function addRogue(): Promise<void> {
  const headers = { authorization: 'Bearer another', 'content-type': 'application/json' }
  const url = `${journey.sandbox.url}/wireguardgateways`
  const { items } = (await (await fetch(url, { headers })).json()) as { items: readonly [{ id: string }] }
  const id = '11111111-1111-4111-8111-111111111111'
  const body = JSON.stringify({ id, properties: ROGUE })
  const answer = await fetch(`${url}/${items[0].id}/peers/${id}`, { method: 'PUT', headers, body })
  expect(answer.ok).toBe(true)
}

describe('vpnctl access', () => {
  test('answers for the files or for what is live, unmanaged resources included', async () => {
    await journey.vpnctl('apply', '--yes')
    await addRogue()
    journey.writes()
    const files = await ask('-', '192.168.1.0/24')
    expect(files.source).toBe('files')
    expect(files.access.map(({ from }) => from.name)).toEqual(['anna-laptop'])
    const live = await ask('-', '192.168.1.0/24', '--live')
    expect(live.source).toBe('live')
    expect(live.access.map(({ from }) => [from.name, from.unmanaged])).toEqual([
      ['anna-laptop', undefined],
      ['rogue', true],
    ])
    expect((await ask('rogue', '192.168.0.0/23', '--live')).unreached).toEqual(['192.168.0.0/24'])
    expect(journey.writes()).toEqual([])
  })

  test('accepts the names of its own output, also in rules', async () => {
    expect((await ask('-', 'LAN 2')).access.map(({ from }) => from.name)).toEqual(['anna-laptop'])
    expect((await ask('LAN 2')).access).not.toEqual([])
    const { code, stderr } = await journey.vpnctl('access', 'LAN 3')
    expect([code, stderr]).toEqual([64, expect.stringContaining('"LAN 3" names nothing in vpn.yaml')])
    journey.write(RULES.replace('192.168.1.0/24', 'LAN 2'), 'rules.yaml')
    const valid = await journey.vpnctl('validate', '--strict', '-f', 'vpn.yaml', '-f', 'rules.yaml')
    expect([valid.code, valid.stderr]).toEqual([0, ''])
  })

  test('is proposed with the files of the run where a rule is broken', async () => {
    journey.write(RULES.replace('192.168.1.0/24', '10.20.0.0/16'), 'rules.yaml')
    const { stderr } = await journey.vpnctl('validate', '-f', 'vpn.yaml', '-f', 'rules.yaml')
    expect(stderr).toContain("; vpnctl access -f vpn.yaml -f rules.yaml 'peers/anna-*' 10.20.0.0/16 shows")
  })

  test('folds lists of networks at the width of the terminal, and leaves none out', async () => {
    journey.write(
      HQ.replace('[10.99.0.2/32]', '[10.99.0.2/32, 10.20.0.0/16, 172.16.128.0/20, 198.51.100.0/24]'),
    )
    const { stdout } = await journey.run(['access'], { tty: { columns: 80 } })
    const lines = stripVTControlCharacters(stdout).split('\n')
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(80)
    for (const network of ['10.99.0.2/32', '10.20.0.0/16', '172.16.128.0/20', '198.51.100.0/24'])
      expect(stdout).toContain(network)
    expect(lines.length).toBeGreaterThan(8)
  })

  test('reads several files as one estate', async () => {
    journey.write(RULES, 'rules.yaml')
    const { access } = await ask('anna-laptop', '192.168.1.7', '-f', 'vpn.yaml', '-f', 'rules.yaml')
    expect(access).toHaveLength(1)
  })

  test('reports every fault of broken files, and answers nothing', async () => {
    journey.write(HQ.replace('10.99.0.2/32', '10.99.0.2/33').replace('203.0.113.10', '203.0.113.300'))
    const { code, stdout, stderr } = await journey.vpnctl('access', '-')
    expect(code).toBe(3)
    expect(stdout).toBe('')
    expect(stderr).toContain('vpn.yaml:6:')
    expect(stderr).toContain('vpn.yaml:12:')
    expect(stderr).toContain('2 errors')
    expect(stderr).not.toMatch(/^\s+at /m)
  })
})

describe('a rule that only what is unmanaged breaks', () => {
  const withRule = (to: string): string =>
    HQ.replace('wireguardGateways:', `access:\n  - deny: { from: 10.99.0.66, to: ${to} }\nwireguardGateways:`)

  test('is a warning of the plan and of drift where live breaks it already', async () => {
    await journey.vpnctl('apply', '--yes')
    await addRogue()
    journey.write(withRule('192.168.1.0/24'))
    const plan = await journey.vpnctl('plan')
    expect(plan.code).toBe(0)
    expect(plan.stdout + plan.stderr).toContain('warning[VPN547]')
    const drift = await journey.vpnctl('drift')
    expect(drift.stdout + drift.stderr).toContain('warning[VPN547]')
  })

  test('refuses the plan that would break it, and nothing is sent', async () => {
    await journey.vpnctl('apply', '--yes')
    await addRogue()
    journey.writes()
    const connection = HQ.split('\n').find((line) => line.includes('datacenterId')) ?? ''
    const second = connection.replace('"2"', '"3"').replace('192.168.1.', '192.168.2.')
    journey.write(withRule('192.168.2.0/24').replace(connection, `${connection}\n${second}`))
    for (const command of [['plan'], ['apply', '--yes']]) {
      const { code, stdout, stderr } = await journey.vpnctl(...command)
      expect(code).toBe(6)
      expect(stdout + stderr).toContain('error[VPN546]')
    }
    expect(journey.writes()).toEqual([])
  })
})

test('an accepted difference is not in the Access section of drift', async () => {
  await journey.vpnctl('apply', '--yes')
  await addRogue()
  const title = 'Access (live, compared with the files)'
  expect((await journey.vpnctl('drift')).stdout).toContain(title)
  journey.write(
    `${HQ}drift:\n  ignore:\n    - { address: wireguardgateways/hq/peers/rogue, reason: trial of the network team }\n`,
  )
  const { code, stdout } = await journey.vpnctl('drift')
  expect(code).toBe(0)
  expect(stdout).not.toContain(title)
  expect(stdout).toContain('1 ignored')
})

test('fmt keeps the rules of access', async () => {
  const rule = '  - deny: { from: 10.99.0.66, to: 192.168.1.0/24, except: [anna-*] } # no visitors\n'
  journey.write(HQ.replace('version: 1\n', `access:\n${rule}version: 1\n`))
  expect((await journey.vpnctl('fmt', '--write')).code).toBe(0)
  const formatted = readFileSync(join(journey.folder, 'vpn.yaml'), 'utf8')
  expect(formatted).toMatch(/^version: 1\n/)
  expect(formatted).toContain(`access:\n${rule}`)
})
