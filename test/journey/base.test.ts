import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Journey, startJourney } from '../support/journey.ts'
import { faultsOf } from '../support/report-schemas.ts'
import type { RunResult } from '../support/run-cli.ts'

const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')
const CHANGED = QUICKSTART.replace('10.99.0.3/32', '10.99.0.33/32')

let journey: Journey

beforeEach(async () => {
  journey = await startJourney()
  journey.write(QUICKSTART)
})
afterEach(() => journey.close())

function git(...args: readonly string[]): void {
  const settings = [
    '-c',
    'user.name=test',
    '-c',
    'user.email=test@example.com',
    '-c',
    'init.defaultBranch=main',
  ]
  execFileSync('git', [...settings, ...args], { cwd: journey.folder, stdio: 'pipe' })
}

function commit(): void {
  git('add', '-A')
  git('commit', '-qm', 'x')
}

function plan(base: string, more: readonly string[] = [], cwd = journey.folder): Promise<RunResult> {
  return journey.run(['plan', '--base', base, ...more], { env: { PATH: process.env.PATH }, cwd })
}

/** Applied at the base; then the file moves ben, and someone moves anna. */
async function bothMove(): Promise<void> {
  await journey.vpnctl('apply', '--yes')
  const headers = { authorization: 'Bearer someone-else' }
  const list = await fetch(`${journey.sandbox.url}/wireguardgateways`, { headers })
  const { items } = (await list.json()) as { items: { id: string }[] }
  await journey.edit(`wireguardgateways/${items[0]?.id}/peers`, 'anna-laptop', {
    allowedIPs: ['10.99.0.77/32'],
  })
  journey.write(CHANGED)
}

