import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** A built checkout. */
export interface Build {
  readonly name: string
  readonly folder: string
  /** The command line, to be run by Node. */
  readonly cli: string
}

/** The build of the working tree. */
export function buildHere(useAsIs: boolean): Build {
  if (!useAsIs) run('.', 'node', ['build.mjs'])
  return buildIn('working tree', resolve('.'))
}

/** The build of a revision in a checkout of its own; `dispose` takes it away. */
export function buildRevision(revision: string): Build & { readonly dispose: () => void } {
  const parent = mkdtempSync(join(tmpdir(), 'vpnctl-bench-'))
  const folder = join(parent, 'checkout')
  run('.', 'git', ['worktree', 'add', '--detach', '--quiet', folder, revision])
  const same =
    readFileSync('package-lock.json', 'utf8') === readFileSync(join(folder, 'package-lock.json'), 'utf8')
  if (same) symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  else run(folder, 'npm', ['ci', '--no-audit', '--no-fund', '--silent'])
  run(folder, 'node', ['build.mjs'])
  const dispose = (): void => {
    run('.', 'git', ['worktree', 'remove', '--force', folder])
    rmSync(parent, { recursive: true, force: true })
  }
  return { ...buildIn(revision, folder), dispose }
}

function buildIn(name: string, folder: string): Build {
  return { name, folder, cli: join(folder, 'dist/cli/bin.js') }
}

function run(cwd: string, command: string, args: readonly string[]): void {
  execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
}
