import { type FieldPath, type Plain, type PlainObject, withPath } from '../../model/json.ts'
import type { LiveResource, ResourceKind } from '../../model/resource.ts'
import { splitKnown } from '../../plan/changes/known-fields.ts'
import type { Action, Change, Plan } from '../../plan/types.ts'
import { serverChosenPaths } from '../writing/words.ts'

// Stands where a secret would be; a changed one differs from its former self, so that a policy sees it.
const SENSITIVE = '(sensitive)'
const SENSITIVE_CHANGED = '(sensitive, changed)'

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
  return {
    format_version: '1.2',
    resource_changes: plan.changes.flatMap((change) =>
      change.action === 'unmanaged' ? [] : [entry(change)],
    ),
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

function entry(change: Exclude<Change, { action: 'unmanaged' }>): unknown {
  const { kind } = change.target
  const before = change.action === 'create' ? null : withSecrets(kind, liveValues(change.live), [])
  const after = valuesAfter(change)
  return {
    address: change.address,
    mode: 'managed',
    type: kind.name,
    name: change.name,
    provider_name: 'vpnctl',
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

function valuesAfter(change: Exclude<Change, { action: 'unmanaged' }>): PlainObject | null {
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
