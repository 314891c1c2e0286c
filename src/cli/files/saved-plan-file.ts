import { optional } from '../../model/optional.ts'
import { recordPlan } from '../../plan/saved/plan-record.ts'
import {
  isSavedPlanProblem,
  readSavedPlan,
  type SavedPlan,
  type SavedPlanProblem,
  writeSavedPlan,
} from '../../plan/saved/saved-plan.ts'
import { DEFAULT_PLAN_OPTIONS, type Plan, type PlanOptions } from '../../plan/types.ts'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'
import type { FileFlags } from '../flags/options.ts'
import type { BaselineFlags } from './base.ts'
import { fileNames } from './desired.ts'
import { readText } from './read-text.ts'
import { type Predecessor, writeWholeFile } from './write-file.ts'

// A plan of 100,000 resources is about 100 MB.
const PLAN_FILE = { what: 'the saved plan', maxBytes: 256 * 1024 * 1024 }

/** What `plan --out` may write over: a plan in any of our formats, whole or not. */
export const SAVED_PLAN: Predecessor = { what: 'a saved plan', begins: /^\s*\{\s*"format":\s*"vpnctl\// }

/** What is saved with a plan. */
export type SavedFacts = Pick<
  SavedPlan,
  'endpoints' | 'locations' | 'onlyLocations' | 'seen' | 'fileWarnings'
>

/** Saves a plan, readable by its owner alone: it shows addresses and networks. */
export async function savePlanFile(
  context: Context,
  file: string,
  plan: Plan,
  flags: FileFlags & BaselineFlags,
  options: Partial<PlanOptions>,
  facts: SavedFacts,
): Promise<void> {
  const text = writeSavedPlan({
    stack: plan.stack,
    source: {
      files: fileNames(flags),
      varFiles: flags.varFile ?? [],
      vars: (flags.var ?? []).map((pair) => pair.slice(0, pair.indexOf('='))),
      allowPlaintextSecrets: flags.allowPlaintextSecrets === true,
      ...optional({ base: flags.base, applied: flags.applied }),
    },
    options: { ...DEFAULT_PLAN_OPTIONS, ...options },
    plan: recordPlan(plan),
    ...facts,
  })
  await writeWholeFile(context, file, text, { access: 'owner-only' })
}

/** Reads a saved plan, or what is wrong with it. */
export async function trySavedPlanFile(
  context: Context,
  file: string,
): Promise<SavedPlan | SavedPlanProblem> {
  return readSavedPlan(await readText(context, file, PLAN_FILE))
}

/** Reads a saved plan. What cannot be used ends the run with one sentence. */
export async function readSavedPlanFile(context: Context, file: string): Promise<SavedPlan> {
  const saved = await trySavedPlanFile(context, file)
  if (isSavedPlanProblem(saved)) {
    throw new Failure('error', `${file} ${problemText(saved)}`, {
      hint: 'make one with: vpnctl plan --out FILE',
    })
  }
  return saved
}

/** What is wrong with a saved plan, as the rest of a sentence. */
export function problemText(problem: SavedPlanProblem): string {
  switch (problem.type) {
    case 'truncated':
      return 'is a saved plan that was cut short'
    case 'other-file':
      return 'is not a saved plan'
    case 'document':
      return 'is the output of "plan --format json", which is for reading; a plan to be applied is saved with --out'
    case 'version':
      return `is a saved plan of format ${JSON.stringify(problem.version)}, written by another version of vpnctl`
    case 'edited':
      return 'was edited after it was saved'
    default:
      return problem satisfies never
  }
}
