import type { CommandDefinition } from '../commands/command.ts'
import { EXIT_CODES, type ExitName } from '../exit-codes.ts'

const USUAL: Partial<Record<ExitName, string>> = {
  ok: 'done, or nothing to do',
  invalid: 'the desired state is invalid',
  refused:
    'refused by a safety rule: delete limit, protect, unmanaged children, name in use, --target that names nothing, or a live change that the plan would undo (--on-drift refuse)',
  usage: 'wrong usage: unknown flag, missing or unknown argument',
}

/** Of a command that asks before it writes. */
const OF_WRITING: Partial<Record<ExitName, string>> = {
  invalid: 'the desired state is invalid, or a secret that is sent has no value',
  notConverged:
    'not done yet: the run took longer than --timeout, a resource is FAILED or not ready, someone changed it during the run, or the follow-up plan shows changes',
  usage: 'wrong usage: unknown flag, missing or unknown argument, or no terminal to ask on (without --yes)',
}

/** Of a command that only reads. */
const OF_READING: Partial<Record<ExitName, string>> = {
  notConverged: 'the run took longer than --timeout',
}

const NAMES = Object.keys(EXIT_CODES) as ExitName[]

/** Every way to end, each in its general meaning. */
export const ALL_EXITS: Ending = {
  exits: NAMES,
  exitMeanings: Object.fromEntries(NAMES.map((name) => [name, EXIT_CODES[name].meaning])),
}

/** How a command can end. */
export type Ending = Pick<CommandDefinition, 'exits' | 'exitMeanings' | 'writesLive'>

/** What an exit of a command means. */
export function meaningOf({ exitMeanings, writesLive }: Ending, exit: ExitName): string {
  const own = writesLive === true ? OF_WRITING : OF_READING
  return exitMeanings?.[exit] ?? own[exit] ?? USUAL[exit] ?? EXIT_CODES[exit].meaning
}

/** How a command can end, in the order of the codes. */
export function exitsOf({ exits }: Ending): readonly ExitName[] {
  return NAMES.filter((name) => exits.includes(name))
}
