import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { derivePublicKey } from '../../src/kinds/wireguard/keys.ts'
import { type Journey, startJourney } from '../support/journey.ts'

const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')
const OTHER_KEY = '9GCzWfGEkeM855tl2kjVtE+MnzHBkv1sJi4+Swo1c2E='
// Made for this test, used nowhere else.
const OLD_PSK = 'dGhyb3ctYXdheS1wcmUtc2hhcmVkLWtleS1iZXJsaW4='
const TUNNEL = (key: string, name = 'berlin', ip = 11): string => `  - name: ${name}-gateway
    gatewayIP: 203.0.113.${ip}
    connections: [{ datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "2", ipv4CIDR: 192.168.1.${ip}/24 }]
    tunnels:
      - name: ${name}
        remoteHost: vpn.${name}.example.com
        auth: { psk: { key: ${key} } }
        ike: { diffieHellmanGroup: 19-ECP256, encryptionAlgorithm: AES256, integrityAlgorithm: SHA256 }
        esp: { diffieHellmanGroup: 19-ECP256, encryptionAlgorithm: AES256, integrityAlgorithm: SHA256 }
        cloudNetworkCIDRs: [192.168.1.0/24]
        peerNetworkCIDRs: [10.${ip}.0.0/16]
`
const IPSEC = 'version: 1\nstack: acme\nlocation: de/fra\nipsecGateways:\n'
const BERLIN = 'rotation/de-fra/ipsecgateways/berlin-gateway/tunnels/berlin'
const HQ = 'rotation/de-fra/wireguardgateways/hq/gateway'
const HQ_PEERS = 'rotation/de-fra/wireguardgateways/hq/peers'

let journey: Journey
beforeEach(async () => {
  journey = await startJourney()
})
afterEach(() => journey.close())

const file = (name = 'vpn.yaml'): string => readFileSync(join(journey.folder, name), 'utf8')
const modeOf = (name: string): number => statSync(join(journey.folder, name)).mode & 0o777
const rotate = (env: Record<string, string>, ...argv: string[]) => journey.run(['rotate', ...argv], { env })

describe('the first step of a rotation', () => {
  test('makes a key and the configuration of the other end, for their owner alone, and nothing else', async () => {
    const text = IPSEC + TUNNEL('{ env: BERLIN_PSK }')
    journey.write(text)
    const { code, stdout, stderr } = await rotate({ BERLIN_PSK: OLD_PSK }, 'berlin')
    expect(code).toBe(0)
    const key = file(`${BERLIN}/new.key`).trim()
    expect(Buffer.from(key, 'base64')).toHaveLength(32)
    expect(stdout + stderr).not.toContain(key)
    expect(file(`${BERLIN}/berlin.conf`)).toContain(Buffer.from(key).toString('base64'))
    expect([modeOf(`${BERLIN}/new.key`), modeOf(`${BERLIN}/berlin.conf`)]).toEqual([0o600, 0o600])
    expect(file('rotation/.gitignore')).toBe('*\n')
    expect(stderr).toContain(`export BERLIN_PSK="$(cat ${BERLIN}/new.key)"`)
    expect(file()).toBe(text)
    expect(journey.writes()).toEqual([])
  })

  test('keeps the key that is prepared already', async () => {
    journey.write(IPSEC + TUNNEL('{ env: BERLIN_PSK }'))
    await rotate({}, 'berlin')
    const prepared = 'cHJlcGFyZWQtYmVmb3JlLXRocm93LWF3YXktMDAwMDE='
    journey.write(`${prepared}\n`, `${BERLIN}/new.key`)
    rmSync(join(journey.folder, BERLIN, 'berlin.conf'))
    const { code, stdout } = await rotate({}, 'berlin')
    expect(code).toBe(0)
    expect(stdout).toContain('was prepared before')
    expect(file(`${BERLIN}/new.key`)).toBe(`${prepared}\n`)
    expect(file(`${BERLIN}/berlin.conf`)).toContain(Buffer.from(prepared).toString('base64'))
  })

  test('is refused while the folder has a key that was switched, and says what to do', async () => {
    journey.write(IPSEC + TUNNEL('{ env: BERLIN_PSK }'))
    await rotate({}, 'berlin')
    const key = file(`${BERLIN}/new.key`)
    const { stderr: switched } = await rotate({ BERLIN_PSK: key.trim() }, 'berlin', '--switch')
    expect(switched).toContain('now current.key')
    const { code, stderr } = await rotate({ BERLIN_PSK: key.trim() }, 'berlin')
    expect(code).toBe(6)
    expect(stderr).toContain('current.key is the new key of the last rotation')
    expect(file(`${BERLIN}/current.key`)).toBe(key)
    rmSync(join(journey.folder, BERLIN), { recursive: true })
    expect((await rotate({}, 'berlin')).code).toBe(0)
  })

  test('of a gateway writes the new public key for every peer', async () => {
    journey.write(QUICKSTART)
    await rotate({}, 'hq')
    const key = derivePublicKey(file(`${HQ}/new.key`))
    for (const name of ['anna-laptop', 'ben-laptop'])
      expect(file(`${HQ}/${name}.conf`)).toContain(`PublicKey = ${key}`)
  })

  test('of a peer writes its configuration with the new private key', async () => {
    journey.write(QUICKSTART)
    await rotate({}, 'anna-laptop')
    const folder = `${HQ_PEERS}/anna-laptop`
    expect(file(`${folder}/anna-laptop.conf`)).toContain(`PrivateKey = ${file(`${folder}/new.key`).trim()}`)
    expect(file()).toBe(QUICKSTART)
  })
})

