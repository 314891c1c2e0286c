import { hasWrites, readAndPlan } from '../../../engine/reconcile.ts'
import type { Diagnostic } from '../../../model/diagnostic.ts'
import { optional } from '../../../model/optional.ts'
import type { Baseline } from '../../../plan/baseline.ts'
import { seenBy } from '../../../plan/saved/staleness.ts'
import type { Plan, PlanOptions } from '../../../plan/types.ts'
import { renderDiagnostics } from '../../../report/diagnostics/text.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { type BaselineFlags, type LoadedBaseline, loadBaseline } from '../../files/base.ts'
import { loadDesired, sourceName } from '../../files/desired.ts'
import { withReview } from '../../files/reviewed-plan.ts'
import { SAVED_PLAN, savePlanFile } from '../../files/saved-plan-file.ts'
import { refuseToReplace } from '../../files/write-file.ts'
import type { FileFlags, PlanFlags, RemoteFlags } from '../../flags/options.ts'
import type { PresentFlags } from '../../output/present.ts'
import { presentPlan } from '../../output/present-plan.ts'
import { whileReading } from '../../output/progress.ts'
import { checkReports } from '../../output/reports.ts'
import { sameInputs } from '../../output/rerun-command.ts'
import type { Session } from '../../session/session.ts'
import { locationChoice, withStackSession } from '../../session/stack-session.ts'

/** Flags of `plan`. */
export interface PlanCommandFlags extends FileFlags, RemoteFlags, PlanFlags, BaselineFlags, PresentFlags {
  readonly detailedExitcode?: boolean
  readonly out?: string
  readonly reviewed?: string
}

/** `vpnctl plan`, and `vpnctl destroy --out`. */
export async function showPlan(context: Context, flags: PlanCommandFlags, destroy = false): Promise<number> {
  const options = { ...planOptions(flags), ...(destroy ? { destroy } : {}) }
  checkReports(flags.report, context.io.cwd)
  if (flags.out !== undefined) await refuseToReplace(context.io.cwd, flags.out, SAVED_PLAN)
  const {
    desired,
    warnings: fileWarnings,
    sources,
  } = await loadDesired(context, flags, destroy ? 'ignore' : 'optional')
  const former = await loadBaseline(context, flags, desired)
  printWarnings(context, former.warnings)
  const warnings = [...fileWarnings, ...former.warnings]
  const choice = locationChoice(flags)
  return withStackSession(context, flags, desired, choice, async (session, reading) => {
    const { plan: planned, live } = await whileReading(context, (onProgress) =>
      readAndPlan(desired, session.remote, {
        ...reading,
        plan: options,
        ...baselineOf(former),
        onProgress,
      }),
    )
    session.journal.plan(planned)
    const plan = flags.reviewed === undefined ? planned : await withReview(context, planned, flags.reviewed)
    if (flags.out !== undefined) {
      await savePlanFile(context, flags.out, plan, flags, options, {
        endpoints: endpointsOf(session, plan),
        locations: [],
        ...choice,
        seen: seenBy(desired, live, plan, flags.target ?? []),
        fileWarnings: warnings,
      })
    }
    await presentPlan(context, flags, {
      plan,
      warnings,
      sources,
      sourceName: sourceName(flags),
      inputs: sameInputs(flags),
      ...optional({ savedIn: flags.out }),
    })
    if (flags.out !== undefined && !context.json) context.err(savedText(plan, flags))
    return planExit(plan, flags.detailedExitcode === true)
  })
}

// Of all locations that the plan is about: what it deletes may be in one that the files do not name.
function endpointsOf(session: Session, { locations, changes }: Plan): Readonly<Record<string, string>> {
  const all = new Set([...locations, ...changes.map(({ target }) => target.location)])
  return Object.fromEntries([...all].map((location) => [location, session.endpointOf(location)]))
}

/** Prints the warnings of former files, where people read. */
export function printWarnings(context: Context, warnings: readonly Diagnostic[]): void {
  if (context.json) return
  const { color, width } = context.style.err
  context.err(renderDiagnostics(warnings, new Map(), { color, width, summary: false }))
}

/** The baseline as an option of {@link readAndPlan}. */
export function baselineOf({ baseline }: LoadedBaseline): { readonly baseline?: Baseline } {
  return optional({ baseline })
}

/** The planner's options from the flags. */
export function planOptions(flags: PlanFlags & Pick<BaselineFlags, 'onDrift'>): Partial<PlanOptions> {
  return {
    ...optional({ prune: flags.prune, maxDeletes: flags.maxDeletes }),
    resendSecrets: flags.resendSecrets ?? [],
    targets: flags.target ?? [],
    ...optional({ onDrift: flags.onDrift }),
  }
}

/** The exit code of a plan that is shown. */
export function planExit(plan: Plan, detailed: boolean): number {
  if (plan.refusals.length > 0) return exitCode('refused')
  return exitCode(detailed && hasWrites(plan) ? 'changes' : 'ok')
}

// The names of the files are in the plan.
function savedText(plan: Plan, { out = '', file: _, varFile: __, ...flags }: PlanCommandFlags): string {
  if (plan.refusals.length > 0) return `Saved in ${out}, to be shown only: it must not be applied.\n`
  return `Saved in ${out}. Apply exactly this with: vpnctl apply ${out}${sameInputs(flags)}\n`
}
