import type { Address } from './address.ts'
import type { Claim } from './claims.ts'
import type { SourceRange } from './diagnostic.ts'
import type { DriftIgnore, Neighbour, Release } from './file-lists.ts'
import type { FieldPath, JsonSchema, PlainObject } from './json.ts'
import type { LiveMetadata } from './live-metadata.ts'
import type { AccessRule } from './networks/access-rule.ts'
import type { NetworkRole } from './networks/network-role.ts'
import type { ResourceSummary } from './networks/resource-summary.ts'
import type { Probing } from './probe.ts'
import type { Secret, SecretReference } from './secret.ts'

export type { JsonSchema } from './json.ts'
export type { LiveMetadata } from './live-metadata.ts'

/** `unknown` means that there is nothing to compare with; it is never counted as a difference. */
export type SecretVerdict = 'same' | 'changed' | 'unknown'

/** How bad a difference between file and live is: a way in or an outage; wrong behaviour; cosmetics. */
export type Severity = 'critical' | 'warning' | 'notice'

/** How bad it is when live is not as the file says. */
export interface DriftSeverities {
  /** There, and not in the file. */
  readonly unmanaged: Severity
  /** In the file, and not there. */
  readonly missing: Severity
  /** Fields that differ, with all below them; `warning` for those that are not named. */
  readonly fields: readonly { readonly path: FieldPath; readonly severity: Severity }[]
}

/** A field whose value must not be shown. */
export interface SecretField {
  readonly path: FieldPath
  /** Compares through a verifiable field, for instance a public key, where the API does not return the value. */
  readonly verdict?: (desired: Secret, live: LiveResource) => SecretVerdict
  /** The metadata by which `verdict` compares: another value there means that the secret was changed. */
  readonly verifiedBy?: string
  /** Whether a value that the API returned is the real one, as opposed to empty or a redaction. */
  readonly isReal: (returned: string) => boolean
  /** What is wrong with the form of a value, without quoting it; undefined when nothing is. */
  readonly problem: (secret: Secret) => string | undefined
  /** What it means that two resources have one value, and what that leads to. */
  readonly whenShared: { readonly severity: 'error' | 'warning'; readonly effect: string }
  /** Whether two resources have to share the value, as the two ends of one connection do. */
  readonly mayShare?: (one: DesiredResource, other: DesiredResource) => boolean
  /** The field of the file that says when the value was replaced, where the API does not return the value. */
  readonly rotatedAt?: FieldPath
  /** How the value is written in the request: key files end in a newline, for instance. */
  readonly trim: boolean
  /** `openssl rand -base64 32`: how a user makes such a value. */
  readonly example: string
  /** The end of the name of an environment variable for it: `PSK`. */
  readonly variable: string
}

/** How the IONOS Terraform provider names a kind and its fields. Names that differ only in case and `_` are not listed. */
export interface TerraformNames {
  /** The resource type: `ionoscloud_vpn_wireguard_gateway`. */
  readonly type: string
  /** The attribute with the id of the parent. */
  readonly parentId?: string
  /** Attributes with another name, and their fields. */
  readonly fields?: readonly { readonly attribute: FieldPath; readonly field: FieldPath }[]
  /** Attributes that are not fields: what the provider computes. */
  readonly computed: readonly string[]
}