describe('the switch', () => {
  test('replaces the key in the file of the reference, keeps the old one, and is live with --apply', async () => {
    journey.write(QUICKSTART.replace('{ env: QUICKSTART_PRIVATE_KEY }', '{ file: hq.key }'))
    const old = journey.env.QUICKSTART_PRIVATE_KEY ?? ''
    journey.write(`${old}\n`, 'hq.key')
    await journey.vpnctl('apply', '--yes')
    journey.writes()
    await rotate({}, 'hq')
    const key = file(`${HQ}/new.key`)
    const { code } = await rotate({}, 'hq', '--switch', '--apply', '--yes')
    expect(code).toBe(0)
    expect([file('hq.key'), file(`${HQ}/old.key`)]).toEqual([key, `${old}\n`])
    expect([modeOf('hq.key'), modeOf(`${HQ}/old.key`)]).toEqual([0o600, 0o600])
    expect(journey.writes()).toEqual(['PUT /wireguardgateways/ID'])
    expect((await journey.vpnctl('plan')).stdout).toContain('No changes.')
    const again = await rotate({}, 'hq', '--switch')
    expect([again.code, file('hq.key')]).toEqual([64, key])
    expect(again.stderr).toContain('is switched already')
  })

  test('with --apply ends as apply does where the new key is not in its variable', async () => {
    journey.write(IPSEC + TUNNEL('{ env: BERLIN_PSK }'))
    await rotate({ BERLIN_PSK: OLD_PSK }, 'berlin')
    for (const env of [{}, { BERLIN_PSK: OLD_PSK }] as const) {
      const { code, stderr } = await rotate(env, 'berlin', '--switch', '--apply', '--yes')
      expect([code, stderr]).toEqual([3, expect.stringContaining('nothing was changed')])
    }
  })

  test('of a pre-shared key writes the date, and a pipeline without a flag sends the key once', async () => {
    journey.write(IPSEC + TUNNEL('{ env: BERLIN_PSK }'))
    await journey.run(['apply', '--yes'], { env: { BERLIN_PSK: OLD_PSK } })
    await rotate({ BERLIN_PSK: OLD_PSK }, 'berlin')
    const BERLIN_PSK = file(`${BERLIN}/new.key`).trim()
    // The date has seconds, and the tunnel was changed in this one.
    await new Promise((resolve) => setTimeout(resolve, 1100))
    expect(await rotate({}, 'berlin', '--switch')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('BERLIN_PSK is not set here; nothing was changed'),
    })
    expect((await rotate({ BERLIN_PSK }, 'berlin', '--switch')).code).toBe(0)
    expect(file()).toMatch(/key: \{ env: BERLIN_PSK \}, rotatedAt: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \}/)
    journey.writes()
    await journey.run(['apply', '--yes'], { env: { BERLIN_PSK } })
    expect(journey.writes()).toEqual(['PUT /ipsecgateways/ID/tunnels/ID'])
    await journey.run(['apply', '--yes'], { env: { BERLIN_PSK } })
    expect(journey.writes()).toEqual([])
  })

  test('of a pre-shared key is applied from a plan that was saved without the key', async () => {
    const written = IPSEC + TUNNEL('{ env: BERLIN_PSK }')
    const at = (text: string): string =>
      text.replace('{ env: BERLIN_PSK }', `{ env: BERLIN_PSK }, rotatedAt: ${now()}`)
    const now = (): string => new Date().toISOString()
    const saved = async (): Promise<number> => {
      await journey.vpnctl('plan', '--out', 'p.json')
      journey.writes()
      const { code } = await journey.run(['apply', 'p.json'], { env: { BERLIN_PSK: OLD_PSK } })
      return code
    }
    // The creation of a tunnel that has the date already.
    journey.write(at(written))
    expect(await saved()).toBe(0)
    expect(journey.writes()).toHaveLength(2)
    journey.write(at(written))
    expect(await saved()).toBe(0)
    expect(journey.writes()).toEqual(['PUT /ipsecgateways/ID/tunnels/ID'])
    // Another change, when the rotation is done.
    journey.write(file().replace('name: berlin\n', 'name: berlin\n        description: Berlin\n'))
    expect(await saved()).toBe(0)
    expect(journey.writes()).toEqual(['PUT /ipsecgateways/ID/tunnels/ID'])
    // Another date than that of the plan.
    journey.write(at(written))
    await journey.vpnctl('plan', '--out', 'p.json')
    journey.write(at(written))
    const { code, stderr } = await journey.run(['apply', 'p.json'], { env: { BERLIN_PSK: OLD_PSK } })
    expect([code, stderr]).toEqual([7, expect.stringContaining('is not the same in the files: auth.psk.key')])
  })

  test('is refused while the variable has the old key, and changes nothing', async () => {
    const text = IPSEC + TUNNEL('{ env: BERLIN_PSK }')
    journey.write(text)
    await rotate({ BERLIN_PSK: OLD_PSK }, 'berlin')
    const { code, stderr } = await rotate({ BERLIN_PSK: OLD_PSK }, 'berlin', '--switch')
    expect(code).toBe(3)
    expect(stderr).toContain('BERLIN_PSK does not have the new key yet')
    expect(file()).toBe(text)
    expect(existsSync(join(journey.folder, BERLIN, 'new.key'))).toBe(true)
  })

  test('of one key in two tunnels is one switch for both', async () => {
    const key = '{ file: shared.psk }'
    journey.write(`${OLD_PSK}\n`, 'shared.psk')
    journey.write(IPSEC + TUNNEL(key) + TUNNEL(key, 'paris', 12))
    const { stderr } = await rotate({}, 'berlin')
    expect(stderr).toContain('The same key is used by ipsecgateways/paris-gateway/tunnels/paris')
    expect(file(`${BERLIN}/paris.conf`)).toContain('vpn.paris.example.com')
    await rotate({}, 'berlin', '--switch')
    expect(file().match(/rotatedAt/g)).toHaveLength(2)
  })

  test('of a peer edits its public key, a given one too', async () => {
    journey.write(QUICKSTART)
    await rotate({}, 'anna-laptop')
    const key = derivePublicKey(file(`${HQ_PEERS}/anna-laptop/new.key`))
    await rotate({}, 'anna-laptop', '--switch')
    expect(file()).toContain(`publicKey: ${key}`)
    await rotate({}, 'anna-laptop', '--switch', '--public-key', OTHER_KEY)
    expect(file()).toContain(`publicKey: ${OTHER_KEY}`)
  })

  test('of a peer to a key that its device made names no configurations: there are none', async () => {
    journey.write(QUICKSTART)
    await journey.vpnctl('apply', '--yes')
    const argv = ['anna-laptop', '--switch', '--public-key', OTHER_KEY, '--apply', '--yes']
    const { code, stderr } = await rotate({}, ...argv)
    expect([code, stderr.includes('its configuration is in')]).toEqual([0, false])
  })
})

