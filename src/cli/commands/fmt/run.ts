import { readSources, type Source, STDIN_NAME } from '../../../config/source.ts'
import type { Diagnostic } from '../../../model/diagnostic.ts'
import { escapedDocument, safeLine } from '../../../model/safe-text.ts'
import { count } from '../../../report/writing/words.ts'
import { formatText } from '../../../rewrite/format.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { fileNames } from '../../files/desired.ts'
import { writeWholeFile } from '../../files/write-file.ts'
import { fileArguments } from '../../output/rerun-command.ts'

/** Flags of `fmt`. */
export interface FmtFlags {
  readonly file?: readonly string[]
  readonly check?: boolean
  readonly write?: boolean
}

interface FormattedSource extends Source {
  readonly formatted: string
  readonly changed: boolean
}

/** `vpnctl fmt`. */
export async function format(context: Context, flags: FmtFlags): Promise<number> {
  if (flags.check === true && flags.write === true) {
    throw new Failure('usage', '--check and --write exclude each other')
  }
  const files = await formatAll(context, flags)
  if (flags.check === true) return reportUnformatted(context, files, flags)
  if (flags.write === true) return writeBack(context, files)
  const [only, ...more] = files
  if (only === undefined || more.length > 0) {
    throw new Failure(
      'usage',
      `there are ${files.length} files: add --write to format them in place, or --check`,
    )
  }
  // The user's own file, byte by byte.
  context.document(escapedDocument(only.formatted))
  return exitCode('ok')
}

async function formatAll(context: Context, flags: FmtFlags): Promise<readonly FormattedSource[]> {
  const { io } = context
  const { sources, diagnostics } = await readSources(fileNames(flags), {
    cwd: io.cwd,
    readStdin: io.stdin.read,
    signal: context.ending,
  })
  const problems: Diagnostic[] = [...diagnostics]
  const files = sources.flatMap((source): readonly FormattedSource[] => {
    const result = formatText(source.text, { file: source.file })
    if ('text' in result) return [{ ...source, formatted: result.text, changed: result.changed }]
    problems.push(...result.diagnostics)
    return []
  })
  // Nothing is written when any file has an error. The texts are not shown: they may contain what a parser cannot mask.
  if (problems.length > 0) throw new Failure('invalid', '', { diagnostics: problems })
  return files
}

function reportUnformatted(context: Context, files: readonly FormattedSource[], flags: FmtFlags): number {
  const changed = files.filter((file) => file.changed)
  for (const { file } of changed) context.out(`${safeLine(file)}\n`)
  if (changed.length === 0) return exitCode('ok')
  context.err(
    `${count(changed.length, 'file is', 'files are')} not formatted; vpnctl fmt --write${safeLine(fileArguments(flags))} does it\n`,
  )
  return exitCode('changes')
}

async function writeBack(context: Context, files: readonly FormattedSource[]): Promise<number> {
  if (files.some(({ file }) => file === STDIN_NAME)) {
    throw new Failure('usage', '--write cannot write to standard input; leave it out to print the result')
  }
  for (const { file, formatted, changed } of files) {
    if (!changed) continue
    await writeWholeFile(context, file, formatted)
    context.out(`${safeLine(file)}\n`)
  }
  return exitCode('ok')
}
