import {
  addFileOptions,
  addFormatOption,
  addRemoteOptions,
  duration,
  locationOption,
  onlyLocationOption,
} from '../../flags/options.ts'
import { type CommandDefinition, GROUPS } from '../command.ts'
import type { StatusFlags } from './run.ts'

export const statusCommand: CommandDefinition = {
  name: 'status',
  group: GROUPS.look,
  summary: 'show what is live, and whose it is',
  description:
    'Shows the live gateways with their peers and tunnels: state, tier, addresses, whose they are, last change and by whom. Needs no file; where there is one it tells which stack is this one and which locations to read.',
  examples: [
    ['vpnctl status', 'all that is live in the locations of vpn.yaml, or in de/fra'],
    ['vpnctl status --location de/txl --location us/ewr', 'in these too'],
    ['vpnctl status --watch', 'again and again, until Ctrl-C'],
  ],
  configure: (command) => {
    command
      .optionsGroup('Status:')
      .addOption(locationOption())
      .addOption(onlyLocationOption())
      .option('--watch', 'read again and again; without a terminal, tell what changed')
      .option('--interval <duration>', 'time between two looks of --watch', duration, 5_000)
    addFormatOption(command)
    addFileOptions(command)
    addRemoteOptions(command)
  },
  run: async (context, flags: StatusFlags) => (await import('./run.ts')).showStatus(context, flags),
}
