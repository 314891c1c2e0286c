import { addFileOptions, addFormatOption, addRemoteOptions, collect } from '../../flags/options.ts'
import { type CommandDefinition, GROUPS } from '../command.ts'
import type { DoctorFlags } from './run.ts'

export const doctorCommand: CommandDefinition = {
  name: 'doctor',
  alias: 'whoami',
  group: GROUPS.setup,
  summary: 'check credentials, endpoints, clock and versions',
  description:
    'Tells which credentials are used and from where (never their value), when a token expires, which endpoint each location uses and why, whether it answers, and what else may be wrong, each with a mend. Sends one small list to each location. Exits with 4 when the credentials do not do, with 5 when the API cannot be reached.',
  examples: [
    ['vpnctl doctor', 'what would plan use, and does it work?'],
    ['vpnctl doctor --location de/txl --format json', 'another location, for a monitor'],
  ],
  configure: (command) => {
    command
      .optionsGroup('Checks:')
      .option('--location <location>', 'check this location too; may be repeated', collect)
    addFormatOption(command)
    addFileOptions(command)
    addRemoteOptions(command)
  },
  run: async (context, flags: DoctorFlags) => (await import('./run.ts')).doctor(context, flags),
}
