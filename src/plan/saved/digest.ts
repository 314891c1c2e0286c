import { hash } from 'node:crypto'
import type { Address } from '../../model/address.ts'
import { located } from '../../model/address.ts'
import { verifyingNames } from '../../model/decode.ts'
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
import type { FieldChange } from '../changes/field-change.ts'
import { splitKnown } from '../changes/known-fields.ts'
import { liveStep } from '../match/live-step.ts'
import type { ChangeOf, Plan, PlanOptions } from '../types.ts'

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
 * a weak one could be found by trying. Neither are places: a comment more is not a change.
 */
export function desiredFingerprints(desired: DesiredState): readonly Fingerprint[] {
  const { stack, locations, protectedPatterns, released = [], neighbours = [] } = desired
  const settings: Plain = {
    stack,
    locations: [...locations].sort(),
    protectedPatterns,
    released: released.length === 0 ? undefined : released.map(({ address }) => address),
    neighbours: neighbours.length === 0 ? undefined : neighbours.map((neighbour) => neighbour.stack),
  }
  return [
    { key: SETTINGS, address: SETTINGS, digest: digestOf(settings) },
    ...desired.resources.map((resource) => ({
      key: located(resource),
      address: resource.address,
      digest: digestOf(desiredFacts(resource)),
    })),
  ]
}

function desiredFacts(resource: DesiredResource): Plain {
  const { kind, location, address, id, renamedFrom, protect, ensure, expires, spec, secrets } = resource
  return {
    kind: kind.name,
    location,
    address,
    id,
    renamedFrom,
    protect,
    ensure,
    expires,
    spec,
    secrets: secretFacts(secrets),
  }
}

/**
 * What is live, resource by resource. Status and dates are not part of it, since the service moves them by itself;
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

/** What counts of a live resource: its fields, and what the service derives from them. */
export function liveFacts({ kind, name, spec, metadata }: LiveResource): Plain {
  const known = splitKnown(kind, spec)
  const derived = Object.fromEntries(verifyingNames(kind).map((key) => [key, metadata[key]]))
  return { kind: kind.name, name, spec: known.spec, unknown: known.unknown.map(formatPath), ...derived }
}

function addressOf(resource: LiveResource, known: ReadonlyMap<string, Address>): Address {
  const own = liveStep(resource)
  const parent = parentTarget(resource)
  return parent === undefined ? own : `${known.get(targetKey(parent)) ?? parent.id}/${own}`
}

/** A change that a run writes, as opposed to one that it waits for. */
export type WritingChange = ChangeOf<'create'> | ChangeOf<'update'> | ChangeOf<'delete'>

/** What a plan writes; what stays as it is, is left alone or is only waited for is not part of it. */
export function writingChanges({ changes }: Pick<Plan, 'changes'>): readonly WritingChange[] {
  return changes.filter(
    (change): change is WritingChange =>
      change.action !== 'keep' && change.action !== 'unmanaged' && change.reason.code !== 'destroying',
  )
}

/** What a plan is about to do, change by change. */
export function changeFingerprints(plan: Pick<Plan, 'changes' | 'options'>): readonly Fingerprint[] {
  return writingChanges(plan).map((change) => ({
    key: change.key,
    address: change.address,
    digest: digestOf({
      ...changeFacts(change),
      holders: holdersOf(change),
      settings: settingsOf(plan.options),
    }),
  }))
}

/** One number for all that a plan is about to do. */
export function planDigest(plan: Pick<Plan, 'changes' | 'options'>): string {
  return digestOf(changeFingerprints(plan).map(({ key, digest }) => `${key} ${digest}`))
}

/** The settings of a plan that decide what is in it. */
export function settingsOf({ prune, targets, destroy }: PlanOptions): Plain {
  return { prune, targets: [...targets].sort(), destroy }
}

/**
 * What a change does: its action, what it sends, and what it overwrites or deletes. The target and its parents are in
 * its key. Secrets count by their references, and are part of it where they are sent although nothing is known to
 * differ; whether others only go along depends on which secrets are to hand.
 */
export interface ChangeFacts {
  readonly [part: string]: Plain
  readonly action: WritingChange['action']
  readonly body: Plain
  readonly live: Plain
  readonly resent: readonly string[]
}

/** {@link ChangeFacts} of a change. */
export function changeFacts(change: WritingChange): ChangeFacts {
  const { action } = change
  const body =
    change.action === 'delete' ? null : { spec: change.spec, secrets: secretFacts(change.desired.secrets) }
  return {
    action,
    body,
    live: change.action === 'create' ? null : liveFacts(change.live),
    resent: change.action === 'delete' ? [] : resentSecrets(change.fields),
  }
}

/** Changes that free what a create or an update takes: they hold values, slots or ids that it claims. */
export function holdersOf({ action, needs, target }: WritingChange): readonly string[] {
  if (action === 'delete') return []
  const parent = parentTarget(target)
  const parentKey = parent === undefined ? undefined : targetKey(parent)
  return needs.filter((key) => key !== parentKey)
}

function secretFacts(secrets: DesiredResource['secrets']): readonly string[] {
  return secrets
    .map(({ path, reference, rotatedAt }) =>
      [formatPath(path), describeReference(reference), ...(rotatedAt === undefined ? [] : [rotatedAt])].join(
        ' ',
      ),
    )
    .sort()
}

function resentSecrets(fields: readonly FieldChange[]): readonly string[] {
  return fields.flatMap((field) =>
    field.type === 'secret' && field.change !== 'sent-along' && field.change !== 'new'
      ? [formatPath(field.path)]
      : [],
  )
}
