import { withinTargets } from '../../../model/address-pattern.ts'
import { didYouMeanAny, suggestAddresses } from '../../../model/addresses/suggest-address.ts'
import type { Diagnostic } from '../../../model/diagnostic.ts'
import { optional } from '../../../model/optional.ts'
import type { DesiredResource, DesiredState } from '../../../model/resource.ts'
import { describeReference } from '../../../model/secret.ts'
import type { Matching } from '../../../plan/match/match.ts'
import type { ProbeSurroundings } from '../../../probe/ask.ts'
import { runProbes } from '../../../probe/run.ts'
import { lacksKey, type MetadataOf, type ProbeTask, probeTasks } from '../../../probe/tasks.ts'
import type { ProbeResult } from '../../../probe/verdict.ts'
import type { Context } from '../../context.ts'
import { Failure } from '../../failure.ts'

/** For three attempts, which is the default of `--wait` too. */
export const ANSWER_MS = 1_800

/** What to probe, and for how long. */
export interface ProbeScope {
  /** Address patterns; none: everything. */
  readonly targets: readonly string[]
  readonly timeoutMs: number
  /** What live shows of a gateway. */
  readonly metadataOf?: MetadataOf | undefined
}

/** Probes what the files declare. Throws {@link Failure} where nothing may be sent. */
export async function sendProbes(
  context: Context,
  desired: DesiredState,
  { targets, timeoutMs, metadataOf = () => undefined }: ProbeScope,
): Promise<readonly ProbeResult[]> {
  const tasks = checkedTasks(desired, targets, metadataOf)
  return runProbes(tasks, probeSurroundings(context, timeoutMs))
}

/** What probes of this run need. Throws {@link Failure} where there is no network. */
export function probeSurroundings({ io, ending }: Context, timeoutMs: number): ProbeSurroundings {
  const { clock, randomBytes, probeNetwork } = io
  if (probeNetwork === undefined) throw new Failure('error', 'this environment has no network to probe')
  return { network: probeNetwork, clock, randomBytes, signal: ending, timeoutMs }
}

/** What would be probed, for a run that writes first. Throws as {@link checkedTasks}, and for nothing at all. */
export function neededTasks(
  desired: Pick<DesiredState, 'resources'>,
  targets: readonly string[],
  metadataOf: MetadataOf,
): readonly ProbeTask[] {
  const tasks = checkedTasks(desired, targets, metadataOf, UNCHANGED)
  if (isNothing(tasks)) throw nothingToProbe(desired.resources, targets[0], UNCHANGED)
  return tasks
}

const UNCHANGED = 'nothing was changed'

/** What would be probed. Throws {@link Failure} for a target without a probe, and for a canary without a key. */
export function checkedTasks(
  desired: Pick<DesiredState, 'resources'>,
  targets: readonly string[],
  metadataOf: MetadataOf = () => undefined,
  message = 'nothing was probed',
): readonly ProbeTask[] {
  const tasks = probeTasks(desired.resources, targets, metadataOf)
  if (targets.length > 0 && isNothing(tasks)) throw nothingToProbe(desired.resources, targets[0], message)
  const lacking = tasks.filter(lacksKey).map(({ address }) => address)
  const diagnostics = desired.resources
    .filter(({ address, canary }) => canary !== undefined && lacking.includes(address))
    .map(missingKey)
  if (diagnostics.length > 0) throw new Failure('invalid', message, { diagnostics })
  return tasks
}

/** Whether the key of a gateway that a probe needs is known to the API alone. */
export function needsLive(desired: DesiredState, { targets }: ProbeScope): boolean {
  return checkedTasks(desired, targets).some(
    (task) => task.type === 'known' && task.verdict.why === 'no-gateway-key',
  )
}

/** What live shows of the gateways that match the files. */
export function metadataIn({ matched }: Pick<Matching, 'matched'>): MetadataOf {
  const live = new Map(
    matched.flatMap(({ desired, match }) =>
      match.type === 'live' ? [[desired, match.live.metadata] as const] : [],
    ),
  )
  return (gateway) => live.get(gateway)
}

function isNothing(tasks: readonly ProbeTask[]): boolean {
  return tasks.every((task) => task.type === 'known' && task.verdict.why === 'no-canary')
}

function missingKey({ address, canary, locate }: DesiredResource): Diagnostic {
  const at = canary === undefined ? undefined : locate(canary.path)
  return {
    severity: 'error',
    code: 'VPN403',
    message: `the key of the canary ${address} has no value (${canary === undefined ? '' : describeReference(canary.reference)})`,
    hint: 'a probe needs it: set the variable, or write the file',
    address,
    ...optional({ at }),
  }
}

function nothingToProbe(
  resources: readonly DesiredResource[],
  target: string | undefined,
  message: string,
): Failure {
  const isMeant = withinTargets(target === undefined ? [] : [target])
  const isKnown = resources.some(({ address, location }) => isMeant(address, location))
  const diagnostics = [nothingFinding(resources, target)]
  return new Failure(isKnown || target === undefined ? 'invalid' : 'usage', message, { diagnostics })
}

function nothingFinding(resources: readonly DesiredResource[], target: string | undefined): Diagnostic {
  const base = { severity: 'error', code: 'VPN415' } as const
  if (target === undefined)
    return {
      ...base,
      message: 'the files have nothing to probe: no canary, no tunnel and no host name',
      hint: 'add a canary to a gateway: a peer with `probe` (docs/probe.md)',
    }
  const named = resources.find(({ address }) => address === target)
  if (named !== undefined && named.parent !== null && named.kind.probing?.canary !== undefined)
    return {
      ...base,
      message: `${target} is not a canary: a handshake with its key would redirect its traffic to this machine`,
      hint: `probe its gateway by a canary: vpnctl probe ${named.parent.address}`,
      address: target,
    }
  return named === undefined
    ? {
        ...base,
        message: `the files have no "${target}"${didYouMeanAny(suggestAddresses(target, resources))}`,
        hint: 'vpnctl probe without an address probes everything',
      }
    : {
        ...base,
        message: `${target} has nothing to probe: no canary, no tunnel and no host name`,
        hint: 'add a canary to the gateway: a peer with `probe` (docs/probe.md)',
        address: target,
      }
}
