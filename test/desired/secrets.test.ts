import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { entriesOf } from '../../src/desired/entries.ts'
import { resolveSecrets } from '../../src/desired/secrets.ts'
import { type LoadOptions, loadFiles } from '../../src/engine/load-files.ts'
import type { Entry } from '../../src/kinds/rule.ts'
import { sample, toYaml } from '../setup/sample-files.ts'
import { runCli } from '../support/run-cli.ts'

const KEY = Buffer.alloc(32, 7).toString('base64')
const OTHER = Buffer.alloc(32, 9).toString('base64')
const PSK = 'dGhyb3ctYXdheSBrZXkgZm9yIHRlc3RzIG9ubHk='
const ENV = { HQ_KEY: KEY, LAB_KEY: OTHER, BERLIN_PSK: PSK, PARIS_PSK: `${PSK}2` }
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vpnctl-secrets-'))
  await mkdir(join(folder, 'conf'))
})
afterAll(() => rm(folder, { recursive: true }))

async function load(reference: unknown, options: Partial<LoadOptions> = {}) {
  const file = sample()
  file.wireguardGateways[0].privateKey = reference
  await writeFile(join(folder, 'conf/vpn.yaml'), toYaml(file))
  return loadFiles({
    files: ['conf/vpn.yaml'],
    cwd: folder,
    env: ENV,
    readStdin: async () => new Uint8Array(),
    secrets: 'required',
    ...options,
  })
}

const keyFile = async (name: string, content: string | Uint8Array, mode = 0o600) => {
  await writeFile(join(folder, 'conf', name), content)
  await chmod(join(folder, 'conf', name), mode)
  return { file: name }
}

describe('a reference to a secret', () => {
  it('is followed to the environment', async () => {
    const { desired, diagnostics } = await load({ env: 'HQ_KEY' })
    expect(diagnostics).toEqual([])
    expect(desired?.resources[0]?.secrets[0]?.value?.reveal()).toBe(KEY)
  })

  it('is followed to a file next to the YAML file, whose last newline is dropped', async () => {
    const { desired, diagnostics } = await load(await keyFile('hq.key', `${KEY}\n`))
    expect(diagnostics).toEqual([])
    expect(desired?.resources[0]?.secrets[0]?.value?.reveal()).toBe(KEY)
  })

  it('is followed through a link, as mounted secrets are', async () => {
    await keyFile('real.key', KEY)
    await symlink('real.key', join(folder, 'conf/link.key'))
    expect((await load({ file: 'link.key' })).diagnostics).toEqual([])
  })

  it('that leads nowhere is an error, a warning, or not looked at', async () => {
    const severities = async (secrets: LoadOptions['secrets']) =>
      (await load({ env: 'NOT_SET' }, { secrets })).diagnostics.map(({ code, severity }) => [code, severity])
    expect(await severities('required')).toEqual([['VPN403', 'error']])
    expect(await severities('optional')).toEqual([['VPN403', 'warning']])
    expect(await severities('ignore')).toEqual([])
  })

  it.each([
    { file: OTHER },
    { env: 'X2wosbaw74M8hQGbK3jCCaEusR6CCFRa' },
  ])('that holds the key itself is reported without repeating it: %#', async (reference) => {
    await load(reference)
    const [written] = Object.values(reference)
    for (const command of ['validate --resolve-secrets', 'plan --sandbox --data unused.json']) {
      const { code, stdout, stderr } = await runCli([...command.split(' '), '-f', 'conf/vpn.yaml'], {
        cwd: folder,
        env: ENV,
      })
      expect(code).toBe(3)
      expect(stderr).toContain('this looks like the key itself')
      expect(stdout + stderr).not.toContain(written)
    }
  })

  it.each([
    { file: 'keys/Prod/hq1Gateway' },
    { env: 'HQ_WIREGUARD_PRIVATE_KEY_2' },
  ])('with an ordinary name that leads nowhere names it: %j', async (reference) => {
    const { diagnostics } = await load(reference)
    expect(diagnostics.map(({ message }) => message).join()).toContain(Object.values(reference)[0])
  })

  it('that is optional leaves the value out and the rest in', async () => {
    const { desired } = await load({ file: 'not-there.key' }, { secrets: 'optional' })
    expect(desired?.resources[0]?.secrets).toMatchObject([
      { reference: { from: 'file', path: 'not-there.key' }, value: null },
    ])
  })
})

