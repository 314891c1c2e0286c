import { randomBytes } from 'node:crypto'
import { monotonicClock } from '../api/clock.ts'
import type { WhileBusy } from '../config/load.ts'
import { readStream } from '../config/read-limited.ts'
import { safeText } from '../model/safe-text.ts'
import { STOP_SIGNALS, type StopSignal } from '../model/stop-signal.ts'
import { createContext } from './context.ts'
import { EXIT_OF_SIGNAL, exitCode } from './exit-codes.ts'
import { Failure, reportFailure } from './failure.ts'
import type { Io } from './io.ts'
import { main } from './main.ts'
import { processSinks } from './output/process-sinks.ts'
import { udpNetwork } from './session/udp-network.ts'

type Process = NodeJS.Process

/** Runs a command line in a real process; the exit code. */
export async function runProcess(proc: Process, argv: readonly string[]): Promise<number> {
  const stops = new Set<(signal: StopSignal) => void>()
  let stopping = false
  let received: StopSignal | undefined
  const onSignal = (signal: StopSignal): void => {
    // The second signal, or one that no one waits for, ends the process at once: every write is safe to repeat.
    if (stopping || stops.size === 0) {
      release()
      leaveTerminal(proc, signal)
      proc.exit(exitCode(EXIT_OF_SIGNAL[signal]))
    }
    received = signal
    stopping = true
    for (const stop of stops) stop(signal)
  }
  const release = (): void => {
    for (const signal of STOP_SIGNALS) proc.off(signal, onSignal)
  }
  const listen = (): void => {
    for (const signal of STOP_SIGNALS) proc.on(signal, onSignal)
  }
  listen()
  const whileBusy: WhileBusy = (work) => {
    release()
    try {
      return work()
    } finally {
      listen()
    }
  }
  const onStop: Io['onStop'] = (handler) => {
    stops.add(handler)
    return () => stops.delete(handler)
  }
  try {
    const cwd = currentFolder(proc)
    if (cwd !== undefined) return await main(argv, { ...processIo(proc, cwd, onStop, onSignal), whileBusy })
    const failure = new Failure('error', 'the current folder does not exist any more', {
      hint: 'change to a folder that exists',
    })
    return reportFailure(failure, createContext(argv, processIo(proc, '/', onStop, onSignal)))
  } finally {
    release()
    if (received !== undefined) leaveTerminal(proc, received)
  }
}

// At its exit Node restores the modes of the terminal, and aborts where that is gone. A signal that no one handles ends the
// process without it, and with the same code.
function leaveTerminal({ stdin, stdout, stderr, kill, pid }: Process, signal: StopSignal): void {
  if (signal === 'SIGHUP' && [stdin, stdout, stderr].some(({ isTTY }) => isTTY)) kill(pid, signal)
}

function currentFolder(proc: Process): string | undefined {
  try {
    return proc.cwd()
  } catch {
    return undefined
  }
}

function processIo(
  proc: Process,
  cwd: string,
  onStop: Io['onStop'],
  onSignal: (signal: StopSignal) => void,
): Io {
  return {
    env: proc.env,
    cwd,
    ...processSinks(proc),
    // Node makes the stream when it is asked for: most runs read nothing of it.
    stdin: {
      get isTTY() {
        return proc.stdin.isTTY === true
      },
      read: (limits) => readStream(proc.stdin, limits),
      ask: (question, signal) => ask(proc, question, signal, () => onSignal('SIGINT')),
    },
    ...(proc.stderr.isTTY === true && proc.stdin.isTTY === true
      ? { terminal: { input: proc.stdin, output: proc.stderr } }
      : {}),
    clock: monotonicClock,
    nodeVersion: proc.versions.node,
    random: Math.random,
    randomBytes: (count) => randomBytes(count),
    probeNetwork: udpNetwork,
    onStop,
  }
}

// While it asks, the terminal gives Ctrl-C as a key and sends no signal.
async function ask(
  { stdin, stderr }: Process,
  question: string,
  signal: AbortSignal,
  onInterrupt: () => void,
): Promise<string | undefined> {
  const { createInterface } = await import('node:readline')
  const prompt = createInterface({ input: stdin, output: stderr, terminal: true })
  return new Promise((resolve) => {
    const end = (answer: string | undefined): void => {
      signal.removeEventListener('abort', leave)
      // Whatever is printed next begins a line.
      if (answer === undefined) stderr.write('\n')
      prompt.off('close', leave)
      prompt.close()
      resolve(answer)
    }
    const leave = (): void => end(undefined)
    prompt.once('SIGINT', onInterrupt)
    prompt.once('close', leave)
    signal.addEventListener('abort', leave)
    prompt.question(safeText(question, { color: false }), end)
    if (signal.aborted) leave()
  })
}
