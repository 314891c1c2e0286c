import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMPLETION_SCRIPTS } from '../../src/cli/commands/completion/scripts.ts'

// What zsh's own functions would get: the group, and the words.
const STUBS = `
compdef() { :; }
_describe() { print -r -- "group $2"; for each in "\${(@P)3}"; do print -r -- "\${each%%:*}"; done; }
compset() { print -r -- "compset $*"; }
_files() { print -r -- files; }
`
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnctl-zsh-'))
  mkdirSync(join(folder, 'bin'))
  const bin = join(folder, 'bin/vpnctl')
  writeFileSync(bin, `#!/bin/sh\nexec '${process.execPath}' '${resolve('dist/cli/bin.js')}' "$@"\n`)
  chmodSync(bin, 0o755)
  writeFileSync(join(folder, '_vpnctl'), COMPLETION_SCRIPTS.zsh)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function completed(...words: readonly string[]): readonly string[] {
  const quoted = ['vpnctl', ...words].map((word) => `'${word}'`).join(' ')
  const script = `${STUBS}source ./_vpnctl; words=(${quoted}); CURRENT=${words.length + 1}; _vpnctl`
  const { stdout } = spawnSync('zsh', ['-f', '-c', script], {
    cwd: folder,
    env: { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, HOME: folder },
    encoding: 'utf8',
  })
  return stdout.trimEnd().split('\n')
}

const hasZsh = spawnSync('zsh', ['-c', 'true']).status === 0

describe.skipIf(!hasZsh)('zsh', () => {
  test.each([
    [['stat'], ['group command', 'status']],
    [
      ['plan', '--var'],
      ['group option', '--var', '--var-file'],
    ],
    [
      ['help', 'addr'],
      ['group value', 'addresses'],
    ],
    [
      ['explain', 'VPN616'],
      ['group value', 'VPN616'],
    ],
    [
      ['plan', '--var-file', ''],
      ['compset -P --*=', 'files'],
    ],
    [
      ['plan', '--var-file=x'],
      ['compset -P --*=', 'files'],
    ],
  ])('completes %j in a group of its own', (words, expected) => {
    expect(completed(...words)).toEqual(expected)
  })
})