describe('reading secrets', () => {
  const declared = async () => {
    const { documents } = await loadConfig({
      files: ['-'],
      cwd: folder,
      env: {},
      readStdin: async () => Buffer.from(toYaml(sample())),
      vars: {},
      varFiles: [],
    })
    return documents.flatMap(entriesOf)
  }

  it('leaves the entries that it is given as they are', async () => {
    const entries = await declared()
    const resolved = await resolveSecrets(entries, { env: ENV, mode: 'required' })
    const valuesOf = (all: readonly Entry[]) =>
      all.flatMap(({ resource }) => resource.secrets.map(({ value }) => value?.reveal()))
    expect(valuesOf(resolved.entries)).toEqual(expect.arrayContaining([KEY, OTHER, PSK]))
    expect(new Set(valuesOf(entries))).toEqual(new Set([undefined]))
  })

  it('gives entries whose parents, children and resources are those with the secrets', async () => {
    const { entries } = await resolveSecrets(await declared(), { env: ENV, mode: 'required' })
    const children = entries.filter(({ parent }) => parent !== null)
    expect(children).not.toEqual([])
    for (const child of children) {
      expect(entries.some((entry) => entry === child.parent)).toBe(true)
      expect(child.parent?.children).toContain(child)
      expect(child.resource.parent).toBe(child.parent?.resource)
    }
  })
})

describe('a secret that cannot be used', () => {
  it('is reported, without any of it', async () => {
    const references = {
      VPN404: [{ env: 'EMPTY' }, await keyFile('empty.key', '\n')],
      VPN405: [
        { file: '.' },
        await keyFile('binary.key', new Uint8Array([0xff, 0xfe, 0x00])),
        await keyFile('large.key', 'SENTINEL'.repeat(10_000)),
      ],
      VPN406: [await keyFile('open.key', KEY, 0o644)],
      VPN407: [{ env: 'NO_KEY' }, await keyFile('text.key', 'SENTINEL')],
    }
    for (const [code, list] of Object.entries(references)) {
      for (const reference of list) {
        const { diagnostics } = await load(reference, {
          env: { ...ENV, EMPTY: '', NO_KEY: 'SENTINEL' },
        })
        expect(diagnostics, JSON.stringify(reference)).toMatchObject([
          { code, at: { file: 'conf/vpn.yaml' } },
        ])
        expect(JSON.stringify(diagnostics)).not.toContain('SENTINEL')
      }
    }
  })
})

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: placeholders of pipelines
describe('a value that is never meant as a secret', () => {
  const tunnel = async (text: string, options: Partial<LoadOptions> = {}) => {
    const { desired, diagnostics } = await load(
      { env: 'HQ_KEY' },
      { ...options, env: { ...ENV, BERLIN_PSK: text } },
    )
    const reported = diagnostics
      // The values here are short.
      .filter(({ code }) => code !== 'VPN327')
      .map(({ severity, code, message }) => `${severity} ${code} ${message}`)
    expect(reported.join()).not.toContain('SENTINEL')
    return { isUsable: desired !== null, reported }
  }

  it.each([
    '$(SITE_PSK)',
    ' $(SITE_PSK) ',
    '${SITE_PSK}',
    '${{ secrets.SITE_PSK }}',
    '$SITE_PSK',
    '%SITE_PSK%',
  ])('is a placeholder of a pipeline: %s', async (text) => {
    const reported = 'VPN409 auth.psk.key (env BERLIN_PSK) is a placeholder that the pipeline did not replace'
    expect(await tunnel(text)).toEqual({ isUsable: false, reported: [`error ${reported}`] })
    // A plan of a fork has no secrets.
    expect(await tunnel(text, { secrets: 'optional' })).toEqual({
      isUsable: true,
      reported: [`warning ${reported}`],
    })
  })

  it.each([
    ['SENTINEL one\nSENTINEL two', 'has more than one line'],
    ['# for Berlin\nSENTINEL', 'has more than one line'],
    ['SENTINEL\rSENTINEL', 'has more than one line'],
    ['SENTINEL\u2028SENTINEL', 'has more than one line'],
    ['SENTINEL\u200bSENTINEL', 'contains an invisible character (U+200B)'],
    ['SENTINEL\ufeffSENTINEL', 'contains an invisible character (U+FEFF)'],
    ['SENTINEL\u00a0SENTINEL', 'contains an invisible character (U+00A0)'],
    ['SENTINEL\tSENTINEL', 'contains an invisible character (U+0009)'],
    ['SENTINEL\u202eSENTINEL', 'contains an invisible character (U+202E)'],
  ])('has what nobody types: %j', async (text, why) => {
    const reported = [`error VPN410 auth.psk.key (env BERLIN_PSK) ${why}`]
    expect(await tunnel(text)).toEqual({ isUsable: false, reported })
    expect(await tunnel(text, { secrets: 'optional' })).toEqual({ isUsable: false, reported })
  })

  it('in a file too', async () => {
    const { diagnostics } = await load(await keyFile('commented.key', `# for hq\n${KEY}\n`))
    expect(diagnostics.map(({ code }) => code)).toEqual(['VPN410'])
  })

  it.each([
    '$ecret-of-tests',
    'a$(b)',
    '100%',
    '%%',
    '$1',
    'two words',
    'ümläut ключ 鍵 🔑',
  ])('is none of these, which someone may have chosen: %s', async (text) => {
    expect(await tunnel(text)).toEqual({ isUsable: true, reported: [] })
  })
})

