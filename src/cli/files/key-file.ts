import { resolve } from 'node:path'
import { readLimited } from '../../config/read-limited.ts'
import { errorCode } from '../../model/errors.ts'
import { Secret } from '../../model/secret.ts'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'

const MAX_KEY_BYTES = 64 * 1024

/** The key in a file, or on standard input (`-`); undefined where there is no such file. */
export async function readKeyIfAny(context: Context, name: string): Promise<Secret | undefined> {
  try {
    const limits = { maxBytes: MAX_KEY_BYTES, signal: context.ending }
    const bytes =
      name === '-'
        ? await context.io.stdin.read(limits)
        : await readLimited(resolve(context.io.cwd, name), limits)
    if (bytes.length > MAX_KEY_BYTES) throw new Failure('error', `${name} is too large for a key`)
    return new Secret(Buffer.from(bytes).toString('utf8').trim())
  } catch (error) {
    if (error instanceof Failure) throw error
    context.ending.throwIfAborted()
    const code = errorCode(error)
    if (code === 'ENOENT') return undefined
    throw new Failure('error', `cannot read ${name}: ${code}`)
  }
}

/** {@link readKeyIfAny}, where a file that does not exist ends the run. */
export async function readKeyFile(context: Context, name: string): Promise<Secret> {
  const key = await readKeyIfAny(context, name)
  if (key === undefined) throw new Failure('usage', `cannot read ${name}: there is no such file`)
  return key
}
