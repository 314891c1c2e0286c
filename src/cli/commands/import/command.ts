import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { OFFLINE } from '../exits.ts'

export const importCommand: CommandDefinition = {
  name: 'import',
  group: GROUPS.write,
  summary: 'show the three ways to import existing resources',
  description:
    'Prints which command imports existing resources into the files: export, adopt or import-terraform. Imports nothing itself.',
  examples: [['vpnctl import', 'which of the three is right?']],
  exits: OFFLINE,
  configure: (command) => {
    // What is typed behind it is answered by the same page.
    command.argument('[words...]').usage('[options]')
  },
  run: lazily(() => import('./run.ts')),
}
