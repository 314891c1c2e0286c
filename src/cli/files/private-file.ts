import { randomUUID } from 'node:crypto'
import { link, rename, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'

const OWNER_ONLY = 0o600

/**
 * Writes a file that its owner alone can read. An existing one is left alone unless `force` says otherwise: it may
 * hold the only copy of a key.
 */
export async function writePrivateFile(
  context: Context,
  name: string,
  text: string,
  force: boolean,
): Promise<void> {
  const path = resolve(context.io.cwd, name)
  // Written beside and then named, so that there is never half a key under the name, nor one with an old file's mode.
  const beside = `${path}.${randomUUID()}.tmp`
  try {
    await writeFile(beside, text, { mode: OWNER_ONLY, flag: 'wx' })
    if (force) await rename(beside, path)
    else await link(beside, path)
  } catch (error) {
    throw writeFailure(name, error)
  } finally {
    await rm(beside, { force: true })
  }
}

/** What keeps a file from being written, in a sentence. */
export function writeFailure(name: string, error: unknown): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'EEXIST') {
    return new Failure('refused', `${name} is there already, and may hold the only copy of a key`, {
      hint: 'choose another name, or add --force to replace it',
    })
  }
  return new Failure('error', `cannot write ${name}: ${WRITE_FAULTS[code] ?? code}`)
}

const WRITE_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder does not exist',
  EISDIR: 'it is a folder',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
}
