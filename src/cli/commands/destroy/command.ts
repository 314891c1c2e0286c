import { Option } from 'commander'
import {
  addFileOptions,
  addFormatOption,
  addRemoteOptions,
  locationOption,
  onlyLocationOption,
  targetOption,
} from '../../flags/options.ts'
import { addWriteOptions } from '../apply/command.ts'
import type { DestroyFlags } from '../apply/run.ts'
import { type CommandDefinition, GROUPS } from '../command.ts'

export const destroyCommand: CommandDefinition = {
  name: 'destroy',
  writesLive: true,
  group: GROUPS.main,
  summary: 'delete everything that this stack made or adopted',
  description:
    "Deletes what this stack made, and what the files took over by its id (the plan marks it ADOPTED); children first, and nothing else. If any of that is protected, or holds what others made, nothing is deleted. Asks for the stack's name, or takes --yes.",
  examples: [
    ['vpnctl destroy', "shows what goes, and asks for the stack's name"],
    ['vpnctl destroy --prune all --target wireguardgateways/lab', 'one gateway, with what others made on it'],
  ],
  configure: (command) => {
    addFileOptions(command)
      .optionsGroup('Plan:')
      .addOption(targetOption())
      .addOption(
        new Option(
          '--prune <what>',
          'what goes with a gateway: only what is ours (the default), or all that is on it',
        ).choices(['owned', 'all']),
      )
      .addOption(locationOption())
      .addOption(onlyLocationOption())
    addWriteOptions(command)
    addRemoteOptions(command)
    addFormatOption(command)
  },
  run: async (context, flags: DestroyFlags) => (await import('../apply/run.ts')).destroyStack(context, flags),
}
