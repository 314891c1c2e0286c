import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Journey, startJourney } from '../support/journey.ts'

const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')
const OTHER_KEY = '9GCzWfGEkeM855tl2kjVtE+MnzHBkv1sJi4+Swo1c2E='
// Made for this test, used nowhere else.
const THROW_AWAY_KEY = 'dGhyb3ctYXdheS1sYWItZ2F0ZXdheS1rZXktMDAwMSE='

let journey: Journey
beforeEach(async () => {
  journey = await startJourney()
  journey.write(QUICKSTART)
})
afterEach(() => journey.close())

const file = (): string => readFileSync(join(journey.folder, 'vpn.yaml'), 'utf8')
const live = async (): Promise<readonly string[]> => {
  const { stdout } = await journey.vpnctl('status', '--format', 'json')
  const { resources } = JSON.parse(stdout) as { resources: { address: string }[] }
  return resources.map(({ address }) => address)
}

// As someone without the files makes it.
async function addRogue(): Promise<void> {
  const hq = journey.sandbox.url
  const headers = { authorization: 'Bearer another', 'content-type': 'application/json' }
  const answer = await fetch(`${hq}/wireguardgateways`, { headers })
  const list = (await answer.json()) as { items: readonly [{ id: string }] }
  const id = '11111111-1111-4111-8111-111111111111'
  const properties = { name: 'rogue', publicKey: OTHER_KEY, allowedIPs: ['10.99.0.4/32'] }
  const path = `${hq}/wireguardgateways/${list.items[0].id}/peers/${id}`
  const put = await fetch(path, { method: 'PUT', headers, body: JSON.stringify({ id, properties }) })
  expect(put.ok).toBe(true)
}

describe('a device gets access', () => {
  test('by one command: address, key, entry and configuration', async () => {
    const { code, stdout } = await journey.vpnctl(
      ...['peer', 'add', 'hq', 'carol', '--keygen', '--out', 'carol.conf', '--description', 'Phone'],
      ...['--expires', '2099-12-31'],
    )
    expect(code).toBe(0)
    expect((await journey.vpnctl('fmt', '--check')).code).toBe(0)
    const config = readFileSync(join(journey.folder, 'carol.conf'), 'utf8')
    const [, privateKey = ''] = /^PrivateKey = (\S+)$/m.exec(config) ?? []
    expect(privateKey).toHaveLength(44)
    expect(stdout + file()).not.toContain(privateKey)
    expect(statSync(join(journey.folder, 'carol.conf')).mode & 0o077).toBe(0)
    expect(config).toContain('Address = 10.99.0.4/32')
    expect(file()).toMatch(/ {6}- name: carol\n(?: {8}.*\n)* {8}publicKey: /)
    expect(stdout).toMatch(/^\+ {6}- name: carol$/m)
    expect(journey.writes()).toEqual([])
    await journey.vpnctl('apply', '--yes')
    expect((await journey.vpnctl('plan')).stdout).toContain('No changes.')
  })

  test('with its own key and the networks behind it', async () => {
    await journey.vpnctl('peer', 'add', 'hq', 'site-b', '--public-key', OTHER_KEY, '--site', '10.20.0.0/16')
    expect(file()).toContain('allowedIPs: [10.99.0.4/32, 10.20.0.0/16]')
  })

  test('and not the address of a peer that is in no file, when live is read', async () => {
    await journey.vpnctl('apply', '--yes')
    await addRogue()
    await journey.vpnctl('peer', 'add', 'hq', 'carol', '--keygen', '--out', 'c.conf', '--live')
    expect(file()).toContain('allowedIPs: [10.99.0.5/32]')
  })

  test.each([
    ['without a key', ['peer', 'add', 'hq', 'x'], 64],
    ['with a key that is not a key', ['peer', 'add', 'hq', 'x', '--public-key', 'abc'], 64],
    ['with a new key and no place for it', ['peer', 'add', 'hq', 'x', '--keygen'], 64],
    ['on a gateway that the files do not have', ['peer', 'add', 'no', 'x', '--public-key', OTHER_KEY], 64],
    ['under a name that is taken', ['peer', 'add', 'hq', 'anna-laptop', '--public-key', OTHER_KEY], 3],
    ['on standard input', ['peer', 'add', 'hq', 'x', '--public-key', OTHER_KEY, '-f', '-'], 64],
  ])('not %s, and the file stays as it is', async (_, argv, code) => {
    const result = await journey.run(argv, { stdin: QUICKSTART })
    expect(result.code).toBe(code)
    expect(file()).toBe(QUICKSTART)
  })
})

