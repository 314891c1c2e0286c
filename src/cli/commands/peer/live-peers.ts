import type { DesiredResource, DesiredState, LiveResource } from '../../../model/resource.ts'
import { match } from '../../../plan/match/match.ts'
import type { Context } from '../../context.ts'
import type { RemoteFlags } from '../../flags/options.ts'
import { readLocations } from '../../session/read-live.ts'

/** The live children of some gateways that neither the files nor this stack know: they have a place and addresses too. */
export async function readUnmanagedPeers(
  context: Context,
  desired: DesiredState,
  gateways: readonly DesiredResource[],
  flags: RemoteFlags,
): Promise<ReadonlyMap<DesiredResource, readonly LiveResource[]>> {
  const locations = [...new Set(gateways.map(({ location }) => location))]
  const live = await readLocations(context, flags, locations, desired)
  const { matched, byLive, isOwned } = match({ ...desired, locations }, live)
  const unmanaged = live.resources.filter(
    (resource) => !byLive.has(resource) && !isOwned(resource) && resource.status !== 'DESTROYING',
  )
  return new Map(
    matched
      .filter((entry) => gateways.includes(entry.desired))
      .map((entry) => [
        entry.desired,
        unmanaged.filter(({ parentIds }) => parentIds.at(-1) === entry.target.id),
      ]),
  )
}
