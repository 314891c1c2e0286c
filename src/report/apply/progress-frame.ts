import type { ApplyEvent } from '../../apply/events.ts'
import type { Change } from '../../plan/types.ts'
import { markerOf } from '../plan/change-lines.ts'
import { displayWidth, padded } from '../writing/display-width.ts'
import { durationText } from '../writing/duration.ts'
import { safeLine } from '../writing/safe-text.ts'
import type { Style } from '../writing/style.ts'
import { count, titleOf } from '../writing/words.ts'
import { DOING } from './text.ts'

/** A change that is being worked on. */
export interface Work {
  readonly change: Change
  /** The clock at its start, in ms. */
  readonly since: number
  readonly waiting?: Pick<Extract<ApplyEvent, { type: 'waiting' }>, 'for' | 'on'>
  readonly attempt?: number
}

/** How far a run has come. */
export type ProgressState =
  | {
      readonly type: 'reading'
      readonly since: number
      readonly pages: number
      readonly resources: number
    }
  | {
      readonly type: 'applying'
      readonly since: number
      readonly total: number
      readonly done: number
      readonly failed: number
      /** In the order in which they began. */
      readonly work: readonly Work[]
    }

const MOST_ROWS = 8
const STATUS_WIDTH = 'getting ready'.length
// Before that many have ended, their pace says nothing about the rest.
const ENOUGH_TO_ESTIMATE = 3

/** The lines of a live display; none is wider than `columns`. */
export function progressFrame(
  state: ProgressState,
  now: number,
  columns: number,
  style: Style,
): readonly string[] {
  const width = Math.max(10, columns - 1)
  if (state.type === 'reading') return [style.quiet(cut(readingText(state, now), width))]
  const rows = state.work.slice(0, MOST_ROWS).map((work) => workRow(work, now, width, style))
  const more = state.work.length - rows.length
  return [
    ...rows,
    ...(more > 0 ? [style.quiet(cut(`  and ${more} more`, width))] : []),
    style.quiet(cut(applyingText(state, now), width)),
  ]
}

/** One line for a log in which nothing has moved for a while. */
export function heartbeatText(state: ProgressState, now: number): string {
  if (state.type === 'reading') return `still reading: ${readingFacts(state)}, ${since(state, now)} so far`
  const [oldest] = state.work
  const counts = `${state.done} of ${state.total} done`
  if (oldest === undefined) return `in progress: ${counts}, ${since(state, now)} so far`
  const others = state.work.length > 1 ? `, and for ${state.work.length - 1} more` : ''
  return `still waiting for ${safeLine(oldest.change.address)} (${doing(oldest)}), ${since(oldest, now)} so far${others}; ${counts}`
}

function readingText(state: Extract<ProgressState, { type: 'reading' }>, now: number): string {
  return `Reading what is live: ${readingFacts(state)}, ${since(state, now)}`
}

function readingFacts({ pages, resources }: Extract<ProgressState, { type: 'reading' }>): string {
  return `${count(resources, 'resource')} on ${count(pages, 'page')}`
}

function applyingText(state: Extract<ProgressState, { type: 'applying' }>, now: number): string {
  const { done, failed, total } = state
  const rest = restMs(state, now)
  return [
    `${done} of ${total} done`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    since(state, now),
    ...(rest === undefined ? [] : [`about ${durationText(rest)} left`]),
  ].join(' · ')
}

function restMs(state: Extract<ProgressState, { type: 'applying' }>, now: number): number | undefined {
  const { done, total } = state
  if (done < ENOUGH_TO_ESTIMATE || done >= total) return undefined
  return Math.ceil(((now - state.since) / done) * (total - done))
}

function workRow(work: Work, now: number, width: number, style: Style): string {
  const marker = markerOf(work.change)
  const time = since(work, now)
  // So that the columns stay where they are from one step to the next.
  const status = doing(work).padEnd(STATUS_WIDTH)
  const room = Math.max(8, width - 2 - status.length - time.length - 4)
  const title = cutMiddle(titleOf(work.change), Math.min(room, 60))
  return style.marked(
    marker,
    cut(`${marker} ${padded(title, Math.min(room, 60))}  ${status}  ${time}`, width),
  )
}

function doing({ change, waiting, attempt }: Work): string {
  if (waiting !== undefined) {
    if (waiting.on !== undefined) return `waits for its ${change.target.kind.parent?.noun ?? 'parent'}`
    return waiting.for === 'gone' ? 'going away' : 'getting ready'
  }
  const again = attempt === undefined ? '' : `, attempt ${attempt}`
  return `${DOING[change.action] ?? 'looking'}${again}`
}

function since(what: { readonly since: number }, now: number): string {
  const ms = now - what.since
  // Tenths that change with every refresh are hard to read.
  return ms < 60_000 ? `${Math.floor(Math.max(0, ms) / 1000)}s` : durationText(ms)
}

function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  let kept = ''
  for (const char of text) {
    if (displayWidth(kept + char) > width - 3) break
    kept += char
  }
  return `${kept}...`
}

// The end of an address says most: which peer of the gateway.
function cutMiddle(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  const chars = [...text]
  const head = Math.max(1, Math.floor((width - 3) / 3))
  let tail = ''
  for (const char of chars.toReversed()) {
    if (displayWidth(char + tail) > width - 3 - head) break
    tail = char + tail
  }
  return `${cut(text, head + 3).replace(/\.{3}$/, '')}...${tail}`
}
