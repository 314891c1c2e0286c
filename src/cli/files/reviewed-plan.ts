import type { Diagnostic } from '../../model/diagnostic.ts'
import { canonicalJson } from '../../model/json.ts'
import { settingsOf } from '../../plan/saved/digest.ts'
import { restorePlan } from '../../plan/saved/plan-record.ts'
import { isSavedPlanProblem, type SavedPlan } from '../../plan/saved/saved-plan.ts'
import { differencesBetween } from '../../plan/saved/staleness.ts'
import type { Plan, PlanOptions } from '../../plan/types.ts'
import { REVIEWED, stalenessDiagnostics } from '../../report/plan/staleness.ts'
import type { Context } from '../context.ts'
import { problemText, trySavedPlanFile } from './saved-plan-file.ts'

/**
 * The plan with what it does not share with a plan that was reviewed. A file that is not a plan of this stack, or one with
 * other settings, is not a review: that is reported, and ends nothing.
 */
export async function withReview(context: Context, plan: Plan, file: string): Promise<Plan> {
  const reviewed = await trySavedPlanFile(context, file)
  const differences = isSavedPlanProblem(reviewed)
    ? [noReview(problemText(reviewed))]
    : (otherPlan(reviewed, plan) ??
      stalenessDiagnostics(differencesBetween(restorePlan(reviewed.plan), plan), plan, REVIEWED))
  return { ...plan, review: { differences } }
}

function otherPlan({ stack, options }: SavedPlan, plan: Plan): readonly Diagnostic[] | undefined {
  if (stack !== plan.stack) return [noReview(`is a plan of the stack ${JSON.stringify(stack)}`)]
  if (canonicalJson(settingsOf(options)) === canonicalJson(settingsOf(plan.options))) return undefined
  return [noReview(`was made with ${flagsText(options)}, and this one with ${flagsText(plan.options)}`)]
}

function flagsText({ prune, targets, destroy }: PlanOptions): string {
  if (destroy) return 'destroy'
  return [`--prune ${prune}`, ...targets.map((target) => `--target ${target}`)].join(' ')
}

function noReview(why: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'VPN537',
    message: `the reviewed plan ${why}: nothing of this plan was reviewed`,
    hint: 'review this plan',
  }
}
