import { hasWrites, readAndPlan } from '../../../engine/reconcile.ts'
import type { LiveState } from '../../../model/resource.ts'
import { markOrigins } from '../../../plan/changes/origins.ts'
import { plan as planFor } from '../../../plan/plan.ts'
import { seenBy } from '../../../plan/saved/staleness.ts'
import type { Plan, PlanOptions } from '../../../plan/types.ts'
import { renderDiagnostics } from '../../../report/diagnostics/text.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { type Base, loadBase } from '../../files/base.ts'
import { loadDesired, sourceName } from '../../files/desired.ts'
import { SAVED_PLAN, savePlanFile } from '../../files/saved-plan-file.ts'
import { refuseToReplace } from '../../files/write-file.ts'
import type { FileFlags, PlanFlags, RemoteFlags } from '../../flags/options.ts'
import type { PresentFlags } from '../../output/present.ts'
import { presentPlan } from '../../output/present-plan.ts'
import { whileReading } from '../../output/progress.ts'
import { checkReports } from '../../output/reports.ts'
import type { Session } from '../../session/session.ts'
import { locationChoice, openStackSession } from '../../session/stack-session.ts'

/** Flags of `plan`. */
export interface PlanCommandFlags extends FileFlags, RemoteFlags, PlanFlags, PresentFlags {
  readonly detailedExitcode?: boolean
  readonly out?: string
  readonly base?: string
}

/** `vpnctl plan`. */
export async function showPlan(context: Context, flags: PlanCommandFlags): Promise<number> {
  checkReports(flags.report, context.io.cwd)
  if (flags.out !== undefined) await refuseToReplace(context.io.cwd, flags.out, SAVED_PLAN)
  const { desired, warnings: fileWarnings, sources } = await loadDesired(context, flags, 'optional')
  const base = flags.base === undefined ? undefined : await loadBase(context, flags, flags.base, desired)
  const warnings = [...fileWarnings, ...printWarnings(context, base)]
  const choice = locationChoice(flags)
  const { session, reading } = await openStackSession(context, flags, desired, choice)
  try {
    const { plan: unmarked, live } = await whileReading(context, (onProgress) =>
      readAndPlan(desired, session.remote, {
        ...reading,
        plan: planOptions(flags),
        onProgress,
      }),
    )
    session.journal.plan(unmarked)
    const asOf = new Date(context.io.clock.now()).toISOString()
    const plan = marked(unmarked, base, live, { ...planOptions(flags), asOf })
    if (flags.out !== undefined) {
      await savePlanFile(context, flags.out, plan, flags, planOptions(flags), {
        endpoints: endpointsOf(session, plan),
        locations: [],
        ...choice,
        seen: seenBy(desired, live, unmarked, flags.target ?? []),
        fileWarnings: warnings,
      })
    }
    await presentPlan(context, flags, {
      plan,
      warnings,
      sources,
      sourceName: sourceName(flags),
      ...(flags.out === undefined ? {} : { savedIn: flags.out }),
    })
    if (flags.out !== undefined && !context.json) context.err(savedText(plan, flags.out))
    return planExit(plan, flags.detailedExitcode === true)
  } finally {
    await session.close()
  }
}

// Of all locations that the plan is about: what it deletes may be in one that the files do not name.
function endpointsOf(session: Session, { locations, changes }: Plan): Readonly<Record<string, string>> {
  const all = new Set([...locations, ...changes.map(({ target }) => target.location)])
  return Object.fromEntries([...all].map((location) => [location, session.endpointOf(location)]))
}

function marked(
  unmarked: Plan,
  base: Base | undefined,
  live: LiveState,
  options: Partial<PlanOptions>,
): Plan {
  if (base?.desired === undefined) return unmarked
  return markOrigins(unmarked, planFor(base.desired, live, options), base.name)
}

function printWarnings(context: Context, base: Base | undefined): Base['warnings'] {
  const warnings = base?.warnings ?? []
  if (!context.json) {
    const { color, width } = context.style.err
    context.err(renderDiagnostics(warnings, new Map(), { color, width, summary: false }))
  }
  return warnings
}

/** The planner's options from the flags. */
export function planOptions(flags: PlanFlags): Partial<PlanOptions> {
  return {
    ...(flags.prune === undefined ? {} : { prune: flags.prune }),
    ...(flags.maxDeletes === undefined ? {} : { maxDeletes: flags.maxDeletes }),
    resendSecrets: flags.resendSecrets ?? [],
    targets: flags.target ?? [],
  }
}

/** The exit code of a plan that is shown. */
export function planExit(plan: Plan, detailed: boolean): number {
  if (plan.refusals.length > 0) return exitCode('refused')
  return exitCode(detailed && hasWrites(plan) ? 'changes' : 'ok')
}

function savedText(plan: Plan, file: string): string {
  if (plan.refusals.length > 0) return `Saved in ${file}, to be shown only: it must not be applied.\n`
  return `Saved in ${file}. Apply exactly this with: vpnctl apply ${file}\n`
}
