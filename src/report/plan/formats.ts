import type { Plan } from '../../plan/types.ts'
import { renderDiagnosticsAzure, renderPlanAzure } from '../diagnostics/azure.ts'
import { withoutCommands } from '../diagnostics/github.ts'
import { type FileName, relocatePlan } from '../diagnostics/relocate.ts'
import type { PlanFormat } from '../writing/format-names.ts'
import { renderPlanGithub } from './github.ts'
import { renderPlanGitlab } from './gitlab.ts'
import { renderPlanJson } from './json.ts'
import { type PlanMarkdownOptions, renderPlanMarkdown } from './markdown.ts'
import { planOutputs, renderDotenv } from './outputs.ts'
import { type PlanTextOptions, renderPlanText } from './text.ts'
import { renderPlanTfjson } from './tfjson.ts'

/** All that the forms need to know beside the plan. */
export interface PlanRenderOptions {
  readonly text: PlanTextOptions
  readonly markdown: PlanMarkdownOptions
  /** What a file is called from the root of the repository: code hosts put remarks there. */
  readonly fileName: FileName
  /** The folder that relative names of files start at. */
  readonly root: string
  /** Nobody can guess it; fences text that others wrote from the commands of GitHub. */
  readonly token: string
}

/** The plan in one form, for a file. The same plan gives the same bytes. */
export function renderPlan(plan: Plan, format: PlanFormat, look: PlanRenderOptions): string {
  switch (format) {
    case 'text':
      return renderPlanText(plan, look.text)
    case 'json':
      return renderPlanJson(plan)
    case 'markdown':
      return renderPlanMarkdown(plan, look.markdown)
    case 'github':
      return renderPlanGithub(relocatePlan(plan, look.fileName))
    case 'gitlab':
      return renderPlanGitlab(plan)
    case 'azure':
      return `${renderDiagnosticsAzure([...plan.refusals, ...plan.warnings], look.root)}${renderPlanAzure(plan)}`
    case 'tfjson':
      return renderPlanTfjson(plan)
    case 'dotenv':
      return renderDotenv(planOutputs(plan))
    default:
      return format satisfies never
  }
}

/** The plan in one form, for the log of a pipeline: commands to the pipeline come with the text for people. */
export function renderPlanLog(plan: Plan, format: PlanFormat, look: PlanRenderOptions): string {
  const own = renderPlan(plan, format, look)
  switch (format) {
    case 'github':
      return `${withoutCommands(renderPlanText(plan, look.text), look.token)}${own}`
    case 'azure':
      return `${own}${renderPlanText(plan, look.text)}`
    default:
      return own
  }
}
