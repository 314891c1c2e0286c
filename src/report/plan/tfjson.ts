import { type FieldPath, type Plain, type PlainObject, withPath } from '../../model/json.ts'
import type { LiveResource, ResourceKind } from '../../model/resource.ts'
import { splitKnown } from '../../plan/changes/known-fields.ts'
import type { Action, Change, Plan } from '../../plan/types.ts'
import { serverChosenPaths } from '../writing/words.ts'

// Replaces a secret; a changed one differs from its former self, so that a policy sees it.
const SENSITIVE = '(sensitive)'
const SENSITIVE_CHANGED = '(sensitive, changed)'

// The first version of Terraform that writes this version of the format.
const FORMAT_VERSION = '1.2'
const TERRAFORM_VERSION = '1.5.0'

const ACTIONS: Readonly<Record<Exclude<Action, 'unmanaged'>, string>> = {
  create: 'create',
  update: 'update',
  delete: 'delete',
  keep: 'no-op',
}

/**
 * The plan in the shape of `terraform show -json`, for policies written for conftest or OPA. Secrets are replaced
 * and flagged; what is not managed is in a list of its own.
 */
export function terraformDocument(plan: Plan): unknown {
  const changes = plan.changes.filter((change) => change.action !== 'unmanaged')
  return {
    format_version: FORMAT_VERSION,
    terraform_version: TERRAFORM_VERSION,
    planned_values: { root_module: { resources: changes.flatMap(plannedResource) } },
    resource_changes: changes.map(entry),
    vpnctl: {
      stack: plan.stack,
      unmanaged: plan.changes.flatMap((change) =>
        change.action === 'unmanaged'
          ? [{ address: change.address, type: change.target.kind.name, values: liveValues(change.live) }]
          : [],
      ),
      refusals: plan.refusals.map(({ code, message }) => ({ code, message })),
    },
  }
}

type ManagedChange = Exclude<Change, { action: 'unmanaged' }>

function nameOf({ address, name, target }: ManagedChange): PlainObject {
  return { address, mode: 'managed', type: target.kind.name, name, provider_name: 'vpnctl' }
}

// What is live after the plan.
function plannedResource(change: ManagedChange): readonly PlainObject[] {
  const values = valuesAfter(change)
  if (values === null) return []
  const sensitive_values = flags(secretPaths(change.target.kind))
  return [{ ...nameOf(change), schema_version: 0, values, sensitive_values }]
}

function entry(change: ManagedChange): unknown {
  const { kind } = change.target
  const before = change.action === 'create' ? null : withSecrets(kind, liveValues(change.live), [])
  const after = valuesAfter(change)
  return {
    ...nameOf(change),
    change: {
      actions: [ACTIONS[change.action]],
      before,
      after,
      after_unknown: change.action === 'create' ? flags(serverChosenPaths(change.target, change.spec)) : {},
      before_sensitive: before === null ? false : flags(secretPaths(kind)),
      after_sensitive: after === null ? false : flags(secretPaths(kind)),
    },
    ...(change.action === 'keep' ? {} : { action_reason: change.reason.code }),
  }
}

function valuesAfter(change: ManagedChange): PlainObject | null {
  const { kind } = change.target
  switch (change.action) {
    case 'create':
      return withSecrets(kind, change.spec, [])
    case 'update': {
      const changed = change.fields.filter(
        (field) => field.type === 'secret' && field.change !== 'sent-along',
      )
      return withSecrets(
        kind,
        change.spec,
        changed.map((field) => field.path),
      )
    }
    case 'keep':
      return withSecrets(kind, liveValues(change.live), [])
    case 'delete':
      return null
    default:
      return change satisfies never
  }
}

// A field that is not known may be a secret.
function liveValues(live: LiveResource): PlainObject {
  return splitKnown(live.kind, live.spec).spec
}

function secretPaths(kind: ResourceKind): readonly FieldPath[] {
  return kind.secrets.map((secret) => secret.path)
}

function withSecrets(kind: ResourceKind, spec: PlainObject, changed: readonly FieldPath[]): PlainObject {
  const isChanged = (path: FieldPath): boolean => changed.some((other) => other.join('.') === path.join('.'))
  return secretPaths(kind).reduce<Record<string, Plain>>(
    (values, path) => withPath<Plain>(values, path, isChanged(path) ? SENSITIVE_CHANGED : SENSITIVE),
    spec as Record<string, Plain>,
  )
}

function flags(paths: readonly FieldPath[]): PlainObject {
  let object: Record<string, Plain> = {}
  for (const path of paths) object = withPath<Plain>(object, path, true)
  return object
}
