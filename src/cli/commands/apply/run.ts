import { LARGEST_PARALLELISM } from '../../../api/concurrency.ts'
import { apply } from '../../../apply/apply.ts'
import type { ApplyResult } from '../../../apply/events.ts'
import { APPLY_DEFAULTS } from '../../../apply/options.ts'
import { inTurn } from '../../../apply/rollout.ts'
import { neededSecretErrors } from '../../../engine/needed-secrets.ts'
import { hasWrites, type ReadAndPlanOptions, readAndPlan } from '../../../engine/reconcile.ts'
import { withUnread } from '../../../engine/unread-destroy.ts'
import { verify } from '../../../engine/verify.ts'
import type { Baseline } from '../../../plan/baseline.ts'
import { ONLY_TARGETS } from '../../../plan/order/targets.ts'
import { STILL_DECLARED } from '../../../plan/safety/still-declared.ts'
import { UNKNOWN_TARGET } from '../../../plan/safety/unused-patterns.ts'
import type { Plan, PlanOptions } from '../../../plan/types.ts'
import { heldBackText } from '../../../report/apply/held-back.ts'
import { renderEventJson, renderResultJson } from '../../../report/apply/json.ts'
import { applyReport } from '../../../report/apply/report.ts'
import { renderPlanText } from '../../../report/plan/text.ts'
import { safeLine } from '../../../report/writing/safe-text.ts'
import { wrapWords } from '../../../report/writing/wrap.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { type BaselineFlags, loadBaseline } from '../../files/base.ts'
import { type LoadedState, loadDesired } from '../../files/desired.ts'
import type { FileFlags, LocationFlags, PlanFlags, RemoteFlags } from '../../flags/options.ts'
import { printNote } from '../../output/folded-note.ts'
import { present, sourced, textOptions } from '../../output/present.ts'
import { applyProgress, whileReading } from '../../output/progress.ts'
import { checkReports, type ReportFile } from '../../output/reports.ts'
import { rerunCommand, sameInputs, shellWord } from '../../output/rerun-command.ts'
import type { Session } from '../../session/session.ts'
import { locationChoice, withStackSession } from '../../session/stack-session.ts'
import { baselineOf, planOptions, printWarnings } from '../plan/run.ts'
import { confirm } from './confirm.ts'
import { applyExit, reachedLimits } from './exit.ts'
import { checkProbes, confirmByProbe, probeApplied } from './probes.ts'
import { throttleWaiting } from './throttle-waiting.ts'

/** Flags of `destroy`. */
export type DestroyFlags = Omit<ApplyFlags, 'maxDeletes' | 'resendSecrets' | keyof BaselineFlags>

/** Flags of everything that writes. */
export interface WriteFlags {
  readonly yes?: boolean
  readonly wait: boolean
  readonly waitTimeout: number
  readonly verify: boolean
  readonly report?: readonly ReportFile[]
  readonly maxDisruptive?: number
  readonly probe?: boolean
}

/** Flags of `apply`. */
export interface ApplyFlags extends FileFlags, RemoteFlags, PlanFlags, WriteFlags, BaselineFlags {
  readonly onStale?: 'abort' | 'skip'
}

/** `vpnctl apply`. */
export function applyFiles(context: Context, flags: ApplyFlags): Promise<number> {
  return applyLoaded(context, flags, false)
}

/**
 * The last step of a command that edited files: applies these resources alone. Its own command line would not find what it
 * edited again, so where this step fails another one is printed. `edited`: what the files are by now.
 */
export async function applyEdited(
  context: Context,
  flags: ApplyFlags,
  target: readonly string[],
  edited: string,
  finish = applyCommand(flags, target),
): Promise<number> {
  let code: number | undefined
  try {
    code = await applyLoaded(context, { ...flags, target }, true)
    return code
  } finally {
    const command = flags.yes === true ? `${finish} --yes` : finish
    if (code !== exitCode('ok')) printNote(context, `note: the files ${edited}. To finish: ${command}`)
  }
}

/** The command line that applies these resources alone. */
export function applyCommand(flags: ApplyFlags, targets: readonly string[]): string {
  const words = targets.map((target) => ` --target ${shellWord(target)}`).join('')
  return safeLine(`vpnctl apply${sameInputs(flags)}${words}`)
}