describe('plan --base', () => {
  test('FILE reports what the change wants from what it would undo, in every form', async () => {
    journey.write(QUICKSTART, 'before.yaml')
    await bothMove()
    const text = await plan('before.yaml')
    expect(text.stdout).toContain('Compared with before.yaml: 1 intent, 1 drift.')
    expect(text.stdout).toMatch(
      /anna-laptop will be updated in-place\n.*drift: live changed, the file did not/,
    )
    expect(text.stdout).toMatch(
      /ben-laptop will be updated in-place\n.*intent: the file changed since the base/,
    )
    expect(text.stdout).toMatch(/^Plan: 0 to add, 2 to change, 0 to destroy\.$/m)
    const document = JSON.parse((await plan('before.yaml', ['--format', 'json'])).stdout)
    expect(faultsOf('plan', document)).toEqual([])
    expect(document.base).toEqual({
      name: 'before.yaml',
      summary: { intent: 1, drift: 1, conflict: 0, mixed: 0, pending: 0 },
    })
    expect(
      document.changes.map(({ name, origin }: { name: string; origin: string }) => [name, origin]),
    ).toEqual([
      ['anna-laptop', 'drift'],
      ['ben-laptop', 'intent'],
    ])
    const markdown = (await plan('before.yaml', ['--format', 'markdown'])).stdout
    expect(markdown).toContain('Compared with before.yaml: 1 intent, 1 drift.')
    expect(markdown).toMatch(/anna-laptop` \| .* · \*\*drift\*\* \|/)
  })

  test('a plan that was saved with it can be applied, and shows the marks', async () => {
    journey.write(QUICKSTART, 'before.yaml')
    await bothMove()
    await plan('before.yaml', ['--out', 'p.json'])
    expect((await journey.vpnctl('show', 'p.json')).stdout).toContain('1 intent, 1 drift')
    expect((await journey.vpnctl('apply', 'p.json')).code).toBe(0)
  })

  test('needs no secrets of the base', async () => {
    journey.write(QUICKSTART.replace('QUICKSTART_PRIVATE_KEY', 'NOT_HERE'), 'before.yaml')
    const result = await plan('before.yaml')
    expect(result.code).toBe(0)
    expect(result.stderr).not.toContain('NOT_HERE')
  })

  test('a base with faults is a warning; the plan goes on without marks', async () => {
    journey.write('version: 1\nstck: x\n', 'before.yaml')
    const result = await plan('before.yaml')
    expect(result.code).toBe(0)
    expect(result.stderr).toContain('warning[VPN532]')
    expect(result.stdout).not.toContain('Compared with')
    const document = JSON.parse((await plan('before.yaml', ['--format', 'json'])).stdout)
    expect(document.warnings).toMatchObject([{ code: 'VPN532' }])
  })
})

describe('plan --base git:REF', () => {
  test('reads the same files at the commit, from any folder, and leaves nothing behind', async () => {
    git('init', '-q')
    mkdirSync(join(journey.folder, 'prod/vpn'), { recursive: true })
    journey.write(QUICKSTART, 'prod/vpn/a b.yaml')
    commit()
    await bothMove()
    journey.write(CHANGED, 'prod/vpn/a b.yaml')
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('vpnctl-base-'))
    for (const [file, cwd] of [
      ['vpn.yaml', '.'],
      ['prod/vpn', '.'],
      ['vpn', 'prod'],
      ['vpn/*.yaml', 'prod'],
      ['**/a*.yaml', '.'],
      [join(journey.folder, 'prod/vpn/a b.yaml'), 'prod'],
      ['.', 'prod/vpn'],
    ] as const) {
      const result = await plan('git:HEAD', ['-f', file], join(journey.folder, cwd))
      expect(result.stdout, `${file} in ${cwd}`).toContain('Compared with git:HEAD: 1 intent, 1 drift.')
    }
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('vpnctl-base-'))).toEqual(before)
    execFileSync('git', ['diff', '--cached', '--quiet'], { cwd: journey.folder })
  })

  test('takes the variables of this run', async () => {
    git('init', '-q')
    journey.write(QUICKSTART.replace('10.99.0.3/32', `"\${var.ben}"`))
    commit()
    const result = await plan('git:HEAD', ['--var', 'ben=10.99.0.3/32'])
    expect(result.stdout).toContain('Compared with git:HEAD: 3 drift.')
  })

  test('what was not there yet is all intent', async () => {
    git('init', '-q')
    git('commit', '-q', '--allow-empty', '-m', 'x')
    expect((await plan('git:HEAD')).stdout).toContain('Compared with git:HEAD: 3 intent.')
  })

  test('in a shallow clone it says how to fetch the base', async () => {
    git('init', '-q', 'origin')
    journey.write(QUICKSTART, 'origin/vpn.yaml')
    git('-C', 'origin', 'add', '-A')
    git('-C', 'origin', 'commit', '-qm', 'one')
    git('-C', 'origin', 'commit', '-q', '--allow-empty', '-m', 'two')
    git('clone', '-q', '--depth=1', `file://${join(journey.folder, 'origin')}`, 'clone')
    const result = await plan('git:origin/release', [], join(journey.folder, 'clone'))
    expect(result.code).toBe(1)
    expect(result.stderr).toContain('this clone is shallow and does not have it')
    expect(result.stderr).toContain('git fetch --depth=1 origin +release:refs/remotes/origin/release')
    expect((await plan('git:HEAD', [], join(journey.folder, 'clone'))).code).toBe(0)
    // What a server cannot be asked for by this name.
    for (const ref of ['git:HEAD~1', 'git:322c005c47'])
      expect((await plan(ref, [], join(journey.folder, 'clone'))).stderr).toContain(
        'git fetch --unshallow origin',
      )
  })

  test.each([
    ['git:--output=x', 64, /names no commit/],
    ['git:', 64, /names no commit/],
    ['git:HEAD x', 64, /names no commit/],
    [
      'git:nowhere',
      1,
      /git knows no such commit.*git fetch origin \+nowhere:.*then use git:origin\/nowhere/s,
    ],
    ['git:HEAD:nothing.yaml', 1, /git:HEAD has no nothing.yaml/],
  ])('%s is refused, and cannot be an option of git', async (base, code, why) => {
    git('init', '-q')
    commit()
    const result = await plan(base)
    expect(result.stderr).toMatch(why)
    expect(result.code).toBe(code)
    expect(readdirSync(journey.folder).sort()).toEqual(['.git', 'vpn.yaml'])
  })

  test('without a repository, without git, and outside of the repository it says so', async () => {
    expect((await plan('git:HEAD')).stderr).toContain('this is not a git repository')
    const noGit = await journey.run(['plan', '--base', 'git:HEAD'], { env: { PATH: '/nowhere' } })
    expect(noGit.stderr).toContain('needs git, which is not installed here')
    mkdirSync(join(journey.folder, 'inner'))
    git('init', '-q', 'inner')
    git('-C', 'inner', 'commit', '-q', '--allow-empty', '-m', 'x')
    const outside = await plan('git:HEAD', ['-f', '../vpn.yaml'], join(journey.folder, 'inner'))
    expect(outside.stderr).toContain('../vpn.yaml is not in this git repository')
  })
})

describe('a commit that git would not make', () => {
  const object = (kind: string, text: string): string =>
    execFileSync('git', kind === 'blob' ? ['hash-object', '-w', '--stdin'] : ['mktree'], {
      cwd: journey.folder,
      input: text,
    })
      .toString()
      .trim()

  // A file of that name, as often within the tree as there are parts, in folders of those names.
  function commitOf(parts: readonly string[], name: string): void {
    git('init', '-q')
    commit()
    let tree = object('tree', `100644 blob ${object('blob', 'version: 1\n')}\t${name}\n`)
    for (const part of parts.toReversed()) tree = object('tree', `040000 tree ${tree}\t${part}\n`)
    const made = execFileSync(
      'git',
      ['-c', 'user.name=test', '-c', 'user.email=test@example.com', 'commit-tree', '-m', 'x', tree],
      { cwd: journey.folder },
    )
    git('tag', '-f', 'evil', made.toString().trim())
  }

  test.each([
    [['..']],
    [['a', '..', '..', '..']],
    [['.']],
  ])('writes nothing outside of its folder: %j', async (parts) => {
    const name = `vpnctl-outside-${process.pid}-${parts.length}.yaml`
    commitOf(parts, name)
    const { code, stderr } = await plan('git:evil', ['-f', '.'])
    expect(code).toBe(1)
    expect(stderr).toContain('would be written outside of its folder')
    expect(stderr).not.toContain('fault of vpnctl')
    expect(existsSync(join(tmpdir(), name))).toBe(false)
    expect(existsSync(join(tmpdir(), '..', name))).toBe(false)
  })

  test('that has a file where it has a folder is reported in one sentence', async () => {
    git('init', '-q')
    commit()
    const blob = object('blob', 'version: 1\n')
    const inner = object('tree', `100644 blob ${blob}\tb.yaml\n`)
    const tree = object('tree', `100644 blob ${blob}\ta.yaml\n040000 tree ${inner}\ta.yaml\n`)
    const made = execFileSync(
      'git',
      ['-c', 'user.name=test', '-c', 'user.email=test@example.com', 'commit-tree', '-m', 'x', tree],
      { cwd: journey.folder },
    )
    git('tag', '-f', 'evil', made.toString().trim())
    const { code, stderr } = await plan('git:evil', ['-f', '.'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/the path "a.yaml.*" of this commit cannot be written here/)
  })
})
