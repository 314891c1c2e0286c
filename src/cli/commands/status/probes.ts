import type { Status } from '../../../plan/status.ts'
import type { ProbeResult } from '../../../probe/verdict.ts'
import type { Context } from '../../context.ts'
import type { FileFlags } from '../../flags/options.ts'
import { loadForProbe } from '../probe/run.ts'
import { ANSWER_MS, checkedTasks, sendProbes } from '../probe/send.ts'

/** Reads the files; what is returned probes what they declare, with the keys that a status shows of gateways. */
export async function probesOf(
  context: Context,
  flags: FileFlags & { readonly target?: readonly string[] },
): Promise<(status: Status) => Promise<readonly ProbeResult[]>> {
  const desired = await loadForProbe(context, flags)
  const targets = flags.target ?? []
  // Refused before anything is read.
  checkedTasks(desired, targets)
  return ({ locations }) => {
    const live = new Map(
      locations.flatMap(({ items }) =>
        items.map((item) => [`${item.live.location}:${item.address}`, item.live.metadata] as const),
      ),
    )
    return sendProbes(context, desired, {
      targets,
      timeoutMs: ANSWER_MS,
      metadataOf: ({ location, address }) => live.get(`${location}:${address}`),
    })
  }
}
