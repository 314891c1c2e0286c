import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Loaded, LoadOptions } from '../../src/engine/load-files.ts'
import { renderDiagnostics } from '../../src/report/diagnostics/text.ts'
import { loadText } from '../setup/load-text.ts'
import { type Sample, sample, toYaml } from '../setup/sample-files.ts'
import { runCli } from '../support/run-cli.ts'

const KEY = Buffer.alloc(32, 7).toString('base64')
const PSK = 'throw-away horse/battery'
const ENV = {
  HQ_KEY: KEY,
  LAB_KEY: Buffer.alloc(32, 9).toString('base64'),
  BERLIN_PSK: PSK,
  PARIS_PSK: 'dGhyb3ctYXdheSBrZXkgZm9yIHRlc3RzIG9ubHk=',
}
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vpnctl-repeated-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function load(change: (file: Sample) => void, options: Partial<LoadOptions> = {}): Promise<Loaded> {
  const file = sample()
  change(file)
  return loadText(toYaml(file), { env: ENV, secrets: 'required', ...options })
}

const faults = ({ diagnostics }: Loaded) => diagnostics.filter(({ code }) => code === 'VPN408')

/** All that a user sees of it. */
const shown = ({ diagnostics, sources }: Loaded): string =>
  renderDiagnostics(diagnostics, sources, { color: false }) + JSON.stringify(diagnostics)

