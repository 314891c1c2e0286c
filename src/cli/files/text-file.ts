import { stat, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'
import { writeWholeFile } from './write-file.ts'

/** Writes a new file; one that is there is replaced only by `force`. */
export async function writeNewFile(
  context: Context,
  name: string,
  text: string,
  force: boolean,
): Promise<void> {
  const { cwd } = context.io
  if (force) return await replaceFile(context, name, text)
  try {
    await writeFile(resolve(cwd, name), text, { flag: 'wx' })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new Failure('refused', `${name} is there already`, {
        hint: 'choose another name with --out, or add --force to replace it',
      })
    }
    await writeWholeFile(cwd, name, text)
  }
}

/** Replaces the text of a file in one step; its mode stays, and a link to it stays a link. */
export async function replaceFile(context: Context, name: string, text: string): Promise<void> {
  const { cwd } = context.io
  const mode = await stat(resolve(cwd, name)).then(
    (entry) => entry.mode & 0o777,
    () => undefined,
  )
  await writeWholeFile(cwd, name, text, mode)
}
