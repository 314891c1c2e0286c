import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { SHARED_CODE_CACHE } from '../support/code-cache.ts'
import { openStage, QUICKSTART, type Stage } from '../support/stage.ts'

let stage: Stage

afterEach(() => stage.close())

interface Ended {
  /** Of the command line itself, whatever its output goes to. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the built command line in a shell. `line` says where its output goes: `vpnctl plan | head -1`. */
function shell({ folder, env }: Stage, line: string): Promise<Ended> {
  const vpnctl = 'vpnctl() { "$NODE" "$CLI" "$@"; echo $? >code; }'
  const words = { NODE: process.execPath, CLI: resolve('dist/cli/bin.js'), PATH: process.env.PATH ?? '' }
  return new Promise((done) => {
    execFile(
      'sh',
      ['-c', `${vpnctl}; ${line}`],
      { cwd: folder, env: { ...SHARED_CODE_CACHE, ...env, ...words } },
      (_error, stdout, stderr) => done({ code: Number(stage.read('code')), stdout, stderr }),
    )
  })
}

const names = (): readonly unknown[] =>
  stage.sandbox.store.resources().map(({ properties }) => properties.name)
const ALL = ['hq', 'anna-laptop', 'ben-laptop']

describe('a reader that leaves', () => {
  test.each([
    '2>&1 | head -1',
    '2>&1 | grep -q .',
    '2>/dev/null | true',
    '2>&1 >/dev/null | true',
  ])('changes nothing of an apply (%s)', async (behind) => {
    stage = await openStage()
    const { code } = await shell(stage, `vpnctl apply --yes ${behind}`)
    expect([code, names()]).toEqual([0, ALL])
  })

  test('changes no verdict', async () => {
    stage = await openStage()
    expect((await shell(stage, 'vpnctl plan --detailed-exitcode | true')).code).toBe(2)
    expect((await shell(stage, 'vpnctl drift | true')).code).toBe(2)
    expect((await shell(stage, 'vpnctl plan | true')).code).toBe(0)
    expect((await shell(stage, 'vpnctl validate -f no.yaml 2>&1 | true')).code).toBe(3)
  })
})

describe('a full disk behind standard output', () => {
  test('lets an apply go on, and it says so', async () => {
    stage = await openStage()
    const { code, stderr } = await shell(stage, 'vpnctl apply --yes >/dev/full')
    expect([code, names()]).toEqual([0, ALL])
    expect(stderr.match(/^error: cannot write to standard output: no space is left;.*$/gm)).toHaveLength(1)
    expect(stderr).not.toMatch(/^ +at /m)
  })

  test('is an error of a command that only prints, and no other verdict changes', async () => {
    stage = await openStage()
    for (const [words, expected] of [
      ['plan', 1],
      ['plan --detailed-exitcode', 2],
      ['drift', 2],
      ['export', 1],
      ['keygen psk --stdout', 1],
      ['--help', 1],
      ['--version', 1],
    ] as const) {
      const { code, stderr } = await shell(stage, `vpnctl ${words} >/dev/full`)
      expect([words, code]).toEqual([words, expected])
      expect(stderr).not.toMatch(/^ +at /m)
    }
  })
})

test('a full disk behind standard error changes nothing', async () => {
  stage = await openStage()
  expect((await shell(stage, 'vpnctl plan --verbose --detailed-exitcode 2>/dev/full')).code).toBe(2)
  const { code, stdout } = await shell(stage, 'vpnctl apply --yes 2>/dev/full')
  expect([code, names()]).toEqual([0, ALL])
  expect(stdout).toContain('Apply complete!')
})

test('a full disk behind both lets an apply go on, and a failure keeps its code', async () => {
  stage = await openStage({}, `${QUICKSTART}\nunknown: 1\n`)
  expect((await shell(stage, 'vpnctl apply --yes >/dev/full 2>&1')).code).toBe(3)
  stage.write(QUICKSTART)
  expect((await shell(stage, 'vpnctl apply --yes >/dev/full 2>&1')).code).toBe(0)
  expect(names()).toEqual(ALL)
})

test('a current folder that was deleted is reported in one sentence', async () => {
  stage = await openStage()
  const gone = 'home=$PWD; mkdir gone; cd gone; rmdir ../gone'
  const { stderr } = await shell(stage, `${gone}; vpnctl plan; cd "$home"; echo 1 >code`)
  expect(stderr).toMatch(/^error: the current folder does not exist any more\n {2}= hint: .*\n/)
})
