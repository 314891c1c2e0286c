import type { RequestRecord, RetryRecord } from './options.ts'

/** One line of an audit log: an object whose JSON text is the line. */
export type AuditLine = Readonly<Record<string, string | number>>

/** A request as a line of the audit log. */
export function auditRequest(record: RequestRecord): AuditLine {
  const { at, clockSkewMs: _, ...facts } = record
  return { time: new Date(at).toISOString(), event: 'request', ...facts }
}

/** A retry as a line of the audit log. */
export function auditRetry(record: RetryRecord): AuditLine {
  const { at, ...facts } = record
  return { time: new Date(at).toISOString(), event: 'retry', ...facts }
}
