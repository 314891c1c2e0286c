import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EXAMPLE_ENV } from '../support/examples.ts'
import { type Journey, startJourney } from '../support/journey.ts'

const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')
const OTHER_KEY = '9GCzWfGEkeM855tl2kjVtE+MnzHBkv1sJi4+Swo1c2E='
const HQ = 'wireguardgateways/hq'
const ROGUE_ID = '11111111-1111-4111-8111-111111111111'

let journey: Journey
beforeEach(async () => {
  journey = await startJourney()
  journey.write(QUICKSTART)
  await journey.vpnctl('apply', '--yes')
  journey.writes()
})
afterEach(() => journey.close())

const file = (name = 'vpn.yaml'): string => readFileSync(join(journey.folder, name), 'utf8')
const HEADERS = { authorization: 'Bearer another', 'content-type': 'application/json' }

// The service does not return the key, so an edit of the gateway sends it.
const editHq = (change: Record<string, unknown>): Promise<void> =>
  journey.edit('wireguardgateways', 'hq', { privateKey: EXAMPLE_ENV.QUICKSTART_PRIVATE_KEY, ...change })

async function gatewayId(): Promise<string> {
  const answer = await fetch(`${journey.sandbox.url}/wireguardgateways`, { headers: HEADERS })
  const { items } = (await answer.json()) as { items: readonly [{ id: string }] }
  return items[0].id
}

const peers = async (): Promise<string> => `wireguardgateways/${await gatewayId()}/peers`

async function addRogue(name = 'rogue'): Promise<void> {
  const properties = { name, publicKey: OTHER_KEY, allowedIPs: ['10.99.0.77/32'] }
  const put = await fetch(`${journey.sandbox.url}/${await peers()}/${ROGUE_ID}`, {
    method: 'PUT',
    headers: HEADERS,
    body: JSON.stringify({ id: ROGUE_ID, properties }),
  })
  expect(put.ok).toBe(true)
  await new Promise((resolve) => setTimeout(resolve, 60))
}

async function expectQuiet(): Promise<void> {
  const { code, stdout } = await journey.vpnctl('drift')
  expect(stdout).toContain('No drift.')
  expect(code).toBe(0)
}

describe('a change that someone made live goes into the file', () => {
  test('field by field, with everything else of the file kept', async () => {
    await editHq({ tier: 'PREMIUM', description: 'Moved' })
    await journey.edit(await peers(), 'anna-laptop', { allowedIPs: ['10.99.0.2/32', '10.99.0.9/32'] })
    journey.writes()
    const preview = await journey.vpnctl('accept', '--all-changed')
    expect(preview.code).toBe(0)
    expect(preview.stderr).toContain('Nothing was written.')
    expect(file()).toBe(QUICKSTART)
    const { code, stdout } = await journey.vpnctl('accept', '--all-changed', '--write')
    expect(code).toBe(0)
    expect(stdout).toBe(preview.stdout)
    expect(file()).toBe(
      QUICKSTART.replace('description: Head office', 'description: Moved')
        .replace('ipv4CIDR: 192.168.1.100/24 }\n', 'ipv4CIDR: 192.168.1.100/24 }\n    tier: PREMIUM\n')
        .replace('[10.99.0.2/32]', '[10.99.0.2/32, 10.99.0.9/32]'),
    )
    expect(journey.writes()).toEqual([])
    await expectQuiet()
  })

  test('or one field alone, and the rest stays drift', async () => {
    await editHq({ tier: 'PREMIUM', description: 'Moved' })
    const { code } = await journey.vpnctl('accept', `${HQ}:tier`, '--write')
    expect(code).toBe(0)
    expect(file()).toContain('tier: PREMIUM')
    expect(file()).toContain('description: Head office')
    expect((await journey.vpnctl('drift')).stdout).toContain('differs in description')
  })

  test('a connection is changed where it is written, and a removed field is removed', async () => {
    const connection = { datacenterId: '5a029f4a-72e5-11ec-90d6-0242ac120003', lanId: '2' }
    const second = { ...connection, lanId: '7', ipv4CIDR: '10.7.0.4/24' }
    await editHq({
      connections: [second, { ...connection, ipv4CIDR: '192.168.1.101/24' }],
      description: undefined,
    })
    await journey.vpnctl('accept', HQ, '--write')
    expect(file()).toBe(
      QUICKSTART.replace('    description: Head office\n', '').replace(
        '192.168.1.100/24 }\n',
        `192.168.1.101/24 }\n      - { datacenterId: ${connection.datacenterId}, lanId: "7", ipv4CIDR: 10.7.0.4/24 }\n`,
      ),
    )
    await expectQuiet()
  })

  test('an object is added and removed as a whole', async () => {
    await journey.edit(await peers(), 'anna-laptop', { endpoint: { host: '198.51.100.9', port: 51820 } })
    await journey.vpnctl('accept', `${HQ}/peers/*`, '--write')
    expect(file()).toContain('      - name: anna-laptop\n        endpoint: { host: 198.51.100.9 }\n')
    await expectQuiet()
    await journey.edit(await peers(), 'anna-laptop', { endpoint: undefined })
    await journey.vpnctl('accept', `${HQ}/peers/anna-laptop:endpoint`, '--write')
    expect(file()).toBe(QUICKSTART)
  })

  test('a new name, and the resource stays the one that it was', async () => {
    await journey.edit(await peers(), 'anna-laptop', { name: 'anna-notebook' })
    await journey.vpnctl('accept', '--all-changed', '--write')
    expect(file()).toContain('      - name: anna-notebook\n        renamedFrom: anna-laptop\n')
    await expectQuiet()
    expect((await journey.vpnctl('plan')).stdout).toContain('No changes.')
  })

  test('in several files, and in text with the line ends of Windows', async () => {
    const at = QUICKSTART.indexOf('wireguardGateways:')
    journey.write(QUICKSTART.slice(0, at), 'head.yaml')
    const rest = 'version: 1\nlocation: de/fra\n'
    journey.write(`${rest}${QUICKSTART.slice(at)}`.replaceAll('\n', '\r\n'), 'hq.yaml')
    await editHq({ tier: 'PREMIUM' })
    const files = ['-f', 'head.yaml', '-f', 'hq.yaml']
    expect((await journey.vpnctl('accept', '--all-changed', '--write', ...files)).code).toBe(0)
    expect(file('hq.yaml')).toContain('    tier: PREMIUM\r\n')
    expect(file('hq.yaml').replaceAll('\r\n', '')).not.toContain('\n')
    expect((await journey.vpnctl('drift', ...files)).code).toBe(0)
  })
})

