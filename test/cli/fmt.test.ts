import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RunResult, runCli } from '../support/run-cli.ts'

const UGLY = 'stack: acme  # ours\nversion: 1\n'
const NEAT = 'version: 1\nstack: acme  # ours\n'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmt-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const vpnctl = (argv: readonly string[], stdin = ''): Promise<RunResult> =>
  runCli(argv, { cwd: folder, stdin })
const write = (name: string, text: string, mode = 0o644): void =>
  writeFileSync(join(folder, name), text, { mode })
const read = (name: string): string => readFileSync(join(folder, name), 'utf8')

describe('vpnctl fmt', () => {
  it('prints the one file, and leaves it alone', async () => {
    write('vpn.yaml', UGLY)
    expect(await vpnctl(['fmt'])).toMatchObject({ code: 0, stdout: NEAT, stderr: '' })
    expect(read('vpn.yaml')).toBe(UGLY)
  })

  it('takes the files that a commit hook names', async () => {
    write('a.yaml', UGLY)
    write('b c.yaml', UGLY)
    expect((await vpnctl(['fmt', '--write', 'a.yaml', 'b c.yaml'])).code).toBe(0)
    expect([read('a.yaml'), read('b c.yaml')]).toEqual([NEAT, NEAT])
  })

  it('is a filter for standard input', async () => {
    expect(await vpnctl(['fmt', '-f', '-'], UGLY)).toMatchObject({ code: 0, stdout: NEAT, stderr: '' })
  })

  it('formats a folder in place and names what it changed', async () => {
    mkdirSync(join(folder, 'vpn'))
    write('vpn/a.yaml', UGLY)
    write('vpn/b.yaml', NEAT)
    expect(await vpnctl(['fmt', '-f', 'vpn', '--write'])).toMatchObject({
      code: 0,
      stdout: 'vpn/a.yaml\n',
      stderr: '',
    })
    expect(read('vpn/a.yaml')).toBe(NEAT)
    expect(await vpnctl(['fmt', '-f', 'vpn', '--write'])).toMatchObject({ code: 0, stdout: '', stderr: '' })
  })

  it('keeps the mode of a file, and a link a link', async () => {
    write('real.yaml', UGLY, 0o600)
    symlinkSync('real.yaml', join(folder, 'vpn.yaml'))
    await vpnctl(['fmt', '--write'])
    expect(lstatSync(join(folder, 'vpn.yaml')).isSymbolicLink()).toBe(true)
    expect([read('real.yaml'), statSync(join(folder, 'real.yaml')).mode & 0o777]).toEqual([NEAT, 0o600])
  })

  it('exits 2 with --check, names the files and writes nothing', async () => {
    write('vpn.yaml', UGLY)
    const checked = await vpnctl(['fmt', '--check'])
    expect(checked).toMatchObject({ code: 2, stdout: 'vpn.yaml\n' })
    expect(checked.stderr).toContain('fmt --write')
    expect(read('vpn.yaml')).toBe(UGLY)
    write('vpn.yaml', NEAT)
    expect(await vpnctl(['fmt', '--check'])).toMatchObject({ code: 0, stdout: '', stderr: '' })
  })

  it('writes nothing when any file is not YAML', async () => {
    write('a.yaml', UGLY)
    write('b.yaml', 'version: [1\n')
    const result = await vpnctl(['fmt', '-f', 'a.yaml', '-f', 'b.yaml', '--write'])
    expect(result).toMatchObject({ code: 3, stdout: '' })
    expect(result.stderr).toContain('b.yaml:')
    expect(read('a.yaml')).toBe(UGLY)
  })

  it('never shows a line of a file that cannot be read, since a secret may stand there', async () => {
    write('vpn.yaml', 'privateKey: "throw-away\nx: [\n')
    expect((await vpnctl(['fmt'])).stderr).not.toContain('throw-away')
  })

  it.each([
    [['fmt', '--check', '--write'], 'exclude'],
    [['fmt', '-f', '-', '--write'], 'standard input'],
    [['fmt', '-f', 'a.yaml', '-f', 'b.yaml'], '--write'],
  ])('refuses %j as wrong usage', async (argv, words) => {
    write('a.yaml', UGLY)
    write('b.yaml', UGLY)
    const result = await vpnctl(argv, UGLY)
    expect(result.code).toBe(64)
    expect(result.stderr).toContain(words)
  })

  it('explains itself', async () => {
    const { code, stdout } = await vpnctl(['fmt', '--help'])
    expect(code).toBe(0)
    for (const word of ['--check', '--write', 'exit 2', 'Examples:']) expect(stdout).toContain(word)
  })
})
