import { desiredEstate, type Estate, endpointsOf, estateOf } from '../../../access/estate.ts'
import { namesIn, reachOf } from '../../../access/reach.ts'
import { isBadWord, type Selection, selectionOf, unmatched } from '../../../access/select.ts'
import type { DesiredState } from '../../../model/resource.ts'
import { safeJson } from '../../../model/safe-text.ts'
import { networkStates } from '../../../plan/access.ts'
import { accessDocument } from '../../../report/access/json.ts'
import { type AccessAnswer, renderAccess } from '../../../report/access/table.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { loadDesired, sourceName } from '../../files/desired.ts'
import type { FileFlags, LocationFlags, RemoteFlags } from '../../flags/options.ts'
import { planStack } from '../../session/read-live.ts'
import { locationChoice } from '../../session/stack-session.ts'

/** Flags of `access`. */
export interface AccessFlags extends FileFlags, RemoteFlags, LocationFlags {
  readonly live?: boolean
  readonly format: 'text' | 'json' | 'mermaid'
}

/** `vpnctl access`. */
export async function run(
  context: Context,
  flags: AccessFlags,
  [fromWord = '-', toWord = '-']: readonly [string?, string?],
): Promise<number> {
  const [from, to] = [readWord(fromWord), readWord(toWord)]
  const { desired } = await loadDesired(context, { ...flags, checkAccess: false }, 'ignore')
  const estate = flags.live === true ? await liveEstate(context, flags, desired) : desiredEstate(desired)
  const where = flags.live === true ? 'live' : sourceName(flags)
  refuseUnmatched([from, to], estate, where)
  const answer: AccessAnswer = {
    stack: desired.stack,
    source: flags.live === true ? 'live' : 'files',
    where,
    from,
    to,
    reached: reachOf(estate, from, to),
    nameOf: namesIn(estate),
  }
  switch (flags.format) {
    case 'text':
      context.out(renderAccess(answer, context.style.out))
      break
    case 'json':
      context.out(`${safeJson(accessDocument(answer), 2)}\n`)
      break
    case 'mermaid':
      context.out((await import('../../../report/access/mermaid.ts')).accessMermaid(answer))
      break
    default:
      flags.format satisfies never
  }
  return exitCode('ok')
}

function readWord(word: string): Selection {
  const read = selectionOf(word)
  if (!isBadWord(read)) return read
  throw new Failure('usage', read.message, {
    hint: 'write an address (10.99.0.2), a network (10.20.0.0/16), a pattern of addresses (anna-*), a name of the output ("LAN 2"), or - for all',
  })
}

function refuseUnmatched(selections: readonly Selection[], estate: Estate, where: string): void {
  const named = endpointsOf(estate)
  for (const selection of selections) {
    const meant = unmatched(selection, named)
    if (meant === undefined) continue
    throw new Failure('usage', `${JSON.stringify(selection.text)} names nothing in ${where}${meant}`, {
      hint: 'vpnctl access shows all names',
    })
  }
}

async function liveEstate(context: Context, flags: AccessFlags, desired: DesiredState): Promise<Estate> {
  const { live, plan } = await planStack(context, flags, desired, locationChoice(flags))
  return estateOf(networkStates(plan.changes, live).before)
}