/** All that the program knows about one kind of resource: data and a few pure functions. */
export interface ResourceKind {
  /** `wireguard-peer`. */
  readonly name: string
  /** `WireGuard peer`, as in a sentence. */
  readonly title: string
  /** `peer`: the short word in front of a plan's block. */
  readonly noun: string
  /** `wg gateway`: the word in a column of a table, where the noun alone does not distinguish kinds. */
  readonly short?: string
  /** The member of the YAML file, or of the parent, that lists resources of this kind. */
  readonly yamlKey: string
  /** The segment of the API's path. */
  readonly collection: string
  /** The kind of its parents. */
  readonly parent: ResourceKind | null
  /** The API's `properties`, own fields only. */
  readonly schema: JsonSchema
  /** Names that other tools use for what this kind lacks or names otherwise, in lowercase without `_` and `-`, each with what to do here. */
  readonly otherNames?: Readonly<Record<string, string>>
  /** Values that the API documents for fields that are left out. A nested one counts where its object exists. */
  readonly defaults: PlainObject
  /** Fields that the server fills when they are left out; carried over from live on an update. */
  readonly serverChosen: readonly FieldPath[]
  readonly secrets: readonly SecretField[]
  /** Lists whose order means nothing. */
  readonly sets: readonly FieldPath[]
  /** What only so many resources may have at a time; what frees it goes before what takes it. */
  readonly claims: readonly Claim[]
  /** What the service refuses although the schema allows it; undefined when it is accepted. */
  readonly refused?: (spec: PlainObject) => { readonly path: FieldPath; readonly message: string } | undefined
  /** A GET straight after a DELETE is known to answer 500 for some seconds. */
  readonly failsAfterDelete?: boolean
  /** Fields that name resources of the same kind below the same parent, by their names. */
  readonly namesSiblings?: readonly FieldPath[]
  /** Fields whose change interrupts traffic, each with what happens and which side acts, in which order. */
  readonly disruptive: readonly {
    readonly path: FieldPath
    readonly effect: string
    /** The other end has the field too: its configuration is outdated by the change. */
    readonly otherEnd?: true
    /** A list that interrupts nothing while it only grows. */
    readonly onRemoval?: true
  }[]
  /** Fields that together make two resources look like one under another name. */
  readonly fingerprint: readonly FieldPath[]
  /** The canonical form; idempotent, never throws, keeps what it does not understand. */
  readonly normalise: (spec: PlainObject) => PlainObject
  /** What an unmanaged resource of this kind means at its worst, or undefined. */
  readonly risk: (spec: PlainObject) => string | undefined
  readonly drift: DriftSeverities
  /** How a probe reaches its gateway; left out: not at all. */
  readonly probing?: Probing
  /** How it looks in a diagram; left out: its name alone. Never throws on unexpected values. */
  readonly summary?: (spec: PlainObject) => ResourceSummary
  /** What it is in the network, for computing who reaches what; left out: nothing. Never throws on unexpected values. */
  readonly network?: (spec: PlainObject) => NetworkRole
  /** What the other end or a script needs of a live resource, by name. Never throws on unexpected values. */
  readonly named?: (spec: PlainObject, metadata: LiveMetadata) => Readonly<Record<string, string>>
  /** Left out: the provider does not have the kind. */
  readonly terraform?: TerraformNames
  /** What the service derives from the properties (secrets included) and shows in `metadata`. Pure. */
  readonly readBack?: (properties: PlainObject, keyForm: KeyForm) => PlainObject
}

/** How the service may write a public key; which one it does is not known. */
export type KeyForm = 'pem' | 'raw'

/** One list of the API: all resources of a kind under one parent. */
export interface Collection {
  readonly kind: ResourceKind
  readonly location: string
  /** Ids of the parents from the outside in; empty at the top. */
  readonly parentIds: readonly string[]
}

/** One resource of the API. */
export interface Target extends Collection {
  readonly id: string
}

/** One text for one target, for maps. */
export function targetKey(target: Target): string {
  return `${collectionKey(target)}/${target.id}`
}

/** One text for one collection, for maps. */
export function collectionKey(collection: Collection): string {
  const { location, parentIds, kind } = collection
  return parentIds.length === 0
    ? `${location}:${kind.name}`
    : `${location}:${parentIds.join('/')}/${kind.name}`
}

/** The collection of `kind` under `parent`. */
export function childCollection(parent: Target, kind: ResourceKind): Collection {
  return { kind, location: parent.location, parentIds: [...parent.parentIds, parent.id] }
}

/** The parent of the resources of a collection; undefined at the top. */
export function parentTarget({ kind, location, parentIds }: Collection): Target | undefined {
  const id = parentIds.at(-1)
  if (id === undefined || kind.parent === null) return undefined
  return { kind: kind.parent, location, parentIds: parentIds.slice(0, -1), id }
}

