import type { ApiError } from '../model/errors.ts'
import { byText, dateText, userName } from '../model/live-metadata.ts'
import { optional } from '../model/optional.ts'
import type { LiveResource } from '../model/resource.ts'
import type { Change } from '../plan/types.ts'
import type { Outcome, OutcomeError } from './events.ts'

// Never "apply": a destroy ends with these too, and an apply would create everything again.
const AGAIN = 'run the same command again: it continues where this run stopped'

/** It was deleted by others after the plan had seen it. */
export const GONE = {
  message: 'it is gone since the plan was made',
  hint: 'run the same command again: it will be created',
} as const

/** What the API or the way to it did to a change. */
export function fromApiError(error: ApiError, change?: Change): OutcomeError {
  const special = change === undefined ? undefined : notFoundOnWrite(error, change)
  const hint = special?.hint ?? hintFor(error)
  return {
    message: special?.message ?? error.message,
    reason: error.reason,
    method: error.method,
    path: error.path,
    attempts: error.attempts,
    ...optional({ status: error.status, requestId: error.requestId, hint }),
  }
}

// The description says that PUT creates; no official client uses it so, and 404 is among its documented answers.
function notFoundOnWrite(error: ApiError, change: Change): { message: string; hint: string } | undefined {
  if (error.reason !== 'not-found' || error.method !== 'PUT') return undefined
  if (change.action === 'create') {
    const parent = change.target.kind.parent === null ? '' : `its ${parentNoun(change)} is gone, `
    return {
      message: `the API answered 404 to the PUT that should create it`,
      hint: `${parent}the endpoint is not the one of this location, or the API does not create with PUT`,
    }
  }
  return GONE
}

function hintFor(error: ApiError): string | undefined {
  switch (error.reason) {
    case 'network':
    case 'protocol':
    case 'throttled':
    case 'unavailable':
    case 'aborted':
      return AGAIN
    case 'unauthenticated':
      return 'the token is missing, wrong or expired'
    case 'forbidden':
      return 'the user needs the privilege "accessAndManageVpn", and the contract the VPN Gateway'
    case 'not-found':
    case 'conflict':
    case 'rejected':
      return undefined
    default:
      return error.reason satisfies never
  }
}

/** What messages call the parent of a resource of a change: `gateway`. */
export function parentNoun({ target }: Change): string {
  return target.kind.parent?.noun ?? 'parent'
}

/** The end of a change that did not succeed. */
export function failed(error: OutcomeError): Outcome {
  return { status: 'failed', error }
}

/** It ended FAILED. */
export function failedStatus(live: LiveResource): OutcomeError {
  const when = live.metadata.lastModifiedDate
  const since = when === undefined ? '' : `, last change ${dateText(when)}`
  return {
    reason: 'failed-status',
    message: `status is FAILED: ${live.statusMessage ?? 'the API gives no reason'}${since}`,
    hint: 'fix what the message names, then run the same command again: the same content is sent once more',
  }
}

/** Someone deletes what this run made or needs. */
export function beingDestroyed(live: LiveResource): OutcomeError {
  const who = live.metadata.lastModifiedBy
  return {
    reason: 'failed-status',
    message: `it is being destroyed${who === undefined ? '' : ` (last change by ${userName(who)})`}`,
    hint: 'find out who deletes it, then run the same command again',
  }
}

/** Its parent is deleted by another run or person. */
export function parentLost(noun: string, live: LiveResource | undefined): OutcomeError {
  const what = live === undefined ? 'was deleted' : 'is being destroyed'
  return {
    reason: 'changed',
    message: `its ${noun} ${what}${lastChange(live)} since the plan was made`,
    hint: PLAN_AGAIN,
  }
}

/** It is not as the plan saw it. `what` finishes the sentence "not written: ...". */
export function changedSinceRead(
  what: string,
  live: LiveResource | undefined,
  isReviewed: boolean,
): OutcomeError {
  return {
    reason: isReviewed ? 'stale' : 'changed',
    message: `not written: ${what}${lastChange(live)} since the plan was made`,
    hint: isReviewed ? 'plan again, and look at what has changed' : PLAN_AGAIN,
  }
}

/** The update has created again what others deleted at that moment. */
export function recreated(deletion: 'accepted' | OutcomeError): OutcomeError {
  const common = 'it was deleted while this run updated it, and the update created it again'
  return deletion === 'accepted'
    ? { reason: 'changed', message: `${common}; it is deleted again`, hint: PLAN_AGAIN }
    : {
        ...deletion,
        message: `${common}; the deletion that undoes this failed: ${deletion.message}`,
        hint: 'delete it, or run the same command again to keep it as the files say',
      }
}

/** The update has changed what others created under that id at that moment. */
export function overwritten(live: LiveResource): OutcomeError {
  const message = `${createdAgain(live)} while this run updated it, and the update changed the new one`
  return { reason: 'changed', message, hint: PLAN_AGAIN }
}

/** Others have created another one under that id after the update. */
export function replaced(live: LiveResource): OutcomeError {
  return { reason: 'changed', message: `${createdAgain(live)} after this run updated it`, hint: PLAN_AGAIN }
}

function createdAgain({ metadata: { createdBy: by, createdDate: at } }: LiveResource): string {
  return `it was deleted and created again${byText({ by, at })}`
}

const PLAN_AGAIN = 'see with vpnctl plan what is live by now, then run the same command again'

function lastChange(live: LiveResource | undefined): string {
  const { lastModifiedBy, lastModifiedDate } = live?.metadata ?? {}
  const by = byText({ by: lastModifiedBy, at: lastModifiedDate })
  // A deletion need not count as a change, so this may be an older one.
  return live?.status === 'DESTROYING' && by !== '' ? ` (last change${by})` : by
}

/** The wait took too long. */
export function notReady(waitedFor: 'available' | 'gone', timeoutMs: number, status?: string): OutcomeError {
  const seen = status === undefined ? '' : `; its status is ${status}`
  return {
    reason: 'not-ready',
    message: `not ${waitedFor === 'gone' ? 'gone' : 'AVAILABLE'} within ${Math.round(timeoutMs / 1000)} s${seen}`,
    hint:
      waitedFor === 'gone'
        ? 'vpnctl status --unhealthy shows when it is gone; another run waits only where it needs its place'
        : `${AGAIN} and waits once more`,
  }
}

/** The PUT was accepted, and the resource never showed up, or vanished again. */
export function notShown(status: string | undefined): OutcomeError {
  return {
    reason: 'not-found',
    message:
      status === undefined
        ? 'the API accepted the write, but does not show the resource'
        : `it vanished after the write; its last status was ${status}`,
    hint: AGAIN,
  }
}

/** A secret that the write needs has no value. */
export function missingSecret(sources: readonly string[]): OutcomeError {
  return {
    reason: 'secret',
    message: `not sent: no value for ${sources.join(', ')}`,
    hint: 'a PUT replaces everything, so every secret of the resource has to be there',
  }
}