async function applyLoaded(context: Context, flags: ApplyFlags, isOwnTarget: boolean): Promise<number> {
  checkReports(flags.report, context.io.cwd)
  const loaded = await loadDesired(context, flags, 'optional')
  const former = await loadBaseline(context, flags, loaded.desired)
  printWarnings(context, former.warnings)
  return planAndApply(context, flags, loaded, {
    plan: planOptions(flags),
    ...baselineOf(former),
    answer: 'yes',
    isOwnTarget,
  })
}

/** `vpnctl destroy`. */
export async function destroyStack(context: Context, flags: DestroyFlags): Promise<number> {
  checkReports(flags.report, context.io.cwd)
  const loaded = await loadDesired(context, flags, 'ignore')
  return planAndApply(context, flags, loaded, {
    plan: { ...planOptions(flags), destroy: true },
    answer: loaded.desired.stack,
  })
}

/** Flags of every run that applies. */
export type CarryOutFlags = FileFlags & RemoteFlags & WriteFlags

type Flags = CarryOutFlags & LocationFlags

interface Task {
  readonly plan: Partial<PlanOptions>
  readonly baseline?: Baseline
  /** What a user types to agree. */
  readonly answer: string
  /** The user asked for a command that is about these resources: the warning that the rest was not read is left out. */
  readonly isOwnTarget?: boolean
}

async function planAndApply(
  context: Context,
  flags: Flags,
  loaded: LoadedState,
  task: Task,
): Promise<number> {
  const { desired, sources } = loaded
  return withStackSession(context, flags, desired, locationChoice(flags), async (session, reading) => {
    const { answer: _, isOwnTarget = false, ...planning } = task
    const look = { ...reading, ...planning }
    const { plan: planned } = await whileReading(context, (onProgress) =>
      readAndPlan(desired, session.remote, { ...look, onProgress }),
    )
    const plan = isOwnTarget ? ofOwnTarget(planned) : planned
    session.journal.plan(plan)
    if (!context.json) {
      const asText = textOptions(context, sourced(flags, sources))
      // With a blank line, since a question or the progress comes next.
      context.out(`${renderPlanText(plan, asText)}\n`)
    }
    if (plan.refusals.length > 0) {
      throw new Failure('refused', `the plan was refused, nothing ${isOwnTarget ? 'live ' : ''}was changed`, {
        diagnostics: context.json ? plan.refusals : [],
      })
    }
    refuseMissingSecrets(plan, loaded)
    if (flags.probe === true) checkProbes({ plan, loaded })
    if (hasWrites(plan) && !(await confirm(context, flags.yes === true, task.answer))) {
      context.err(`Nothing ${isOwnTarget ? 'live ' : ''}was changed.\n`)
      return exitCode('error')
    }
    return carryOut(context, flags, { plan, loaded, session, look, saved: undefined })
  })
}

// A target that is neither in the files nor live any more leaves nothing to do.
function ofOwnTarget(plan: Plan): Plan {
  return {
    ...plan,
    warnings: plan.warnings.filter(({ code }) => code !== ONLY_TARGETS),
    refusals: plan.refusals.filter(({ code }) => code !== UNKNOWN_TARGET),
  }
}

/** Ends the run where a secret that the plan sends has no value; others are not asked for. */
export function refuseMissingSecrets(
  plan: Plan,
  { sources }: LoadedState,
  withheld?: ReadonlySet<string>,
): void {
  const diagnostics = neededSecretErrors(plan, withheld)
  if (diagnostics.length === 0) return
  throw new Failure('invalid', 'secrets that this plan sends have no value, nothing was changed', {
    diagnostics,
    sources,
  })
}

/** A plan that may be applied, and all that it takes to do so. */
export interface Orders {
  readonly plan: Plan
  readonly loaded: LoadedState
  readonly session: Session
  /** How the verification plan is made. */
  readonly look: ReadAndPlanOptions
  /** For a saved plan: what to do when a resource is not as the plan saw it, and what is not to be written. */
  readonly saved: { readonly onStale: 'abort' | 'skip'; readonly withheld: ReadonlySet<string> } | undefined
}

