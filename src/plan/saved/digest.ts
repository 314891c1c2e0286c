import { hash } from 'node:crypto'
import type { Address } from '../../model/address.ts'
import { canonicalJson, formatPath, type Plain } from '../../model/json.ts'
import {
  type DesiredResource,
  type DesiredState,
  type LiveResource,
  type LiveState,
  parentTarget,
  targetKey,
} from '../../model/resource.ts'
import { describeReference } from '../../model/secret.ts'
import { splitKnown } from '../changes/known-fields.ts'
import { liveStep } from '../match/live-address.ts'
import type { Change, Plan } from '../types.ts'

/** What one thing was when a plan was made, as a number of which nothing can be guessed. */
export interface Fingerprint {
  readonly key: string
  readonly address: Address
  readonly digest: string
}

const SETTINGS = 'settings'

/** `sha256:` and the hash of a value; the order of an object's members means nothing. */
export function digestOf(value: Plain): string {
  return `sha256:${hash('sha256', canonicalJson(value))}`
}

/**
 * What the files want, resource by resource, and their settings. References to secrets are part of it, values never:
 * a weak one could be found by trying. Neither are places: a comment more is no other wish.
 */
export function desiredFingerprints(desired: DesiredState): readonly Fingerprint[] {
  const { stack, locations, protectedPatterns } = desired
  const settings: Plain = { stack, locations: [...locations].sort(), protectedPatterns }
  return [
    { key: SETTINGS, address: SETTINGS, digest: digestOf(settings) },
    ...desired.resources.map((resource) => ({
      key: desiredKey(resource),
      address: resource.address,
      digest: digestOf(desiredFacts(resource)),
    })),
  ]
}

/** One text for one desired resource, for maps. */
export function desiredKey({ location, address }: Pick<DesiredResource, 'location' | 'address'>): string {
  return `${location}:${address}`
}

function desiredFacts(resource: DesiredResource): Plain {
  const { kind, location, address, id, renamedFrom, protect, ensure, spec, secrets } = resource
  return {
    kind: kind.name,
    location,
    address,
    id,
    renamedFrom,
    protect,
    ensure,
    spec,
    secrets: secrets
      .map(({ path, reference }) => `${formatPath(path)} ${describeReference(reference)}`)
      .sort(),
  }
}

/**
 * What is live, resource by resource. Status and dates are no part of it, since the service moves them by itself;
 * neither is what is being destroyed. Of fields that our schema does not know only the names count.
 */
export function liveFingerprints(live: LiveState): readonly Fingerprint[] {
  const addresses = new Map<string, Address>()
  return live.resources.flatMap((resource) => {
    const key = targetKey(resource)
    const address = addressOf(resource, addresses)
    addresses.set(key, address)
    return resource.status === 'DESTROYING' ? [] : [{ key, address, digest: digestOf(liveFacts(resource)) }]
  })
}

function liveFacts({ kind, name, spec, metadata }: LiveResource): Plain {
  const known = splitKnown(kind, spec)
  const { publicKey } = metadata
  return { kind: kind.name, name, spec: known.spec, unknown: known.unknown.map(formatPath), publicKey }
}

function addressOf(resource: LiveResource, known: ReadonlyMap<string, Address>): Address {
  const own = liveStep(resource)
  const parent = parentTarget(resource)
  return parent === undefined ? own : `${known.get(targetKey(parent)) ?? parent.id}/${own}`
}

/**
 * What a plan is about to do, change by change. Secrets that only go along are no part of it: whether they do depends
 * on which secrets are to hand.
 */
export function changeFingerprints(plan: Pick<Plan, 'changes'>): readonly Fingerprint[] {
  return plan.changes
    .filter(({ reason }) => reason.code !== 'destroying')
    .map((change) => ({ key: change.key, address: change.address, digest: digestOf(changeFacts(change)) }))
}

/** One number for all that a plan is about to do; what stays as it is, and what is left alone, is no part of it. */
export function planDigest(plan: Pick<Plan, 'changes'>): string {
  const doing = plan.changes.filter(({ action }) => action !== 'keep' && action !== 'unmanaged')
  return digestOf(changeFingerprints({ changes: doing }).map(({ key, digest }) => `${key} ${digest}`))
}

function changeFacts(change: Change): Plain {
  const fields = 'fields' in change ? change.fields : []
  const told = fields
    .filter((field) => field.type !== 'secret' || field.change !== 'sent-along')
    // Marks of a base are no part of what is done.
    .map(({ origin: _, ...field }) => field)
  return {
    action: change.action,
    reason: change.reason.code,
    spec: 'spec' in change ? change.spec : null,
    // Plain data all through, only without the index signature that says so.
    fields: told as unknown as Plain,
  }
}
