import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, posix } from 'node:path'
import { expect, test } from 'vitest'

// What is behind `import type` and `import(...)` is not loaded at once.
const LOADED = /^(?:import|export) (?!type )[^;]*? from '(\.[^']+)'$/gm

// `internal/fs/streams` is standard input, where that is a file.
const UNUSED =
  /^NativeModule (crypto|dns|http|https|tls|tty|readline|child_process|perf_hooks|fs\/promises|internal\/fs\/streams)$/

/** The files that are loaded before any code of `file` runs. */
function loadedWith(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(LOADED)) {
    loadedWith(posix.normalize(posix.join(dirname(file), specifier)), seen)
  }
  return seen
}

test.each([
  'validate',
  'plan',
  'apply',
  'drift',
])('%s loads no tables that only few of its runs need', (name) => {
  const loaded = loadedWith(`src/cli/commands/${name}/run.ts`)
  expect(loaded).toContain('src/engine/load-files.ts')
  expect([...loaded].filter((file) => /api\/remote|sandbox\/server/.test(file))).toEqual([])
})

test('validate of a file loads no modules of Node for keys, for networks, or for what it does not read', () => {
  const modules = execFileSync(
    process.execPath,
    [
      '--require',
      './test/support/loaded-modules.cjs',
      'dist/cli/bin.js',
      'validate',
      '-f',
      'examples/quickstart.yaml',
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  ).split('\n')
  expect(modules).toContain('NativeModule vm')
  expect(modules.filter((name) => UNUSED.test(name))).toEqual([])
})