// biome-ignore-end lint/suspicious/noTemplateCurlyInString: placeholders of pipelines

describe('a secret that is written in the file', () => {
  it('is refused with the line to write instead', async () => {
    const { diagnostics } = await load(KEY)
    expect(diagnostics).toMatchObject([
      { code: 'VPN401', hint: 'write instead: privateKey: { env: HQ_PRIVATE_KEY }' },
    ])
  })

  it('is taken when that is allowed', async () => {
    const { desired, diagnostics } = await load(KEY, { allowPlaintextSecrets: true })
    expect(diagnostics).toEqual([])
    expect(desired?.resources[0]?.secrets).toMatchObject([{ reference: { from: 'literal' } }])
    expect(desired?.resources[0]?.secrets[0]?.value?.reveal()).toBe(KEY)
  })

  it('is blotted in the text that code frames show, and nothing else moves', async () => {
    for (const allowPlaintextSecrets of [true, false]) {
      for (const secret of [KEY, 'SENTINEL words', 'x']) {
        const { sources } = await load(secret, { allowPlaintextSecrets })
        const text = sources.get('conf/vpn.yaml') ?? ''
        expect(text).toContain(`privateKey: ${'*'.repeat(secret.length)}\n`)
        expect(text).toContain('lanId: "10"')
      }
    }
  })

  it('is blotted where the YAML around it is broken', async () => {
    await writeFile(join(folder, 'broken.yaml'), `version: [\nprivateKey: SENTINEL\npsk: { key: ${KEY} }\n`)
    const { sources } = await loadFiles({
      files: ['broken.yaml'],
      cwd: folder,
      env: {},
      readStdin: async () => new Uint8Array(),
      secrets: 'ignore',
    })
    expect(sources.get('broken.yaml')).not.toMatch(/SENTINEL|BwcH/)
  })
})

describe('a secret that is written as the name of a member', () => {
  it.each([
    ['{ SENTINEL-x }', 'a string is in the place of "key"'],
    ['{ key:SENTINEL-x }', 'a space is missing after the colon of "key"'],
    ['{ SENTINEL-x: }', 'a string is in the place of "key"'],
  ])('is not repeated: psk: %s', async (psk, message) => {
    const text = toYaml(sample()).replace(/psk:\s+key:\s+env: BERLIN_PSK/, `psk: ${psk}`)
    expect(text).toContain('SENTINEL')
    const { stderr, code } = await runCli(['validate', '-f', '-'], { stdin: text })
    expect(code).toBe(3)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('SENTINEL')
  })
})

describe('warnings', () => {
  it('are errors when strict', async () => {
    const { desired, diagnostics } = await load({ env: 'X' }, { secrets: 'optional', strict: true })
    expect(desired).toBeNull()
    expect(diagnostics).toMatchObject([{ severity: 'error', code: 'VPN403' }])
  })

  it('are silenced by a comment on the line or alone above it, code by code', async () => {
    const text = toYaml(sample()).replace('203.0.113.10', '10.0.0.1')
    const codes = async (changed: string) =>
      (
        await loadFiles({
          files: ['-'],
          cwd: folder,
          env: {},
          readStdin: async () => Buffer.from(changed),
          secrets: 'ignore',
        })
      ).diagnostics.map(({ code }) => code)
    expect(await codes(text)).toEqual(['VPN341'])
    expect(await codes(text.replace('10.0.0.1', '10.0.0.1 # vpnctl-ignore VPN341'))).toEqual([])
    expect(await codes(text.replace('    gatewayIP', '    # vpnctl-ignore VPN341\n    gatewayIP'))).toEqual(
      [],
    )
    expect(await codes(text.replace('10.0.0.1', '10.0.0.1 # vpnctl-ignore VPN303'))).toEqual([
      'VPN341',
      'VPN122',
    ])
  })

  it('that are errors cannot be silenced', async () => {
    const text = toYaml(sample()).replace('203.0.113.10', 'nowhere # vpnctl-ignore VPN205')
    const { diagnostics } = await loadFiles({
      files: ['-'],
      cwd: folder,
      env: {},
      readStdin: async () => Buffer.from(text),
      secrets: 'ignore',
    })
    expect(diagnostics).toMatchObject([{ code: 'VPN205' }])
  })
})