describe('what is there on one side only', () => {
  test('is removed from the file where it is not live', async () => {
    await journey.edit(await peers(), 'anna-laptop', undefined)
    const all = await journey.vpnctl('accept', '--all-changed', '--write')
    expect(all.code).toBe(0)
    expect(all.stderr).toContain('Left as drift: 1 missing.')
    expect(file()).toBe(QUICKSTART)
    await journey.vpnctl('accept', `${HQ}/peers/anna-laptop`, '--write')
    expect(file()).not.toContain('anna-laptop')
    await expectQuiet()
  })

  test('is removed with everything below it', async () => {
    await journey.edit('wireguardgateways', 'hq', undefined)
    const words = [HQ, `${HQ}/peers/anna-laptop`, `${HQ}/peers/ben-laptop`]
    expect((await journey.vpnctl('accept', ...words, '--write')).code).toBe(0)
    expect(file()).not.toContain('hq')
    await expectQuiet()
  })

  test('is added with its id where it is named, and never by a pattern', async () => {
    await addRogue()
    for (const words of [['--all-changed'], [`${HQ}/peers/*`], [HQ]]) {
      await journey.vpnctl('accept', ...words, '--write')
      expect(file()).toBe(QUICKSTART)
    }
    const pattern = await journey.vpnctl('accept', `${HQ}/peers/*`, '--write')
    expect(pattern.code).toBe(6)
    expect(pattern.stderr).toContain('VPN613')
    expect((await journey.vpnctl('accept', `${HQ}/peers/rogue`, '--write')).code).toBe(0)
    expect(file()).toBe(
      `${QUICKSTART}      - name: rogue\n        id: ${ROGUE_ID}\n        allowedIPs: [10.99.0.77/32]\n        publicKey: ${OTHER_KEY}\n`,
    )
    await expectQuiet()
  })

  test('a gateway next to the others, and what is below it only by its own name', async () => {
    journey.write(
      `${QUICKSTART}      - { name: carol, allowedIPs: [10.99.0.4/32], publicKey: "${OTHER_KEY}" }\n`,
    )
    await journey.vpnctl('apply', '--yes')
    journey.write(
      'version: 1\nstack: other\nlocation: de/fra\nipsecGateways:\n  - { name: x, gatewayIP: 203.0.113.99, connections: [{ datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "2", ipv4CIDR: 192.168.1.120/24 }] }\n',
    )
    await journey.vpnctl('apply', '--yes')
    const carol = `${HQ}/peers/carol`
    const orphan = await journey.vpnctl('accept', carol, '--write')
    expect(orphan.code).toBe(3)
    expect(orphan.stderr).toContain('VPN614')
    const { code, stderr } = await journey.vpnctl('accept', HQ, carol, '--write')
    expect(code).toBe(0)
    expect(stderr).toContain('HQ_WIREGUARD_PRIVATE_KEY')
    expect(file()).toContain('name: carol')
    expect(file()).not.toContain('anna-laptop')
    const drift = (await journey.vpnctl('drift')).stdout
    expect(drift).toContain(`${HQ}/peers/anna-laptop`)
    expect(drift).not.toContain(carol)
  })
})

