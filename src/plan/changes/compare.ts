import {
  type FieldPath,
  formatPath,
  getPath,
  type Plain,
  type PlainObject,
  withPath,
} from '../../model/json.ts'
import type {
  DesiredResource,
  DesiredSecret,
  LiveResource,
  ResourceKind,
  SecretVerdict,
} from '../../model/resource.ts'
import { describeReference } from '../../model/secret.ts'
import type { FieldChange, SecretChange } from './field-change.ts'
import { diffSpecs, newFields, samePlain } from './field-diff.ts'
import { splitKnown } from './known-fields.ts'

/** What differs between one desired resource and its live counterpart. */
export interface Comparison {
  /** What a PUT would send, without secrets: the desired spec and what the server chose where the file is silent. */
  readonly spec: PlainObject
  readonly fields: readonly FieldChange[]
  /** Live fields that our schema does not know. */
  readonly unknownFields: readonly FieldPath[]
  /** Secrets that nothing could be compared with. */
  readonly uncompared: readonly DesiredSecret[]
}

/** Compares canonical values only; secrets by verdict, never by value. */
export function compare(desired: DesiredResource, live: LiveResource, resend: boolean): Comparison {
  const known = splitKnown(desired.kind, live.spec)
  const spec = carryServerChosen(desired.kind, desired.spec, known.spec)
  const plain = samePlain(known.spec, spec)
    ? []
    : withOrigins(desired, diffSpecs(known.spec, spec, desired.kind.sets))
  const { fields, uncompared } = withSecrets(desired, live, plain, resend)
  return { spec, fields, unknownFields: known.unknown, uncompared }
}

const NOTHING: readonly DesiredSecret[] = []

function withSecrets(
  desired: DesiredResource,
  live: LiveResource,
  plain: readonly FieldChange[],
  resend: boolean,
): Pick<Comparison, 'fields' | 'uncompared'> {
  if (desired.secrets.length === 0) return { fields: plain, uncompared: NOTHING }
  const verdicts = desired.secrets.map((secret) => ({
    secret,
    verdict: secretVerdict(desired.kind, secret, live),
  }))
  const changed = verdicts.filter(({ verdict }) => verdict === 'changed')
  const uncompared = verdicts.filter(({ verdict }) => verdict === 'unknown').map(({ secret }) => secret)
  const isRotated = (secret: DesiredSecret): boolean => isRotatedSince(secret, live)
  const writes = plain.length > 0 || changed.length > 0 || uncompared.some(isRotated)
  const whySent = (secret: DesiredSecret): SecretChange =>
    isRotated(secret) ? 'rotated' : resend ? 'forced' : 'sent-along'
  const fields = [
    ...plain,
    ...changed.map(({ secret }) => secretChange(secret, 'changed')),
    // A PUT replaces everything, so a secret that cannot be compared is sent with any other change.
    ...(resend || writes ? uncompared.map((secret) => secretChange(secret, whySent(secret))) : []),
  ]
  return { fields, uncompared }
}

// What has no date is not known to be older, and would be sent for ever.
function isRotatedSince({ rotatedAt }: DesiredSecret, { metadata }: LiveResource): boolean {
  const changed = metadata.lastModifiedDate ?? metadata.createdDate
  return rotatedAt !== undefined && changed !== undefined && Date.parse(changed) < Date.parse(rotatedAt)
}

/** The fields of a create: all of them. */
export function creationFields(desired: DesiredResource): readonly FieldChange[] {
  return [
    ...withOrigins(desired, newFields(desired.spec, desired.kind.sets)),
    ...desired.secrets.map((secret) => secretChange(secret, 'new')),
  ]
}

// "Non present data is filled with defaults or left empty": leaving out the maintenance window might choose it anew.
function carryServerChosen(kind: ResourceKind, desired: PlainObject, live: PlainObject): PlainObject {
  let spec = desired
  for (const path of kind.serverChosen) {
    const chosen = getPath(live, path)
    if (chosen === undefined || getPath(spec, path) !== undefined) continue
    if (getPath(spec, path.slice(0, -1)) !== undefined) {
      spec = withPath(spec as Record<string, Plain>, path, chosen as Plain)
    }
  }
  return spec
}

function secretVerdict(kind: ResourceKind, secret: DesiredSecret, live: LiveResource): SecretVerdict {
  if (secret.value === null) return 'unknown'
  const path = formatPath(secret.path)
  const field = kind.secrets.find((candidate) => formatPath(candidate.path) === path)
  const verdict = field?.verdict?.(secret.value, live)
  if (verdict !== undefined && verdict !== 'unknown') return verdict
  const returned = live.secrets.find((candidate) => formatPath(candidate.path) === path)
  if (returned === undefined) return 'unknown'
  const sent = field?.trim === true ? secret.value.trimmed() : secret.value
  return sent.equals(returned.value) ? 'same' : 'changed'
}

function secretChange(secret: DesiredSecret, change: SecretChange): FieldChange {
  return { type: 'secret', path: secret.path, change, source: describeReference(secret.reference) }
}

// Whether a value is in the file or was filled in; `locate` knows the first.
function withOrigins(desired: DesiredResource, fields: readonly FieldChange[]): readonly FieldChange[] {
  return fields.map((field) => {
    if (field.type !== 'value') return field
    const fallback = getPath(desired.kind.defaults, field.path)
    const isDefault =
      fallback !== undefined && fallback === field.after && desired.locate(field.path) === undefined
    return isDefault ? { ...field, from: 'default' } : field
  })
}

/** What the changed fields interrupt, each effect once. */
export function disruptionsOf(kind: ResourceKind, fields: readonly FieldChange[]): readonly string[] {
  const effects = new Set<string>()
  for (const field of fields) {
    if (field.type === 'secret' && field.change !== 'changed' && field.change !== 'rotated') continue
    for (const { path, effect, onRemoval } of kind.disruptive) {
      if (onRemoval === true && field.type === 'set' && field.removed.length === 0) continue
      if (isWithin(field.path, path)) effects.add(effect)
    }
  }
  return [...effects]
}

/** True for a changed path that is a field or in it, and for an object around it that changed as a whole. */
export function isWithin(changed: FieldPath, field: FieldPath): boolean {
  return field.every((key, index) => index >= changed.length || changed[index] === key)
}