/** A resource as it is. */
export interface LiveResource extends Target {
  readonly name: string
  /** Canonical, without secrets; fields that our schema does not know are kept. */
  readonly spec: PlainObject
  /** Secrets that the API returned, real ones only. */
  readonly secrets: readonly { readonly path: FieldPath; readonly value: Secret }[]
  /** Upper case; anything but AVAILABLE, PROVISIONING, DESTROYING and FAILED counts as not ready. */
  readonly status: string
  readonly statusMessage?: string
  readonly metadata: LiveMetadata
}

/** A location in which resources of the stack may be live that this read did not see. */
export interface UnreadLocation {
  readonly location: string
  /**
   * `failed`: the read did not succeed. The others were not tried, since the credentials would go to a host that the
   * user's settings do not lead to: `endpoint`, the ionosctl configuration file has endpoints of its own; `pinned`, a certificate is
   * pinned; `unchecked`, certificates are not checked.
   */
  readonly reason: 'failed' | 'endpoint' | 'pinned' | 'unchecked'
  /** Completes the sentence "de/txl was not read: ...". */
  readonly message: string
}

/** All that is live in the locations that were read, parents before their children. */
export interface LiveState {
  /** Read in full. */
  readonly locations: readonly string[]
  readonly resources: readonly LiveResource[]
  /** When the read began, by the clock of the run. Absent: not known, so nothing of it counts as recent. */
  readonly readAt?: number
  /** Read for what the stack owns: nothing else in them counts. */
  readonly others?: readonly string[]
  readonly unread?: readonly UnreadLocation[]
}

/** A secret field of a desired resource. */
export interface DesiredSecret {
  readonly path: FieldPath
  readonly reference: SecretReference
  /** Null when the reference could not be resolved; such a field is not compared and must not be written. */
  readonly value: Secret | null
  /** When the value was replaced, RFC 3339: it is sent again while live was last changed before that. */
  readonly rotatedAt?: string
}

/** Finds the text of a field (or of the resource itself) in the user's file; undefined when the file has no such field. */
export type Locate = (path?: FieldPath, part?: 'key' | 'value') => SourceRange | undefined

/** A resource as the file wants it. */
export interface DesiredResource {
  readonly kind: ResourceKind
  readonly location: string
  readonly name: string
  readonly address: Address
  /** The id that the user pinned. */
  readonly id?: string
  /** The name that it had before. */
  readonly renamedFrom?: string
  readonly protect: boolean
  readonly ensure: 'present' | 'absent'
  /** The last day on which it exists, `YYYY-MM-DD` in UTC. */
  readonly expires?: string
  readonly parent: DesiredResource | null
  /** Canonical, documented defaults filled, without secrets and without server-chosen fields that were left out. */
  readonly spec: PlainObject
  /** Lists whose order means nothing, as the file writes them; left out where none has two items. */
  readonly written?: PlainObject
  readonly secrets: readonly DesiredSecret[]
  /** The key of a canary: read by probes, sent to no one. */
  readonly canary?: DesiredSecret
  readonly locate: Locate
}

/** What the files say. */
export interface DesiredState {
  readonly stack: string
  /** Locations that the files name. */
  readonly locations: readonly string[]
  /** The `locations` list of the files: no other location is read unasked. Absent: there is no limit. */
  readonly locationLimit?: readonly string[] | undefined
  /** Parents before their children. */
  readonly resources: readonly DesiredResource[]
  /** Address patterns that must not be deleted, from the `protected` list. */
  readonly protectedPatterns: readonly string[]
  /** Where each of them is; absent for a state that no file made. */
  readonly protectedPlaces?: readonly SourceRange[]
  /** The `drift.ignore` list. */
  readonly driftIgnores?: readonly DriftIgnore[]
  /** The `released` list. */
  readonly released?: readonly Release[]
  /** The `neighbours` list. */
  readonly neighbours?: readonly Neighbour[]
  /** The `access` list. */
  readonly accessRules?: readonly AccessRule[]
}
