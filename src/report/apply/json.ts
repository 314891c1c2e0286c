import type {
  ApplyEvent,
  ApplyResult,
  ApplySummary,
  Ending,
  HeldBack,
  LeftToDo,
  Outcome,
  OutcomeError,
  Stopped,
} from '../../apply/events.ts'
import { optional } from '../../model/optional.ts'
import type { UnreadLocation } from '../../model/resource.ts'
import type { StopSignal } from '../../model/stop-signal.ts'
import type { Change, LeftDrift } from '../../plan/types.ts'
import { type DiagnosticDocument, diagnosticDocument } from '../diagnostics/json.ts'
import { safeJson } from '../writing/safe-text.ts'

/** What every line about one change contains. */
export interface ChangeReference {
  readonly address: string
  readonly kind: string
  readonly id: string
  readonly location: string
  readonly action: Change['action']
}

/** How a change ended, as JSON. */
export type OutcomeDocument =
  | { readonly status: 'kept' | 'cancelled' }
  | { readonly status: 'applied'; readonly unconfirmed?: 'no-wait' | 'interrupted' }
  | { readonly status: 'blocked'; readonly by: string }
  | { readonly status: 'failed'; readonly error: OutcomeError }

/** One line of an apply's stream. `at` is an ISO 8601 time. */
export type EventDocument = ChangeReference & { readonly at: string } & (
    | { readonly type: 'started' }
    | {
        readonly type: 'waiting'
        readonly for: 'available' | 'gone'
        readonly on?: string
        readonly elapsedMs: number
      }
    | { readonly type: 'retrying'; readonly because: string; readonly attempt: number }
    | { readonly type: 'finished'; readonly outcome: OutcomeDocument; readonly elapsedMs: number }
  )

/** The last line of an apply's stream; described by schemas/apply.schema.json. */
export interface ApplyDocument {
  readonly type: 'result'
  readonly format: 'vpnctl/apply'
  readonly version: 1
  readonly stack: string
  readonly ending: Ending
  readonly unreadLocations?: readonly UnreadLocation[]
  readonly summary: ApplySummary
  readonly outcomes: readonly (ChangeReference & {
    readonly outcome: OutcomeDocument
    readonly elapsedMs: number
  })[]
  readonly writes: number
  /** Disruptive changes of gateways that waited for others, by address. */
  readonly heldBack?: readonly {
    readonly address: string
    readonly after: string
    readonly because: HeldBack['because']
  }[]
  readonly stopped?: Stopped
  readonly interrupted?: StopSignal
  readonly verified: ApplyResult['verified']
  readonly leftToDo?: readonly LeftToDo[]
  /** With --on-drift leave: differences that stay as they are live. */
  readonly left?: readonly LeftDrift[]
  readonly refusals?: readonly DiagnosticDocument[]
  readonly unverified?: OutcomeError
  readonly requests?: { readonly total: number; readonly retries: number }
}

/** An event as a JSON value. */
export function eventDocument(event: ApplyEvent): EventDocument {
  const common = { ...reference(event.change), at: new Date(event.at).toISOString() }
  switch (event.type) {
    case 'started':
      return { type: event.type, ...common }
    case 'waiting':
      return {
        type: event.type,
        ...common,
        for: event.for,
        ...optional({ on: event.on }),
        elapsedMs: Math.round(event.elapsedMs),
      }
    case 'retrying':
      return { type: event.type, ...common, because: event.because, attempt: event.attempt }
    case 'finished':
      return {
        type: event.type,
        ...common,
        outcome: outcomeDocument(event.outcome),
        elapsedMs: Math.round(event.elapsedMs),
      }
    default:
      return event satisfies never
  }
}

/** A result as a JSON value; what was kept is counted only. */
export function applyDocument(result: ApplyResult, left?: readonly LeftDrift[]): ApplyDocument {
  return {
    type: 'result',
    format: 'vpnctl/apply',
    version: 1,
    stack: result.stack,
    ending: result.ending,
    ...optional({ unreadLocations: result.unread }),
    summary: result.summary,
    outcomes: result.outcomes
      .filter(({ outcome }) => outcome.status !== 'kept')
      .map(({ change, outcome, elapsedMs }) => ({
        ...reference(change),
        outcome: outcomeDocument(outcome),
        elapsedMs: Math.round(elapsedMs),
      })),
    writes: result.writes,
    ...(result.heldBack === undefined
      ? {}
      : {
          heldBack: result.heldBack.map(({ change, after, because }) => ({
            address: change.address,
            after: after.address,
            because,
          })),
        }),
    ...(result.stopped === undefined ? {} : { stopped: stoppedDocument(result.stopped) }),
    ...optional({ interrupted: result.interrupted }),
    verified: result.verified,
    ...optional({ leftToDo: result.leftToDo, left }),
    ...(result.refusals === undefined ? {} : { refusals: result.refusals.map(diagnosticDocument) }),
    ...(result.unverified === undefined ? {} : { unverified: errorDocument(result.unverified) }),
    ...optional({ requests: result.requests }),
  }
}

/** An event as one line that ends in a newline. */
export function renderEventJson(event: ApplyEvent): string {
  return `${safeJson(eventDocument(event))}\n`
}

/** The result as one line that ends in a newline. */
export function renderResultJson(result: ApplyResult, left?: readonly LeftDrift[]): string {
  return `${safeJson(applyDocument(result, left))}\n`
}

function reference(change: Change): ChangeReference {
  const { kind, id, location } = change.target
  return { address: change.address, kind: kind.name, id, location, action: change.action }
}

// Member by member: what a later version adds to an outcome must not reach a log unseen.
function outcomeDocument(outcome: Outcome): OutcomeDocument {
  switch (outcome.status) {
    case 'kept':
    case 'cancelled':
      return { status: outcome.status }
    case 'applied':
      return {
        status: outcome.status,
        ...optional({ unconfirmed: outcome.unconfirmed }),
      }
    case 'blocked':
      return { status: outcome.status, by: outcome.by }
    case 'failed':
      return { status: outcome.status, error: errorDocument(outcome.error) }
    default:
      return outcome satisfies never
  }
}

function stoppedDocument(stopped: Stopped): Stopped {
  switch (stopped.type) {
    case 'signal':
    case 'timeout':
      return { type: stopped.type }
    case 'error':
      return { type: stopped.type, error: errorDocument(stopped.error) }
    case 'stale':
      return { type: stopped.type, address: stopped.address }
    default:
      return stopped satisfies never
  }
}

function errorDocument(error: OutcomeError): OutcomeError {
  const { message, reason, method, path, status, attempts, requestId, hint } = error
  return {
    message,
    reason,
    ...optional({ method, path, status, attempts, requestId, hint }),
  }
}
