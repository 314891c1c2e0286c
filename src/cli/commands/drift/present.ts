import type { Drift } from '../../../drift/types.ts'
import type { Diagnostic } from '../../../model/diagnostic.ts'
import { type DriftRenderOptions, renderDrift, renderDriftLog } from '../../../report/drift/formats.ts'
import { renderDriftMarkdown } from '../../../report/drift/markdown.ts'
import { driftOutputs } from '../../../report/drift/pipelines.ts'
import type { Output } from '../../../report/plan/outputs.ts'
import type { DriftFormat } from '../../../report/writing/format-names.ts'
import type { Context } from '../../context.ts'
import { writeGithubFiles } from '../../output/github-files.ts'
import { textLook } from '../../output/present-plan.ts'
import { renderOptions } from '../../output/render-options.ts'
import { type MarkdownFlags, type Report, type ReportFlags, writeReports } from '../../output/reports.ts'

/** Flags that say how drift is told. */
export type PresentDriftFlags = ReportFlags<DriftFormat> & MarkdownFlags

/** What is shown, and where it came from. */
export interface PresentedDrift {
  readonly drift: Drift
  /** Warnings of the files; people have read them on stderr already. */
  readonly warnings: readonly Diagnostic[]
  readonly sources: ReadonlyMap<string, string>
  /** What the desired state was read from. */
  readonly sourceName: string
  readonly checkedAtMs: number
}

/** Drift with the warnings of the files, for readers who see nothing else of the run. */
export function wholeDrift({ drift, warnings }: PresentedDrift): Drift {
  return { ...drift, warnings: [...warnings, ...drift.warnings] }
}

/** Writes the reports and tells the pipeline; the text for stdout, which is the last thing that a run prints. */
export async function presentDrift(
  context: Context,
  flags: PresentDriftFlags,
  shown: PresentedDrift,
): Promise<string> {
  const { io } = context
  const whole = wholeDrift(shown)
  const look = driftLook(context, flags, shown)
  const plain: DriftRenderOptions = {
    ...look,
    text: { ...look.text, color: false, width: Number.POSITIVE_INFINITY },
  }
  await writeReports(flags.report, io.cwd, (format) => renderDrift(whole, format, plain))
  if (flags.format === 'github') {
    await writeGithubFiles(context, outputs(whole, flags.report), (limit) =>
      renderDriftMarkdown(whole, { ...look.markdown, limit }),
    )
  }
  return renderDriftLog(flags.format === 'text' ? shown.drift : whole, flags.format, look)
}

function driftLook(context: Context, flags: MarkdownFlags, shown: PresentedDrift): DriftRenderOptions {
  return {
    text: textLook(context, shown),
    ...renderOptions(context, flags, shown.sourceName),
    checkedAtMs: shown.checkedAtMs,
  }
}

function outputs(drift: Drift, reports: readonly Report<DriftFormat>[] = []): readonly Output[] {
  const paths = reports.flatMap(({ format, file }): Output[] =>
    format === 'markdown' ? [['markdown_path', file]] : format === 'json' ? [['json_path', file]] : [],
  )
  return [...driftOutputs(drift), ...paths]
}
