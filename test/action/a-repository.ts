import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A git repository as a code host has it, with branches that people push. */
export interface Repository {
  /** What a clone is made from. */
  readonly folder: string
  git(...args: readonly string[]): string
  /** The commit of a branch or another name. */
  commitOf(name: string): string
  /** The text of a file at a branch. */
  textAt(name: string, path: string): string
  /** Commits files on top of `from`, and makes it the head of `branch`. */
  push(branch: string, files: Readonly<Record<string, string>>, from?: string): string
  /** A merge commit of `branch` into `into`, which becomes its head unless `isTest`; undefined on conflicts. */
  merge(branch: string, into: string, isTest?: boolean): string
  /** A clone at a commit, as the checkout of a job. */
  checkout(commit: string, folder: string): void
  close(): void
}

const IDENTITY = {
  GIT_AUTHOR_NAME: 'example',
  GIT_AUTHOR_EMAIL: 'example@example.com',
  GIT_COMMITTER_NAME: 'example',
  GIT_COMMITTER_EMAIL: 'example@example.com',
}

export function startRepository(): Repository {
  const top = mkdtempSync(join(tmpdir(), 'vpnctl-repository-'))
  const folder = join(top, 'origin.git')
  const work = join(top, 'work')
  const run = (cwd: string, args: readonly string[]): string =>
    execFileSync('git', args, {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH ?? '', HOME: top, GIT_CONFIG_NOSYSTEM: '1', ...IDENTITY },
    }).trim()
  run(top, ['init', '-q', '--bare', '-b', 'main', folder])
  run(top, ['clone', '-q', folder, work])
  const git: Repository['git'] = (...args) => run(folder, args)
  const to = (name: string): void => {
    run(work, ['fetch', '-q', 'origin'])
    run(work, ['checkout', '-q', '--detach', git('rev-parse', name)])
  }
  return {
    folder,
    git,
    commitOf: (name) => git('rev-parse', name),
    textAt: (name, path) => `${git('show', `${name}:${path}`)}\n`,
    push(branch, files, from) {
      if (from !== undefined) to(from)
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(work, path)), { recursive: true })
        writeFileSync(join(work, path), text)
      }
      run(work, ['add', '-A'])
      run(work, ['commit', '-q', '-m', `Change ${branch}`])
      run(work, ['push', '-q', '--force', 'origin', `HEAD:refs/heads/${branch}`])
      return git('rev-parse', branch)
    },
    merge(branch, into, isTest = false) {
      to(into)
      run(work, ['merge', '-q', '--no-ff', '-m', `Merge ${branch}`, git('rev-parse', branch)])
      const target = isTest ? `refs/pull/${branch}/merge` : `refs/heads/${into}`
      run(work, ['push', '-q', '--force', 'origin', `HEAD:${target}`])
      return run(work, ['rev-parse', 'HEAD'])
    },
    checkout(commit, target) {
      run(top, ['clone', '-q', folder, target])
      run(target, ['fetch', '-q', 'origin', '+refs/pull/*:refs/remotes/pull/*'])
      run(target, ['checkout', '-q', '--detach', commit])
    },
    close: () => rmSync(top, { recursive: true, force: true }),
  }
}
