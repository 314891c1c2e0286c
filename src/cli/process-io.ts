import { randomBytes } from 'node:crypto'
import { monotonicClock } from '../api/clock.ts'
import { exitCode } from './exit-codes.ts'
import type { Io, Sink, StopSignal } from './io.ts'
import { main } from './main.ts'

type Process = NodeJS.Process

/** Runs a command line in a real process; the exit code. */
export async function runProcess(proc: Process, argv: readonly string[]): Promise<number> {
  const stops = new Set<(signal: StopSignal) => void>()
  let stopping = false
  const onSignal = (signal: StopSignal): void => {
    const code = exitCode(signal === 'SIGINT' ? 'sigint' : 'sigterm')
    // The second signal, or one that nobody waits for, ends the process at once: every write is safe to repeat.
    if (stopping || stops.size === 0) proc.exit(code)
    stopping = true
    for (const stop of stops) stop(signal)
  }
  proc.on('SIGINT', onSignal)
  proc.on('SIGTERM', onSignal)
  quietOnClosedPipe(proc)
  const io = processIo(proc, (handler) => {
    stops.add(handler)
    return () => stops.delete(handler)
  })
  try {
    return await main(argv, io)
  } finally {
    proc.off('SIGINT', onSignal)
    proc.off('SIGTERM', onSignal)
  }
}

// `vpnctl plan | head` closes our output early; that is the reader's right and no error.
function quietOnClosedPipe(proc: Process): void {
  for (const stream of [proc.stdout, proc.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') proc.exit(exitCode('ok'))
      throw error
    })
  }
}

function processIo(proc: Process, onStop: Io['onStop']): Io {
  return {
    env: proc.env,
    cwd: proc.cwd(),
    stdout: sink(proc.stdout),
    stderr: sink(proc.stderr),
    stdin: {
      isTTY: proc.stdin.isTTY === true,
      read: () => readAll(proc.stdin),
      ask: async (question, signal) => {
        const { createInterface } = await import('node:readline/promises')
        const prompt = createInterface({ input: proc.stdin, output: proc.stderr })
        try {
          return await prompt.question(question, { signal })
        } finally {
          prompt.close()
        }
      },
    },
    ...(proc.stdin.isTTY === true && proc.stderr.isTTY === true
      ? { terminal: { input: proc.stdin, output: proc.stderr } }
      : {}),
    clock: monotonicClock,
    nodeVersion: proc.versions.node,
    random: Math.random,
    randomBytes,
    onStop,
  }
}

function sink(stream: NodeJS.WriteStream): Sink {
  return {
    isTTY: stream.isTTY === true,
    columns: () => stream.columns,
    rows: () => stream.rows,
    write: (text) => void stream.write(text),
  }
}

async function readAll(stream: NodeJS.ReadStream): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}