describe('a rotation is refused', () => {
  test.each([
    ['of a gateway without a key', ['berlin-gateway'], 64],
    ['of what the files do not have', ['paris'], 64],
    ['where nothing is prepared', ['berlin', '--switch'], 64],
    ['with --apply and no --switch', ['berlin', '--apply'], 64],
    ['with a public key for a tunnel', ['berlin', '--switch', '--public-key', OTHER_KEY], 64],
    ['with a public key that is none', ['berlin', '--switch', '--public-key', 'abc'], 64],
    ['with a public key and no --switch', ['berlin', '--public-key', OTHER_KEY], 64],
  ])('%s', async (_, argv, code) => {
    const text = IPSEC + TUNNEL('{ env: BERLIN_PSK }')
    journey.write(text)
    expect((await rotate({ BERLIN_PSK: OLD_PSK }, ...argv)).code).toBe(code)
    expect(file()).toBe(text)
  })

  test('where the key is written in the file itself, without showing it', async () => {
    journey.write(IPSEC + TUNNEL(OLD_PSK))
    const { code, stdout, stderr } = await rotate({}, 'berlin', '--allow-plaintext-secrets')
    expect(code).toBe(6)
    expect(stdout + stderr).not.toContain(OLD_PSK)
  })

  test('where the prepared file has no key in it', async () => {
    journey.write(QUICKSTART)
    await rotate({}, 'hq')
    journey.write('nonsense\n', `${HQ}/new.key`)
    const { code, stderr } = await rotate({}, 'hq')
    expect(code).toBe(1)
    expect(stderr).toContain('has no key in it')
    expect(stderr).not.toContain('nonsense')
  })

  test('where no one can be asked, and the files stay', async () => {
    journey.write(QUICKSTART)
    await rotate({}, 'anna-laptop')
    expect((await rotate({}, 'anna-laptop', '--switch', '--apply')).code).toBe(64)
    expect(file()).toBe(QUICKSTART)
  })
})
