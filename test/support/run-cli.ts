import { monotonicClock } from '../../src/api/clock.ts'
import type { Io } from '../../src/cli/io.ts'
import { main } from '../../src/cli/main.ts'
import type { Clock } from '../../src/model/clock.ts'
import type { StopSignal } from '../../src/model/stop-signal.ts'

/** How a run is set up; everything is optional. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  readonly stdin?: string | Uint8Array
  readonly clock?: Clock
  /** All three streams are a terminal of this width. */
  readonly tty?: { readonly columns: number; readonly answers?: readonly string[] }
  /** Someone sits at this terminal. */
  readonly terminal?: NonNullable<Io['terminal']>
  readonly randomBytes?: Io['randomBytes']
  readonly probeNetwork?: NonNullable<Io['probeNetwork']>
  /** Receives the function that plays a signal. */
  readonly onStart?: (stop: (signal: StopSignal) => void) => void
}

/** What a run left behind. */
export interface RunResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** Both, in the order in which they were written. */
  readonly output: string
}

/** Runs a command line inside this process, with streams of its own and nothing of the environment. */
export async function runCli(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  let stdout = ''
  let stderr = ''
  let output = ''
  const isTTY = options.tty !== undefined
  const answers = [...(options.tty?.answers ?? [])]
  const columns = (): number | undefined => options.tty?.columns
  const io: Io = {
    env: options.env ?? {},
    cwd: options.cwd ?? process.cwd(),
    stdout: {
      isTTY,
      columns,
      write: (text) => {
        stdout += text
        output += text
      },
    },
    stderr: {
      isTTY,
      columns,
      write: (text) => {
        stderr += text
        output += text
      },
    },
    stdin: {
      isTTY,
      read: async () => Buffer.from(options.stdin ?? ''),
      ask: async (question) => {
        stderr += question
        return answers.shift() ?? ''
      },
    },
    ...(options.probeNetwork === undefined ? {} : { probeNetwork: options.probeNetwork }),
    ...(options.terminal === undefined ? {} : { terminal: options.terminal }),
    clock: options.clock ?? monotonicClock,
    random: () => 0.5,
    randomBytes: options.randomBytes ?? ((count) => Buffer.alloc(count, 7)),
    onStop: (handler) => {
      options.onStart?.(handler)
      return () => undefined
    },
  }
  const code = await main(argv, io)
  return { code, stdout, stderr, output }
}
