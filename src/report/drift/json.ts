import type { Drift, DriftField, DriftFinding, DriftState, Ignored } from '../../drift/types.ts'
import { formatPath, type Plain } from '../../model/json.ts'
import { optional } from '../../model/optional.ts'
import type { LiveResource, Severity } from '../../model/resource.ts'
import {
  type DiagnosticDocument,
  diagnosticDocument,
  type StartDocument,
  startDocument,
} from '../diagnostics/json.ts'
import { knownLeaves } from '../plan/field-lines.ts'
import { type CoverageDocument, coverageDocument } from '../writing/coverage.ts'
import { findingPlace, findingText, livesOf, risksOf } from './words.ts'

/** Drift as JSON, described by schemas/drift.schema.json. Members are only added within a version. */
export interface DriftDocument extends CoverageDocument {
  readonly format: 'vpnctl/drift'
  readonly version: 1
  readonly stack: string
  readonly locations: readonly string[]
  /** When live was read, RFC 3339 in UTC. */
  readonly checkedAt: string
  readonly drifted: boolean
  readonly summary: {
    readonly resources: number
    readonly drifted: number
    readonly ignored: number
    readonly notCompared: number
    readonly severities: Readonly<Record<Severity, number>>
    readonly states: Readonly<Record<DriftState, number>>
  }
  readonly findings: readonly FindingDocument[]
  readonly ignored: readonly IgnoredDocument[]
  readonly notCompared: readonly { readonly address: string; readonly path?: string; readonly why: string }[]
  /** Live resources that the files release, that neighbours own, and what expires within 14 days. */
  readonly released: Drift['released']
  readonly neighbours: Drift['neighbours']
  readonly expiring: Drift['expiring']
  /** With --applied: changes that are merged and not applied yet. */
  readonly pending?: number
  /** Who reaches what live, as far as the files differ; left out where nothing does. */
  readonly access?: Drift['access']
  readonly warnings: readonly DiagnosticDocument[]
}

/** One difference. */
export interface FindingDocument {
  readonly address: string
  readonly kind: string
  readonly id: string
  readonly location: string
  readonly name: string
  readonly state: DriftState
  readonly severity: Severity
  /** The rest of a sentence that begins with the address. */
  readonly message: string
  readonly fields: readonly DriftFieldDocument[]
  readonly at?: StartDocument
  readonly alarms?: readonly string[]
  readonly stuckForSeconds?: number
  /** What the API says about the live resource: status, who and when. */
  readonly live?: Readonly<Record<string, string>>
  /** In a conflict: all that could be meant. */
  readonly candidates?: readonly Readonly<Record<string, string>>[]
  readonly reason?: DiagnosticDocument
}

/** One field; `is` and `shouldBe` are left out where there is none, and always for secrets. */
export interface DriftFieldDocument {
  readonly path: string
  readonly secret: boolean
  readonly severity?: Severity
  readonly is?: Plain
  readonly shouldBe?: Plain
  /** Members of a list that live has and the file does not, and the other way round. */
  readonly unexpected?: readonly Plain[]
  readonly missing?: readonly Plain[]
  readonly source?: string
}

/** One accepted difference. */
export interface IgnoredDocument extends FindingDocument {
  readonly by: { readonly address: string; readonly reason?: string; readonly until?: string }
}

/** The drift as a JSON value; no secret is in it. */
export function driftDocument(drift: Drift, checkedAtMs: number): DriftDocument {
  const { resources, drifted, ignored, bySeverity, byState } = drift.summary
  return {
    format: 'vpnctl/drift',
    version: 1,
    stack: drift.stack,
    locations: drift.locations,
    ...coverageDocument(drift),
    checkedAt: new Date(checkedAtMs).toISOString(),
    drifted: drift.findings.length > 0,
    summary: {
      resources,
      drifted,
      ignored,
      notCompared: drift.notCompared.length,
      severities: bySeverity,
      states: byState,
    },
    findings: drift.findings.map(findingDocument),
    ignored: drift.ignored.map(ignoredDocument),
    notCompared: drift.notCompared.map(({ address, path, why }) => ({
      address,
      ...(path === undefined ? {} : { path: formatPath(path) }),
      why,
    })),
    released: drift.released,
    neighbours: drift.neighbours,
    expiring: drift.expiring,
    ...optional({ pending: drift.pending }),
    ...optional({ access: drift.access }),
    warnings: drift.warnings.map(diagnosticDocument),
  }
}

function ignoredDocument({ finding, by }: Ignored): IgnoredDocument {
  return {
    ...findingDocument(finding),
    by: {
      address: by.pattern,
      ...optional({ reason: by.reason, until: by.until }),
    },
  }
}

function findingDocument(finding: DriftFinding): FindingDocument {
  const { address, target, name, state, severity } = finding
  const risks = risksOf(finding)
  const lives = livesOf(finding).map(liveDocument)
  const [live] = lives
  return {
    address,
    kind: target.kind.name,
    id: target.id,
    location: target.location,
    name,
    state,
    severity,
    message: findingText(finding),
    fields: fieldsOf(finding),
    ...startDocument(findingPlace(finding)),
    ...(risks.length === 0 ? {} : { alarms: risks }),
    ...(finding.state === 'stuck' ? { stuckForSeconds: Math.floor(finding.forMs / 1000) } : {}),
    ...(finding.state === 'conflict'
      ? { candidates: lives, reason: diagnosticDocument(finding.reason) }
      : live === undefined
        ? {}
        : { live }),
  }
}

function liveDocument({
  id,
  status,
  statusMessage,
  metadata,
}: LiveResource): Readonly<Record<string, string>> {
  return { id, status, ...optional({ statusMessage }), ...metadata }
}

function fieldsOf(finding: DriftFinding): readonly DriftFieldDocument[] {
  switch (finding.state) {
    case 'changed':
      return finding.fields.map(fieldDocument)
    case 'unmanaged':
    case 'extra':
      // Known fields only: one that is not known may be a secret.
      return knownLeaves(finding.live).leaves.map(({ path, value }) => ({
        path: formatPath(path),
        secret: false,
        is: value,
      }))
    case 'missing':
    case 'failed':
    case 'stuck':
    case 'conflict':
      return []
    default:
      return finding satisfies never
  }
}

function fieldDocument({ change, severity }: DriftField): DriftFieldDocument {
  const path = formatPath(change.path)
  switch (change.type) {
    case 'value':
      return {
        path,
        secret: false,
        severity,
        ...optional({ is: change.before, shouldBe: change.after }),
      }
    case 'set':
      return {
        path,
        secret: false,
        severity,
        is: [...change.kept, ...change.removed],
        shouldBe: [...change.kept, ...change.added],
        unexpected: change.removed,
        missing: change.added,
      }
    case 'secret':
      return { path, secret: true, severity, source: change.source }
    default:
      return change satisfies never
  }
}
