import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, isAbsolute, join, posix, relative, resolve, sep } from 'node:path'
import { errorCode } from '../../model/errors.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'

/** Files as they were at a commit, in a folder of their own. */
export interface FilesAtRef {
  /** Means the working directory of the run. */
  readonly cwd: string
  /** The name there of a named file or folder; undefined when there was no such thing. */
  readonly nameOf: (name: string) => string | undefined
  readonly remove: () => Promise<void>
}

type Git = (...args: readonly string[]) => Promise<Buffer>

const LARGEST = 64 * 1024 * 1024
// Enough to find git, its settings and the repository; no credentials of ours.
const PASSED_ON = /^(PATH|HOME|USERPROFILE|SYSTEMROOT|TMPDIR|TEMP|XDG_CONFIG_HOME|GIT_\w+)$/i

/**
 * The named files as they were at `ref`, read by git without touching the working tree. Whatever cannot be had ends
 * the run with a {@link Failure} that says how to get it.
 */
export async function filesAtRef(
  { cwd, env }: Pick<Io, 'cwd' | 'env'>,
  ref: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<FilesAtRef> {
  const git = gitIn(cwd, env, signal)
  const commit = await commitOf(git, ref)
  const prefix = (await git('rev-parse', '--show-prefix')).toString().trimEnd()
  const wanted = names
    .filter((name) => name !== '-')
    .map((name) => ({ name, path: pathOf(name, cwd, prefix) }))
  const entries = await listed(
    git,
    commit,
    wanted.map(({ path }) => path),
  )
  const outside = entries.find(({ path }) => !isConfined(path))
  if (outside !== undefined) throw unusablePath(ref, outside.path, 'would be written outside of its folder')
  const folder = await mkdtemp(join(tmpdir(), 'vpnctl-base-'))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    for (const { object, path } of entries) {
      const file = join(folder, ...path.split('/'))
      const content = await git('cat-file', 'blob', object)
      try {
        await mkdir(dirname(file), { recursive: true })
        await writeFile(file, content, { mode: 0o600, flag: 'wx' })
      } catch (error) {
        throw unusablePath(ref, path, `cannot be written here (${errorCode(error)})`)
      }
    }
  } catch (error) {
    await remove()
    throw error
  }
  const home = join(folder, ...prefix.split('/').filter((part) => part !== ''))
  const there = new Map(
    wanted
      .filter(({ path }) => entries.some((entry) => isUnder(entry.path, staticPart(path))))
      .map(({ name, path }) => [name, relative(home, join(folder, path)) || '.']),
  )
  return { cwd: home, nameOf: (name) => there.get(name), remove }
}

// A clone that fetches what it lacks can wait for a server, a hook or a pager for ever. Long enough for a large fetch.
const TIMEOUT_MS = 60_000

function gitIn(cwd: string, env: Io['env'], signal: AbortSignal): Git {
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => PASSED_ON.test(name)))
  return (...args) =>
    new Promise((done, fail) => {
      const options = {
        cwd,
        env: { ...own, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' },
        encoding: 'buffer',
        maxBuffer: LARGEST,
        timeout: TIMEOUT_MS,
        killSignal: 'SIGKILL',
        signal,
      } as const
      execFile('git', args, options, (error, stdout) => {
        if (error === null) done(stdout)
        else fail(error.killed === true && !signal.aborted ? tooSlow(args) : error)
      })
    })
}

function tooSlow([command = '']: readonly string[]): Failure {
  return new Failure('error', `git ${command} did not end within ${TIMEOUT_MS / 1000} s`, {
    hint: 'does this clone fetch on demand (partial clone)? Fetch first, or give the former file',
  })
}

