import {
  addFileOptions,
  addFormatOption,
  addRemoteOptions,
  locationOption,
  someAddress,
} from '../../flags/options.ts'
import { type CommandDefinition, GROUPS } from '../command.ts'
import type { GetFlags } from './run.ts'

export const getCommand: CommandDefinition = {
  name: 'get',
  group: GROUPS.look,
  summary: 'show one live resource with all its settings',
  description:
    'Shows one live resource with all its settings, as YAML or JSON, without secrets. Takes an address or an id.',
  examples: [
    ['vpnctl get wireguardgateways/hq', 'a gateway'],
    ['vpnctl get wireguardgateways/hq/peers/anna --format json', 'for jq'],
  ],
  configure: (command) => {
    command
      .argument('<address>', 'address, LOCATION:ADDRESS or id', someAddress)
      .optionsGroup('Where:')
      .addOption(locationOption())
    addFormatOption(command, ['yaml', 'json'], 'yaml')
    addFileOptions(command)
    addRemoteOptions(command)
  },
  run: async (context, flags: GetFlags, [address]) =>
    (await import('./run.ts')).getResource(context, String(address), flags),
}
