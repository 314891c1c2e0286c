import { optional } from '../../model/optional.ts'
import type { SafeText } from '../../model/safe-text.ts'
import { renderMarkdown } from '../../report/formats/markdown.ts'
import { type FormatName, renderLog, renderReport } from '../../report/formats.ts'
import type { Fact, RenderOptions, Report, TextOptions } from '../../report/report.ts'
import type { Context } from '../context.ts'
import { type LoadedState, sourceName } from '../files/desired.ts'
import type { FileFlags, RemoteFlags } from '../flags/options.ts'
import { VERSION } from '../version.ts'
import { codeHost } from './code-host.ts'
import { unpredictable, writeGithubFiles } from './github-files.ts'
import { type MarkdownFlags, type ReportFlags, writeReports } from './reports.ts'
import { sameInputs } from './rerun-command.ts'

/** Flags that say how a report is written. */
export type PresentFlags = ReportFlags & MarkdownFlags

/** A report with what its formats need to know about the run. */
export interface Presented {
  readonly report: Report
  /** The same for the terminal, without what stderr has already; the whole report unless given. */
  readonly forTerminal?: Report
  readonly sources: ReadonlyMap<string, string>
  /** What the desired state was read from. */
  readonly sourceName: string
  /** For the commands that the text proposes; see {@link TextOptions}. */
  readonly inputs?: string
  /** Facts about the run for later steps, in addition to those of the report. */
  readonly facts?: readonly Fact[]
  /** The fact that names the file of a format. */
  readonly pathFacts?: Partial<Readonly<Record<FormatName, string>>>
  readonly rules?: RenderOptions['rules']
}

/**
 * Writes the report's files and shows the pipeline; returns the text for stdout, which the caller prints when it is due.
 */
export async function present(context: Context, flags: PresentFlags, shown: Presented): Promise<SafeText> {
  const { report } = shown
  const options = renderOptions(context, flags, shown)
  const plain = { ...options, text: { ...options.text, color: false, width: Number.POSITIVE_INFINITY } }
  // Files first: whoever reads the verdict on stdout may open them.
  await writeReports(context, flags.report, (format) => renderReport(report, format, plain))
  if (flags.format === 'github') {
    await writeGithubFiles(context, allFacts(flags, shown), (limit) =>
      renderMarkdown(report, { ...options.markdown, limit }),
    )
  }
  const { forTerminal = report } = shown
  return renderLog(flags.format === 'text' ? forTerminal : report, flags.format, options)
}

/** How text looks on this run's stdout. */
export function textOptions(
  context: Context,
  { sources, sourceName, inputs }: Pick<Presented, 'sources' | 'sourceName' | 'inputs'>,
): TextOptions {
  const width = context.io.stdout.columns()
  return {
    color: context.style.out.color,
    ...optional({ width, inputs }),
    sourceName,
    verbose: context.verbose,
    sources,
  }
}

function renderOptions(context: Context, flags: MarkdownFlags, shown: Presented): RenderOptions {
  const host = codeHost(context.io, flags.sourceUrl)
  return {
    text: textOptions(context, shown),
    markdown: {
      flavor: flags.markdownFlavor ?? host.flavor,
      ...optional({ limit: flags.markdownLimit, inputs: shown.inputs }),
      linkTo: host.linkTo,
      sourceName: shown.sourceName,
    },
    fileName: host.fileName,
    root: context.io.cwd,
    token: () => unpredictable(context.io.randomBytes),
    version: VERSION,
    ...optional({ rules: shown.rules }),
  }
}

function allFacts(
  { report: reports = [] }: PresentFlags,
  { report, facts = [], pathFacts = {} }: Presented,
): readonly Fact[] {
  const paths = reports.flatMap(({ format, file }): Fact[] => {
    const name = pathFacts[format]
    return name === undefined ? [] : [[name, file]]
  })
  return [...report.facts, ...facts, ...paths]
}

/** What text about a plan says of its files. */
export function sourced(flags: FileFlags & RemoteFlags, sources: LoadedState['sources']) {
  return { sources, sourceName: sourceName(flags), inputs: sameInputs(flags) }
}
