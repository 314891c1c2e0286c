import type { PlainObject } from '../../model/json.ts'
import type { Authorship } from '../../model/live-metadata.ts'
import { optional } from '../../model/optional.ts'
import { splitKnown } from '../../plan/changes/known-fields.ts'
import type { Owner, Status, StatusItem } from '../../plan/status.ts'
import type { ProbeResult } from '../../probe/verdict.ts'
import { type ProbeResultDocument, probeDocument } from '../probe/json.ts'
import { type CoverageDocument, coverageDocument } from '../writing/coverage.ts'

/** One live resource. */
export interface StatusItemDocument extends Authorship {
  readonly address: string
  readonly kind: string
  readonly id: string
  readonly location: string
  readonly name: string
  readonly status: string
  readonly statusMessage?: string
  readonly owner: Owner
  readonly tier?: string
  /** The addresses that say most. */
  readonly facts: readonly string[]
  /** The last day of what expires, `YYYY-MM-DD`. */
  readonly expires?: string
}

/** What is live, described by schemas/status.schema.json. Members are only added within a version. */
export interface StatusDocument extends CoverageDocument {
  readonly format: 'vpnctl/status'
  readonly version: 1
  readonly stack: string | null
  /** When it was read, RFC 3339 in UTC. */
  readonly readAt: string
  readonly locations: readonly string[]
  readonly resources: readonly StatusItemDocument[]
  /** With --probe: as in the document of `vpnctl probe`. */
  readonly probes?: readonly ProbeResultDocument[]
}

/** A resource with all its settings. */
export interface ResourceDocument extends StatusItemDocument {
  /** What others need of it, by name: `publicKey` in WireGuard's base64, `publicAddress`, `interfaceAddress`. */
  readonly fields: Readonly<Record<string, string>>
  /** In the API's words and canonical form; no secrets, and nothing that this version does not know. */
  readonly properties: PlainObject
  /** Fields that live has and this version does not know; their values are not shown, since one may be a key. */
  readonly unknownFields: readonly string[]
}

/** A status as a JSON value. */
export function statusDocument(
  status: Status,
  readAtMs: number,
  probes?: readonly ProbeResult[],
): StatusDocument {
  return {
    format: 'vpnctl/status',
    version: 1,
    stack: status.stack ?? null,
    readAt: new Date(readAtMs).toISOString(),
    locations: status.named,
    ...coverageDocument(status),
    resources: status.locations.flatMap(({ items }) => items.map(itemDocument)),
    ...(probes === undefined ? {} : { probes: probeDocument(probes).results }),
  }
}

/** One resource as a JSON or YAML value. */
export function resourceDocument(item: StatusItem): ResourceDocument {
  const { spec, unknown } = splitKnown(item.live.kind, item.live.spec)
  return {
    ...itemDocument(item),
    fields: item.live.kind.named?.(item.live.spec, item.live.metadata) ?? {},
    properties: spec,
    unknownFields: unknown.map((path) => path.join('.')),
  }
}

function itemDocument({ address, live, owner, expires }: StatusItem): StatusItemDocument {
  const summary = live.kind.summary?.(live.spec)
  return {
    address,
    kind: live.kind.name,
    id: live.id,
    location: live.location,
    name: live.name,
    status: live.status,
    ...optional({ statusMessage: live.statusMessage }),
    owner,
    ...(summary?.tier === undefined ? {} : { tier: summary.tier }),
    facts: [...(summary?.facts ?? []), ...(summary?.reaches ?? [])],
    ...optional({ expires }),
    ...(live.metadata as Authorship),
  }
}
