import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { SHARED_CODE_CACHE } from '../support/code-cache.ts'

const README = readFileSync('README.md', 'utf8')

// What is marked as not run needs an account, or changes the machine.
const SNIPPETS = [...README.matchAll(/(<!-- not run here: .* -->\n)?```sh\n([\s\S]*?)```/g)].map(
  ([, mark, script = '']) => ({ isRun: mark === undefined, script }),
)

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnctl-readme-'))
  mkdirSync(join(folder, 'bin'))
  const bin = `#!/bin/sh\nexec '${process.execPath}' '${resolve('dist/cli/bin.js')}' "$@"\n`
  writeFileSync(join(folder, 'bin/vpnctl'), bin, { mode: 0o755 })
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the commands of the README', () => {
  test('run as they are, one after the other, in an empty folder without an account', () => {
    const scripts = SNIPPETS.filter(({ isRun }) => isRun).map(({ script }) => script)
    expect(scripts.length).toBeGreaterThanOrEqual(2)
    for (const script of scripts) {
      const { status, stdout, stderr } = spawnSync('bash', ['-euc', script], {
        cwd: folder,
        env: { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, HOME: folder, ...SHARED_CODE_CACHE },
        encoding: 'utf8',
      })
      expect(status, `${script}\n${stdout}${stderr}`).toBe(0)
      expect(stdout + stderr).not.toContain(readFileSync(join(folder, 'hq.key'), 'utf8').trim())
    }
  })

  test('carry no remarks, which zsh takes for arguments where someone types or pastes them', () => {
    for (const { script } of SNIPPETS) expect(script).not.toMatch(/(^|\s)#/)
  })

  test('the two commands of a fresh machine are there, and their scripts too', () => {
    expect(README).toContain('npm ci && npm run demo')
    expect(README).toContain('npm ci && npm test')
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
    const named = [...README.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name ?? '')
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })
})

test('the image of the README is what a plan prints', () => {
  const image = join(folder, 'plan.svg')
  execFileSync(process.execPath, ['scripts/plan-image.mjs', image])
  const isUpdate = process.env.UPDATE_DOCS === '1'
  if (isUpdate) copyFileSync(image, 'docs/plan.svg')
  expect(readFileSync('docs/plan.svg', 'utf8'), 'out of date: npm run docs').toBe(readFileSync(image, 'utf8'))
})

describe('the reference of the README', () => {
  test('names every command, and no other', () => {
    const [table = ''] = README.slice(README.indexOf('| Command | |')).split('\n\n')
    const named = [...table.matchAll(/`([\w-]+)`/g)].map(([, name]) => name)
    expect(named.sort()).toEqual(COMMANDS.map(({ name }) => name).sort())
  })
})