test.each([
  [['--public-key', OTHER_KEY, '--expires', '2020-01-01'], '--expires 2020-01-01 is in the past'],
  [['--public-key', OTHER_KEY, '--keygen'], '--public-key and --keygen exclude each other'],
])('peer add with %j is wrong usage', async (flags, why) => {
  const { code, stderr } = await journey.vpnctl('peer', 'add', 'hq', 'dora', ...flags)
  expect(code).toBe(64)
  expect(stderr).toContain(why)
  expect(file()).toBe(QUICKSTART)
})

describe('access is revoked', () => {
  test('in the files, with the diff, and nothing live', async () => {
    await journey.vpnctl('apply', '--yes')
    journey.writes()
    const { code, stdout, stderr } = await journey.vpnctl('revoke', 'anna-laptop')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^- {6}- name: anna-laptop$/m)
    expect(stderr).toContain('vpnctl apply --target wireguardgateways/hq/peers/anna-laptop')
    expect(file()).not.toContain('anna-laptop')
    expect(file()).toContain('ben-laptop')
    expect(journey.writes()).toEqual([])
  })

  test('at once, and a later apply does not let the device in again', async () => {
    await journey.vpnctl('apply', '--yes')
    journey.writes()
    const { code, stderr } = await journey.vpnctl('revoke', 'anna-laptop', '--apply', '--yes')
    expect(stderr).toContain('Revoked: nothing live has the key of anna-laptop.')
    expect(code).toBe(0)
    expect(journey.writes()).toEqual(['DELETE /wireguardgateways/ID/peers/ID'])
    await journey.vpnctl('apply', '--yes')
    expect(await live()).toEqual(['wireguardgateways/hq', 'wireguardgateways/hq/peers/ben-laptop'])
  })

  test('and every other place of the key is named, with an exit code of its own while it is live', async () => {
    const second = QUICKSTART.replace('name: hq', 'name: lab').replace('203.0.113.10', '203.0.113.12')
    const [, gateway = ''] = second.split('wireguardGateways:\n')
    const unique = gateway
      .replaceAll('192.168.1.100', '192.168.1.101')
      .replace('QUICKSTART_PRIVATE_KEY', 'LAB_PRIVATE_KEY')
    writeFileSync(join(journey.folder, 'vpn.yaml'), `${QUICKSTART}${unique}`)
    const env = { LAB_PRIVATE_KEY: THROW_AWAY_KEY }
    await journey.run(['apply', '--yes'], { env })
    const address = 'wireguardgateways/hq/peers/anna-laptop'
    const { code, stderr } = await journey.run(['revoke', address, '--apply', '--yes'], { env })
    expect(stderr).toContain('the same key is in the files as wireguardgateways/lab/peers/anna-laptop too')
    expect(stderr).toContain('wireguardgateways/lab/peers/anna-laptop has the same key and is still live')
    expect(code).toBe(9)
  })

  test('by a mark where the files adopted it, since it would be unmanaged without its entry', async () => {
    await journey.vpnctl('apply', '--yes')
    const { stdout } = await journey.vpnctl('status', '--format', 'json')
    const { id } = JSON.parse(stdout).resources.find(({ address }: { address: string }) =>
      address.endsWith('anna-laptop'),
    )
    journey.write(file().replace('name: anna-laptop', `name: anna-laptop\n        id: ${id}`))
    const { stderr } = await journey.vpnctl('revoke', 'anna-laptop', '--apply', '--yes')
    expect(file()).toContain(`name: anna-laptop\n        id: ${id}\n        ensure: absent`)
    expect(stderr).toContain('Its entry with "ensure: absent" may be removed from the files.')
  })

  test('with a diff on stderr where stdout is for JSON', async () => {
    await journey.vpnctl('apply', '--yes')
    const json = ['revoke', 'anna-laptop', '--apply', '--yes', '--format', 'json']
    const { code, stdout, stderr } = await journey.run(json)
    expect(code).toBe(0)
    const types = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).type)
    expect(types.at(-1)).toBe('result')
    expect(stderr).toMatch(/^- {6}- name: anna-laptop$/m)
  })

  test.each([
    [[]],
    [['--format', 'json']],
  ])('not where nobody can be asked, and the file stays: %j', async (more) => {
    await journey.vpnctl('apply', '--yes')
    const { code, stdout, stderr } = await journey.vpnctl('revoke', 'anna-laptop', '--apply', ...more)
    expect(code).toBe(64)
    expect(stdout + stderr).toContain('nothing was changed')
    expect(file()).toBe(QUICKSTART)
  })

  test('in the files alone when live fails, and the way to finish is named and works', async () => {
    await journey.vpnctl('apply', '--yes')
    const nowhere = { VPNCTL_ENDPOINT: 'http://127.0.0.1:1' }
    const argv = ['revoke', 'anna-laptop', '--apply', '--yes', '--timeout', '2s']
    const { code, stderr } = await journey.run(argv, { env: nowhere })
    expect(code).not.toBe(0)
    const [, rest = ''] =
      /^note: the files are edited already; to undo that, take back the difference above\. To finish: vpnctl (.+)$/m.exec(
        stderr,
      ) ?? []
    expect(file()).not.toContain('anna-laptop')
    expect(rest).toContain(' --yes')
    expect((await journey.vpnctl(...rest.split(' '))).code).toBe(0)
    expect(await live()).toEqual(['wireguardgateways/hq', 'wireguardgateways/hq/peers/ben-laptop'])
  })

  test('with exit code 9 while it is still being deleted', async () => {
    const slow = await startJourney({ destroyMs: 3000 })
    try {
      slow.write(QUICKSTART)
      await slow.vpnctl('apply', '--yes')
      const revoke = ['revoke', 'anna-laptop', '--apply', '--yes', '--wait-timeout', '100ms']
      expect((await slow.vpnctl(...revoke)).code).toBe(9)
      const { code, stderr } = await slow.vpnctl(...revoke)
      expect([code, stderr]).toEqual([9, expect.stringContaining('anna-laptop is still being deleted')])
      expect(stderr).not.toContain('Revoked')
    } finally {
      await slow.close()
    }
  })

  test('by the same command again, where only the files are edited', async () => {
    await journey.vpnctl('apply', '--yes')
    await journey.vpnctl('revoke', 'anna-laptop')
    const { code, stderr } = await journey.vpnctl('revoke', 'anna-laptop', '--apply', '--yes')
    expect(code).toBe(0)
    expect(stderr).toContain('Revoked: nothing live has the key of anna-laptop.')
    expect(await live()).toEqual(['wireguardgateways/hq', 'wireguardgateways/hq/peers/ben-laptop'])
    const again = await journey.vpnctl('revoke', 'anna-laptop', '--apply', '--yes')
    expect(again.code).toBe(64)
    expect(again.stderr).toContain('it may be revoked already')
  })

  test('where it is not live, and its key is looked for all the same', async () => {
    await journey.vpnctl('apply', '--yes', '--target', 'wireguardgateways/hq/peers/ben-laptop')
    const { code, stderr } = await journey.vpnctl('revoke', 'anna-laptop', '--apply', '--yes')
    expect(code).toBe(0)
    expect(stderr).toContain('Revoked: nothing live has the key of anna-laptop.')
    expect(stderr).not.toContain('did you mean')
    expect(file()).not.toContain('anna-laptop')
  })

  test('not of an unmanaged peer, which the command that is named deletes, and nothing else', async () => {
    await journey.vpnctl('apply', '--yes')
    await addRogue()
    const { code, stderr } = await journey.vpnctl('revoke', 'wireguardgateways/hq/peers/rogue')
    expect(code).toBe(64)
    const [, command = ''] = /unmanaged with vpnctl ([^,]+),/.exec(stderr) ?? []
    expect(command).toBe('apply --prune all --target wireguardgateways/hq/peers/rogue')
    expect((await journey.vpnctl(...command.split(' '), '--yes')).code).toBe(0)
    expect(await live()).toEqual([
      'wireguardgateways/hq',
      'wireguardgateways/hq/peers/anna-laptop',
      'wireguardgateways/hq/peers/ben-laptop',
    ])
    expect(file()).toBe(QUICKSTART)
  })

  test('not of a peer whose entry is gone: the command that is named deletes it, and no other peer is proposed', async () => {
    await journey.vpnctl('apply', '--yes')
    expect((await journey.vpnctl('revoke', 'anna-laptop')).stderr).toContain('Live was not read.')
    const { code, stderr } = await journey.vpnctl('revoke', 'wireguardgateways/hq/peers/anna-laptop')
    expect(code).toBe(64)
    expect(stderr).not.toContain('did you mean')
    const [, command = ''] = /of this stack with vpnctl ([^,]+),/.exec(stderr) ?? []
    expect((await journey.vpnctl(...command.split(' '), '--yes')).code).toBe(0)
    expect(await live()).toEqual(['wireguardgateways/hq', 'wireguardgateways/hq/peers/ben-laptop'])
  })

  test.each([
    [
      'by its entry',
      QUICKSTART.replace('name: anna-laptop', 'name: anna-laptop\n        protect: true'),
      '"protect: true"',
    ],
    [
      'by the list',
      `${QUICKSTART}protected: [wireguardgateways/hq/peers/anna-laptop]\n`,
      'the "protected" list',
    ],
  ])('not where it is protected %s: the files and live stay', async (_, text, from) => {
    journey.write(text)
    await journey.vpnctl('apply', '--yes')
    journey.writes()
    for (const more of [[], ['--apply', '--yes']]) {
      const { code, stderr } = await journey.vpnctl('revoke', 'anna-laptop', ...more)
      expect(code).toBe(6)
      expect(stderr).toContain('wireguardgateways/hq/peers/anna-laptop is protected and would be deleted')
      expect(stderr).toContain(from)
      expect(file()).toBe(text)
    }
    expect(journey.writes()).toEqual([])
  })

  test('never of a whole gateway', async () => {
    expect((await journey.vpnctl('revoke', 'wireguardgateways/hq')).code).toBe(64)
  })
})

