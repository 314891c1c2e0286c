import type { AccessChange } from '../../access/lines.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import { canonicalJson, formatPath, type Plain } from '../../model/json.ts'
import { compareText } from '../../model/lists.ts'
import { optional } from '../../model/optional.ts'
import type { LiveResource } from '../../model/resource.ts'
import type { FieldChange } from '../../plan/changes/field-change.ts'
import type {
  Change,
  Expiring,
  LeftDrift,
  NeighbourResources,
  Plan,
  PlanSummary,
  ReleasedResources,
} from '../../plan/types.ts'
import {
  type DiagnosticDocument,
  diagnosticDocument,
  type StartDocument,
  startDocument,
} from '../diagnostics/json.ts'
import { type CoverageDocument, coverageDocument } from '../writing/coverage.ts'
import { placeOf } from '../writing/words.ts'
import { knownLeaves } from './field-lines.ts'

/** A plan as JSON, described by schemas/plan.schema.json. Members are only added within a version. */
export interface PlanDocument extends CoverageDocument {
  readonly format: 'vpnctl/plan'
  readonly version: 1
  readonly stack: string
  readonly locations: readonly string[]
  readonly summary: PlanSummary
  readonly changes: readonly ChangeDocument[]
  readonly uncompared: readonly { readonly address: string; readonly path: string; readonly why: string }[]
  /** Live resources that the files release: never changed or deleted. */
  readonly released: readonly ReleasedResources[]
  /** Live resources of the stacks that `neighbours` names. */
  readonly neighbours: readonly NeighbourResources[]
  /** What expires within 14 days. */
  readonly expiring: readonly Expiring[]
  /** Peers and tunnels whose other end must be configured as in the files once the plan is applied; new ones not counted. */
  readonly otherEnds?: readonly string[]
  /** Who reaches what once the plan is applied, as far as it changes; left out where nothing does. */
  readonly access?: readonly AccessChange[]
  readonly warnings: readonly DiagnosticDocument[]
  /** Why it must not be applied. */
  readonly refusals: readonly DiagnosticDocument[]
  /** With --reviewed: what is different from the plan that was reviewed. */
  readonly review?: { readonly differences: readonly DiagnosticDocument[] }
  /** With --on-drift leave: differences that stay as they are live. */
  readonly left?: readonly LeftDrift[]
  /** With --base: what it was compared with, and how many changes are intent, drift, conflicts, or mixed. */
  readonly base?: { readonly name: string; readonly summary: Readonly<Record<string, number>> }
  /** From `diff`: the two versions of the files; nothing was read live. */
  readonly between?: { readonly before: string; readonly after: string }
}

/** One change that is not a `keep`. */
export interface ChangeDocument {
  readonly address: string
  readonly kind: string
  readonly id: string
  readonly location: string
  readonly action: 'create' | 'update' | 'delete' | 'unmanaged'
  readonly reason: string
  readonly name: string
  readonly fields: readonly FieldDocument[]
  readonly at?: StartDocument
  readonly disruptions?: readonly string[]
  readonly unknownFields?: readonly string[]
  readonly alarm?: string
  readonly renamedFrom?: string
  /** The last day of what is deleted because it expired. */
  readonly expired?: string
  readonly statusMessage?: string
  readonly live?: Readonly<Record<string, string>>
  readonly origin?: string
}

/** One field; `before` and `after` are left out where there is none, and always for secrets. */
export interface FieldDocument {
  readonly path: string
  readonly secret: boolean
  readonly before?: Plain
  readonly after?: Plain
  readonly from?: 'default' | 'server'
  readonly added?: readonly Plain[]
  readonly removed?: readonly Plain[]
  readonly change?: string
  readonly source?: string
  readonly origin?: string
}

/** The plan as a JSON value; no secret is in it. */
export function planDocument(plan: Plan): PlanDocument {
  return {
    format: 'vpnctl/plan',
    version: 1,
    stack: plan.stack,
    locations: plan.locations,
    ...coverageDocument(plan),
    summary: plan.summary,
    changes: plan.changes.flatMap((change) => (change.action === 'keep' ? [] : [changeDocument(change)])),
    uncompared: plan.uncompared.map(({ address, path, why }) => ({ address, path: formatPath(path), why })),
    released: plan.released,
    neighbours: plan.neighbours,
    expiring: plan.expiring,
    ...optional({ otherEnds: plan.otherEnds, access: plan.access }),
    warnings: plan.warnings.map(diagnosticDocument),
    refusals: plan.refusals.map((refusal: Diagnostic) => diagnosticDocument(refusal)),
    ...(plan.review === undefined
      ? {}
      : { review: { differences: plan.review.differences.map(diagnosticDocument) } }),
    ...optional({ left: plan.left, base: plan.base, between: plan.between }),
  }
}

function changeDocument(change: Exclude<Change, { action: 'keep' }>): ChangeDocument {
  const live = change.action === 'create' ? undefined : change.live
  const { reason } = change
  return {
    address: change.address,
    kind: change.target.kind.name,
    id: change.target.id,
    location: change.target.location,
    action: change.action,
    reason: reason.code,
    name: change.name,
    fields: 'fields' in change ? change.fields.map(fieldDocument) : liveFields(change.live),
    ...startDocument(placeOf(change)),
    ...('disruptions' in change ? { disruptions: change.disruptions } : {}),
    ...(change.action === 'update' ? { unknownFields: change.unknownFields.map(formatPath) } : {}),
    ...(change.action === 'unmanaged' && change.risk !== undefined ? { alarm: change.risk } : {}),
    ...(reason.code === 'expired' ? { expired: reason.on } : {}),
    ...(reason.code === 'renamed' ? { renamedFrom: reason.from } : {}),
    ...(reason.code === 'failed' && reason.statusMessage !== undefined
      ? { statusMessage: reason.statusMessage }
      : {}),
    ...(live === undefined ? {} : { live: { status: live.status, ...live.metadata } }),
    ...optional({ origin: change.origin }),
  }
}

// Known fields only: one that is not known may be a secret.
function liveFields(live: LiveResource): readonly FieldDocument[] {
  return knownLeaves(live).leaves.map(({ path, value }) => ({
    path: formatPath(path),
    secret: false,
    before: value,
  }))
}

function fieldDocument(field: FieldChange): FieldDocument {
  return { ...fieldFacts(field), ...optional({ origin: field.origin }) }
}

function fieldFacts(field: FieldChange): FieldDocument {
  const path = formatPath(field.path)
  switch (field.type) {
    case 'value':
      return {
        path,
        secret: false,
        ...optional({ before: field.before, after: field.after, from: field.from }),
      }
    case 'set': {
      const before = sorted([...field.kept, ...field.removed])
      const after = sorted([...field.kept, ...field.added])
      return {
        path,
        secret: false,
        ...(before.length === 0 ? {} : { before }),
        ...(after.length === 0 ? {} : { after }),
        added: field.added,
        removed: field.removed,
      }
    }
    case 'secret':
      return { path, secret: true, change: field.change, source: field.source }
    default:
      return field satisfies never
  }
}

function sorted(items: readonly Plain[]): readonly Plain[] {
  const keyed = items.map((item) => [typeof item === 'string' ? item : canonicalJson(item), item] as const)
  return keyed.sort(([a], [b]) => compareText(a, b)).map(([, item]) => item)
}
