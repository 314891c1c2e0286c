import { CommanderError } from 'commander'
import { type Context, createContext } from './context.ts'
import { exitCode } from './exit-codes.ts'
import { reportFailure } from './failure.ts'
import type { Io } from './io.ts'
import { createProgram } from './program.ts'

/** Runs one command line; the exit code. Never throws, and touches nothing but `io`. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const { code, writesLive } = await run(argv, io, createContext(argv, io))
  // Of a command that only prints, lost output is work that was not done.
  const isUndone = code === exitCode('ok') && !writesLive && (await io.stdout.isLost?.()) === true
  return isUndone ? exitCode('error') : code
}

interface End {
  readonly code: number
  readonly writesLive: boolean
}

async function run(argv: readonly string[], io: Io, context: Context): Promise<End> {
  let end: End = { code: exitCode('ok'), writesLive: false }
  const program = createProgram(
    context,
    (code, definition) => {
      end = { code, writesLive: definition?.writesLive === true }
    },
    argv[0],
  )
  const release = io.onStop((signal) => context.stop(signal))
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return end
  } catch (error) {
    // Help and version end a parse by an error of code 0; everything else of the parser is wrong usage.
    if (error instanceof CommanderError && error.exitCode === 0) return end
    return { ...end, code: reportFailure(error, context) }
  } finally {
    release()
  }
}
