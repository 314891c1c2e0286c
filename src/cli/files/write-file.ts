import { randomUUID } from 'node:crypto'
import { open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Failure } from '../failure.ts'
import { writeFailure } from './private-file.ts'

/** What may be written over: the older outputs of a command are, and what somebody else wrote is not. */
export interface Predecessor {
  /** With its article: `a saved plan`. */
  readonly what: string
  readonly begins: RegExp
}

/**
 * Writes a file so that no reader ever sees half of it: next to it first, then under its name. What is no regular
 * file (a pipe, `/dev/stdout`) is written as it is. A path that cannot be written ends the run with a Failure.
 */
export async function writeWholeFile(
  cwd: string,
  name: string,
  content: string,
  mode: number | undefined = undefined,
): Promise<void> {
  try {
    const path = await realPath(resolve(cwd, name))
    if (await isSpecial(path)) return await writeFile(path, content)
    await replace(path, content, mode)
  } catch (error) {
    throw writeFailure(name, error)
  }
}

/**
 * Ends the run with a Failure when a file is there that is no older output: a slip of the hand between `--file` and
 * `--out` would cost a desired state, or the only copy of a key.
 */
export async function refuseToReplace(
  cwd: string,
  name: string,
  { what, begins }: Predecessor,
): Promise<void> {
  const path = resolve(cwd, name)
  if (await isSpecial(path)) return
  const old = await readFile(path, 'utf8').catch(() => '')
  if (old.trim() === '' || begins.test(old)) return
  throw new Failure('refused', `${name} is there already, and is not ${what}`, {
    hint: 'choose another name, or take the file away first',
  })
}

async function replace(path: string, content: string, mode: number | undefined): Promise<void> {
  const draft = join(dirname(path), `.vpnctl-${randomUUID()}.tmp`)
  try {
    const file = await open(draft, 'wx', mode ?? 0o666)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

// A link stays a link; what it points at is replaced.
async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    return path
  }
}

// Kubernetes mounts `/dev/termination-log`, a regular file, by itself: nothing can be made beside it or take its place.
async function isSpecial(path: string): Promise<boolean> {
  if (path.startsWith('/dev/')) return true
  try {
    const entry = await stat(path)
    return !entry.isFile() && !entry.isDirectory()
  } catch {
    return false
  }
}