async function commitOf(git: Git, ref: string): Promise<string> {
  if (ref === '' || ref.startsWith('-') || /[\s\p{Cc}]/u.test(ref)) {
    throw new Failure('usage', `git:${ref} names no commit`, {
      hint: 'for instance git:origin/main',
    })
  }
  try {
    return (await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`))
      .toString()
      .trim()
  } catch (error) {
    throw await unknownRef(git, ref, error)
  }
}

async function unknownRef(git: Git, ref: string, error: unknown): Promise<Failure> {
  if (error instanceof Failure) return error
  if (error instanceof Error && error.name === 'AbortError') throw error
  if (errorCode(error) === 'ENOENT') {
    return new Failure('error', 'git:... needs git, which is not installed here')
  }
  let shallow: string
  try {
    shallow = (await git('rev-parse', '--is-shallow-repository')).toString().trim()
  } catch (cause) {
    if (cause instanceof Failure || (cause instanceof Error && cause.name === 'AbortError')) throw cause
    return new Failure('error', `git:${ref}: this is not a git repository`, {
      hint: 'if it is one, let git trust it (git config --global --add safe.directory "$PWD"); or name an earlier copy of the file in place of git:...',
    })
  }
  const branch = ref.replace(/^origin\//, '')
  const source = `origin +${branch}:refs/remotes/origin/${branch}`
  const then = `then use git:origin/${branch}`
  // A relative name or a short id is nothing that a server can be asked for.
  const isFetchable = /^[\w./-]+$/.test(branch) && !/^[0-9a-f]{4,39}$/.test(branch)
  if (!isFetchable)
    return new Failure('error', `git:${ref}: git knows no such commit here`, {
      hint:
        shallow === 'true'
          ? 'this clone is shallow: git fetch --unshallow origin (actions/checkout: fetch-depth: 0; GitLab: GIT_DEPTH: 0)'
          : 'perhaps: git fetch origin',
    })
  return shallow === 'true'
    ? new Failure('error', `git:${ref}: this clone is shallow and does not have it`, {
        hint: `fetch it first: git fetch --depth=1 ${source} (actions/checkout: fetch-depth: 0; GitLab: GIT_DEPTH: 0), ${then}`,
      })
    : new Failure('error', `git:${ref}: git knows no such commit`, {
        hint: `perhaps: git fetch ${source}, ${then}`,
      })
}

// From the root of the repository, with `/`.
function pathOf(name: string, cwd: string, prefix: string): string {
  const own = isAbsolute(name) ? relative(cwd, resolve(name)) : name
  const path = posix.normalize(`${prefix}${own.split(sep).join('/')}`).replace(/\/$/, '')
  if (path.startsWith('..')) throw new Failure('usage', `${name} is not in this git repository`)
  return path === '.' ? '' : path
}

interface TreeEntry {
  readonly object: string
  readonly path: string
}

async function listed(git: Git, commit: string, paths: readonly string[]): Promise<readonly TreeEntry[]> {
  const parts = paths.map(staticPart)
  const narrowed = parts.includes('') ? [] : ['--', ...parts]
  const output = (await git('ls-tree', '-r', '-z', '--full-tree', commit, ...narrowed)).toString()
  return output.split('\0').flatMap((line) => {
    const found = /^100\d{3} blob ([0-9a-f]+)\t(.+)$/s.exec(line)
    const [, object, path] = found ?? []
    if (object === undefined || path === undefined) return []
    return paths.includes(path) || /\.ya?ml$/i.test(path) ? [{ object, path }] : []
  })
}

// git checks the names of a tree when it makes one, not when it reads one. Symbolic links are not listed.
function isConfined(path: string): boolean {
  const parts = path.split(sep === '/' ? '/' : /[\\/:]/)
  return parts.every((part) => part !== '' && part !== '.' && part !== '..')
}

function unusablePath(ref: string, path: string, why: string): Failure {
  return new Failure('error', `git:${ref}: the path ${JSON.stringify(path)} of this commit ${why}`, {
    hint: 'was the commit made by a program that is not git? Give the former file',
  })
}

// What is before the first wildcard.
function staticPart(path: string): string {
  const parts = path.split('/')
  const wild = parts.findIndex((part) => /[*?]/.test(part))
  return wild < 0 ? path : parts.slice(0, wild).join('/')
}

function isUnder(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`)
}
