/**
 * vpnctl as a library. {@link open} is what most programs need: files, and the API that they are about. Its parts are in
 * `vpnctl/plan`, `vpnctl/report` and `vpnctl/remote`; the other names here stay for programs that use them.
 *
 * @packageDocumentation
 */

// The facade: files, and the API that they are about.

export { InvalidFilesError, MissingSecretsError, PlanRefusedError, SettingsError } from './library/errors.ts'
export { type OpenPlan, open, type Vpn } from './library/open.ts'
export type {
  ApplyCallOptions,
  CallOptions,
  DriftCallOptions,
  OpenOptions,
  PlanCallOptions,
} from './library/options.ts'

// The nouns that everything shares.

export { KINDS } from './kinds/index.ts'
export { LOCATIONS } from './kinds/locations.ts'
export type { Address } from './model/address.ts'
export type { Claim } from './model/claims.ts'
export type { Clock } from './model/clock.ts'
export type { Diagnostic, Position, RelatedPlace, SourceRange } from './model/diagnostic.ts'
export { hasErrors } from './model/diagnostic.ts'
export { ApiError, type ApiErrorReason, type ApiMessage, InternalError } from './model/errors.ts'
export type { DriftIgnore, Neighbour, Release } from './model/file-lists.ts'
export { deriveId, hasFingerprint, stackFingerprint } from './model/identity.ts'
export type { FieldPath, Plain, PlainObject } from './model/json.ts'
export type { AccessRule, AccessWord } from './model/networks/access-rule.ts'
export type { LanRole, NetworkRole } from './model/networks/network-role.ts'
export type { ResourceSummary, ResourceSummary as Picture } from './model/networks/resource-summary.ts'
export type { CanaryField, IkeProposal, ProbedGateway, ProbeTarget, Probing } from './model/probe.ts'
export type { Remote, WireResource, WriteAnswer, WriteBody, WriteCheck } from './model/remote.ts'
export type {
  Collection,
  DesiredResource,
  DesiredSecret,
  DesiredState,
  DriftSeverities,
  JsonSchema,
  KeyForm,
  LiveMetadata,
  LiveResource,
  LiveState,
  Locate,
  ResourceKind,
  SecretField,
  SecretVerdict,
  Severity,
  Target,
  TerraformNames,
  UnreadLocation,
} from './model/resource.ts'
export { Secret, type SecretReference } from './model/secret.ts'

// Files become a desired state.

export type { WhileBusy } from './config/load.ts'
export type { ReadLimits, ReadStdin } from './config/read-limited.ts'
export { type Loaded, type LoadOptions, loadFiles } from './engine/load-files.ts'
export { fileSchema } from './schema/compose.ts'

// The API becomes a live state, through our client or through a `Remote` of your own.

export type { AnswerHeaders, Exchange } from './api/answer.ts'
export { monotonicClock } from './api/clock.ts'
export type {
  ApiRemote,
  Credentials,
  Method,
  RemoteOptions,
  RequestCounts,
  RequestRecord,
  RetryRecord,
  TlsChoice,
  Transport,
} from './api/options.ts'
export { createRemote } from './api/remote.ts'
export { type Connection, type ConnectionOptions, connectionOf } from './engine/connection.ts'
export type { Environment, Sourced } from './engine/environment.ts'
export type { OtherReads, ReadLiveOptions } from './engine/read-live.ts'
export { type EndpointOf, resolveSettings, type Settings, type SettingsQuery } from './engine/settings.ts'
export type { EndpointOverride, VendorConfig, VendorConfigSearch } from './engine/vendor-config.ts'
export { type FetchOptions, fetchLive, type OtherLocations } from './live/fetch.ts'
export type { FetchProgress } from './live/reading.ts'

// The two become a plan, or drift.

export type { AccessChange, AccessEnd, AccessReceiver } from './access/lines.ts'
export { findDrift } from './drift/drift.ts'
export type {
  Drift,
  DriftField,
  DriftFinding,
  DriftOptions,
  DriftResource,
  DriftState,
  DriftSummary,
  Ignored,
  NotCompared,
} from './drift/types.ts'
export {
  type DetectDriftOptions,
  type DetectDriftOptions as DriftLookOptions,
  detectDrift,
  detectDrift as lookForDrift,
} from './engine/detect-drift.ts'
export {
  hasWrites,
  type LiveAndPlan,
  type LiveAndPlan as Look,
  type ReadAndPlanOptions,
  type ReadAndPlanOptions as LookOptions,
  readAndPlan,
  readAndPlan as lookAndPlan,
} from './engine/reconcile.ts'
export type { Baseline } from './plan/baseline.ts'
export type { FieldChange, Origin, SecretChange } from './plan/changes/field-change.ts'
export type { SetAside } from './plan/match/set-aside.ts'
export { plan } from './plan/plan.ts'
export type { Owner, Status, StatusItem } from './plan/status.ts'
export type { Expiring, NeighbourResources, ReleasedResources } from './plan/types.ts'
export {
  type Action,
  type Change,
  type ChangeOf,
  DEFAULT_PLAN_OPTIONS,
  type DeleteLimit,
  type LeftDrift,
  type MissingSecret,
  type OnDrift,
  type Plan,
  type PlanOptions,
  type PlanSummary,
  type Reason,
  type UncomparedSecret,
} from './plan/types.ts'

// A plan is applied and verified.

export { apply } from './apply/apply.ts'
export type {
  ApplyEvent,
  ApplyResult,
  ApplySummary,
  Ending,
  HeldBack,
  LeftToDo,
  Outcome,
  OutcomeError,
  Stopped,
  Verification,
} from './apply/events.ts'
export { APPLY_DEFAULTS, type ApplyOptions } from './apply/options.ts'
export { verify } from './engine/verify.ts'

// Files that vpnctl writes.

export { type Adoptable, type Adoptions, findAdoptions } from './engine/find-adoptions.ts'
export {
  type Exported,
  type ExportedSecret,
  type ExportOptions,
  exportYaml,
  type ReferTo,
} from './rewrite/export.ts'
export { type Formatted, formatText } from './rewrite/format.ts'

// All of it becomes text and JSON.

export * from './library/report.ts'