/** Applies, looks again and shows; the exit code. */
export async function carryOut(context: Context, flags: CarryOutFlags, orders: Orders): Promise<number> {
  const applied = await execute(context, flags, orders)
  const result = await verified(context, flags, orders, applied)
  const isDestroy = orders.look.plan.destroy === true
  const final = isDestroy ? withUnread(result, orders.plan.unread) : result
  const printed = () => print(context, flags, orders, final)
  const isProbed = flags.probe === true && applyExit(final) === 0
  const code = await (isProbed ? probeApplied(context, orders, printed) : printed())
  if (isDestroy && result.summary.applied > 0) repeatStillDeclared(context, orders.plan)
  return code
}

// Behind "Destroy complete", which is all that many read.
function repeatStillDeclared(context: Context, { warnings }: Plan): void {
  if (context.json) return
  for (const { message, hint } of warnings.filter(({ code }) => code === STILL_DECLARED)) {
    const text = `${context.style.err.warning('warning:')} ${safeLine(message)}`
    context.err(`${text}\n  = hint: ${safeLine(hint ?? '')}\n`)
  }
}

const STOPPING =
  'Stopping: nothing new is started, what is on its way ends first. A second signal ends at once.'

async function execute(
  context: Context,
  flags: CarryOutFlags,
  { plan, loaded, session, saved }: Orders,
): Promise<ApplyResult> {
  context.stopping.addEventListener('abort', () =>
    context.err(`${wrapWords(STOPPING, context.style.err.width).join('\n')}\n`),
  )
  const maxDisruptive = flags.maxDisruptive ?? APPLY_DEFAULTS.maxDisruptive
  const waits = heldBackText(inTurn(plan.changes, maxDisruptive).heldBack)
  if (waits.length > 0 && !context.json)
    context.err(`${waits.flatMap((line) => wrapWords(line, context.style.err.width, '  ')).join('\n')}\n`)
  const isNews = throttleWaiting()
  const progress = await applyProgress(context, plan)
  try {
    return await apply(plan, session.remote, {
      wait: flags.wait,
      waitTimeoutMs: flags.waitTimeout,
      signal: session.signal,
      clock: context.io.clock,
      random: context.io.random,
      ...(saved === undefined ? {} : { onStale: saved.onStale, withheld: saved.withheld }),
      parallelism: flags.parallelism ?? LARGEST_PARALLELISM,
      maxDisruptive,
      ...(flags.probe === true ? { confirm: confirmByProbe(context, plan, loaded.desired) } : {}),
      onEvent: (event) => {
        progress.event(event)
        if (!isNews(event)) return
        session.journal.event(event)
        if (context.json) context.out(renderEventJson(event))
      },
    })
  } finally {
    progress.close()
  }
}

async function verified(
  context: Context,
  flags: CarryOutFlags,
  { loaded: { desired, sources }, session, look }: Orders,
  applied: ApplyResult,
): Promise<ApplyResult> {
  if (!flags.verify || !flags.wait) return applied
  const result = await whileReading(context, (onProgress) =>
    verify(applied, desired, session.remote, { ...look, onProgress }),
  )
  if (result.followUp !== undefined && !context.json) {
    const asText = textOptions(context, sourced(flags, sources))
    context.err(renderPlanText(result.followUp, asText))
  }
  return result
}

async function print(
  context: Context,
  flags: CarryOutFlags,
  { plan, loaded: { sources }, session, look }: Orders,
  result: ApplyResult,
): Promise<number> {
  const code = applyExit(result)
  const { summary, ending, verified, leftToDo } = result
  session.journal.note('result', { ...summary, ending, verified, leftToDo, exitCode: code })
  const report = applyReport(result, {
    again: rerunCommand(context, reachedLimits(result)),
    isDestroy: look.plan.destroy === true,
    isPartial: plan.options.targets.length > 0,
    left: plan.left,
  })
  const shown = { report, ...sourced(flags, sources) }
  const text = await present(context, { ...flags, format: 'text' }, shown)
  if (context.json) context.out(renderResultJson(result, plan.left))
  else context.document(text)
  return code
}
