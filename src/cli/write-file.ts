import { randomUUID } from 'node:crypto'
import { open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { writeFailure } from './private-file.ts'

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
