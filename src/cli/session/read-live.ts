import { readLive } from '../../engine/read-live.ts'
import { type LiveAndPlan, readAndPlan } from '../../engine/reconcile.ts'
import { fetchLive } from '../../live/fetch.ts'
import type { DesiredState, LiveState } from '../../model/resource.ts'
import type { PlanOptions } from '../../plan/types.ts'
import type { Context } from '../context.ts'
import type { RemoteFlags } from '../flags/options.ts'
import { whileReading } from '../output/progress.ts'
import { openSession } from './session.ts'
import { type LocationChoice, withStackSession } from './stack-session.ts'

// Sessions that read once.

/** All that is live in some locations. The secrets of `desired` are removed from all texts of the service. */
export async function readLocations(
  context: Context,
  flags: RemoteFlags,
  locations: readonly string[],
  desired?: DesiredState,
): Promise<LiveState> {
  const session = await openSession(context, flags, locations, { desired })
  try {
    return await whileReading(context, (onProgress) =>
      fetchLive(session.remote, { locations, signal: session.signal, onProgress }),
    )
  } finally {
    await session.close()
  }
}

/** What is live of a stack. */
export function readStack(
  context: Context,
  flags: RemoteFlags,
  desired: DesiredState,
  choice: LocationChoice,
): Promise<LiveState> {
  return withStackSession(context, flags, desired, choice, (session, reading) =>
    whileReading(context, (onProgress) => readLive(desired, session.remote, { ...reading, onProgress })),
  )
}

/** What is live of a stack, with a plan. */
export function planStack(
  context: Context,
  flags: RemoteFlags,
  desired: DesiredState,
  choice: LocationChoice,
  plan: Partial<PlanOptions> = {},
): Promise<LiveAndPlan> {
  return withStackSession(context, flags, desired, choice, (session, reading) =>
    whileReading(context, (onProgress) =>
      readAndPlan(desired, session.remote, { ...reading, plan, onProgress }),
    ),
  )
}
