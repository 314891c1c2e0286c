import { restorePlan } from '../../../plan/saved/plan-record.ts'
import { renderDiagnostics } from '../../../report/diagnostics/text.ts'
import type { Context } from '../../context.ts'
import { readSavedPlanFile } from '../../files/saved-plan-file.ts'
import type { PresentFlags } from '../../output/present.ts'
import { presentPlan } from '../../output/present-plan.ts'
import { checkReports } from '../../output/reports.ts'
import { planExit } from '../plan/run.ts'

/** Flags of `show`. */
export interface ShowFlags extends PresentFlags {
  readonly detailedExitcode?: boolean
}

/** `vpnctl show`. */
export async function run(context: Context, flags: ShowFlags, [file]: readonly [string]): Promise<number> {
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
