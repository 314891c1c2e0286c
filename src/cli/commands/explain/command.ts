import { addFormatOption } from '../../flags/options.ts'
import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { OFFLINE } from '../exits.ts'

export const explainCommand: CommandDefinition = {
  name: 'explain',
  group: GROUPS.look,
  summary: 'explain a diagnostic code or a field of the file',
  description:
    'Explains what a diagnostic code means, why it matters and how to fix it; or what a field of the file is for, which values it accepts and which fields it contains. Without a topic it lists both.',
  examples: [
    ['vpnctl explain VPN301', 'what the code in brackets after error or warning means'],
    ['vpnctl explain peers.allowedIPs', 'a field; the end of its path is enough'],
    ['vpnctl explain ipsecGateways --recursive', 'all fields of a kind'],
  ],
  exits: OFFLINE,
  configure: (command) => {
    command
      .argument('[topic]', 'a code such as VPN301, or a field such as peers.allowedIPs')
      .optionsGroup('Output:')
      .option('--recursive', 'all nested fields, not only one level')
    addFormatOption(command)
  },
  run: lazily(() => import('./run.ts')),
}
