import type { Diagnostic } from '../../model/diagnostic.ts'
import type { Plan } from '../../plan/types.ts'
import { type PlanRenderOptions, renderPlan, renderPlanLog } from '../../report/plan/formats.ts'
import { renderPlanMarkdown } from '../../report/plan/markdown.ts'
import { type Output, planOutputs } from '../../report/plan/outputs.ts'
import type { PlanTextOptions } from '../../report/plan/text.ts'
import type { PlanFormat } from '../../report/writing/format-names.ts'
import type { Context } from '../context.ts'
import { writeGithubFiles } from './github-files.ts'
import { renderOptions } from './render-options.ts'
import { type MarkdownFlags, type Report, type ReportFlags, writeReports } from './reports.ts'

/** What is shown, and where it came from. */
export interface Presented {
  readonly plan: Plan
  /** Warnings of the files; people have read them on stderr already. */
  readonly warnings: readonly Diagnostic[]
  readonly sources: ReadonlyMap<string, string>
  /** What the desired state was read from. */
  readonly sourceName: string
  /** The file that the plan was saved in. */
  readonly savedIn?: string
}

/** Flags that say how a plan is told. */
export type PresentFlags = ReportFlags<PlanFormat> & MarkdownFlags

/** Tells a plan on stdout, in files, and to the pipeline. */
export async function presentPlan(context: Context, flags: PresentFlags, shown: Presented): Promise<void> {
  const { io } = context
  const whole: Plan = { ...shown.plan, warnings: [...shown.warnings, ...shown.plan.warnings] }
  const look = planLook(context, flags, shown)
  const plain: PlanRenderOptions = {
    ...look,
    text: { ...textLook(context, shown), color: false, width: Number.POSITIVE_INFINITY },
  }
  // Files first: who reads the verdict on stdout may look at them.
  await writeReports(flags.report, io.cwd, (format) => renderPlan(whole, format, plain))
  context.out(renderPlanLog(flags.format === 'text' ? shown.plan : whole, flags.format, look))
  if (flags.format === 'github') {
    await writeGithubFiles(context, outputs(whole, shown, flags.report), (limit) =>
      renderPlanMarkdown(whole, { ...look.markdown, limit }),
    )
  }
}

/** How a plan looks on this run's stdout. */
export function textLook(
  context: Context,
  { sources, sourceName }: Pick<Presented, 'sources' | 'sourceName'>,
): PlanTextOptions {
  const width = context.io.stdout.columns()
  return {
    color: context.style.out.color,
    ...(width === undefined ? {} : { width }),
    sourceName,
    verbose: context.verbose,
    sources,
  }
}

function planLook(context: Context, flags: MarkdownFlags, shown: Presented): PlanRenderOptions {
  return { text: textLook(context, shown), ...renderOptions(context, flags, shown.sourceName) }
}

const PATH_OUTPUTS: Partial<Record<PlanFormat, string>> = {
  text: 'text_plan_path',
  json: 'json_plan_path',
  markdown: 'markdown_path',
}

function outputs(
  plan: Plan,
  { savedIn }: Presented,
  reports: readonly Report<PlanFormat>[] = [],
): readonly Output[] {
  const paths = reports.flatMap(({ format, file }): Output[] => {
    const name = PATH_OUTPUTS[format]
    return name === undefined ? [] : [[name, file]]
  })
  return [
    ...planOutputs(plan),
    ...(plan.refusals.length === 0 ? [] : [['failure-reason', 'refused'] as const]),
    ...(savedIn === undefined ? [] : [['plan_path', savedIn] as const]),
    ...paths,
  ]
}
