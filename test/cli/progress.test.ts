// Loaded beforehand: in virtual time nothing else may be waited for.
import 'log-update'
import { describe, expect, test } from 'vitest'
import type { ApplyEvent } from '../../src/apply/events.ts'
import { throttleWaiting } from '../../src/cli/commands/apply/throttle-waiting.ts'
import { type Context, createContext } from '../../src/cli/context.ts'
import type { Io } from '../../src/cli/io.ts'
import { applyProgress, whileReading } from '../../src/cli/output/progress.ts'
import { heartbeatText, type ProgressState, progressFrame } from '../../src/report/apply/progress-frame.ts'
import { displayWidth } from '../../src/report/writing/display-width.ts'
import { createStyle } from '../../src/report/writing/style.ts'
import { gateway, peer, planOf } from '../support/plan-builder.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const ERASE_LINE = '\u001b[2K'
const style = createStyle({ color: false })
const hq = gateway('hq')
const plan = planOf(
  [hq, peer(hq, 'alice'), peer(hq, 'a-laptop-with-a-name-that-is-much-too-long-for-a-line')],
  [],
)
const [first, second, third] = plan.changes
if (first === undefined || second === undefined || third === undefined) throw new Error('three changes')

interface Desk {
  readonly context: Context
  readonly clock: VirtualClock
  /** What was written to stderr, and when. */
  readonly written: { readonly at: number; readonly text: string }[]
}

function desk(tty: boolean, argv: readonly string[] = [], env: Io['env'] = {}): Desk {
  const clock = new VirtualClock()
  const written: { at: number; text: string }[] = []
  const sink = (into: typeof written) => ({
    isTTY: tty,
    columns: () => (tty ? 60 : undefined),
    rows: () => (tty ? 24 : undefined),
    write: (text: string) => void into.push({ at: clock.now(), text }),
  })
  const io: Io = {
    env,
    cwd: '/',
    stdout: sink([]),
    stderr: sink(written),
    stdin: { isTTY: tty, read: async () => new Uint8Array(), ask: async () => '' },
    clock,
    random: () => 0.5,
    randomBytes: (count) => new Uint8Array(count),
    onStop: () => () => undefined,
  }
  return { context: createContext(argv, io), clock, written }
}

const textOf = ({ written }: Desk) => written.map(({ text }) => text).join('')
const started = (at: number, change = first): ApplyEvent => ({ type: 'started', change, at })
const waiting = (at: number, change = first): ApplyEvent => ({
  type: 'waiting',
  change,
  at,
  for: 'available',
  elapsedMs: at,
})
const finished = (at: number, change = first): ApplyEvent => ({
  type: 'finished',
  change,
  at,
  outcome: { status: 'applied' },
  elapsedMs: at,
})

/** An apply that waits for eleven minutes, with the events that the applier sends meanwhile. */
async function longApply({ context, clock }: Desk): Promise<void> {
  const progress = await applyProgress(context, plan)
  progress.event(started(clock.now()))
  for (let at = 5_000; at <= 660_000; at += 5_000) {
    await clock.sleep(5_000)
    progress.event(waiting(at))
  }
  progress.event(finished(clock.now()))
  progress.close()
}

describe('in a log', () => {
  test('no silence is longer than 30 s, and a long wait is a line each 30 s', async () => {
    const at = desk(false)
    await at.clock.run(longApply(at))
    const moments = [0, ...at.written.map((line) => line.at), 660_000]
    const silences = moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0))
    expect(Math.max(...silences)).toBeLessThanOrEqual(30_000)
    expect(at.written.length).toBeLessThan(30)
    expect(at.written[0]?.text).toBe('[00:00] + wireguardgateways/hq: creating\n')
    expect(at.written[3]?.text).toBe(
      '[01:30] still waiting for wireguardgateways/hq (getting ready), 1m 30s so far; 0 of 3 done\n',
    )
    expect(at.written.at(-1)?.text).toBe('[11:00] + wireguardgateways/hq: created after 11m 00s\n')
  })

  test('a long read says so, a short one says nothing', async () => {
    const at = desk(false)
    const read = (ms: number) =>
      whileReading(at.context, async (onProgress) => {
        onProgress({ pages: 12, resources: 11_400 })
        await at.clock.sleep(ms)
      })
    await at.clock.run(read(29_000))
    expect(textOf(at)).toBe('')
    await at.clock.run(read(65_000))
    expect(at.written.map(({ text }) => text)).toEqual([
      '[00:30] still reading: 11400 resources on 12 pages, 30s so far\n',
      '[01:00] still reading: 11400 resources on 12 pages, 1m 00s so far\n',
    ])
  })

  test('nothing goes on after the end', async () => {
    const at = desk(false)
    await at.clock.run(longApply(at))
    expect(at.clock.pending).toBe(0)
  })

  test.each([
    ['with CI set', true, [], { CI: 'true' }],
    ['on a dumb terminal', true, [], { TERM: 'dumb' }],
    ['next to the lines of --verbose', true, ['--verbose'], {}],
  ] as const)('is what %s gets', async (_, tty, argv, env) => {
    const at = desk(tty, argv, env)
    await at.clock.run(longApply(at))
    expect(textOf(at)).toContain('still waiting for')
    expect(textOf(at)).not.toContain(ERASE_LINE)
  })

  test('next to JSON on stdout only the heartbeat is left', async () => {
    const at = desk(false, ['--format', 'json'])
    await at.clock.run(longApply(at))
    expect(textOf(at)).toContain('still waiting for')
    expect(textOf(at)).not.toContain('creating')
  })
})

