import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { UNREADABLE_FILE } from '../../config/source.ts'
import { optional } from '../../model/optional.ts'
import type { DesiredState } from '../../model/resource.ts'
import { count } from '../../report/writing/words.ts'
import { wrapWords } from '../../report/writing/wrap.ts'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'
import type { FileFlags } from '../flags/options.ts'
import { fileArguments } from '../output/rerun-command.ts'
import { fileNames, load } from './desired.ts'

/** What commands that need no file take from it when it exists. */
export interface FileFacts extends Pick<DesiredState, 'locations' | 'locationLimit'> {
  readonly stack: string | undefined
  /** Undefined where the files cannot be read in full. */
  readonly desired?: DesiredState
}

/**
 * Stack and locations of the files, if there are any. One that cannot be used is a warning: what is live matters more. A
 * named one that does not exist is an error: it may be another one that was meant.
 */
export async function optionalFile(context: Context, flags: FileFlags): Promise<FileFacts> {
  const isNamed = flags.file !== undefined
  const fileExists = fileNames(flags).some(
    (name) => name === '-' || existsSync(resolve(context.io.cwd, name)),
  )
  if (!isNamed && !fileExists) return { stack: undefined, locations: [] }
  const { desired, known, diagnostics } = await load(context, flags, 'ignore')
  if (desired !== null) {
    const { stack, locations, locationLimit } = desired
    return { stack, locations, ...optional({ locationLimit }), desired }
  }
  const missing = diagnostics.filter(({ code }) => code === UNREADABLE_FILE)
  if (missing.length > 0) throw new Failure('invalid', '', { diagnostics: missing })
  // Variables without a value: neither the stack nor the locations need them.
  if (known !== null) return known
  const problems = diagnostics.filter(({ severity }) => severity === 'error').length
  const { warning, width } = context.style.err
  const text = `warning: ignoring ${fileNames(flags).join(', ')}: ${count(problems, 'error')} (see vpnctl validate${fileArguments(flags)})`
  context.err(`${wrapWords(text, width, '  ').join('\n').replace('warning:', warning('warning:'))}\n`)
  return { stack: undefined, locations: [] }
}
