import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Journey, startJourney } from '../support/journey.ts'

const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')
const OTHER_KEY = '9GCzWfGEkeM855tl2kjVtE+MnzHBkv1sJi4+Swo1c2E='
const HQ = 'wireguardgateways/hq'
const CAROL = `      - { name: carol, allowedIPs: [10.99.0.4/32], publicKey: "${OTHER_KEY}" }\n`
const EMPTY = 'version: 1\nstack: other\nlocation: de/fra\n'
const LAB = `version: 1
stack: acme-lab
location: de/fra
neighbours: [quickstart]
wireguardGateways:
  - name: lab
    gatewayIP: 203.0.113.30
    interfaceIPv4CIDR: 10.98.0.1/24
    privateKey: { env: QUICKSTART_PRIVATE_KEY }
    connections:
      - { datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "3", ipv4CIDR: 192.168.3.100/24 }
`

let journey: Journey
beforeEach(async () => {
  journey = await startJourney()
  journey.write(QUICKSTART)
  await journey.vpnctl('apply', '--yes')
})
afterEach(() => journey.close())

const file = (): string => readFileSync(join(journey.folder, 'vpn.yaml'), 'utf8')
const noChanges = async (): Promise<void> => {
  expect((await journey.vpnctl('plan')).stdout).toContain('No changes.')
}

/** Someone else adds a peer; its id. */
async function putRogue(name = 'rogue'): Promise<string> {
  const rogue = '11111111-1111-4111-8111-111111111111'
  const headers = { authorization: 'Bearer another', 'content-type': 'application/json' }
  const { stdout: status } = await journey.vpnctl('status', '--format', 'json')
  const { resources } = JSON.parse(status) as { resources: { id: string; address: string }[] }
  const hq = resources.find(({ address }) => address === HQ)?.id
  const properties = { name, publicKey: OTHER_KEY, allowedIPs: ['10.99.0.66/32'] }
  const url = `${journey.sandbox.url}/wireguardgateways/${hq}/peers/${rogue}`
  const body = JSON.stringify({ id: rogue, properties })
  expect((await fetch(url, { method: 'PUT', headers, body })).ok).toBe(true)
  return rogue
}

describe('a live resource without an entry gets one', () => {
  test('or is deleted, by the command that drift prints', async () => {
    await putRogue()
    const { stdout } = await journey.vpnctl('drift')
    const [, argv = ''] = /to delete: {2}vpnctl (.*)$/m.exec(stdout) ?? []
    expect(argv).toBe(`apply --prune all --target ${HQ}/peers/rogue`)
    const { code } = await journey.vpnctl(...argv.split(' '), '--yes')
    expect(code).toBe(0)
    expect((await journey.vpnctl('drift')).code).toBe(0)
  })

  test('below its gateway, by the command that the plan prints, and the next plan is empty', async () => {
    const rogue = await putRogue()
    const { stdout } = await journey.vpnctl('plan')
    const [, argv = ''] = /to adopt: {3}vpnctl (.*)$/m.exec(stdout) ?? []
    expect(argv).toBe(`adopt ${HQ}/peers/rogue --write`)
    journey.writes()
    const { code, stdout: patch } = await journey.vpnctl(...argv.split(' '))
    expect(code).toBe(0)
    expect(patch).toContain('+      - name: rogue')
    expect(file().startsWith(QUICKSTART)).toBe(true)
    expect(file()).toContain(`      - name: rogue\n        id: ${rogue}\n`)
    expect(journey.writes()).toEqual([])
    await noChanges()
  })

  test('below a gateway that is renamed, by the address that the plan prints', async () => {
    await putRogue()
    journey.write(QUICKSTART.replace('name: hq\n', 'name: office\n    renamedFrom: hq\n'))
    const { stdout } = await journey.vpnctl('plan')
    const [, argv = ''] = /to adopt: {3}vpnctl (.*)$/m.exec(stdout) ?? []
    expect(argv).toBe('adopt wireguardgateways/office/peers/rogue --write')
    expect((await journey.vpnctl(...argv.split(' '))).code).toBe(0)
    expect(file()).toContain('- name: rogue')
  })

  test('without an id where it is the one that the stack derives, and by its id as well', async () => {
    journey.write(`${QUICKSTART}${CAROL}`)
    await journey.vpnctl('apply', '--yes')
    journey.write(QUICKSTART)
    const { stdout: status } = await journey.vpnctl('status', '--format', 'json')
    const { resources } = JSON.parse(status) as { resources: { id: string; address: string }[] }
    const id = resources.find(({ address }) => address.endsWith('carol'))?.id ?? ''
    const shown = await journey.vpnctl('adopt', id)
    expect(shown.stderr).toContain('Nothing was written.')
    expect(file()).toBe(QUICKSTART)
    await journey.vpnctl('adopt', id, '--write')
    expect(file()).toContain('name: carol')
    expect(file()).not.toContain('id:')
    await noChanges()
  })

  test('a gateway with all that is on it, from a stack that has to release it', async () => {
    journey.write(LAB)
    await journey.vpnctl('apply', '--yes')
    const { code, stderr, stdout } = await journey.vpnctl('adopt', HQ, '--write')
    expect(code).toBe(0)
    expect(stderr).toContain('warning[VPN615]')
    expect(stderr.replace(/\s+/g, ' ')).toContain(
      `in the files of "quickstart", replace its entry by: released: [{ address: ${HQ} }]`,
    )
    expect(stderr).toContain('HQ_WIREGUARD_PRIVATE_KEY')
    expect(stdout).toContain('+  - name: hq')
    expect(file()).toContain('name: ben-laptop')
    await noChanges()
    journey.write(
      `version: 1\nstack: quickstart\nlocation: de/fra\nreleased: [{ address: ${HQ} }]\nneighbours: [acme-lab]\n`,
      'old.yaml',
    )
    expect((await journey.vpnctl('plan', '-f', 'old.yaml')).stdout).toContain('No changes.')
  })

  test('an entry of the files gets the id of the resource of its name, with what is below it', async () => {
    journey.write(QUICKSTART.replace('stack: quickstart', 'stack: other'))
    const { code, stderr } = await journey.vpnctl('adopt', HQ, '--write')
    expect(code).toBe(0)
    expect(file().match(/ id: /g)).toHaveLength(3)
    expect(stderr).toContain('is owned by another stack')
    await noChanges()
  })
})

