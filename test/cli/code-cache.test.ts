import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { compileWithCache } from '../../src/cli/code-cache.ts'

const require = createRequire(import.meta.url)

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'vpnctl-home-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const folder = (): string => join(home, '.cache', 'vpnctl')
const caches = (): readonly string[] => (existsSync(folder()) ? readdirSync(folder()) : [])

function code(text: string, uid = process.getuid?.(), build = 'build.cjs') {
  const file = join(home, 'code.cjs')
  writeFileSync(file, text)
  return compileWithCache(file, build, { env: { HOME: home }, uid, pid: process.pid })
}

test('the bundle holds no import(), which compiled code cannot do: the question of an apply failed by one', () => {
  const bundles = readdirSync('dist/cli').filter((file) => file.endsWith('.cjs'))
  expect(bundles).toHaveLength(1)
  expect(readFileSync(join('dist/cli', bundles[0] ?? ''), 'utf8')).not.toMatch(/[^.\w]import\(/)
})

describe('compiled code', () => {
  test('is kept for the next start, readable by its owner alone', () => {
    const first = code('exports.answer = () => 42')
    expect((first.run(require) as { answer: () => number }).answer()).toBe(42)
    first.keep()
    expect(caches()).toEqual([expect.stringMatching(/^build\.cjs-[0-9a-f]+\.cache$/)])
    expect(statSync(join(folder(), caches()[0] ?? '')).mode & 0o077).toBe(0)
    expect((code('exports.answer = () => 42').run(require) as { answer: () => number }).answer()).toBe(42)
  })

  test('of another build has a cache of its own, since V8 compares no more than the length', () => {
    code('exports.answer = 1').keep()
    const other = code('exports.answer = 2', undefined, 'other.cjs')
    expect(other.run(require)).toEqual({ answer: 2 })
    other.keep()
    expect(caches()).toHaveLength(2)
  })

  test('removes caches that are older than 30 days when it makes one', () => {
    code('exports.answer = 1').keep()
    const [old = ''] = caches()
    const file = join(folder(), old)
    code('exports.answer = 2', undefined, 'second.cjs').keep()
    expect(caches()).toContain(old)
    const longAgo = Date.now() / 1000 - 31 * 86_400
    utimesSync(file, longAgo, longAgo)
    code('exports.answer = 3', undefined, 'third.cjs').keep()
    expect(caches()).toHaveLength(2)
    expect(caches()).not.toContain(old)
  })

  test('runs without a cache that is not one, and replaces it', () => {
    const before = code('exports.answer = 1')
    before.keep()
    const cache = join(folder(), caches()[0] ?? '')
    writeFileSync(cache, 'no cache')
    // Another text, since V8 keeps what it has compiled within one process.
    const again = code('exports.answer = 3')
    expect(again.run(require)).toEqual({ answer: 3 })
    again.keep()
    expect(statSync(cache).size).toBeGreaterThan(8)
  })

  test('is neither read from nor written to a folder that others own or may write to', () => {
    mkdirSync(folder(), { recursive: true })
    code('exports.answer = 1', (process.getuid?.() ?? 0) + 1).keep()
    chmodSync(folder(), 0o777)
    code('exports.answer = 1').keep()
    expect(caches()).toEqual([])
  })

  test('makes no file where there is no home', () => {
    const file = join(home, 'code.cjs')
    writeFileSync(file, 'exports.answer = 1')
    const compiled = compileWithCache(file, 'b', { env: {}, uid: 0, pid: 1 })
    expect(compiled.run(require)).toEqual({ answer: 1 })
    compiled.keep()
    expect(readdirSync(home)).toEqual(['code.cjs'])
  })
})

test('each command keeps a cache of its own, and one that does not exist keeps none', () => {
  for (const command of ['explain', 'schema', 'schmea'])
    spawnSync(process.execPath, [resolve('dist/cli/bin.js'), command], {
      env: { PATH: process.env.PATH, HOME: home },
    })
  expect(caches().map((name) => /-([a-z]+)-[0-9a-f]+\.cache$/.exec(name)?.[1])).toEqual(['explain', 'schema'])
})

test('the command line says the same with a cache and without', () => {
  const run = (): string =>
    execFileSync(process.execPath, [resolve('dist/cli/bin.js'), 'help', 'exit-codes'], {
      env: { PATH: process.env.PATH, HOME: home },
      encoding: 'utf8',
    })
  const first = run()
  expect(caches()).toHaveLength(1)
  expect(run()).toBe(first)
})
