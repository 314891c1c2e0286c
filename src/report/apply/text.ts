import type { ApplyEvent, Outcome } from '../../apply/events.ts'
import type { Change } from '../../plan/types.ts'
import { markerOf } from '../plan/change-lines.ts'
import { clockText, durationText } from '../writing/duration.ts'
import { safeLine } from '../writing/safe-text.ts'
import type { Style } from '../writing/style.ts'
import { wrapWords } from '../writing/wrap.ts'
import { outcomeErrorText } from './outcome-text.ts'

/** How an event is shown. */
export interface EventTextOptions {
  /** The clock at the start of the run in ms; lines then begin with the time since. */
  readonly startedAt?: number
}

/** What is done to a resource, while it is done. */
export const DOING: Readonly<Record<Change['action'], string | undefined>> = {
  create: 'creating',
  update: 'updating',
  delete: 'deleting',
  keep: undefined,
  unmanaged: undefined,
}

const DONE: Readonly<Record<Change['action'], string>> = {
  create: 'created',
  update: 'updated',
  delete: 'deleted',
  keep: 'left as it is',
  unmanaged: 'left as it is',
}

/** One line of a log for an event, folded on a narrow terminal, without a newline; undefined for what is not new. */
export function renderEvent(
  event: ApplyEvent,
  style: Style,
  options: EventTextOptions = {},
): string | undefined {
  const words = eventWords(event)
  if (words === undefined) return undefined
  const marker = markerOf(event.change)
  const clock = options.startedAt === undefined ? '' : `[${clockText(event.at - options.startedAt)}]`
  const indent = clock === '' ? '' : ' '.repeat(clock.length + 1)
  const line = `${marker} ${safeLine(event.change.address)}: ${words}`
  const lines = wrapWords(line, style.width - indent.length, '  ').map(paintOf(event, style))
  return `${clock === '' ? '' : `${style.quiet(clock)} `}${lines.join(`\n${indent}`)}`
}

function eventWords(event: ApplyEvent): string | undefined {
  switch (event.type) {
    case 'started':
      return event.change.reason.code === 'destroying'
        ? 'waiting for its deletion'
        : DOING[event.change.action]
    case 'waiting':
      return event.elapsedMs === 0
        ? `waiting ${awaited(event)}`
        : `waiting ${awaited(event)}, ${durationText(event.elapsedMs)} so far`
    case 'retrying':
      return `attempt ${event.attempt}, because ${safeLine(event.because)}`
    case 'finished':
      return outcomeWords(event.change, event.outcome, event.elapsedMs)
    default:
      return event satisfies never
  }
}

function awaited(event: Extract<ApplyEvent, { type: 'waiting' }>): string {
  if (event.on === undefined) return event.for === 'gone' ? 'until it is gone' : 'for AVAILABLE'
  return `until ${safeLine(event.on)} is ${event.for === 'gone' ? 'gone' : 'AVAILABLE'}`
}

function outcomeWords(change: Change, outcome: Outcome, elapsedMs: number): string | undefined {
  switch (outcome.status) {
    case 'kept':
      return undefined
    case 'applied':
      return outcome.unconfirmed === undefined
        ? `${DONE[change.action]} after ${durationText(elapsedMs)}`
        : `accepted after ${durationText(elapsedMs)}, not waited for`
    case 'failed':
      return `FAILED after ${durationText(elapsedMs)}: ${outcomeErrorText(outcome.error)}`
    case 'blocked':
      return `not started: needs ${safeLine(outcome.by)}`
    case 'cancelled':
      return `not ${change.action === 'keep' ? 'waited for any longer' : 'started'}: the run was stopped`
    default:
      return outcome satisfies never
  }
}

function paintOf(event: ApplyEvent, style: Style): (text: string) => string {
  if (event.type === 'retrying') return style.warning
  if (event.type !== 'finished') return (text) => text
  if (event.outcome.status === 'applied') return style.good
  return event.outcome.status === 'kept' ? (text) => text : style.error
}