describe('on a terminal', () => {
  test('the display is redrawn in place, lines that stay go above it, and it is gone at the end', async () => {
    const at = desk(true)
    await at.clock.run(longApply(at))
    const text = textOf(at)
    expect(text).toContain('+ gateway hq')
    expect(text).toContain('0 of 3 done · 10m 30s')
    expect(text).not.toContain('still waiting')
    const last = at.written.at(-1)?.text ?? ''
    // The frame was erased, the line written, the frame drawn again, and erased for good.
    expect(text).toContain('created after 11m 00s')
    expect(last).toContain(ERASE_LINE)
    expect(last).not.toContain('done')
  })

  test('what is over at once draws nothing', async () => {
    const at = desk(true)
    await at.clock.run(
      whileReading(at.context, async (onProgress) => {
        await at.clock.sleep(300)
        onProgress({ pages: 1, resources: 3 })
      }),
    )
    expect(textOf(at)).toBe('')
  })

  test('what others print meanwhile is above the display', async () => {
    const at = desk(true)
    const work = async () => {
      const progress = await applyProgress(at.context, plan)
      progress.event(started(0))
      await at.clock.sleep(1_000)
      at.context.err('Stopping.\n')
      progress.close()
    }
    await at.clock.run(work())
    const texts = at.written.map(({ text }) => text)
    const reported = texts.indexOf('Stopping.\n')
    expect(texts[reported - 1]).toContain(ERASE_LINE)
    expect(texts[reported + 1]).toContain('0 of 3 done')
  })
})

describe('a frame', () => {
  const work = [first, second, third].map((change) => ({ change, since: 0 }))
  const applying: ProgressState = { type: 'applying', since: 0, total: 20, done: 5, failed: 1, work }

  test.each([20, 40, 60, 80, 200])('of %i columns has no line that is wider', (columns) => {
    for (const line of progressFrame(applying, 71_000, columns, style))
      expect(displayWidth(line)).toBeLessThan(columns)
  })

  test('shows each work with its time, the counts and the estimated rest', () => {
    expect(progressFrame(applying, 71_000, 80, style)).toEqual([
      `+ ${'gateway hq'.padEnd(54)}  creating       1m 11s`,
      `+ ${'peer hq/alice'.padEnd(54)}  creating       1m 11s`,
      '+ peer hq/a-laptop-...e-that-is-much-too-long-for-a-line  creating       1m 11s',
      '5 of 20 done · 1 failed · 1m 11s · about 3m 33s left',
    ])
  })

  test('of many works shows the oldest and counts the rest', () => {
    const many = { ...applying, work: Array.from({ length: 30 }, () => ({ change: first, since: 0 })) }
    const frame = progressFrame(many, 1_000, 80, style)
    expect(frame).toHaveLength(10)
    expect(frame[8]).toBe('  and 22 more')
  })

  test('with nothing in work still shows how far it is', () => {
    expect(heartbeatText({ ...applying, work: [] }, 90_000)).toBe('in progress: 5 of 20 done, 1m 30s so far')
  })
})

test('of the events of a wait one in 30 s is kept, for each change by itself', () => {
  const isNews = throttleWaiting()
  const events = Array.from({ length: 24 }, (_, index) => waiting(index * 5_000))
  expect(events.filter(isNews).map(({ at }) => at)).toEqual([0, 30_000, 60_000, 90_000])
  expect(isNews(waiting(116_000, second))).toBe(true)
  expect(isNews(finished(117_000))).toBe(true)
  expect(isNews(waiting(118_000))).toBe(true)
})
