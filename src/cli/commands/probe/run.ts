import { classOf } from '../../../model/codes.ts'
import type { DesiredState } from '../../../model/resource.ts'
import { match } from '../../../plan/match/match.ts'
import type { MetadataOf } from '../../../probe/tasks.ts'
import { renderDiagnostics } from '../../../report/diagnostics/text.ts'
import { probeDocument } from '../../../report/probe/json.ts'
import { renderProbes } from '../../../report/probe/text.ts'
import { safeJson } from '../../../report/writing/safe-text.ts'
import type { Context } from '../../context.ts'
import { loadValid } from '../../files/desired.ts'
import type { FileFlags, RemoteFlags } from '../../flags/options.ts'
import { readStack } from '../../session/read-live.ts'
import { probeExit } from './exit.ts'
import { metadataIn, needsLive, sendProbes } from './send.ts'

/** Flags of `probe`. */
export interface ProbeFlags extends FileFlags, RemoteFlags {
  readonly wait: number
}

/** `vpnctl probe`. */
export async function run(
  context: Context,
  flags: ProbeFlags,
  [address]: readonly [string?],
): Promise<number> {
  const desired = await loadForProbe(context, flags)
  const scope = { targets: address === undefined ? [] : [address], timeoutMs: flags.wait }
  const metadataOf = needsLive(desired, scope) ? await liveMetadata(context, flags, desired) : undefined
  const results = await sendProbes(context, desired, { ...scope, metadataOf })
  context.out(
    context.json ? `${safeJson(probeDocument(results))}\n` : renderProbes(results, context.style.out),
  )
  return probeExit(results)
}

/** The files with the keys of canaries. Missing keys are not reported here: a probe reports those that it needs. */
export async function loadForProbe(context: Context, flags: FileFlags): Promise<DesiredState> {
  const { desired, diagnostics, sources } = await loadValid(context, flags, 'optional')
  const shown = diagnostics.filter(({ code }) => classOf(code) !== 'absent')
  if (shown.length > 0 && !context.json)
    context.err(`${renderDiagnostics(shown, sources, context.style.err)}\n`)
  return desired
}

// The file of a pipeline may name keys that it does not get; the public half is what the API shows.
async function liveMetadata(context: Context, flags: ProbeFlags, desired: DesiredState): Promise<MetadataOf> {
  return metadataIn(match(desired, await readStack(context, flags, desired, {})))
}
