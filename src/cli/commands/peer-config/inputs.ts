import type { PlainObject } from '../../../model/json.ts'
import { optional } from '../../../model/optional.ts'
import type { DesiredResource, DesiredState, LiveResource } from '../../../model/resource.ts'
import type { Secret } from '../../../model/secret.ts'
import { gatewayPublicKey, interfaceName, type OtherEndInput } from '../../../peer-config/index.ts'
import { plan } from '../../../plan/plan.ts'
import type { Change } from '../../../plan/types.ts'
import type { Context } from '../../context.ts'
import { Failure } from '../../failure.ts'
import type { FileFlags, RemoteFlags } from '../../flags/options.ts'
import { readLocations } from '../../session/read-live.ts'
import type { OtherEndChoice } from './choice.ts'

/** An end with what is known of it. */
export interface KnownEnd {
  readonly choice: OtherEndChoice
  readonly input: OtherEndInput
}

/** What the files say of an end, and what the service chose or derived where that was read. */
export function inputOf(
  desired: DesiredState,
  { gateway, child }: OtherEndChoice,
  live: { readonly gateway?: LiveResource | undefined; readonly spec?: PlainObject | undefined } = {},
): OtherEndInput {
  const [privateKey] = gateway.secrets
  const publicKey = gatewayPublicKey(privateKey?.value, live.gateway)
  return {
    gateway: { name: gateway.name, spec: gateway.spec, ...optional({ publicKey }) },
    child: { name: child.name, spec: live.spec ?? child.spec },
    siblings: desired.resources
      .filter(({ parent, ensure }) => parent === gateway && ensure === 'present')
      .filter((sibling) => sibling !== child)
      .map(({ name, spec }) => ({ name, spec })),
  }
}

/** The inputs in the same order; those that lack something are read from the API, all of them at once. */
export async function completeInputs(
  context: Context,
  desired: DesiredState,
  ends: readonly KnownEnd[],
  flags: FileFlags & RemoteFlags,
): Promise<readonly OtherEndInput[]> {
  const lacking = ends.filter(({ choice, input }) => choice.format.lacks(input))
  if (lacking.length === 0) return ends.map(({ input }) => input)
  const locations = [...new Set(lacking.map(({ choice }) => choice.gateway.location))]
  const live = await readLocations(context, flags, locations, desired)
  const asOf = new Date(context.io.clock.now()).toISOString()
  const { changes } = plan({ ...desired, locations }, live, { asOf })
  return ends.map((end) => {
    const { choice, input } = end
    if (!lacking.includes(end)) return input
    const read = { gateway: liveOf(changes, choice.gateway), spec: specOf(changes, choice.child) }
    return { ...input, ...inputOf(desired, choice, read) }
  })
}

function changeOf(changes: readonly Change[], resource: DesiredResource): Change | undefined {
  return changes.find((change) => change.action !== 'unmanaged' && change.desired === resource)
}

function liveOf(changes: readonly Change[], resource: DesiredResource): LiveResource | undefined {
  const change = changeOf(changes, resource)
  return change !== undefined && 'live' in change ? change.live : undefined
}

// What the file wants, with what the service chose where the file is silent.
function specOf(changes: readonly Change[], resource: DesiredResource): PlainObject | undefined {
  const change = changeOf(changes, resource)
  if (change === undefined) return undefined
  return 'spec' in change ? change.spec : change.live.spec
}

/** The pre-shared key of a tunnel, which has to be at hand. */
export function sharedSecret(child: DesiredResource): Secret {
  const value = child.secrets[0]?.value
  if (value === null || value === undefined) {
    throw new Failure('error', `the pre-shared key of "${child.name}" is not at hand here`, {
      hint: 'set what the file refers to, or leave --show-secrets out for a placeholder',
    })
  }
  return value
}

/** What is wrong with a file's name for a program that names the interface after it. */
export function interfaceNotes({ format }: OtherEndChoice, file: string): readonly string[] {
  if (format.secret !== 'given') return []
  const base = file.replace(/^.*[\\/]/, '').replace(/\.conf$/, '')
  return interfaceName(base) === base && file.endsWith('.conf')
    ? []
    : [
        `wg-quick takes the interface's name from the file's name: at most 15 letters, digits and _=+.-, then .conf; for instance ${interfaceName(base)}.conf`,
      ]
}
