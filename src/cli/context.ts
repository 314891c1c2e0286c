import { setMaxListeners } from 'node:events'
import { startDeadline } from '../engine/deadline.ts'
import { optional } from '../model/optional.ts'
import { type SafeText, safeText } from '../model/safe-text.ts'
import type { StopSignal } from '../model/stop-signal.ts'
import { createStyle, type Style } from '../report/writing/style.ts'
import type { Io, Sink } from './io.ts'

/** One run: its streams, how they look, and whether someone asked it to stop. */
export interface Context {
  readonly io: Io
  readonly argv: readonly string[]
  /** For stdout and for stderr; colour and folding only where each is a terminal, colour also where the user insists. */
  readonly style: { readonly out: Style; readonly err: Style }
  readonly verbose: boolean
  /** What `--format` says, also where the rest of the command line cannot be parsed. */
  readonly format: string | undefined
  /** True when stdout must contain JSON and nothing else. Commands with more formats choose by their flag. */
  readonly json: boolean
  /** To stdout, for people: what a terminal or a pipeline would obey is escaped. */
  readonly out: (text: string) => void
  /** To stderr, likewise. */
  readonly err: (text: string) => void
  /** To stdout, as it is. */
  readonly document: (text: SafeText) => void
  /**
   * Makes room for lines above a live display: `clear` is called before each text, what it returns after it. Returns
   * what ends it.
   */
  readonly above: (clear: () => () => void) => () => void
  /** Fires when someone asked the run to stop. */
  readonly stopping: AbortSignal
  readonly stoppedBy: () => StopSignal | undefined
  readonly stop: (signal: StopSignal) => void
  /** Fires when no new work should start: a signal came, or the time of the run is up. Every wait ends with it. */
  readonly ending: AbortSignal
  /** Starts the time of the run; what is returned stops it. */
  readonly limitTime: (ms: number) => () => void
  /** True once that time was up. */
  readonly timedOut: () => boolean
}

/** Flags that matter before, or in spite of, parsing are read from `argv` as they stand. */
export function createContext(argv: readonly string[], io: Io): Context {
  const controller = new AbortController()
  const deadline = new AbortController()
  const ending = AbortSignal.any([controller.signal, deadline.signal])
  // Every wait of a run listens; Node would warn on stderr beyond ten.
  setMaxListeners(0, controller.signal, ending)
  let stoppedBy: StopSignal | undefined
  let clear: (() => () => void) | undefined
  const written = (sink: Io['stderr'], text: SafeText): void => {
    const redraw = clear?.()
    sink.write(text)
    redraw?.()
  }
  const document = (text: SafeText): void =>
    io.stdout.isTTY ? written(io.stdout, text) : io.stdout.write(text)
  const style = { out: styleOf(argv, io.env, io.stdout), err: styleOf(argv, io.env, io.stderr) }
  const format = formatOf(argv)
  const verbose = argv.includes('--verbose') || io.env.VPNCTL_LOG === 'debug'
  return {
    io,
    argv,
    style,
    verbose,
    format,
    json: format === 'json',
    out: (text) => document(safeText(text, style.out)),
    err: (text) => written(io.stderr, safeText(text, style.err)),
    document,
    above: (given) => {
      clear = given
      return () => {
        clear = undefined
      }
    },
    stopping: controller.signal,
    stoppedBy: () => stoppedBy,
    stop: (signal) => {
      stoppedBy = signal
      controller.abort(signal)
    },
    ending,
    limitTime: (ms) => {
      const { signal, end } = startDeadline(io.clock, ms)
      signal.addEventListener('abort', () => deadline.abort(signal.reason))
      return end
    },
    timedOut: () => deadline.signal.aborted,
  }
}

function styleOf(argv: readonly string[], env: Io['env'], sink: Sink): Style {
  const width = sink.columns()
  return createStyle({ color: wantsColor(argv, env, sink.isTTY), ...optional({ width }) })
}

// https://no-color.org: any non-empty value, and what the user says on the command line is over it. A wish for none is
// over FORCE_COLOR, as picocolors has it: who sets it cannot read colours, or keeps a log free of them.
function wantsColor(argv: readonly string[], env: Io['env'], isTTY: boolean): boolean {
  const flag = argv.findLast((word) => word === '--color' || word === '--no-color')
  if (flag !== undefined) return flag === '--color'
  if (isSet(env.NO_COLOR)) return false
  if (isSet(env.FORCE_COLOR)) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  if (env.TERM === 'dumb') return false
  return isTTY && !isSet(env.CI)
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== ''
}

function formatOf(argv: readonly string[]): string | undefined {
  const at = argv.findLastIndex((word) => word === '--format' || word.startsWith('--format='))
  return argv[at]?.startsWith('--format=')
    ? argv[at].slice('--format='.length)
    : at < 0
      ? undefined
      : argv[at + 1]
}
