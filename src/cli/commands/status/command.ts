import { Option } from 'commander'
import {
  addFileOptions,
  addFormatOption,
  addRemoteOptions,
  duration,
  locationOption,
  onlyLocationOption,
  targetOption,
} from '../../flags/options.ts'
import { type CommandDefinition, GROUPS } from '../command.ts'
import type { StatusFlags } from './run.ts'

export const statusCommand: CommandDefinition = {
  name: 'status',
  group: GROUPS.look,
  summary: 'show what is live, and whose it is',
  description:
    'Shows the live gateways with their peers and tunnels, one line each: status, addresses, the stack that owns them, age, and the last change. Needs no file; a file names the stack, its neighbours and the locations to read, and may have variables without a value.',
  examples: [
    ['vpnctl status', 'all that is live in the locations of vpn.yaml, or in de/fra'],
    ['vpnctl status --location de/txl --location us/ewr', 'in these too'],
    ['vpnctl status --unhealthy --wide', 'what is not AVAILABLE, with ids and dates'],
    ['vpnctl status --watch', 'again and again, until Ctrl-C'],
  ],
  configure: (command) => {
    command
      .optionsGroup('Status:')
      .addOption(locationOption())
      .addOption(onlyLocationOption())
      .addOption(targetOption())
      .option('--owned', 'only what this stack owns or adopted')
      .option('--unhealthy', 'only what is not AVAILABLE')
      .addOption(
        new Option('--sort <column>', 'order of the rows (default: gateways with what is on them)').choices([
          'address',
          'name',
          'age',
          'change',
          'status',
          'owner',
        ]),
      )
      .option('--wide', 'ids, tiers and exact dates too')
      .option('--watch', 'read again and again; without a terminal, tell what changed')
      .option('--interval <duration>', 'time between two looks of --watch', duration, 5_000)
    addFormatOption(command, ['text', 'wide', 'json', 'yaml', 'csv'])
    addFileOptions(command)
    addRemoteOptions(command)
  },
  run: async (context, flags: StatusFlags) => (await import('./run.ts')).showStatus(context, flags),
}
