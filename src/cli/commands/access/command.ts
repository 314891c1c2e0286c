import {
  addFileOptions,
  addFormatOption,
  addRemoteOptions,
  locationOption,
  onlyLocationOption,
} from '../../flags/options.ts'
import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { PLANNING } from '../exits.ts'

export const accessCommand: CommandDefinition = {
  name: 'access',
  group: GROUPS.look,
  summary: 'show who reaches what',
  description:
    'Computes from the files which peers, sites and LANs reach which networks, and through which gateways. FROM and TO are IP addresses, networks, addresses of resources (their beginning may be left out, * matches anything), names of LANs as the output has them ("LAN 2"), or - for all. Offline, unless --live is given. docs/access.md has the model and its assumptions.',
  examples: [
    ['vpnctl access - 192.168.1.0/24', 'who reaches this network'],
    ['vpnctl access anna-laptop', 'what this peer reaches'],
    ["vpnctl access 'peers/anna-*' tunnels/berlin", 'whether one reaches the other, and through what'],
    ['vpnctl access --live --format json', 'all that is reached live, unmanaged resources included'],
  ],
  exits: PLANNING.filter((name) => name !== 'refused'),
  configure: (command) => {
    command
      .argument('[from]', 'who sends (default: all)')
      .argument('[to]', 'where it is sent (default: all)')
      .optionsGroup('Access:')
      .option('--live', 'answer for what is live instead of the files; the options of the API apply to this')
      .addOption(locationOption())
      .addOption(onlyLocationOption())
    addFormatOption(command, ['text', 'json', 'mermaid'])
    addFileOptions(command)
    addRemoteOptions(command)
  },
  run: lazily(() => import('./run.ts')),
}
