import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { OFFLINE } from '../exits.ts'

export const importCommand: CommandDefinition = {
  name: 'import',
  group: GROUPS.write,
  summary: 'the three ways to bring what exists under management',
  description:
    'Prints which command brings existing resources into the files: export, adopt or import-terraform.',
  examples: [['vpnctl import', 'which of the three is right?']],
  exits: OFFLINE,
  configure: (command) => {
    command.argument('[words...]')
  },
  run: lazily(() => import('./run.ts')),
}