describe('a secret that another field repeats', () => {
  it('is an error that names the field and whose secret it is, without the value', async () => {
    const loaded = await load((file) => {
      file.ipsecGateways[0].description = `the key is ${PSK}, ask nobody`
    })
    expect(loaded.desired).toBeNull()
    expect(loaded.diagnostics).toMatchObject([
      {
        severity: 'error',
        code: 'VPN408',
        message:
          'description repeats a secret, auth.psk.key of ipsecgateways/branch/tunnels/berlin, and is printed in plans and logs',
        address: 'ipsecgateways/branch',
        at: { file: '<stdin>' },
      },
    ])
    expect(shown(loaded)).not.toContain(PSK)
  })

  it.each<[string, (file: Sample) => void]>([
    ['the name of a gateway', (file) => (file.ipsecGateways[0].name = PSK)],
    ['the former name', (file) => (file.ipsecGateways[0].renamedFrom = PSK)],
    ['the name of the tunnel that it is for', (file) => (file.ipsecGateways[0].tunnels[0].name = PSK)],
    ['an item of a list', (file) => (file.ipsecGateways[0].tunnels[0].peerNetworkCIDRs = [PSK])],
    ['a member that nobody knows', (file) => (file.ipsecGateways[0][PSK] = 1)],
    ['the name of the stack', (file) => (file.stack = PSK)],
    ['the protected list', (file) => (file.protected = [PSK])],
    ['a reason to accept drift', (file) => (file.drift = { ignore: [{ address: '*', reason: PSK }] })],
    [
      'a variable that is used',
      (file) => {
        file.vars = { text: PSK }
        file.ipsecGateways[0].description = '$' + '{var.text}'
      },
    ],
  ])('is found in %s, and no diagnostic or frame shows it', async (_where, change) => {
    const loaded = await load(change)
    expect(faults(loaded).length).toBeGreaterThan(0)
    for (const form of [PSK, encodeURIComponent(PSK), PSK.replace('/', '%2F')])
      expect(shown(loaded)).not.toContain(form)
  })

  it('is found in the name of the variable and in the path of the file that hold it', async () => {
    const name = 'BERLIN_PRE_SHARED'
    const variable = await load((file) => (file.ipsecGateways[0].tunnels[0].auth.psk.key = { env: name }), {
      env: { ...ENV, [name]: name },
    })
    expect(faults(variable)).toMatchObject([
      { message: expect.stringMatching(/^auth\.psk\.key\.env repeats a secret/) },
    ])
    expect(shown(variable)).not.toContain(name)
    await writeFile(join(folder, 'berlin.psk'), 'berlin.psk', { mode: 0o600 })
    const path = await load(
      (file) => (file.ipsecGateways[0].tunnels[0].auth.psk.key = { file: 'berlin.psk' }),
      {
        cwd: folder,
      },
    )
    expect(faults(path)).toHaveLength(1)
  })

  it('is found although it cannot be used as the key that it is for', async () => {
    const loaded = await load((file) => (file.ipsecGateways[0].description = 'hunter2-hunter2'), {
      env: { ...ENV, HQ_KEY: 'hunter2-hunter2' },
    })
    expect(loaded.diagnostics.map(({ code }) => code).sort()).toEqual(['VPN407', 'VPN408'])
    expect(shown(loaded)).not.toContain('hunter2')
  })

  it('is hidden in comments of the file and in what is said about other fields', async () => {
    const loaded = await loadText(
      toYaml({ ...sample(), stack: `is ${PSK} `, location: PSK }).replace(
        'version: 1',
        `version: 2 # ${PSK}`,
      ),
      { env: ENV, secrets: 'optional' },
    )
    expect(loaded.diagnostics.map(({ code }) => code)).toContain('VPN408')
    expect(loaded.diagnostics.length).toBeGreaterThan(2)
    expect(shown(loaded)).not.toContain(PSK)
  })

  it('is hidden as it is written in YAML and in quotes', async () => {
    const env = { ...ENV, BERLIN_PSK: 'say "throw-away" twice' }
    const file = toYaml(sample()).replace(
      'location: de/fra',
      'location: "say \\x22throw-away\\" twice"\nprotected: ["say \\x22throw-\\x61way\\" twice"]',
    )
    const loaded = await loadText(file, { env, secrets: 'optional' })
    expect(loaded.diagnostics.map(({ code }) => code).sort()).toEqual(['VPN204', 'VPN408', 'VPN408'])
    expect(shown(loaded)).not.toMatch(/away|twice/)
  })

  it('is hidden where a sentence cuts a long value off in the middle of it', async () => {
    for (let before = 20; before < 100; before += 1) {
      const loaded = await load((file) => (file.location = `${'x'.repeat(before)}${PSK}`))
      expect(faults(loaded)).toHaveLength(1)
      expect(shown(loaded)).not.toContain(PSK.slice(0, 4))
    }
  })

  it('is reported next to another one in the same field, and neither is shown', async () => {
    const loaded = await load((file) => (file.ipsecGateways[0].name = `${KEY} ${PSK} ${KEY}`))
    expect(faults(loaded).map(({ message }) => message)).toEqual([
      expect.stringContaining('privateKey of wireguardgateways/hq'),
      expect.stringContaining('auth.psk.key of ipsecgateways/*** ***'),
    ])
    expect(shown(loaded)).not.toContain(PSK)
    expect(shown(loaded)).not.toContain(KEY)
    expect(shown(loaded)).not.toContain('%2Fbattery')
  })

  it('is reported once where it is in place of a public key', async () => {
    const loaded = await load((file) => (file.wireguardGateways[0].peers[0].publicKey = KEY))
    expect(loaded.diagnostics.map(({ code }) => code)).toEqual(['VPN311'])
    expect(shown(loaded)).not.toContain(KEY)
  })

  it('is found next to others that begin like it', async () => {
    const env = { ...ENV, BERLIN_PSK: 'throw-away-1', PARIS_PSK: 'throw-away-22' }
    const of = async (text: string) =>
      faults(await load((file) => (file.ipsecGateways[0].description = text), { env })).map(
        ({ message }) => message,
      )
    expect(await of('see throw-away-22')).toEqual([expect.stringContaining('/paris')])
    expect(await of('throw-away-1!')).toEqual([expect.stringContaining('/berlin')])
    expect(await of('throw-away-3, throw-away-2')).toEqual([])
  })

  it('is found in the file itself where keys may stand in it, but not in its own place', async () => {
    const plain = (more: string): Promise<Loaded> =>
      load(
        (file) => {
          file.vars = { psk: PSK }
          file.ipsecGateways[0].tunnels[0].auth.psk.key = '$' + '{var.psk}'
          file.ipsecGateways[0].description = more
        },
        { allowPlaintextSecrets: true },
      )
    expect(faults(await plain('nothing to see'))).toEqual([])
    expect(faults(await plain(`see ${PSK}`))).toHaveLength(1)
  })

  it('is not a fault when it is shorter than eight characters, or when nobody reads it', async () => {
    const short = { env: { ...ENV, BERLIN_PSK: 'berlin7' } }
    const describe7 = (file: Sample) => (file.ipsecGateways[0].description = 'berlin7')
    expect(faults(await load(describe7, short))).toEqual([])
    expect(
      faults(await load((file) => (file.ipsecGateways[0].description = PSK), { secrets: 'ignore' })),
    ).toEqual([])
    const eight = { env: { ...ENV, BERLIN_PSK: 'berlin78  ' } }
    expect(
      faults(await load((file) => (file.ipsecGateways[0].description = 'berlin78'), eight)),
    ).toHaveLength(1)
  })

  it('ends plan and apply with 3, before anything is printed or sent', async () => {
    const file = sample()
    file.wireguardGateways[0].description = `rotate ${KEY} soon`
    await writeFile(join(folder, 'vpn.yaml'), toYaml(file))
    for (const argv of [
      ['plan'],
      ['apply', '--yes'],
      ['plan', '--format', 'json'],
      ['validate', '--resolve-secrets'],
    ]) {
      const api = argv[0] === 'validate' ? [] : ['--sandbox', '--data', 'unused.json']
      const { code, stdout, stderr } = await runCli([...argv, ...api], { cwd: folder, env: ENV })
      expect(code).toBe(3)
      expect(stdout + stderr).toContain('VPN408')
      expect(stdout + stderr).not.toContain(KEY)
    }
  })
})
