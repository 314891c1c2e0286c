import {
  addFileOptions,
  addFormatOption,
  addRemoteOptions,
  locationOption,
  someAddress,
} from '../../flags/options.ts'
import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { READING } from '../exits.ts'

export const getCommand: CommandDefinition = {
  name: 'get',
  group: GROUPS.look,
  summary: 'show live resources with all their settings',
  description:
    'Shows a live resource with all its settings, as YAML or JSON, without secrets. Takes an address or an id; a collection (wireguardgateways/hq/peers) or a pattern gives a list. --field prints only one value.',
  examples: [
    ['vpnctl get wireguardgateways/hq', 'a gateway'],
    ['vpnctl get wireguardgateways/hq --field publicKey', "its public key, in WireGuard's form"],
    ['vpnctl get wireguardgateways/hq/peers', 'all its peers'],
    ['vpnctl get wireguardgateways/hq/peers/anna --format json', 'for jq'],
  ],
  exits: [...READING, 'invalid'],
  exitMeanings: {
    error: 'nothing live has this address, or any other error',
    invalid: 'a file of -f does not exist; invalid files are ignored with a warning',
  },
  configure: (command) => {
    command
      .argument('<address>', 'address, LOCATION:ADDRESS, name, id, collection or pattern', someAddress)
      .optionsGroup('Where:')
      .addOption(locationOption())
    addFormatOption(command, ['yaml', 'json'], 'yaml').option(
      '--field <name>',
      'print only this field, for scripts',
    )
    addFileOptions(command)
    addRemoteOptions(command)
  },
  run: lazily(() => import('./run.ts')),
}
