import { addFileOptions, addFormatOption, addRemoteOptions, collect } from '../../flags/options.ts'
import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { READING } from '../exits.ts'

export const doctorCommand: CommandDefinition = {
  name: 'doctor',
  alias: 'whoami',
  group: GROUPS.setup,
  summary: 'check credentials, endpoints, clock and versions',
  description:
    'Shows which credentials are used and their source (never their value), when a token expires, which endpoint each location uses and why, whether it answers, and other problems, each with a fix. Sends one small list request to each location. Exits with 4 when the credentials are not accepted, with 5 when the API cannot be reached.',
  examples: [
    ['vpnctl doctor', 'what does plan use, and does it work?'],
    ['vpnctl doctor --contract', 'does the API answer as this version expects?'],
    ['vpnctl doctor --location de/txl --format json', 'check another location too, for monitoring'],
  ],
  exits: READING,
  configure: (command) => {
    command
      .optionsGroup('Checks:')
      .option('--location <location>', 'check this location too; may be repeated', collect)
      .option(
        '--contract',
        'compare the answers of the API with what this version expects; reads only, and prints no names, ids or addresses without --verbose',
      )
    addFormatOption(command)
    addFileOptions(command)
    addRemoteOptions(command)
  },
  run: lazily(() => import('./run.ts')),
}
