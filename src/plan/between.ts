import { deriveId } from '../model/identity.ts'
import { optional } from '../model/optional.ts'
import type {
  DesiredResource,
  DesiredSecret,
  DesiredState,
  LiveResource,
  LiveState,
  Target,
} from '../model/resource.ts'
import { describeReference, Secret } from '../model/secret.ts'
import { stateAt } from './expiry.ts'
import { UNKNOWN_ID } from './match/findings.ts'
import { plan } from './plan.ts'
import type { Change, Plan, PlanOptions, Reason } from './types.ts'

/** Two versions of the files, as the user named them. */
export interface Versions {
  readonly before: string
  readonly after: string
}

/**
 * What changes from one version of the files to another: the plan of the later one over an estate that is exactly as
 * the earlier one says. Secrets are compared by their references and `rotatedAt`, since their values are not read.
 */
export function planBetween(
  before: DesiredState,
  after: DesiredState,
  versions: Versions,
  options: Pick<PlanOptions, 'targets'> & { readonly asOf: string },
): Plan {
  const live = asLive(stateAt(before, options.asOf), after)
  const planned = plan(withReferences(after), live, {
    ...options,
    // What a run may delete at once is not a property of the files.
    maxDeletes: { type: 'count', value: Number.POSITIVE_INFINITY },
  })
  const changes = planned.changes.map((change): Change => ({ ...change, reason: ofFiles(change.reason) }))
  // An id that only the later version has may well be live.
  const warnings = planned.warnings.filter(({ code }) => code !== UNKNOWN_ID)
  // What neighbours have is live, and was not read.
  return { ...planned, changes, warnings, neighbours: [], between: versions }
}

function ofFiles(reason: Reason): Reason {
  switch (reason.code) {
    case 'missing':
      return { code: 'added' }
    case 'differs':
      return { code: 'changed' }
    case 'not-in-file':
      return { code: 'removed' }
    default:
      return reason
  }
}

// As if it had been applied, and no one had changed anything since.
function asLive(before: DesiredState, after: DesiredState): LiveState {
  const targets = new Map<DesiredResource, Target>()
  const resources = before.resources.flatMap((resource): LiveResource[] => {
    const { kind, location, address, parent, name, spec, ensure } = resource
    const above = parent === null ? undefined : targets.get(parent)
    // It is absent itself, or its parent is.
    if (ensure === 'absent' || (parent !== null && above === undefined)) return []
    const id = resource.id ?? deriveId(before.stack, location, address)
    const parentIds = above === undefined ? [] : [...above.parentIds, above.id]
    targets.set(resource, { kind, location, parentIds, id })
    const secrets = resource.secrets.map(({ path, ...secret }) => ({ path, value: reference(secret) }))
    return [{ kind, location, parentIds, id, name, spec, secrets, status: 'AVAILABLE', metadata: {} }]
  })
  const others = before.locations.filter((location) => !after.locations.includes(location))
  return {
    locations: after.locations,
    resources,
    ...optional({ others: others.length === 0 ? undefined : others }),
  }
}

function withReferences(after: DesiredState): DesiredState {
  const copies = new Map<DesiredResource, DesiredResource>()
  for (const resource of after.resources) {
    copies.set(resource, {
      ...resource,
      parent: resource.parent === null ? null : (copies.get(resource.parent) ?? resource.parent),
      secrets: resource.secrets.map((secret) => ({ ...secret, value: reference(secret) })),
    })
  }
  return { ...after, resources: [...copies.values()] }
}

// In place of the value; nothing sends it.
function reference({ reference: from, rotatedAt = '', value }: Omit<DesiredSecret, 'path'>): Secret {
  if (from.from === 'literal' && value !== null) return value.trimmed()
  return new Secret(`${describeReference(from)}\0${rotatedAt}`)
}