describe('what cannot be accepted is named with its place, and the line to write', () => {
  const withVariable = `${QUICKSTART}`
    .replace('wireguardGateways:', 'vars: { tier: STANDARD }\nwireguardGateways:')
    .replace('    gatewayIP', `    tier: $\{var.tier}\n    gatewayIP`)

  test('a variable', async () => {
    journey.write(withVariable)
    await editHq({ tier: 'PREMIUM', description: 'Moved' })
    const { code, stderr } = await journey.vpnctl('accept', HQ, '--write')
    expect(code).toBe(3)
    expect(stderr).toContain('error[VPN612]: vpn.yaml:11:11')
    expect(stderr).toContain('write by hand: tier: PREMIUM')
    expect(file()).toBe(withVariable)
  })

  test('while --all-changed writes the rest, and says so by its exit code', async () => {
    journey.write(withVariable)
    await editHq({ tier: 'PREMIUM', description: 'Moved' })
    const { code, stderr } = await journey.vpnctl('accept', '--all-changed', '--write')
    expect(code).toBe(8)
    expect(stderr).toContain('warning[VPN612]')
    expect(file()).toBe(withVariable.replace('Head office', 'Moved'))
    const again = await journey.vpnctl('accept', '--all-changed', '--write')
    expect(again.code).toBe(8)
    expect(file()).toBe(withVariable.replace('Head office', 'Moved'))
  })

  test('an alias', async () => {
    const text = QUICKSTART.replace(
      'wireguardGateways:',
      'x-tier: &tier STANDARD\nwireguardGateways:',
    ).replace('    gatewayIP', '    tier: *tier\n    gatewayIP')
    journey.write(text)
    await editHq({ tier: 'PREMIUM' })
    const { code, stderr } = await journey.vpnctl('accept', `${HQ}:tier`, '--write')
    expect(code).toBe(3)
    expect(stderr).toContain('error[VPN610]: vpn.yaml:11:11')
    expect(file()).toBe(text)
  })

  test('a secret', async () => {
    await editHq({ privateKey: 'dGhyb3ctYXdheS1sYWItZ2F0ZXdheS1rZXktMDAwMSE=', description: 'Moved' })
    const { code, stderr } = await journey.vpnctl('accept', HQ, '--write')
    expect(code).toBe(6)
    expect(stderr).toContain('privateKey is a secret')
    expect(stderr).toContain(`to accept the rest: vpnctl accept ${HQ}:description --write`)
    expect(file()).toBe(QUICKSTART)
    expect((await journey.vpnctl('accept', `${HQ}:description`, '--write')).code).toBe(0)
    expect(file()).toContain('Moved')
  })

  test.each([
    ['no word at all', [], 64],
    ['words and --all-changed', [HQ, '--all-changed'], 64],
    ['standard input', [HQ, '-f', '-'], 64],
    ['a misspelled address', ['wireguardgateways/hp'], 64],
    ['a field that does not exist', [`${HQ}:foo`], 64],
    ['an empty word', [''], 64],
  ])('%s', async (_, argv, code) => {
    expect((await journey.run(['accept', ...argv, '--write'], { stdin: QUICKSTART })).code).toBe(code)
    expect(file()).toBe(QUICKSTART)
  })

  test('an ignored difference with --all-changed; by its name it is accepted', async () => {
    const ignoring = `${QUICKSTART}drift: { ignore: [{ address: "${HQ}:description" }] }\n`
    journey.write(ignoring)
    await editHq({ description: 'Ignored' })
    expect((await journey.vpnctl('accept', '--all-changed', '--write')).stderr).toContain('Nothing to accept')
    expect(file()).toBe(ignoring)
    expect((await journey.vpnctl('accept', `${HQ}:description`, '--write')).code).toBe(0)
    expect(file()).toContain('description: Ignored')
  })

  test('and nothing differs: exit 0', async () => {
    const all = await journey.vpnctl('accept', '--all-changed', '--write')
    expect([all.code, all.stdout]).toEqual([0, ''])
    const one = await journey.vpnctl('accept', `${HQ}:tier`, '--write')
    expect([one.code, one.stderr]).toEqual([0, `no difference to accept: ${HQ}:tier\n`])
    expect(file()).toBe(QUICKSTART)
  })
})
