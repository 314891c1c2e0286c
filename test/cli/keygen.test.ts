import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { derivePublicKey } from '../../src/kinds/wireguard/keys.ts'
import { type RunResult, runCli } from '../support/run-cli.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keygen-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const vpnctl = (...argv: string[]): Promise<RunResult> => runCli(argv, { cwd: folder })
const file = (name: string): string => readFileSync(join(folder, name), 'utf8')
const mode = (name: string): number => statSync(join(folder, name)).mode & 0o777

describe('vpnctl keygen', () => {
  it('writes the private key to a file of the owner alone and prints the public key', async () => {
    const { code, stdout, stderr } = await vpnctl('keygen', 'wireguard', '--out', 'hq.key')
    expect([code, stderr]).toEqual([0, 'The private key is in hq.key, which only its owner can read.\n'])
    expect(stdout).toBe(`${derivePublicKey(file('hq.key'))}\n`)
    expect(mode('hq.key')).toBe(0o600)
  })

  it('never replaces a file, unless forced, and then not with the old mode', async () => {
    writeFileSync(join(folder, 'hq.key'), 'the only copy', { mode: 0o644 })
    const refused = await vpnctl('keygen', 'wireguard', '--out', 'hq.key')
    expect(refused.code).toBe(6)
    expect(refused.stderr).toContain('--force')
    expect(file('hq.key')).toBe('the only copy')
    expect((await vpnctl('keygen', 'wireguard', '--out', 'hq.key', '--force')).code).toBe(0)
    expect(file('hq.key')).toMatch(/^[A-Za-z0-9+/]{43}=\n$/)
    expect(mode('hq.key')).toBe(0o600)
  })

  it('leaves nothing else in the folder, whether it worked or not', async () => {
    await vpnctl('keygen', 'psk', '--out', 'a')
    await vpnctl('keygen', 'psk', '--out', 'a')
    const { readdirSync } = await import('node:fs')
    expect(readdirSync(folder)).toEqual(['a'])
  })

  it('prints the secret part alone on stdout when asked, and the public line as with --out', async () => {
    const { stdout, stderr } = await vpnctl('keygen', 'wireguard', '--stdout')
    expect(stdout).toMatch(/^[A-Za-z0-9+/]{43}=\n$/)
    expect(stderr).toBe(`${derivePublicKey(stdout)}\n`)
  })

  it('makes a pre-shared key of 32 bytes', async () => {
    const { stdout, stderr } = await vpnctl('keygen', 'psk', '--stdout')
    expect([stdout, stderr]).toEqual([`${Buffer.alloc(32, 7).toString('base64')}\n`, ''])
  })

  it.each([
    [[]],
    [['--stdout', '--out', 'x']],
  ])('needs a flag that says where the secret goes: %j', async (flags) => {
    const { code, stdout, stderr } = await vpnctl('keygen', 'psk', ...flags)
    expect([code, stdout]).toEqual([64, ''])
    expect(stderr).toContain('--out FILE, or --stdout')
  })

  it('says what is wrong with a place that cannot be written', async () => {
    const { code, stderr } = await vpnctl('keygen', 'psk', '--out', 'no/such/folder/key')
    expect([code, stderr]).toEqual([1, 'error: cannot write no/such/folder/key: its folder does not exist\n'])
  })
})
