import { hasWrites, locationsToRead, lookAndPlan } from '../../engine/reconcile.ts'
import type { Plan, PlanOptions } from '../../plan/types.ts'
import { renderPlanJson } from '../../report/plan-json.ts'
import { type PlanTextOptions, renderPlanText } from '../../report/plan-text.ts'
import type { PlanCommandFlags } from '../commands/plan.ts'
import type { Context } from '../context.ts'
import { fileNames, loadDesired } from '../desired.ts'
import { exitCode } from '../exit-codes.ts'
import type { FileFlags, PlanFlags } from '../options.ts'
import { openSession } from '../session.ts'

/** `vpnctl plan`. */
export async function showPlan(context: Context, flags: PlanCommandFlags): Promise<number> {
  const { desired, warnings, sources } = await loadDesired(context, flags, 'optional')
  const session = await openSession(context, flags, locationsToRead(desired, flags.location ?? []))
  try {
    const { plan } = await lookAndPlan(desired, session.remote, {
      plan: planOptions(flags),
      locations: flags.location ?? [],
      signal: session.signal,
    })
    if (flags.format === 'json') {
      context.out(renderPlanJson({ ...plan, warnings: [...warnings, ...plan.warnings] }))
    } else {
      context.out(renderPlanText(plan, planLook(context, flags, sources)))
    }
    return planExit(plan, flags.detailedExitcode === true)
  } finally {
    await session.close()
  }
}

/** How a plan looks on this run's stdout. */
export function planLook(
  context: Context,
  flags: FileFlags,
  sources: ReadonlyMap<string, string>,
): PlanTextOptions {
  const width = context.io.stdout.columns()
  return {
    color: context.style.out.color,
    ...(width === undefined ? {} : { width }),
    sourceName: fileNames(flags).join(', '),
    verbose: context.verbose,
    sources,
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