test('the next commands that a run with --sandbox prints use the sandbox too', async () => {
  const saved = await journey.vpnctl('plan', '--sandbox', '--out', 's.json')
  expect(saved.stderr).toContain('with: vpnctl apply s.json --sandbox')
  const revoked = await journey.vpnctl('revoke', 'anna-laptop', '--sandbox', '--data', 'other.json')
  expect(revoked.stderr).toContain(
    'vpnctl apply --sandbox --data other.json --target wireguardgateways/hq/peers/anna-laptop',
  )
})

test('the next commands that a run prints use the same files, variables and API', async () => {
  await journey.vpnctl('apply', '--yes')
  await addRogue()
  const api = ['--endpoint', journey.sandbox.url, '--profile', 'a b']
  const planned = await journey.vpnctl('plan', '-f', 'vpn.yaml', '--var-file', 'v.yaml', ...api)
  expect(planned.code).toBe(3)
  journey.write('{}', 'v.yaml')
  const shown = await journey.vpnctl(
    'plan',
    '-f',
    'vpn.yaml',
    '--var-file',
    'v.yaml',
    '--endpoint',
    api[1] ?? '',
  )
  expect(shown.stdout).toContain(
    `vpnctl adopt wireguardgateways/hq/peers/rogue --write -f vpn.yaml --var-file v.yaml --endpoint ${api[1]}`,
  )
  const added = await journey.vpnctl('peer', 'add', 'hq', 'carol', '--public-key', OTHER_KEY, '--sandbox')
  expect(added.stderr).toMatch(
    /^Nothing is live yet\. To review: vpnctl plan --sandbox\nTo apply: vpnctl apply --sandbox$/m,
  )
  const prepared = await journey.vpnctl('rotate', 'hq', '--out-dir', 'new keys', '--sandbox')
  expect(prepared.stderr).toContain("vpnctl rotate hq --out-dir 'new keys' --sandbox --switch")
})

test('a name that is in the files already is refused with its place, and no key is made', async () => {
  const { code, stderr } = await journey.vpnctl(
    'peer',
    'add',
    'hq',
    'anna-laptop',
    '--keygen',
    '--out',
    'a.conf',
  )
  expect(code).toBe(3)
  expect(stderr).toMatch(
    /error\[VPN210\]: vpn\.yaml:\d+:\d+ the files have a peer "anna-laptop" of "hq" already/,
  )
  expect(stderr).toContain('vpnctl rotate wireguardgateways/hq/peers/anna-laptop')
  expect(existsSync(join(journey.folder, 'a.conf'))).toBe(false)
})
