import type { Diagnostic } from '../../model/diagnostic.ts'
import type { Plan } from '../../plan/types.ts'
import { planReport } from '../../report/plan/report.ts'
import type { Fact } from '../../report/report.ts'
import { hintWithInputs } from '../../report/writing/run-inputs.ts'
import type { Context } from '../context.ts'
import { type Presented, type PresentFlags, present } from './present.ts'

/** A plan that is shown, and where it came from. */
export interface PresentedPlan extends Pick<Presented, 'sources' | 'sourceName' | 'inputs'> {
  readonly plan: Plan
  /** Warnings of the files; people have read them on stderr already. */
  readonly warnings: readonly Diagnostic[]
  /** The file that the plan was saved in. */
  readonly savedIn?: string
}

/** Writes a plan to stdout, to files, and to the pipeline. */
export async function presentPlan(
  context: Context,
  flags: PresentFlags,
  { plan, warnings, savedIn, ...shown }: PresentedPlan,
): Promise<void> {
  // As in the text: a proposed command can be pasted from every format.
  const complete = (found: readonly Diagnostic[]): readonly Diagnostic[] =>
    found.map((each) => hintWithInputs(each, shown.inputs))
  const text = await present(context, flags, {
    ...shown,
    report: planReport({
      ...plan,
      refusals: complete(plan.refusals),
      warnings: complete([...warnings, ...plan.warnings]),
    }),
    forTerminal: planReport(plan),
    facts: factsOf(plan, savedIn),
    pathFacts: { text: 'text_plan_path', json: 'json_plan_path', markdown: 'markdown_path' },
  })
  context.document(text)
}

function factsOf({ refusals }: Plan, savedIn: string | undefined): readonly Fact[] {
  return [
    ...(refusals.length === 0 ? [] : [['failure-reason', 'refused'] as const]),
    ...(savedIn === undefined ? [] : [['plan_path', savedIn] as const]),
  ]
}
