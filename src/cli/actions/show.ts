import { restorePlan } from '../../plan/plan-record.ts'
import { renderDiagnostics } from '../../report/diagnostics-text.ts'
import type { ShowFlags } from '../commands/show.ts'
import type { Context } from '../context.ts'
import { presentPlan } from '../present-plan.ts'
import { checkReports } from '../reports.ts'
import { readSavedPlanFile } from '../saved-plan-file.ts'
import { planExit } from './plan.ts'

/** `vpnctl show`. */
export async function showSavedPlan(context: Context, flags: ShowFlags, file: string): Promise<number> {
  checkReports(flags.report, context.io.cwd)
  const saved = await readSavedPlanFile(context, file)
  const plan = restorePlan(saved.plan)
  // The texts of the files may be others by now, so nothing is quoted from them.
  const sources = new Map<string, string>()
  if (!context.json && saved.fileWarnings.length > 0) {
    context.err(`${renderDiagnostics(saved.fileWarnings, sources, context.style.err)}\n`)
  }
  await presentPlan(context, flags, {
    plan,
    warnings: saved.fileWarnings,
    sources,
    sourceName: saved.source.files.join(', '),
    savedIn: file,
  })
  return planExit(plan, flags.detailedExitcode === true)
}
