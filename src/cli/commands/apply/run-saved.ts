import { hasWrites } from '../../../engine/reconcile.ts'
import {
  locationsOfSaved,
  reviewSavedPlan,
  type SavedPlanReview,
  savedPlanProblem,
} from '../../../engine/review-saved-plan.ts'
import { outdatedEnds } from '../../../plan/other-ends.ts'
import { summarise } from '../../../plan/plan.ts'
import { writingChanges } from '../../../plan/saved/digest.ts'
import type { SavedPlan } from '../../../plan/saved/saved-plan.ts'
import type { Plan } from '../../../plan/types.ts'
import { renderDiagnostics } from '../../../report/diagnostics/text.ts'
import { stalenessDiagnostics } from '../../../report/plan/staleness.ts'
import { renderPlanText } from '../../../report/plan/text.ts'
import { hintWithInputs } from '../../../report/writing/run-inputs.ts'
import { count } from '../../../report/writing/words.ts'
import type { Context } from '../../context.ts'
import { Failure } from '../../failure.ts'
import { type BaselineFlags, loadBaseline } from '../../files/base.ts'
import { type LoadedState, loadDesired } from '../../files/desired.ts'
import { readSavedPlanFile } from '../../files/saved-plan-file.ts'
import { type FileFlags, planFlagsGiven } from '../../flags/options.ts'
import { sourced, textOptions } from '../../output/present.ts'
import { whileReading } from '../../output/progress.ts'
import { checkReports } from '../../output/reports.ts'
import { rerunCommand, sameInputs } from '../../output/rerun-command.ts'
import { withStackSession } from '../../session/stack-session.ts'
import { baselineOf, printWarnings } from '../plan/run.ts'
import { checkProbes } from './probes.ts'
import type { ApplyFlags } from './run.ts'
import { carryOut, refuseMissingSecrets } from './run.ts'

/** `vpnctl apply FILE`: the saved plan and nothing else. */
export async function applySavedPlan(context: Context, flags: ApplyFlags, file: string): Promise<number> {
  checkReports(flags.report, context.io.cwd)
  refusePlanFlags(context, flags)
  const saved = await readSavedPlanFile(context, file)
  const formerFlags = baselineFlagsOf(saved, flags)
  const fileFlags = fileFlagsOf(saved, flags)
  if (saved.plan.refusals.length > 0) {
    throw new Failure('refused', `${file} is a plan that was refused; it cannot be applied`, {
      diagnostics: saved.plan.refusals.map((each) =>
        hintWithInputs(each, sameInputs({ ...flags, ...fileFlags })),
      ),
    })
  }
  const loaded = await loadDesired(context, fileFlags, saved.options.destroy ? 'ignore' : 'optional')
  const { desired, sources } = loaded
  const former = await loadBaseline(context, { ...fileFlags, ...formerFlags }, desired)
  printWarnings(context, former.warnings)
  const { onDrift } = formerFlags
  const options = onDrift === undefined ? saved.options : { ...saved.options, onDrift }
  const choice = locationsOfSaved(saved)
  return withStackSession(context, flags, desired, choice, async (session, reading) => {
    const misuse = savedPlanProblem(saved, { stack: desired.stack, endpointOf: session.endpointOf })
    if (misuse !== undefined) {
      const { problem, ...more } = misuse
      throw new Failure('refused', `${file} ${problem}`, more)
    }
    const onStale = flags.onStale ?? 'abort'
    const review = await whileReading(context, (onProgress) =>
      reviewSavedPlan({ ...saved, options }, desired, session.remote, {
        ...reading,
        ...baselineOf(former),
        onStale,
        onProgress,
      }),
    )
    session.journal.plan(review.plan)
    const { plan, withheld } = acceptable(context, review, file, loaded)
    const shown = withoutChanges(plan, withheld)
    if (!context.json && (withheld.size === 0 || hasWrites(shown))) {
      const asText = textOptions(context, sourced({ ...flags, ...fileFlags }, sources))
      context.out(`${renderPlanText(shown, asText)}\n`)
    }
    refuseMissingSecrets(plan, loaded, withheld)
    if (flags.probe === true) checkProbes({ plan, loaded })
    const look = { ...reading, ...baselineOf(former), plan: options }
    return carryOut(
      context,
      { ...flags, ...fileFlags },
      { plan, loaded, session, look, saved: { onStale, withheld } },
    )
  })
}

