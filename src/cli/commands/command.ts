import type { Command } from 'commander'
import type { Context } from '../context.ts'
import type { ExitName } from '../exit-codes.ts'

/** One command: its flags and help here, its work behind a dynamic import, so that help stays cheap. */
export interface CommandDefinition {
  readonly name: string
  readonly alias?: string
  readonly group: string
  /** What it does is worth more than what it prints: its exit code stays where its output is lost. */
  readonly writesLive?: boolean
  /** A few words, for the list of commands. */
  readonly summary: string
  /** What it is for, and when to use it. */
  readonly description: string
  /** A command line, and what it does. */
  readonly examples: readonly (readonly [string, string])[]
  /** How it can end, other than by an error of the program itself. */
  readonly exits: readonly ExitName[]
  /** What a code means where its general meaning says more than this command can mean. */
  readonly exitMeanings?: Partial<Record<ExitName, string>>
  readonly configure: (command: Command) => void
  readonly run: RunCommand
}

/** `flags` and `args` are commander's, in the shape that `configure` declared; the exit code. */
export type RunCommand = (context: Context, flags: never, args: never) => Promise<number>

/** The work of a command, in a module that is loaded when it is needed. */
export function lazily(load: () => Promise<{ readonly run: RunCommand }>): RunCommand {
  return async (context, flags, args) => (await load()).run(context, flags, args)
}

/** Headings of the list of commands, in its order. */
export const GROUPS = {
  main: 'Main commands:',
  look: 'Inspect:',
  write: 'Files and keys:',
  setup: 'Setup:',
} as const
