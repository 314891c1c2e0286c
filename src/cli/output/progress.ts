import type { ApplyEvent } from '../../apply/events.ts'
import { optional } from '../../model/optional.ts'
import type { Plan } from '../../plan/types.ts'
import {
  heartbeatText,
  type ProgressState,
  progressFrame,
  type Work,
} from '../../report/apply/progress-frame.ts'
import { renderEvent } from '../../report/apply/text.ts'
import { clockText } from '../../report/writing/duration.ts'
import type { Context } from '../context.ts'
import { liveBlock } from './live-block.ts'

/** Prints on stderr how far a run has come; close it before anything else is asked or printed. */
export interface Progress {
  /** How far a read has come; its shape is that of the engine's `onProgress`. */
  readonly read: (progress: { readonly pages: number; readonly resources: number }) => void
  readonly event: (event: ApplyEvent) => void
  readonly close: () => void
}

/** No log is silent for longer. */
const HEARTBEAT_MS = 30_000
const TICK_MS = 500
/** What is over before that needs no display. */
const FIRST_FRAME_MS = 400

/** Reports how far `work` has come; it gets what the engine calls as pages arrive. */
export async function whileReading<T>(
  context: Context,
  work: (onProgress: Progress['read']) => Promise<T>,
): Promise<T> {
  const progress = await readingProgress(context)
  try {
    return await work(progress.read)
  } finally {
    progress.close()
  }
}

function readingProgress(context: Context): Promise<Progress> {
  const now = context.io.clock.now()
  return open(context, { type: 'reading', since: now, pages: 0, resources: 0 })
}

/** Progress of an apply; for a log, a line for each thing that begins or ends. */
export function applyProgress(context: Context, plan: Plan): Promise<Progress> {
  const total = plan.summary.create + plan.summary.update + plan.summary.delete
  const now = context.io.clock.now()
  return open(context, { type: 'applying', since: now, total, done: 0, failed: 0, work: [] })
}

async function open(context: Context, first: ProgressState): Promise<Progress> {
  const { clock } = context.io
  const screen = await openScreen(context)
  const over = new AbortController()
  let state = first
  // By the key of the change: thousands may be waiting at a time, and each of their events is looked up.
  const work = new Map<string, Work>()
  const current = (): ProgressState =>
    state.type === 'applying' ? { ...state, work: [...work.values()] } : state
  let reportedAt = first.since
  const draw = (): void => {
    const now = clock.now()
    if (screen !== undefined) {
      if (now - first.since >= FIRST_FRAME_MS || screen.isDrawn()) screen.draw(current())
      return
    }
    if (now - reportedAt < HEARTBEAT_MS) return
    reportedAt = now
    context.err(`[${clockText(now - first.since)}] ${heartbeatText(current(), now)}\n`)
  }
  const tick = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await clock.sleep(screen === undefined ? nextBeat(clock.now() - reportedAt) : TICK_MS, over.signal)
      if (!over.signal.aborted) draw()
    }
  }
  void tick()
  return {
    read: ({ pages, resources }) => {
      if (state.type === 'reading') state = { ...state, pages, resources }
    },
    event: (event) => {
      if (state.type === 'applying') state = after(state, work, event)
      const line =
        context.json || !isNews(event, screen !== undefined)
          ? undefined
          : renderEvent(event, context.style.err, { startedAt: first.since })
      if (line === undefined) return
      reportedAt = clock.now()
      context.err(`${line}\n`)
    },
    close: () => {
      over.abort()
      screen?.close()
    },
  }
}

// A live display shows what is begun; the report at the end names what never began. In a log, that a wait goes
// on is for the heartbeat to print.
function isNews(event: ApplyEvent, isLive: boolean): boolean {
  switch (event.type) {
    case 'waiting':
      return !isLive && event.elapsedMs === 0
    case 'started':
    case 'retrying':
      return !isLive
    case 'finished':
      return !isLive || event.outcome.status === 'applied' || event.outcome.status === 'failed'
    default:
      return event satisfies never
  }
}

function nextBeat(silentMs: number): number {
  return Math.max(1, HEARTBEAT_MS - silentMs)
}

interface Screen {
  readonly draw: (state: ProgressState) => void
  readonly isDrawn: () => boolean
  readonly close: () => void
}

// A live display is for someone who looks: not for a log, not between lines of JSON, not between those of --verbose.
async function openScreen(context: Context): Promise<Screen | undefined> {
  const { stderr, stdout, env, clock } = context.io
  const isLive =
    stderr.isTTY &&
    !context.verbose &&
    (env.CI ?? '') === '' &&
    env.TERM !== 'dumb' &&
    !(context.json && stdout.isTTY)
  if (!isLive) return undefined
  const block = await liveBlock(stderr)
  let last = ''
  const release = context.above(() => {
    if (last === '') return () => undefined
    block.clear()
    const again = last
    return () => block.draw(again)
  })
  return {
    draw: (state) => {
      last = progressFrame(state, clock.now(), stderr.columns() ?? 80, context.style.err).join('\n')
      block.draw(last)
    },
    isDrawn: () => last !== '',
    close: () => {
      release()
      if (last !== '') block.clear()
      last = ''
    },
  }
}

type Applying = Extract<ProgressState, { type: 'applying' }>

// Changes the work, and returns the counts.
function after(state: Applying, work: Map<string, Work>, event: ApplyEvent): Applying {
  const { key } = event.change
  const begun: Work = work.get(key) ?? { change: event.change, since: event.at }
  switch (event.type) {
    case 'started':
      work.set(key, begun)
      return state
    case 'waiting':
      work.set(key, { ...begun, waiting: { for: event.for, ...optional({ on: event.on }) } })
      return state
    case 'retrying':
      work.set(key, { change: begun.change, since: begun.since, attempt: event.attempt })
      return state
    case 'finished': {
      work.delete(key)
      const { status } = event.outcome
      // The total counts what is written: not the wait for a deletion that others began.
      if (status === 'kept' || begun.change.reason.code === 'destroying') return state
      return { ...state, done: state.done + 1, failed: state.failed + (status === 'failed' ? 1 : 0) }
    }
    default:
      return event satisfies never
  }
}
