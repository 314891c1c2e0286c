import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { SHARED_CODE_CACHE } from '../support/code-cache.ts'
import { EXAMPLE_ENV } from '../support/examples.ts'

/** The CLI that tests run as a process is the one that users get. */
export default function setup(): void {
  execFileSync(process.execPath, ['build.mjs', '--cli'], { stdio: 'inherit' })
  // The first run of a build fills the cache with what it compiled, so it is one that does much.
  rmSync(SHARED_CODE_CACHE.XDG_CACHE_HOME, { recursive: true, force: true })
  const argv = ['dist/cli/bin.js', 'apply', '--sandbox', '--yes', '-f', 'examples/quickstart.yaml']
  const env = { PATH: process.env.PATH, ...EXAMPLE_ENV, ...SHARED_CODE_CACHE }
  execFileSync(process.execPath, argv, { env, stdio: 'ignore' })
}
