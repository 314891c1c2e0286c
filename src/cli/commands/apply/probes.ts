import type { ApplyOptions } from '../../../apply/options.ts'
import { hasWrites } from '../../../engine/reconcile.ts'
import { located } from '../../../model/address.ts'
import type { DesiredState, LiveMetadata } from '../../../model/resource.ts'
import type { Plan } from '../../../plan/types.ts'
import { runProbes } from '../../../probe/run.ts'
import { type MetadataOf, type ProbeTask, probeTasks } from '../../../probe/tasks.ts'
import { isFailing } from '../../../probe/verdict.ts'
import { probeDocument } from '../../../report/probe/json.ts'
import { renderProbes } from '../../../report/probe/text.ts'
import { verdictWords } from '../../../report/probe/words.ts'
import { safeJson } from '../../../report/writing/safe-text.ts'
import type { Context } from '../../context.ts'
import { probeExit } from '../probe/exit.ts'
import { ANSWER_MS, neededTasks, probeSurroundings } from '../probe/send.ts'

/** A gateway that was written may need some time from AVAILABLE to its first answer. */
const STARTING_MS = 30_000

interface Applied {
  readonly plan: Plan
  readonly loaded: { readonly desired: DesiredState }
}

/** Ends the run where a probe lacks a key, before anything is written. */
export function checkProbes({ plan, loaded }: Applied): void {
  neededTasks(loaded.desired, plan.options.targets, metadataIn(plan))
}

/** Confirms a gateway that was interrupted by a handshake, where it has a canary that is live already. */
export function confirmByProbe(
  context: Context,
  plan: Plan,
  desired: DesiredState,
): NonNullable<ApplyOptions['confirm']> {
  const kept = new Set(
    plan.changes.flatMap((change) => (change.action === 'keep' ? [located(change.desired)] : [])),
  )
  const isMeant = (task: ProbeTask): boolean =>
    (task.type === 'wireguard' || task.type === 'ike') && kept.has(located(task))
  return async (change) => {
    const tasks = probeTasks(desired.resources, [change.address], metadataIn(plan)).filter(isMeant)
    const results = await runProbes(tasks, probeSurroundings(context, STARTING_MS))
    const failing = results.find(({ verdict }) => isFailing(verdict))
    if (failing === undefined) return undefined
    return {
      reason: 'not-ready',
      checkFirst: true,
      message: `it is AVAILABLE, and the probe of ${failing.address} fails: ${verdictWords(failing.verdict)}`,
      hint: 'find out why with vpnctl probe before you run the same command again: the next run does not wait for this gateway',
    }
  }
}

/** Probes what was applied, around the summary that `print` shows; the exit code. */
export async function probeApplied(
  context: Context,
  { plan, loaded }: Applied,
  print: () => number | Promise<number>,
): Promise<number> {
  const tasks = neededTasks(loaded.desired, plan.options.targets, metadataIn(plan))
  const isStarting = hasWrites(plan)
  if (isStarting && !context.json) context.err('Probing, up to 30s for each answer\n')
  const results = await runProbes(tasks, probeSurroundings(context, isStarting ? STARTING_MS : ANSWER_MS))
  // The result is the last line of JSON.
  if (context.json) context.out(`${safeJson({ type: 'probe', ...probeDocument(results) })}\n`)
  const code = await print()
  if (!context.json) context.out(`\n${renderProbes(results, context.style.out)}`)
  return code === 0 ? probeExit(results) : code
}

// As the plan saw it: a key that the files do not give is not changed by the apply.
function metadataIn({ changes }: Plan): MetadataOf {
  const live = new Map<string, LiveMetadata>(
    changes.flatMap((change) =>
      change.action === 'keep' || change.action === 'update'
        ? [[located(change.desired), change.live.metadata] as const]
        : [],
    ),
  )
  return (gateway) => live.get(located(gateway))
}