// Ends the run unless the review lets something be applied.
function acceptable(
  context: Context,
  review: SavedPlanReview,
  file: string,
  { sources }: LoadedState,
): Extract<SavedPlanReview, { type: 'apply' }> {
  switch (review.type) {
    case 'stale': {
      const diagnostics = stalenessDiagnostics(review.differences, review.plan)
      const number = count(diagnostics.length, 'change')
      const verb = diagnostics.length === 1 ? 'is' : 'are'
      throw new Failure(
        'stale',
        `${file} is stale: ${number} ${verb} not what was saved; nothing was changed`,
        {
          diagnostics,
          sources,
          hint: `make a new plan${newPlanWords(review)} and have it reviewed${partHint(context, review)}`,
        },
      )
    }
    case 'refused':
      throw new Failure('refused', 'the plan is refused by now, nothing was changed', {
        diagnostics: review.plan.refusals,
        sources,
      })
    case 'apply':
      if (review.differences.length > 0 && !context.json) {
        const diagnostics = stalenessDiagnostics(review.differences, review.plan)
        context.err(renderDiagnostics(diagnostics, sources, context.style.err))
      }
      return review
    default:
      return review satisfies never
  }
}

// A plan that was saved without the secrets of the apply has no change of them.
function newPlanWords({ plan, differences }: Extract<SavedPlanReview, { type: 'stale' }>): string {
  const command = plan.options.destroy ? 'vpnctl destroy --out FILE' : 'vpnctl plan --out FILE'
  const isSecret = differences.some(({ parts }) => parts.includes('resent'))
  return ` (${command}${isSecret ? ', with the same secrets as the apply' : ''})`
}

// Where something is the same today.
function partHint(
  context: Context,
  { plan, differences }: Extract<SavedPlanReview, { type: 'stale' }>,
): string {
  // A refused plan of today refuses that part too.
  if (plan.refusals.length > 0) return ''
  const different = new Set(differences.map(({ key }) => key))
  if (writingChanges(plan).every(({ key }) => different.has(key))) return ''
  return `; or apply what is still the same: ${rerunCommand(context)} --on-stale skip`
}

// What is applied: without the changes that are not as they were saved. What the rest means for access is not known.
function withoutChanges(plan: Plan, withheld: ReadonlySet<string>): Plan {
  if (withheld.size === 0) return plan
  const { access: _, otherEnds: __, ...rest } = plan
  const changes = plan.changes.filter(({ key }) => !withheld.has(key))
  const otherEnds = outdatedEnds(changes)
  return { ...rest, changes, summary: summarise(changes), ...(otherEnds.length === 0 ? {} : { otherEnds }) }
}

function refusePlanFlags({ io }: Context, flags: ApplyFlags): void {
  const given = planFlagsGiven(flags, io.env)
  if (given === '') return
  throw new Failure('usage', `${given}: a saved plan has its own, given to "plan --out"`, {
    hint: 'plan again with other flags, or apply without a saved plan',
  })
}

// A plan that was made without --on-drift can be applied with it; the former files of the plan are used unless others are given.
function baselineFlagsOf({ source, options }: SavedPlan, flags: BaselineFlags): BaselineFlags {
  const isGiven = flags.base !== undefined || flags.applied !== undefined || flags.onDrift !== undefined
  if (options.onDrift !== undefined && isGiven) {
    throw new Failure('usage', '--base, --applied, --on-drift: the saved plan has its own', {
      hint: 'plan again with other flags',
    })
  }
  if (flags.onDrift === 'leave') {
    throw new Failure('usage', '--on-drift leave changes what is planned: give it to "plan --out"', {
      hint: 'plan again with it, or use --on-drift refuse',
    })
  }
  const onDrift = flags.onDrift ?? options.onDrift
  // Only who asks about drift needs the former files, which a shallow clone does not have.
  const own: BaselineFlags = onDrift === undefined ? {} : source
  return { base: flags.base ?? own.base, applied: flags.applied ?? own.applied, onDrift }
}

// The values of variables are not in the plan, since one may be a key.
function fileFlagsOf({ source }: SavedPlan, flags: FileFlags): FileFlags {
  const given = new Set((flags.var ?? []).map((pair) => pair.slice(0, pair.indexOf('='))))
  const missing = source.vars.filter((name) => !given.has(name))
  if (missing.length > 0) {
    const again = missing.map((name) => `--var ${name}=...`).join(' ')
    throw new Failure(
      'usage',
      `the plan was made with ${again}, whose values are not in it: give the same again`,
    )
  }
  return {
    file: flags.file ?? source.files,
    varFile: flags.varFile ?? source.varFiles,
    var: flags.var ?? [],
    allowPlaintextSecrets: flags.allowPlaintextSecrets ?? source.allowPlaintextSecrets,
  }
}
