import { locationsToRead, readAndPlan } from '../../../engine/reconcile.ts'
import { restorePlan } from '../../../plan/saved/plan-record.ts'
import type { SavedPlan } from '../../../plan/saved/saved-plan.ts'
import { movedBetween, seenBy, withoutMoved } from '../../../plan/saved/staleness.ts'
import type { Plan } from '../../../plan/types.ts'
import { renderDiagnostics } from '../../../report/diagnostics/text.ts'
import { movedDiagnostics } from '../../../report/plan/staleness.ts'
import { renderPlanText } from '../../../report/plan/text.ts'
import { count } from '../../../report/writing/words.ts'
import type { Context } from '../../context.ts'
import { Failure, type FailureFacts } from '../../failure.ts'
import { type LoadedState, loadDesired, sourceName } from '../../files/desired.ts'
import { readSavedPlanFile } from '../../files/saved-plan-file.ts'
import type { FileFlags } from '../../flags/options.ts'
import { textOptions } from '../../output/present.ts'
import { whileReading } from '../../output/progress.ts'
import { openSession, type Session } from '../../session/session.ts'
import type { ApplyFlags } from './run.ts'
import { carryOut } from './run.ts'

/** `vpnctl apply FILE`: the saved plan and nothing else. */
export async function applySavedPlan(context: Context, flags: ApplyFlags, file: string): Promise<number> {
  refusePlanFlags(flags)
  const saved = await readSavedPlanFile(context, file)
  if (saved.plan.refusals.length > 0) {
    throw new Failure('refused', `${file} is a plan that was refused; it cannot be applied`, {
      diagnostics: saved.plan.refusals,
    })
  }
  const fileFlags = fileFlagsOf(saved, flags)
  const loaded = await loadDesired(context, fileFlags, saved.options.destroy ? 'ignore' : 'required')
  if (loaded.desired.stack !== saved.stack) {
    throw new Failure(
      'refused',
      `${file} is a plan for the stack "${saved.stack}", and the files are of "${loaded.desired.stack}"`,
    )
  }
  const session = await openSession(context, flags, locationsToRead(loaded.desired, saved.locations))
  try {
    refuseOtherEndpoint(saved, session, file)
    const { clock } = context.io
    const look = { plan: saved.options, locations: saved.locations, signal: session.signal, clock }
    const plan = await planAgain(context, flags, { saved, loaded, session, file }, look)
    session.journal.plan(plan)
    if (!context.json) {
      const sourced = { sources: loaded.sources, sourceName: sourceName(fileFlags) }
      context.out(`${renderPlanText(plan, textOptions(context, sourced))}\n`)
    }
    const onStale = flags.onStale ?? 'abort'
    return await carryOut(
      context,
      { ...flags, ...fileFlags },
      { plan, loaded, session, look, saved: { onStale } },
    )
  } finally {
    await session.close()
  }
}

interface Task {
  readonly saved: SavedPlan
  readonly loaded: LoadedState
  readonly session: Session
  readonly file: string
}

// The plan of today where it is the saved one; where live moved and the user said so, what is left of the saved one.
async function planAgain(
  context: Context,
  flags: ApplyFlags,
  { saved, loaded, session, file }: Task,
  look: Parameters<typeof readAndPlan>[2],
): Promise<Plan> {
  const { desired, sources } = loaded
  const { plan, live } = await whileReading(context, (onProgress) =>
    readAndPlan(desired, session.remote, { ...look, onProgress }),
  )
  const seen = seenBy(desired, live, plan, saved.options.targets)
  const moved = movedBetween(saved, { seen, plan }, live)
  const diagnostics = movedDiagnostics(moved, desired)
  if (moved.some(({ side }) => side !== 'live') || (moved.length > 0 && flags.onStale !== 'skip')) {
    throw stale(file, { diagnostics, sources })
  }
  if (plan.refusals.length > 0) {
    throw new Failure('refused', 'the plan is refused by now, nothing was changed', {
      diagnostics: plan.refusals,
      sources,
    })
  }
  if (moved.length === 0) return plan
  if (!context.json) context.err(renderDiagnostics(diagnostics, sources, context.style.err))
  const keys = new Set(moved.map(({ key }) => key))
  return withoutMoved(restorePlan(saved.plan), desired, live, keys)
}

function stale(file: string, told: Required<Pick<FailureFacts, 'diagnostics' | 'sources'>>): Failure {
  const moved = count(told.diagnostics.length, 'thing')
  return new Failure('stale', `${file} is stale: ${moved} moved since it was saved; nothing was changed`, {
    ...told,
    hint: 'plan again, and look at what has changed',
  })
}

const PLAN_FLAGS = {
  prune: '--prune',
  maxDeletes: '--max-deletes',
  target: '--target',
  location: '--location',
  resendSecrets: '--resend-secrets',
} as const

function refusePlanFlags(flags: ApplyFlags): void {
  const given = Object.entries(PLAN_FLAGS).flatMap(([name, flag]) =>
    flags[name as keyof typeof PLAN_FLAGS] === undefined ? [] : [flag],
  )
  if (given.length === 0) return
  throw new Failure('usage', `${given.join(', ')}: a saved plan has its own, given to "plan --out"`, {
    hint: 'plan again with other flags, or apply without a saved plan',
  })
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

function refuseOtherEndpoint(saved: SavedPlan, session: Session, file: string): void {
  for (const [location, endpoint] of Object.entries(saved.endpoints)) {
    const now = session.endpointOf(location)
    if (now === endpoint) continue
    throw new Failure('refused', `${file} was made for ${endpoint}, and this run would talk to ${now}`, {
      hint: 'give the same --endpoint, or plan again',
    })
  }
}
