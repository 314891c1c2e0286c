import { CommanderError } from 'commander'
import { createContext } from './context.ts'
import { exitCode } from './exit-codes.ts'
import { reportFailure } from './failure.ts'
import type { Io } from './io.ts'
import { createProgram } from './program.ts'

/** Runs one command line; the exit code. Never throws, and touches nothing but `io`. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const context = createContext(argv, io)
  let result = exitCode('ok')
  const program = createProgram(
    context,
    (code) => {
      result = code
    },
    argv[0],
  )
  const release = io.onStop((signal) => context.stop(signal))
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return result
  } catch (error) {
    // Help and version end a parse by an error of code 0; everything else of the parser is wrong usage.
    if (error instanceof CommanderError && error.exitCode === 0) return exitCode('ok')
    return reportFailure(error, context)
  } finally {
    release()
  }
}
