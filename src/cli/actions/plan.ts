import { hasWrites, locationsToRead, lookAndPlan } from '../../engine/reconcile.ts'
import type { Plan, PlanOptions } from '../../plan/types.ts'
import type { PlanCommandFlags } from '../commands/plan.ts'
import type { Context } from '../context.ts'
import { loadDesired, sourceName } from '../desired.ts'
import { exitCode } from '../exit-codes.ts'
import type { PlanFlags } from '../options.ts'
import { presentPlan } from '../present-plan.ts'
import { checkReports } from '../reports.ts'
import { openSession } from '../session.ts'

/** `vpnctl plan`. */
export async function showPlan(context: Context, flags: PlanCommandFlags): Promise<number> {
  checkReports(flags.report, context.io.cwd)
  const { desired, warnings, sources } = await loadDesired(context, flags, 'optional')
  const session = await openSession(context, flags, locationsToRead(desired, flags.location ?? []))
  try {
    const { plan } = await lookAndPlan(desired, session.remote, {
      plan: planOptions(flags),
      locations: flags.location ?? [],
      signal: session.signal,
    })
    session.journal.plan(plan)
    await presentPlan(context, flags, { plan, warnings, sources, sourceName: sourceName(flags) })
    return planExit(plan, flags.detailedExitcode === true)
  } finally {
    await session.close()
  }
}

/** The planner's options from the flags. */
export function planOptions(flags: PlanFlags): Partial<PlanOptions> {
  return {
    prune: flags.prune,
    maxDeletes: flags.maxDeletes,
    resendSecrets: flags.resendSecrets ?? [],
    targets: flags.target ?? [],
  }
}

function planExit(plan: Plan, detailed: boolean): number {
  if (plan.refusals.length > 0) return exitCode('refused')
  return exitCode(detailed && hasWrites(plan) ? 'changes' : 'ok')
}
