import type { CommandDefinition } from '../commands/command.ts'
import { EXIT_CODES, type ExitName } from '../exit-codes.ts'

const USUAL: Partial<Record<ExitName, string>> = {
  ok: 'done, or nothing to do',
  refused: 'refused by a safety rule: delete limit, protect, name in use',
}

const NAMES = Object.keys(EXIT_CODES) as ExitName[]

/** Every way to end, each in its general meaning. */
export const ALL_EXITS: Ending = {
  exits: NAMES,
  exitMeanings: Object.fromEntries(NAMES.map((name) => [name, EXIT_CODES[name].meaning])),
}

type Ending = Pick<CommandDefinition, 'exits' | 'exitMeanings'>

/** What an exit of a command means. */
export function meaningOf({ exitMeanings }: Ending, exit: ExitName): string {
  return exitMeanings?.[exit] ?? USUAL[exit] ?? EXIT_CODES[exit].meaning
}

/** How a command can end, in the order of the codes. */
export function exitsOf({ exits }: Ending): readonly ExitName[] {
  return NAMES.filter((name) => exits.includes(name))
}