describe('nothing is written', () => {
  test.each([
    ['for an address that does not exist', [`${HQ}/peers/nobody`], 64, 'names nothing'],
    ['for what the files have', [HQ], 0, `the files have it already: ${HQ}`],
    ['for an empty word', [''], 64, 'empty'],
  ])('%s', async (_, words, code, says) => {
    const result = await journey.vpnctl('adopt', ...words, '--write')
    expect(result.stderr).toContain(says)
    expect(result.code).toBe(code)
    expect(file()).toBe(QUICKSTART)
  })

  test('where an entry of its name is another live resource: the id to write is named', async () => {
    const id = await putRogue('anna-laptop')
    const { code, stderr } = await journey.vpnctl('adopt', id, '--write')
    expect(code).toBe(3)
    expect(stderr).toContain('the files have an entry of this name')
    expect(stderr.replace(/\s+/g, ' ')).toContain(`write one under another name by hand, with id: ${id}`)
    expect(file()).toBe(QUICKSTART)
  })

  test('for a peer whose gateway is not in the files', async () => {
    journey.write(LAB)
    const { code, stderr } = await journey.vpnctl('adopt', `${HQ}/peers/anna-laptop`, '--write')
    expect(code).toBe(3)
    expect(stderr).toContain('VPN614')
    expect(file()).toBe(LAB)
  })

  test('a gateway goes into a file that has none', async () => {
    for (const text of [EMPTY, `${EMPTY}wireguardGateways: []\n`]) {
      journey.write(text)
      const { code, stderr } = await journey.vpnctl('adopt', HQ, '--write')
      expect([code, stderr]).toEqual([0, expect.any(String)])
      expect(file()).toMatch(/^version: 1[\s\S]*wireguardGateways:\n {2}- name: hq\n {4}id: [0-9a-f-]{36}\n/)
      expect(file()).not.toContain('    location:')
      await noChanges()
    }
  })

  test('where the entry is an alias, and the line to write is printed', async () => {
    const text = QUICKSTART.replace('stack: quickstart', 'stack: other').replace(
      '      - name: anna-laptop\n        allowedIPs',
      '      - &anna\n        name: anna-laptop\n        allowedIPs',
    )
    const shared = `${text}x-spare: [*anna]\n`
    journey.write(shared)
    const { code, stderr } = await journey.vpnctl('adopt', '--write')
    expect(code).toBe(3)
    expect(stderr).toMatch(/VPN610[\s\S]*write by hand: id: /)
    expect(file().match(/ id: /g)).toHaveLength(2)
  })
})
