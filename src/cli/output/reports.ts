import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import type { FormatName } from '../../report/formats.ts'
import type { MarkdownFlavor } from '../../report/writing/markdown-parts.ts'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'
import { writeWholeFile } from '../files/write-file.ts'
import { positiveInteger } from '../flags/options.ts'

/** One `--report FORMAT=FILE`. */
export interface ReportFile {
  readonly format: FormatName
  readonly file: string
}

/** Flags of everything that can be written in several formats at once. */
export interface ReportFlags {
  readonly format: FormatName
  readonly report?: readonly ReportFile[]
}

/** Flags that shape markdown. */
export interface MarkdownFlags {
  readonly markdownLimit?: number
  readonly markdownFlavor?: MarkdownFlavor
  readonly sourceUrl?: string
}

/** `--report`, repeatable. */
export function addReportOption(command: Command, formats: readonly FormatName[]): Command {
  return command.option(
    '--report <format=file>',
    `write this format to a file too; may be repeated (formats: ${formats.join(', ')})`,
    (value: string, before: readonly ReportFile[] | undefined) => [...(before ?? []), parse(value, formats)],
  )
}

/** How markdown is made. */
export function addMarkdownOptions(command: Command): Command {
  return command
    .option(
      '--markdown-limit <bytes>',
      'maximum size of the Markdown report in bytes (default: 60000)',
      positiveInteger,
    )
    .option(
      '--markdown-flavor <flavor>',
      'github, gitlab, or plain without HTML (default: detected from the pipeline)',
      flavor,
    )
    .option('--source-url <template>', 'URL of a line of the files, with {file} and {line} in it')
}

function parse(value: string, formats: readonly FormatName[]): ReportFile {
  const at = value.indexOf('=')
  const format = value.slice(0, at)
  const file = value.slice(at + 1)
  if (at < 1 || file === '') throw new InvalidArgumentError('It must look like FORMAT=FILE.')
  if (file === '-') throw new InvalidArgumentError(`It must be a file; --format ${format} prints it.`)
  const known = formats.find((each) => each === format)
  if (known === undefined)
    throw new InvalidArgumentError(`There is no such format; choose from ${formats.join(', ')}.`)
  return { format: known, file }
}

const FLAVORS: readonly MarkdownFlavor[] = ['github', 'gitlab', 'plain']

function flavor(value: string): MarkdownFlavor {
  const known = FLAVORS.find((each) => each === value)
  if (known === undefined) throw new InvalidArgumentError(`Choose from ${FLAVORS.join(', ')}.`)
  return known
}

/** Refuses two reports of one file, before any work is done. */
export function checkReports(reports: readonly ReportFile[] | undefined, cwd: string): void {
  const seen = new Set<string>()
  for (const { file } of reports ?? []) {
    const path = resolve(cwd, file)
    if (seen.has(path)) throw new Failure('usage', `two reports would be written to ${file}`)
    seen.add(path)
  }
}

/** Writes every report that was asked for. */
export async function writeReports(
  context: Pick<Context, 'io' | 'ending'>,
  reports: readonly ReportFile[] | undefined,
  render: (format: FormatName) => Promise<string>,
): Promise<void> {
  for (const { format, file } of reports ?? []) await writeWholeFile(context, file, await render(format))
}
