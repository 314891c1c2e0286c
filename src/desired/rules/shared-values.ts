import type { Entry, Finding, Rule } from '../../kinds/rule.ts'
import { located } from '../../model/address.ts'
import { claimedValues } from '../../model/claims.ts'
import { canonicalJson, type FieldPath, formatPath } from '../../model/json.ts'
import { describeReference } from '../../model/secret.ts'

const isPresent = ({ resource }: Entry): boolean => resource.ensure === 'present'

// The address with the location where both have one name.
function nameOf({ resource }: Entry, other: Entry): string {
  return resource.name === other.resource.name ? located(resource) : JSON.stringify(resource.name)
}

/** A value that only one resource of a location may have: a public address, for instance. */
export const heldOncePerLocation: Rule = function* (entries) {
  yield* sharedValues(entries, 'VPN340', 'location', ({ resource }) => resource.location)
}

/** A value that siblings must not share: the public key of a peer, for instance. */
export const heldOnceAmongSiblings: Rule = function* (entries) {
  yield* sharedValues(
    entries,
    'VPN301',
    'siblings',
    ({ resource }) => `${resource.location}:${resource.parent?.address ?? ''}`,
  )
}

function* sharedValues(
  entries: readonly Entry[],
  code: string,
  scope: 'location' | 'siblings',
  placeOf: (entry: Entry) => string,
): Iterable<Finding> {
  const holders = new Map<string, Entry>()
  for (const entry of entries.filter(isPresent)) {
    const { kind, spec } = entry.resource
    for (const { path, value } of claimedValues(kind.claims, scope, spec)) {
      const key = `${formatPath(path)}\0${placeOf(entry)}\0${canonicalJson(value)}`
      const first = holders.get(key)
      if (first === undefined) {
        holders.set(key, entry)
        continue
      }
      yield {
        severity: 'error',
        code,
        message: `${formatPath(path)} of ${nameOf(entry, first)} is the same as that of the ${first.resource.kind.title} ${nameOf(first, entry)}`,
        hint: 'only one can have it: correct one of the two',
        on: entry,
        path,
        related: [{ on: first, path, message: 'first used here' }],
      }
    }
  }
}

/** An id that two resources claim. */
export const idsOnce: Rule = function* (entries) {
  const holders = new Map<string, Entry>()
  for (const entry of entries) {
    const { id } = entry.resource
    if (id === undefined) continue
    const first = holders.get(id)
    if (first === undefined) holders.set(id, entry)
    else {
      yield {
        severity: 'error',
        code: 'VPN350',
        message: `the id of ${nameOf(entry, first)} is the same as that of ${nameOf(first, entry)}`,
        hint: 'an id means one resource: correct one of the two, or leave it out',
        on: entry,
        path: ['id'],
        related: [{ on: first, path: ['id'], message: 'used here already' }],
      }
    }
  }
}

/** One secret in two places: by its value where it was read, else by its reference. */
export const secretsOnce: Rule = function* (entries) {
  const holders = new Map<string, { readonly entry: Entry; readonly path: FieldPath }[]>()
  for (const entry of entries.filter(isPresent)) {
    for (const secret of entry.resource.secrets) {
      const field = entry.resource.kind.secrets.find(
        ({ path }) => formatPath(path) === formatPath(secret.path),
      )
      if (field === undefined) continue
      const which =
        secret.value === null ? describeReference(secret.reference) : `value ${secret.value.reveal()}`
      const key = `${entry.resource.kind.name}\0${formatPath(secret.path)}\0${which}`
      const earlier = holders.get(key) ?? []
      const other = earlier.find((holder) => field.mayShare?.(entry.resource, holder.entry.resource) !== true)
      // Of many, two are enough to compare with: one may be allowed to share, two are not.
      if (earlier.length < 2) holders.set(key, [...earlier, { entry, path: secret.path }])
      if (other === undefined) continue
      yield {
        severity: field.whenShared.severity,
        code: field.whenShared.severity === 'error' ? 'VPN309' : 'VPN326',
        message: `${formatPath(secret.path)} of ${nameOf(entry, other.entry)} is the same as that of ${nameOf(other.entry, entry)}`,
        hint: `${field.whenShared.effect}: make another one, for instance with: ${field.example}`,
        on: entry,
        path: secret.path,
        related: [{ on: other.entry, path: other.path, message: 'the same secret' }],
      }
    }
  }
}
