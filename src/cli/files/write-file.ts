import { randomUUID } from 'node:crypto'
import type { Stats } from 'node:fs'
import { type FileHandle, link, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { readLimited } from '../../config/read-limited.ts'
import { errorCode } from '../../model/errors.ts'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'
import { writeSpecial } from './special-file.ts'

const OWNER_ONLY = 0o600
const BEFORE_UMASK = 0o666

/** How a file is written. */
export interface WriteRules {
  /** A file that exists is replaced (the default), or ends the run. */
  readonly existing?: 'replace' | 'refuse'
  /** Owner and mode: those of the file that is replaced (the default), or this user's alone. */
  readonly access?: 'as-before' | 'owner-only'
}

/** Replaces a file where `--force` says so. */
export function replaceIf(force: boolean | undefined): Pick<WriteRules, 'existing'> {
  return { existing: force === true ? 'replace' : 'refuse' }
}

/** What may be replaced: the older outputs of a command, and nothing else. */
export interface Predecessor {
  /** With its article: `a saved plan`. */
  readonly what: string
  readonly begins: RegExp
}

// Every output of a command is known by its first line.
const ENOUGH_TO_RECOGNISE = 64 * 1024

/**
 * Writes a file so that no reader ever sees half of it: first next to it, then under its name. A symbolic link stays
 * one. What is not a regular file (a pipe, `/dev/stdout`) is written as it is. A path that cannot be written ends the run
 * with a {@link Failure}, and so does the end of the run while a pipe is not read.
 */
export async function writeWholeFile(
  context: Pick<Context, 'io' | 'ending'>,
  name: string,
  content: string,
  { existing = 'replace', access = 'as-before' }: WriteRules = {},
): Promise<void> {
  try {
    const path = await realPath(resolve(context.io.cwd, name))
    const before = await stat(path).catch(() => undefined)
    if (existing === 'refuse' && before?.isFile() === true) throw alreadyExists()
    if (isSpecial(path, before)) return await writeSpecial(context, path, content)
    const draft = join(dirname(path), `.vpnctl-${randomUUID()}.tmp`)
    try {
      const isReady = await writeDraft(draft, content, access === 'owner-only' ? undefined : before, access)
      if (!isReady) return await writeInPlace(path, content)
      if (existing === 'refuse') await nameNew(draft, path, content, access)
      else await rename(draft, path)
    } finally {
      await rm(draft, { force: true })
    }
  } catch (error) {
    if (error instanceof Failure) throw error
    throw writeFailure(name, error, access)
  }
}

/**
 * Ends the run with a Failure when a file exists that is not an older output: a slip of the hand between `--file` and
 * `--out` would cost a desired state, or the only copy of a key.
 */
export async function refuseToReplace(
  cwd: string,
  name: string,
  { what, begins }: Predecessor,
): Promise<void> {
  const path = resolve(cwd, name)
  if (isSpecial(path, await stat(path).catch(() => undefined))) return
  const bytes = await readLimited(path, { maxBytes: ENOUGH_TO_RECOGNISE }).catch(() => new Uint8Array())
  const old = Buffer.from(bytes).toString('utf8')
  if (old.trim() === '' || begins.test(old)) return
  throw new Failure('refused', `${name} already exists, and is not ${what}`, {
    hint: 'choose another name, or remove the file first',
  })
}

// False where the owner of the file before cannot be kept; then the draft is not written.
async function writeDraft(
  draft: string,
  content: string,
  before: Stats | undefined,
  access: WriteRules['access'],
): Promise<boolean> {
  const isOpen = access === 'as-before' && before === undefined
  const file = await open(draft, 'wx', isOpen ? BEFORE_UMASK : OWNER_ONLY)
  try {
    if (before !== undefined && !(await takeOver(file, before))) return false
    await file.writeFile(content)
    await file.sync()
    return true
  } finally {
    await file.close()
  }
}

// The owner first: a change of the owner clears bits of the mode.
async function takeOver(file: FileHandle, { uid, gid, mode }: Stats): Promise<boolean> {
  const own = await file.stat()
  if (own.uid !== uid || own.gid !== gid) {
    try {
      await file.chown(uid, gid)
    } catch {
      return false
    }
  }
  await file.chmod(mode & 0o7777)
  return true
}

// Keeps the owner, and a reader may see half of it.
async function writeInPlace(path: string, content: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.truncate(0)
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function nameNew(
  draft: string,
  path: string,
  content: string,
  access: WriteRules['access'],
): Promise<void> {
  try {
    await link(draft, path)
  } catch (error) {
    if (!NO_LINKS.includes(errorCode(error))) throw error
    await writeFile(path, content, { flag: 'wx', mode: access === 'owner-only' ? OWNER_ONLY : BEFORE_UMASK })
  }
}

// File systems without hard links.
const NO_LINKS: readonly string[] = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK']

async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    return path
  }
}

// Kubernetes mounts `/dev/termination-log`, a regular file, by itself: nothing can be made next to it or take its place.
function isSpecial(path: string, entry: Stats | undefined): boolean {
  return path.startsWith('/dev/') || (entry !== undefined && !entry.isFile() && !entry.isDirectory())
}

function alreadyExists(): Error {
  return Object.assign(new Error(), { code: 'EEXIST' })
}

function writeFailure(name: string, error: unknown, access: WriteRules['access']): Failure {
  const code = errorCode(error)
  if (code === 'EEXIST') {
    const risk = access === 'owner-only' ? ', and may contain the only copy of a key' : ''
    return new Failure('refused', `${name} already exists${risk}`, {
      hint: 'choose another name, or add --force to replace it',
    })
  }
  return new Failure('error', `cannot write ${name}: ${WRITE_ERRORS[code] ?? code}`)
}

const WRITE_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder does not exist',
  EISDIR: 'it is a folder',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
}
