import { resolve } from 'node:path'
import { readLimited } from '../../config/read-limited.ts'
import { errorCode } from '../../model/errors.ts'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'

/** A file that is an argument of a command. */
export interface TextFile {
  /** With its article: `the saved plan`. */
  readonly what: string
  readonly maxBytes: number
  readonly hint?: string
}

/** The text of a file that a user named; `-` is standard input where the command says so. What cannot be read ends the run. */
export async function readText(
  { io, ending }: Context,
  name: string,
  { what, maxBytes, hint }: TextFile,
  mayBeStdin = false,
): Promise<string> {
  const limits = { maxBytes, signal: ending }
  try {
    const bytes =
      mayBeStdin && name === '-'
        ? await io.stdin.read(limits)
        : await readLimited(resolve(io.cwd, name), limits)
    if (bytes.length <= maxBytes) return Buffer.from(bytes).toString('utf8')
  } catch (error) {
    ending.throwIfAborted()
    const code = errorCode(error)
    const why = code === 'ENOENT' ? 'there is no such file' : code
    throw new Failure('usage', `${what} ${name} cannot be read: ${why}`, { hint })
  }
  throw new Failure('usage', `${what} ${name} is larger than ${maxBytes / 1024 / 1024} MB`)
}
