/**
 * The API over HTTP, where the command line would go, and the port that a `Remote` of your own fills.
 *
 * @packageDocumentation
 */

export { monotonicClock } from '../api/clock.ts'
export type {
  ApiRemote,
  Credentials,
  Method,
  RemoteOptions,
  RequestCounts,
  RequestRecord,
  RetryRecord,
  TlsChoice,
} from '../api/options.ts'
export { redactedRemote } from '../api/redacted-remote.ts'
export { createRemote } from '../api/remote.ts'
export { type Connection, type ConnectionOptions, connectionOf } from '../engine/connection.ts'
export { resolveSettings, type Settings, type SettingsQuery } from '../engine/settings.ts'
export { LOCATIONS } from '../kinds/locations.ts'
export type { Clock } from '../model/clock.ts'
export { ApiError, type ApiErrorReason, type ApiMessage } from '../model/errors.ts'
export type { Remote, WireResource, WriteBody } from '../model/remote.ts'
export { Secret, type SecretReference } from '../model/secret.ts'
